using Interphase.Cycling;
using Interphase.Measurements;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>Charge and discharge, cycling and rate tests of a study's cells.</summary>
internal static class CyclingTechnique
{
    private const double MilliampHour = 3.6;
    private static readonly double[] NamedRates = [0.05, 0.1, 0.2, 0.25, 1.0 / 3, 0.5, 1, 2, 3, 5];

    public static readonly Technique Technique = new("cycling", OfCells: true, Analyse, Show);

    internal sealed record CyclingResult(CyclingSummary Summary, RateCapability? Rates);

    /// <summary>The summary in a result of this technique.</summary>
    public static CyclingSummary SummaryOf(Analysis analysis) => ((CyclingResult)analysis.Result).Summary;

    private static Analysis Analyse(Work work)
    {
        var (series, ordered, warnings) = Joined.Of(work.Measurements);
        if (work.Electrode.Reference is { } stated && series.Reference.Name is null) { series = series.WithReference(stated); }
        var electrode = work.Electrode.Over(Electrode.Of(ordered[0]));
        var options = new CyclingOptions();
        var summary = CyclingSummary.Analyse(series, electrode, options);
        summary = summary with { Warnings = [.. warnings, .. summary.Warnings] };
        var rates = work.Role == "rate" ? RateCapability.Of(summary) : null;
        return new(work, new CyclingResult(summary, rates), rates is null ? summary.Contract() : new { summary = summary.Contract(), rate = rates.Contract() },
            new { options.Begins, options.OnsetShare, options.RateTolerance, role = work.Role }, [.. Values(work, summary, rates)]);
    }

    private static IEnumerable<ComparedValue> Values(Work work, CyclingSummary s, RateCapability? rates)
    {
        var cycles = s.Cycles;
        if (cycles.Count == 0) { yield break; }
        if (rates is not null)
        {
            foreach (var g in rates.Groups)
            {
                var per = PerMass(s, g.Capacity);
                yield return new($"dischargeCapacity{RateName(g.Rate)}", per.Unit, g.Cycles.Length > 1 && double.IsFinite(g.StandardDeviation) ? Estimate.Of(per.Value.Value, g.StandardDeviation / Math.Sqrt(g.Cycles.Length) * per.Factor) : per.Value,
                    $"mean of {g.Cycles.Length} discharges at {RateName(g.Rate)} in the rate test");
            }
            yield break;
        }
        var first = cycles[0];
        if (work.Role is "formation" or "")
        {
            if (first.Charge is { } charge)
            {
                var q = PerMass(s, charge.Charge, charge.ChargeStandardError);
                yield return new($"chargeCapacity{RateName(first.ChargeRate)}", q.Unit, q.Value, "first charge");
            }
            if (first.Discharge is { } discharge)
            {
                var q = PerMass(s, discharge.Charge, discharge.ChargeStandardError);
                yield return new($"dischargeCapacity{RateName(first.Rate)}", q.Unit, q.Value, "first discharge");
            }
            yield return new("initialCoulombicEfficiency", "%", Percent(first.CoulombicEfficiency, first.CoulombicEfficiencyStandardError, first.WhyIncomplete ?? "the first cycle is not complete"), "discharge/charge of the first cycle");
            var shift = work.ToScale(s.Reference, out var reason);
            yield return new("onsetPotential", "V",
                !double.IsFinite(first.OnsetPotential) ? Estimate.Withheld(Reason(s, "onsetPotential") ?? "the first charge does not pass 1 % of the nominal capacity")
                    : shift is { } by ? Estimate.WithoutError(first.OnsetPotential + by, "from one sample of the curve") : Estimate.Withheld(reason),
                $"after {100 * s.Options.OnsetShare:G3} % of nominal capacity of the first charge, {(shift is null ? s.Reference : Shown(work, s))}{(shift is not (null or 0) ? $", converted from {s.Reference}" : "")}");
        }
        var whole = cycles.Where(c => c.Complete).ToArray();
        if (work.Role is "cycling" or "" && whole.Length >= 10)
        {
            var last = whole[^1];
            yield return new($"retention{last.Index}Cycles", "%", s.Retention.Scaled(100), $"discharge of cycle {last.Index} against cycle {s.ReferenceCycle}");
            var efficiencies = whole.Skip(2).Select(c => c.CoulombicEfficiency).Where(double.IsFinite).ToArray();
            if (efficiencies.Length > 1)
            {
                var mean = efficiencies.Average();
                var sd = Math.Sqrt(efficiencies.Sum(e => (e - mean) * (e - mean)) / (efficiencies.Length - 1));
                yield return new("meanCoulombicEfficiency", "%", Estimate.Of(100 * mean, 100 * sd / Math.Sqrt(efficiencies.Length)), $"mean of cycles {whole[2].Index}–{last.Index}");
            }
        }
    }

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var blocks = new List<Block>();
        var all = analyses.Select(a => (a.Work, Result: (CyclingResult)a.Result)).ToArray();
        var reference = Work.ScaleOf([.. all.Select(x => (x.Work, x.Result.Summary.Reference))]);
        var shifts = new Dictionary<Work, double?>(ReferenceEqualityComparer.Instance);
        foreach (var x in all) { shifts[x.Work] = x.Work.ToScale(x.Result.Summary.Reference, reference, out _); }
        var perMass = all.All(x => x.Result.Summary.Mass.HasValue);
        var unit = perMass ? "mAh/g" : "mAh";
        double Scale(CyclingSummary s) => perMass ? 1 / (MilliampHour * s.Mass.Value * 1e3) : 1 / MilliampHour;

        var shown = all.Where(x => x.Work.Role is "formation" or "").ToArray();
        if (shown.Length == 0) { shown = all; }
        foreach (var other in shown.Where(x => shifts[x.Work] is null).GroupBy(x => x.Result.Summary.Reference)) { blocks.Add(new Paragraph($"Not in the figure, because potentials {other.Key} cannot be put beside those {reference}: {string.Join(", ", other.Select(x => x.Work.Label).Distinct())}.")); }
        shown = [.. shown.Where(x => shifts[x.Work] is not null)];
        if (shown.Length > 0) { blocks.Add(new Figure("cycling-potential-capacity", "Potential against specific capacity", $"First cycle of each cell with both halves; potential {reference}{(shown.Any(x => shifts[x.Work] != 0) ? $", converted for {string.Join(", ", shown.Where(x => shifts[x.Work] != 0).Select(x => $"{x.Work.Label} ({x.Result.Summary.Reference})"))}" : "")}.",
        [
            new Panel(new Axis("Specific capacity", unit) { FromZero = true }, new Axis($"Potential {reference}", "V"),
            [
                .. shown.Where(x => x.Result.Summary.Cycles.Count > 0).SelectMany(x =>
                {
                    var c = x.Result.Summary.Cycles.FirstOrDefault(c => c is { Charge: not null, Discharge: not null }) ?? x.Result.Summary.Cycles[0];
                    return new[] { (c.Charge, "charge", Dash.Solid), (c.Discharge, "discharge", Dash.Dashed) }.Where(h => h.Item1 is not null)
                        .Select(h => (Series)new XY($"{x.Work.Label} {h.Item2}", [.. h.Item1!.Curve.Charge.Select(q => q * Scale(x.Result.Summary))], [.. h.Item1.Curve.Potential.Select(v => v + shifts[x.Work]!.Value)]) { Colour = x.Work.Place, Dash = h.Item3 });
                }),
            ]) { RightY = reference is { VersusLithium: { } e and not 0 } ? new SecondScale("Potential vs Li^{+}/Li", "V", 1, e) : null },
        ])); }

        foreach (var x in all.Where(x => x.Result.Rates is null && x.Result.Summary.Cycles.Count >= 3).GroupBy(x => x.Work.Role))
        {
            var name = x.Key.Length > 0 ? x.Key : "cycling";
            blocks.Add(new Figure($"cycling-capacity-cycle-{name.ToLowerInvariant()}", "Capacity and coulombic efficiency against cycle", "Filled: discharge capacity; below: discharge/charge of the same cycle. Incomplete cycles are left out.",
            [
                new Panel(new Axis("Cycle") { Whole = true }, new Axis("Discharge capacity", unit) { FromZero = true },
                    [.. x.Select(v => (Series)new XY(v.Work.Label, Indices(v.Result.Summary), [.. Whole(v.Result.Summary).Select(c => c.Discharge!.Charge * Scale(v.Result.Summary))]) { Colour = v.Work.Place, Draw = Draw.Markers, Marker = Palette.MarkerAt(v.Work.Place) })]),
                new Panel(new Axis("Cycle") { Whole = true }, new Axis("Coulombic efficiency", "%"),
                    [.. x.Select(v => (Series)new XY(v.Work.Label, Indices(v.Result.Summary), [.. Whole(v.Result.Summary).Select(c => 100 * c.CoulombicEfficiency)]) { Colour = v.Work.Place, Draw = Draw.Markers, Hollow = true, Marker = Palette.MarkerAt(v.Work.Place) })]) { RelativeHeight = 0.5, Legend = false },
            ]) { SharedX = true });
        }

        var rates = all.Where(x => x.Result.Rates is { Groups.Count: > 0 }).ToArray();
        if (rates.Length > 0)
        {
            blocks.Add(new Figure("cycling-rate", "Rate capability", "Discharge capacity of each complete cycle of the rate test; the rates above the points are measured.",
            [
                new Panel(new Axis("Cycle") { Whole = true }, new Axis("Discharge capacity", unit) { FromZero = true, Max = 1.12 * rates.Max(v => Whole(v.Result.Summary).Select(c => c.Discharge!.Charge * Scale(v.Result.Summary)).DefaultIfEmpty(1).Max()) },
                    [.. rates.Select(v => (Series)new XY(v.Work.Label, Indices(v.Result.Summary), [.. Whole(v.Result.Summary).Select(c => c.Discharge!.Charge * Scale(v.Result.Summary))])
                        { Colour = v.Work.Place, Draw = Draw.Markers, Marker = Palette.MarkerAt(v.Work.Place), PointText = [.. Whole(v.Result.Summary).Select(c => RateName(c.Rate))] })]) { Annotations = [.. RateNotes(rates.MaxBy(v => Whole(v.Result.Summary).Select(c => c.Discharge!.Charge).DefaultIfEmpty(0).Max() * Scale(v.Result.Summary)).Result.Summary, Scale)] },
            ]));
        }

        blocks.Add(new Table("cycling-cycles", "Cycles",
        [
            new("Sample"), new("Role"), new("Cycle"), new("Rate", "C"), new("Charge", unit), new("Discharge", unit), new("Coulombic efficiency", "%"), new("Energy efficiency", "%"),
            new("Mean charge potential", "V"), new("Mean discharge potential", "V"), new("Complete") { FileOnly = true },
        ],
        [
            .. all.SelectMany(x => Some(x.Result.Summary.Cycles).Select(c => (IReadOnlyList<Reports.Cell>)
            [
                x.Work.Label, x.Work.Role, c.Index, Significant(c.Rate), Measured(x.Result.Summary, c.Charge, Scale(x.Result.Summary)), Measured(x.Result.Summary, c.Discharge, Scale(x.Result.Summary)),
                double.IsFinite(c.CoulombicEfficiency) ? Plain(100 * c.CoulombicEfficiency, 100 * c.CoulombicEfficiencyStandardError) : Estimate.Withheld(c.WhyIncomplete ?? "the cycle is not complete"), 100 * c.EnergyEfficiency, c.Charge?.MeanPotential ?? double.NaN, c.Discharge?.MeanPotential ?? double.NaN, c.Complete ? "yes" : c.WhyIncomplete ?? "no",
            ])),
        ]) { Note = "At most twelve cycles of each file are listed, evenly spread; all are in results.json. Errors below 0.01 % are not printed: the error of the current itself is not in them." });

        // Retention is asked of cycling tests only.
        foreach (var w in all.SelectMany(x => x.Result.Summary.Warnings.Where(w => w.Path != "retention.value" || x.Work.Role is "cycling").Select(w => (Of: x.Work.Role.Length > 0 ? $"{x.Work.Label}, {x.Work.Role}" : x.Work.Label, w.Text))).GroupBy(w => w.Text).Take(20))
        {
            blocks.Add(new Paragraph($"{string.Join("; ", w.Select(x => x.Of).Distinct())}: {w.Key}."));
        }
        var convention = all[0].Result.Summary.Convention;
        blocks.Add(new Methods(
        [
            new Equation(@"Q = \int I \, dt") { Source = "trapezoid rule on the recorded points; pauses are not bridged", Where = [new("Q", "charge of a half cycle"), new("I", "current, positive on charge")] },
            new Facts([new("Cycle", convention.BeginsOn), new("Coulombic efficiency", convention.CoulombicEfficiency), new("Rate", convention.Rate), new("Retention", convention.Retention), new("Onset potential", convention.Onset), new("Integration", convention.Integration), new("Potential", convention.Potential)]),
        ]));
        return new Section("cycling", "Charge, discharge and cycling", blocks);
    }

    /// <summary>The scale the potentials of a figure or comparison are on.</summary>
    private static PotentialReference Shown(Work work, CyclingSummary s) => work.ToScale(s.Reference, out _) is not null && work.Scale.Name is not null ? work.Scale : s.Reference;

    private static IEnumerable<Cycle> Whole(CyclingSummary s) => s.Cycles.Where(c => c.Complete && c.Discharge is not null);

    private static double[] Indices(CyclingSummary s) => [.. Whole(s).Select(c => (double)c.Index)];

    private static IEnumerable<Cycle> Some(IReadOnlyList<Cycle> cycles) =>
        cycles.Count <= 12 ? cycles : Enumerable.Range(0, 12).Select(i => cycles[(int)Math.Round(i * (cycles.Count - 1) / 11.0)]);

    private static Reports.Cell Measured(CyclingSummary s, HalfCycle? h, double scale)
    {
        if (h is null) { return Estimate.Withheld("this half of the cycle was not recorded"); }
        return Plain(h.Charge * scale, Math.Abs(h.Charge * scale) * Math.Sqrt(Math.Pow(h.ChargeStandardError / h.Charge, 2) + (s.Mass.HasValue ? Math.Pow(s.Mass.StandardError / s.Mass.Value, 2) : 0)));
    }

    /// <summary>The moment of a switch may be known to a millionth, the current's own error is not: below 0.01 % the number stands alone.</summary>
    private static Reports.Cell Plain(double value, double error) => double.IsFinite(error) && error > 1e-4 * Math.Abs(value) ? Estimate.Of(value, error) : value;

    private static (Estimate Value, string Unit, double Factor) PerMass(CyclingSummary s, double charge, double error = double.NaN)
    {
        if (!s.Mass.HasValue) { return (Estimate.WithoutError(charge / MilliampHour, s.Mass.Reason ?? ""), "mAh", 1 / MilliampHour); }
        var factor = 1 / (MilliampHour * s.Mass.Value * 1e3);
        if (s.Mass.StandardError == 0) { return (Estimate.WithoutError(charge * factor, "the active mass is stated without its error, which would be the largest here"), "mAh/g", factor); }
        var relative = Math.Sqrt(Math.Pow(double.IsFinite(error) ? error / charge : 0, 2) + Math.Pow(s.Mass.StandardError / s.Mass.Value, 2));
        return (Estimate.Of(charge * factor, charge * factor * relative), "mAh/g", factor);
    }

    private static Estimate Percent(double share, double error, string? why) => double.IsFinite(share)
        ? double.IsFinite(error) ? Estimate.Of(100 * share, 100 * error) : Estimate.WithoutError(100 * share, "no error can be given")
        : Estimate.Withheld(why ?? "the cycle is not complete");

    private static string? Reason(CyclingSummary s, string key) => s.Warnings.FirstOrDefault(w => w.Path.Contains(key, StringComparison.Ordinal))?.Text;

    /// <summary>The rate above the first cycle at each.</summary>
    private static IEnumerable<Annotation> RateNotes(CyclingSummary s, Func<CyclingSummary, double> scale)
    {
        var before = "";
        foreach (var c in Whole(s))
        {
            var name = RateName(c.Rate);
            if (name.Length > 0 && name != before) { yield return new Note(c.Index, c.Discharge!.Charge * scale(s), name); }
            before = name;
        }
    }

    private static double Significant(double value) => double.IsFinite(value) ? double.Parse(value.ToString("G3")) : value;

    /// <summary>The rate a laboratory would say (0.1C for a measured 0.0987C); nothing where it is unknown.</summary>
    internal static string RateName(double rate)
    {
        if (!double.IsFinite(rate) || rate <= 0) { return ""; }
        var near = NamedRates.MinBy(r => Math.Abs(Math.Log(r / rate)));
        return Math.Abs(Math.Log(near / rate)) < 0.12 ? $"{Math.Round(near, 2):0.##}C" : $"{rate:G2}C";
    }
}
