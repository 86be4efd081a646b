using Interphase.Cycling;
using Interphase.Measurements;
using Interphase.Reports;
using Interphase.Results;
using Interphase.Titration;

namespace Interphase.Studies;

/// <summary>Galvanostatic intermittent titration of a study's cells.</summary>
internal static class GittTechnique
{
    private const double PerCm2 = 1e4;
    private const double LeastDepth = 0.05, MostDepth = 0.90;

    public static readonly Technique Technique = new("gitt", OfCells: true, Analyse, Show);

    /// <summary>The median current of the pulses, A.</summary>
    public static double? PulseCurrent(Analysis analysis) => analysis.Result is Gitt { Pulses.Count: > 0 } g ? g.Pulses.Select(p => p.Current).Order().ElementAt(g.Pulses.Count / 2) : null;

    private static Analysis Analyse(Work work)
    {
        var (series, ordered, warnings) = Joined.Of(work.Measurements);
        if (work.Electrode.Reference is { } reference && series.Reference.Name is null) { series = series.WithReference(reference); }
        var options = new GittOptions { IrTime = 1 };
        var result = Gitt.Analyse(series, work.Electrode.Over(Electrode.Of(ordered[0])), options);
        result = result with { Warnings = [.. warnings, .. result.Warnings] };
        return new(work, result, result.Contract(), new { irTime_s = options.IrTime, fitFrom_s = options.FitFrom, depthOfDischarge = new[] { LeastDepth, MostDepth } }, [.. Values(result)])
        {
            Findings = result.Findings,
        };
    }

    private static IEnumerable<ComparedValue> Values(Gitt g)
    {
        if (g.Pulses.Count == 0) { yield break; }
        // The share of the titration, which is the depth of discharge where the titration is whole.
        var (first, last) = (g.Pulses.Min(p => p.DepthOfDischarge), g.Pulses.Max(p => p.DepthOfDischarge));
        double Share(GittPulse p) => last > first ? (p.DepthOfDischarge - first) / (last - first) : double.NaN;
        yield return g.Pulses.Where(p => double.IsFinite(p.IrDropEnd.Value)).MinBy(p => Math.Abs(Share(p) - 0.5)) is { } m && Math.Abs(Share(m) - 0.5) < 0.1
            ? new("irDrop", "mV", Estimate.Of(Math.Abs(m.IrDropEnd.Value) * 1e3, m.IrDropEnd.StandardError * 1e3), FormattableString.Invariant($"change {m.IrDropEnd.SampledAt:G3} s after the pulse in the middle of the titration ended, {100 * m.DepthOfDischarge:0} % depth of discharge"))
            : new("irDrop", "mV", Estimate.Withheld("no pulse lies near the middle of the titration"), "jump at the end of the pulse in the middle of the titration");
        var inside = g.Pulses.Where(p => Share(p) is >= LeastDepth and <= MostDepth).ToArray();
        yield return Mean("apparentDiffusivity", [.. inside.Select(p => p.Diffusivity.SeedEq1)], g,
            $"mean of Eq. (1) with τ the rest, {(g.Surface.IsApparent ? "geometric area" : g.Surface.Source)}, 5–90 % of the titration");
        var chosen = inside.Where(p => p.Chosen is { HasValue: true }).ToArray();
        yield return chosen.Length == 0
            ? new("diffusivity", "cm2/s", Estimate.Withheld(inside.SelectMany(p => p.Reasons).GroupBy(r => r).MaxBy(r => r.Count())?.Key ?? "no pulse gives a diffusivity that can be stood behind"), "the form each pulse allows")
            : Mean("diffusivity", [.. chosen.Select(p => p.Chosen!.Value)], g, $"mean over {chosen.Length} of {inside.Length} pulses of the form each allows ({string.Join(", ", chosen.Select(p => p.Method).Distinct())}); {(g.Surface.IsApparent ? "apparent: the interface area is not stated" : g.Surface.Source)}");
    }

    private static ComparedValue Mean(string quantity, IReadOnlyList<Estimate> values, Gitt g, string method)
    {
        var given = values.Where(v => v.HasValue).Select(v => v.Value * PerCm2).ToArray();
        if (given.Length == 0) { return new(quantity, "cm2/s", Estimate.Withheld(values.FirstOrDefault(v => v.Reason is not null).Reason ?? "no pulse gives one"), method); }
        var mean = given.Average();
        var area = g.Surface.Area is { HasValue: true } s ? s.StandardError / s.Value : 0;
        var scatter = given.Length > 1 ? Math.Sqrt(given.Sum(v => (v - mean) * (v - mean)) / (given.Length - 1) / given.Length) : double.NaN;
        return new(quantity, "cm2/s", double.IsFinite(scatter) ? Estimate.Of(mean, Math.Sqrt((scatter * scatter) + Math.Pow(2 * mean * area, 2))) : Estimate.WithoutError(mean, "one pulse only"), method);
    }

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var blocks = new List<Block>();
        var all = analyses.Select(a => (a.Work, Result: (Gitt)a.Result)).ToArray();
        foreach (var (work, g) in all) { blocks.Add(Trace(work, g)); }
        foreach (var (work, g) in all.Where(x => x.Result.Pulses.Count > 0)) { blocks.Add(OnePulse(work, g)); }
        // Where at least half of the pulses of all cells are too long for short-time forms, in steps of 5 %.
        var shaded = all.SelectMany(x => x.Result.Pulses).Where(p => double.IsFinite(p.DepthOfDischarge) && double.IsFinite(p.DimensionlessTime)).GroupBy(p => (int)(20 * p.DepthOfDischarge))
            .Where(g => 2 * g.Count(p => p.DimensionlessTime > 0.05) >= g.Count()).Select(g => (Annotation)new Region(Along.X, 5.0 * g.Key, 5.0 * (g.Key + 1))).ToArray();
        blocks.Add(new Figure("gitt-diffusivity", "Apparent diffusivity against depth of discharge",
            "Filled: Eq. (1) as printed, with τ the rest. Hollow: the exact particle solution fitted to pulse and rest, with 95 % intervals, where it can be stood behind. Shaded: where at least half of the pulses have Dτ/R² above 0.05, so that short-time forms do not hold.",
            [
                new Panel(new Axis("Depth of discharge", "%"), new Axis("D_{app}", "cm2/s") { Log = true },
                [
                    .. all.SelectMany(x =>
                    {
                        var pulses = x.Result.Pulses.Where(p => double.IsFinite(p.DepthOfDischarge)).ToArray();
                        var seed = pulses.Where(p => p.Diffusivity.SeedEq1.HasValue).ToArray();
                        var chosen = pulses.Where(p => p.Chosen is { HasValue: true }).ToArray();
                        return new Series[]
                        {
                            new XY($"{x.Work.Label} Eq. (1)", [.. seed.Select(p => 100 * p.DepthOfDischarge)], [.. seed.Select(p => p.Diffusivity.SeedEq1.Value * PerCm2)]) { Colour = x.Work.Place, Draw = Draw.Both, Marker = Palette.MarkerAt(x.Work.Place) },
                            new XY($"{x.Work.Label} chosen form", [.. chosen.Select(p => 100 * p.DepthOfDischarge)], [.. chosen.Select(p => p.Chosen!.Value.Value * PerCm2)])
                            {
                                Colour = x.Work.Place, Draw = Draw.Markers, Marker = Palette.MarkerAt(x.Work.Place), Hollow = true,
                                YLower = [.. chosen.Select(p => p.Chosen!.Value.Lower95 * PerCm2)], YUpper = [.. chosen.Select(p => p.Chosen!.Value.Upper95 * PerCm2)],
                            },
                        }.Where(s => ((XY)s).X.Length > 0);
                    }),
                ]) { Annotations = shaded },
            ]));
        blocks.Add(new Figure("gitt-jump", "Potential jump against depth of discharge", "Change of potential at the end of each pulse, at the sampled time.",
            [
                new Panel(new Axis("Depth of discharge", "%"), new Axis("Potential jump", "mV") { FromZero = true },
                    [.. all.Select(x => (Series)new XY(x.Work.Label, [.. x.Result.Pulses.Select(p => 100 * p.DepthOfDischarge)], [.. x.Result.Pulses.Select(p => 1e3 * Math.Abs(p.IrDropEnd.Value))]) { Colour = x.Work.Place, Draw = Draw.Both, Marker = Palette.MarkerAt(x.Work.Place) })]),
            ]));
        blocks.Add(new Table("gitt-pulses", "Pulses",
            [
                new("Sample"), new("Pulse"), new("Depth of discharge", "%"), new("Rest potential", "V"), new("Jump at start", "mV"), new("Jump at end", "mV"), new("ΔE_{s}", "mV"), new("ΔE_{t}", "mV"), new("Drift of rest", "mV/h"),
                new("Dτ/R²"), new("Eq. (1)", "cm2/s"), new("Eq. (1), τ the pulse", "cm2/s"), new("√t", "cm2/s") { FileOnly = true }, new("Sphere", "cm2/s") { FileOnly = true }, new("Relaxation", "cm2/s") { FileOnly = true }, new("Exact particle", "cm2/s"), new("Chosen", "cm2/s"),
            ],
            [
                .. all.SelectMany(x => Some(x.Result.Pulses).Select(p => (IReadOnlyList<Reports.Cell>)
                [
                    x.Work.Label, p.Index, 100 * p.DepthOfDischarge, p.RestPotential, 1e3 * p.IrDropStart.Value, 1e3 * p.IrDropEnd.Value, p.DeltaEs.Scaled(1e3), p.DeltaEt.Scaled(1e3), p.RestDrift.Scaled(3.6e6),
                    p.DimensionlessTime, p.Diffusivity.SeedEq1.Scaled(PerCm2), p.Diffusivity.SeedEq1PulseTau.Scaled(PerCm2), p.Diffusivity.SqrtTime.Scaled(PerCm2), p.Diffusivity.Sphere.Scaled(PerCm2), p.Diffusivity.Relaxation.Scaled(PerCm2), p.Diffusivity.FullSphere.Scaled(PerCm2),
                    p.Chosen is { } c ? c.Scaled(PerCm2) : Estimate.Withheld(string.Join("; ", p.Reasons)),
                ])),
            ]) { Note = "At most sixteen pulses of each cell are listed, evenly spread; all are in results.json." });
        foreach (var w in all.SelectMany(x => x.Result.Warnings.Select(w => $"{x.Work.Label}: {w.Text}")).Distinct().Take(12)) { blocks.Add(new Paragraph(w)); }
        blocks.Add(new Methods(
        [
            new Equation(@"D = \frac{4}{\pi \tau} \left( \frac{m V_m}{M S} \right)^2 \left( \frac{\Delta E_s}{\Delta E_t} \right)^2")
            {
                Source = "Eq. (1) of Wang et al., Nano Energy 2020; Weppner and Huggins, J. Electrochem. Soc. 124 (1977) 1569, for short times and a planar electrode",
                Where = [new("τ", "the rest, as that paper prints it; beside it with the pulse, which the derivation means"), new("S", all[0].Result.Surface.Source), new("m/M", "amount of host, from the mass and molar mass as weighed"), new("ΔE_{s}", "change of the rest potential over a pulse"), new("ΔE_{t}", "change during the pulse without its jump")],
            },
            new Equation(@"\Delta c_s = \frac{j R}{D} \left( 3 T + \frac{1}{5} - 2 \sum_n \frac{e^{-\lambda_n^2 T}}{\lambda_n^2} \right)")
            { Source = "exact sphere under constant flux, T = Dt/R², tan λ = λ (Carslaw and Jaeger); superposed over pulse and rest and fitted with one jump and a spline U(x) through the rests" },
            new Paragraph("A diffusivity is called apparent unless the interface area is stated. It is withheld on plateaus, after rests that have not ended, and where a slow polarisation of the interface explains the transient as well."),
        ]));
        return new Section("gitt", "Titration (GITT)", blocks);
    }

    private static Figure Trace(Work work, Gitt g)
    {
        var potential = g.Trace.Required(ColumnNames.Potential);
        return new Figure($"gitt-trace-{Slug.Of(work.Label)}", $"Titration of {work.Label}", $"Potential over time and the rest potentials; {potential.Reference}.",
        [
            new Panel(new Axis("Time", "h"), new Axis($"Potential {potential.Reference}", "V"),
            [
                new XY("potential", [.. g.Trace.Time.ToArray().Select(t => t / 3600)], potential.Values) { Colour = work.Place },
                new XY("end of rest", [.. g.Pulses.Select(p => g.Trace.Time[p.RestLastRow] / 3600)], [.. g.Pulses.Select(p => p.RestPotential.Value)]) { Colour = Palette.Neutral, Draw = Draw.Markers, Marker = Marker.Circle, Hollow = true },
            ]),
        ]);
    }

    private static Figure OnePulse(Work work, Gitt g)
    {
        var p = g.Pulses.Where(x => double.IsFinite(x.DepthOfDischarge)).MinBy(x => Math.Abs(x.DepthOfDischarge - 0.5)) ?? g.Pulses[g.Pulses.Count / 2];
        var potential = g.Trace.Required(ColumnNames.Potential).Values;
        var (from, to) = (Math.Max(0, p.FirstRow - 2), p.RestLastRow);
        double Minute(int row) => (g.Trace.Time[row] - p.Start) / 60;
        var rows = Enumerable.Range(from, to - from + 1).ToArray();
        var series = new List<Series> { new XY("measured", [.. rows.Select(Minute)], [.. rows.Select(r => potential[r])]) { Colour = work.Place, Draw = Draw.Both, Marker = Palette.MarkerAt(work.Place) } };
        if (p.Fit is { } fit) { series.Add(new XY("exact particle, fitted", [.. fit.Time.Select(t => (t - p.Start) / 60)], fit.Model) { Colour = Palette.Neutral, Dash = Dash.Dashed }); }
        var notes = new List<Annotation>();
        if (p.RestPotentialBefore.HasValue && p.RestPotential.HasValue)
        {
            // Inside the frame, where the label has room.
            var at = 0.8 * Minute(to);
            notes.Add(new Distance(at, p.RestPotentialBefore.Value, at, p.RestPotential.Value, "ΔE_{s}"));
        }
        if (double.IsFinite(p.IrDropEnd.Value)) { notes.Add(new Distance(Minute(p.LastRow), potential[p.LastRow], Minute(p.LastRow), potential[p.LastRow] - (Math.Sign(p.Current) * Math.Abs(p.IrDropEnd.Value)), "jump")); }
        return new Figure($"gitt-pulse-{Slug.Of(work.Label)}", $"One pulse of {work.Label}", FormattableString.Invariant($"Pulse {p.Index} at {100 * p.DepthOfDischarge:0} % depth of discharge, {NumberText.Print(1e3 * p.Current, 3)} mA for {p.Duration / 60:G3} min, with what Eq. (1) reads from it."),
            [new Panel(new Axis("Time since the pulse began", "min"), new Axis("Potential", "V"), series) { Annotations = notes }]) { Width = FigureWidth.Single };
    }

    private static IEnumerable<GittPulse> Some(IReadOnlyList<GittPulse> pulses) =>
        pulses.Count <= 16 ? pulses : Enumerable.Range(0, 16).Select(i => pulses[(int)Math.Round(i * (pulses.Count - 1) / 15.0)]);
}
