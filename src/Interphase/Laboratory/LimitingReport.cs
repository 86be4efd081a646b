using Interphase.Reports;
using Interphase.Results;
using Interphase.Simulation;

namespace Interphase.Laboratory;

/// <summary>The limiting step of the coated cells as a section of the report.</summary>
internal static class LimitingReport
{
    public static Section Section(PaperEvidence e) => new("limiting-step", "Which step limits",
    [
        .. e.If.Discharges.SelectMany(d => d.Value.Where(x => x.Rate > 0.5 || d.Key == "LNTO-450")).Select(d => (Block)Split(d)),
        Means(e),
        Without(e),
        Map(e),
        Cut(e),
        Enough(e),
        new Methods(
        [
            new Equation(@"V = U(\bar{x}) + [U(\bar{x}_k) - U(\bar{x})] + [U(x_{s,k}) - U(\bar{x}_k)] + \eta_{film} + \eta_{ct} + \eta_{ions} + \eta_{electrons} + \eta_{separator} + \eta_{counter}")
            { Source = "along the way through any class k of particles, and so for their mean; weights are the small-signal conductances (Millman 1940)", Where = [new(@"\bar{x}", "mean lithium of all contacted particles"), new(@"\bar{x}_k", "of one class"), new("x_{s,k}", "on its surface")] },
            new Paragraph("The parts add up to the terminal potential at every record; 'interphase simulate … --json' gives them for any cell and protocol. Uneven particles: those with better contact are ahead of the mean, which costs potential only because the interface resists; the part vanishes with either. A part that is ahead of its time helps: it can be positive on discharge."),
            new Paragraph("For the map the interface's resistance is that of the 450 °C cell times 38.7 µS/cm over the conductivity, every particle along the same path; charge at 0.1C, discharge at 1C to 2.2 V."),
        ]),
    ]) { Intro = Answer(e) };

    /// <summary>The answer in sentences, each number computed.</summary>
    public static string Answer(PaperEvidence e)
    {
        var sentences = PaperEvidence.Coated.Select(s =>
        {
            var all = e.If.Without[s];
            var best = Largest(all);
            return $"{s}: 1C would rise from {NumberText.Print(all[0].Fast, 2)} to {NumberText.Print(best.Fast, 3)} mAh/g without resistance of {best.Step}";
        });
        double Even(string s) => e.If.Without[s].First(w => w.Step == "uneven contact").Fast;
        var rest = e.If.Without["LNTO-450"].Where(w => w.Step is "electrolyte" or "electrons" or "counter electrode").Max(w => w.Fast - e.If.Without["LNTO-450"][0].Fast);
        return $"Making one step free of cost at a time shows what holds each cell back. {string.Join("; ", sentences)}. Equal contact of all particles alone would give {NumberText.Print(Even("LNTO-350"), 3)}, {NumberText.Print(Even("LNTO-450"), 3)} and {NumberText.Print(Even("LNTO-550"), 2)} mAh/g: resistance and uneven contact limit together, and at 550 °C the resistance alone is enough. Electrolyte, electrons or counter electrode give {NumberText.Print(rest, 2)} mAh/g at most at 450 °C.";
    }

    /// <summary>The step whose removal gives most at 1C.</summary>
    public static WithoutStep Largest(IReadOnlyList<WithoutStep> all) => all.Skip(1).Where(w => w.Step is not "isolated particles").MaxBy(w => w.Fast)!;

    private static Figure Split(PolarisedDischarge d)
    {
        var rate = d.Rate < 0.5 ? "0.1C" : "1C";
        var name = d.Cell.Replace("LNTO@NMC532-", "LNTO-", StringComparison.Ordinal);
        return new($"limiting-split-{Slug.Of(name)}-{Slug.Of(rate)}", $"What polarises {name} at {rate}", $"Discharge at {rate} after a charge at 0.1C. Each line is a part of the difference between terminal and equilibrium potential; they add up to the dashed one.",
        [
            new Panel(new Axis("Specific capacity", "mAh/g") { FromZero = true }, new Axis("Polarisation", "mV"),
            [
                .. d.Split.Parts.Select((p, i) => (Series)new XY(Words(p.Name), d.Capacity, [.. p.Values.Select(v => 1e3 * v)]) { Colour = i }),
                new XY("all", d.Capacity, [.. d.Potential.Select((v, i) => 1e3 * (v - d.Split.Equilibrium[i]))]) { Colour = Palette.Neutral, Dash = Dash.Dashed },
            ]),
        ]);
    }

    private static Table Means(PaperEvidence e) => new("limiting-means", "Polarisation, mean over the discharge",
        [new("Sample"), new("Rate"), .. Parts(e).Select(p => new TableColumn(Words(p), "mV") { Digits = 3 }), new("All", "mV") { Digits = 3 }],
        [
            .. PaperEvidence.Coated.SelectMany(s => e.If.Discharges[s].Select(d => (IReadOnlyList<Cell>)
                [s, d.Rate < 0.5 ? "0.1C" : "1C", .. d.Split.Parts.Select(p => (Cell)(1e3 * d.Mean(p.Values))), 1e3 * d.Mean([.. d.Potential.Select((v, i) => v - d.Split.Equilibrium[i])])])),
        ]) { Note = "Negative lowers the terminal potential." };

    private static IEnumerable<string> Parts(PaperEvidence e) => e.If.Discharges.First().Value[0].Split.Parts.Select(p => p.Name);

    private static Table Without(PaperEvidence e) => new("limiting-without", "Capacity with one step free of cost",
        [new("Step made free of cost"), .. PaperEvidence.Coated.SelectMany(s => new[] { new TableColumn($"{s}, 0.1C", "mAh/g") { Digits = 3 }, new TableColumn($"{s}, 1C", "mAh/g") { Digits = 3 } })],
        [
            .. e.If.Without["LNTO-450"].Select((w, i) => (IReadOnlyList<Cell>)
                [w.Step.Length == 0 ? "none: the cell as it is" : w.Step, .. PaperEvidence.Coated.SelectMany(s => new Cell[] { e.If.Without[s][i].Slow, e.If.Without[s][i].Fast })]),
        ]) { Note = "Steps are not independent: an interface without resistance makes uneven contact harmless, and the reverse nearly so." };

    private static Figure Map(PaperEvidence e)
    {
        var map = e.If.Map;
        return new("limiting-map", "Capacity at 1C over conductivity of the coating and spread of contact",
            FormattableString.Invariant($"Simulated. The line is the conductivity that is enough: {100 * LimitingStep.EnoughShare:0} % of the capacity without any resistance of the interface. Points: the three coatings at the fitted spread; the 550 °C cell conducts better than its coating says, through its parallel path."),
        [
            new Panel(new Axis("Ionic conductivity of the coating", "uS/cm") { Log = true }, new Axis("Spread of contact (s.d. of ln m)"),
            [
                new HeatMap("capacity at 1C", [.. map.Conductivity.Select(s => 1e4 * s)], map.Spread, map.Capacity, "mAh/g") { Min = 0 },
                new XY("enough", [.. map.Enough.Select(s => 1e4 * s)], map.Spread) { Colour = Palette.Neutral },
                .. Counterfactuals.Coated.Select(c => (Series)new XY(c.Sample, [1e4 * c.Conductivity], [Counterfactuals.Uncertain[0].Value]) { Colour = e.Place(c.Sample), Draw = Draw.Markers, Marker = Palette.MarkerAt(e.Place(c.Sample)), Hollow = true }),
            ]),
        ]);
    }

    private static Figure Cut(PaperEvidence e)
    {
        var map = e.If.Map;
        var rows = Enumerable.Range(0, map.Spread.Length).Where(i => i % 2 == 0).ToArray();
        return new("limiting-cut", "Capacity at 1C against conductivity", "One line a spread of contact, early (even) to late (broad). Hollow: the paper's capacities at the conductivity of their pellets; 550 °C lies above the line because of its parallel path.",
        [
            new Panel(new Axis("Ionic conductivity of the coating", "uS/cm") { Log = true }, new Axis("Capacity at 1C", "mAh/g") { FromZero = true },
            [
                .. rows.Select((r, i) => (Series)new XY(FormattableString.Invariant($"spread {map.Spread[r]:0.0}"), [.. map.Conductivity.Select(s => 1e4 * s)], [.. Enumerable.Range(0, map.Conductivity.Length).Select(c => map.Capacity[r, c])]) { Tone = i / Math.Max(1, rows.Length - 1.0) }),
                .. Counterfactuals.Coated.Where(c => double.IsFinite(PaperNumbers.Of("dischargeCapacity1C", c.Sample))).Select(c => (Series)new XY($"{c.Sample}, paper", [1e4 * c.Conductivity], [PaperNumbers.Of("dischargeCapacity1C", c.Sample)]) { Colour = e.Place(c.Sample), Draw = Draw.Markers, Marker = Palette.MarkerAt(e.Place(c.Sample)), Hollow = true }),
            ]),
        ]) { Width = FigureWidth.Single };
    }

    private static Table Enough(PaperEvidence e) => new("limiting-enough", "What conductivity would be enough", [new("Spread of contact"), new("Conductivity", "uS/cm"), new("Capacity then", "mAh/g") { Digits = 3 }, new("Without resistance of the interface", "mAh/g") { Digits = 3 }],
        [
            [FormattableString.Invariant($"{Counterfactuals.Uncertain[0].Value:0.00} (fitted)"), e.If.Enough.Scaled(1e4), LimitingStep.EnoughShare * e.If.Without["LNTO-450"].First(w => w.Step.StartsWith("coating and", StringComparison.Ordinal)).Fast, e.If.Without["LNTO-450"].First(w => w.Step.StartsWith("coating and", StringComparison.Ordinal)).Fast],
            .. e.If.Map.Spread.Select((s, i) => (IReadOnlyList<Cell>)[FormattableString.Invariant($"{s:0.0}"), 1e4 * e.If.Map.Enough[i], LimitingStep.EnoughShare * e.If.Map.Without[i], e.If.Map.Without[i]]),
        ])
    {
        Note = $"± carries the errors of {string.Join(", ", Counterfactuals.Uncertain.Select(u => FormattableString.Invariant($"{Parameter(u.Path)} ({NumberText.Print(u.Error, 2)}{(u.Unit == "1" ? "" : " " + UnitText.Print(u.Unit))})")))}: the fitted ones together, with the covariance of the calibration (a broader spread goes with fewer isolated particles); the radius, which is assumed, apart from them. The values of the table's other rows are without error. It holds within this model: that the interface conducts in proportion to the coating is known from two coatings only.",
    };

    private static string Parameter(string path) => path[(path.LastIndexOf('.') + 1)..] switch
    {
        "sigma" => "the spread of contact", "isolated" => "the share of isolated particles", "chargeTransferShare" => "the share of charge transfer", "area" => "the area", "collapse" => "the place where diffusivity collapses", "arealResistance" => "the anode's resistance", _ => "the particles' radius",
    };

    private static string Words(string part) => part switch { "chargeTransfer" => "charge transfer", "counterElectrode" => "counter electrode", "unevenness" => "uneven particles", "electronic" => "electrons", "diffusion" => "diffusion in particles", "electrolyte" => "ions in the electrode", _ => part };
}
