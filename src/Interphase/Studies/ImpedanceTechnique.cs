using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>Impedance of a study's cells: one spectrum or a series along potential, cycle, temperature or time.</summary>
internal static class ImpedanceTechnique
{
    public static readonly Technique Technique = new("impedance", OfCells: true, Analyse, Show);

    internal sealed record ImpedanceResult(IReadOnlyList<CircuitFitResult> Fits, IReadOnlyList<KramersKronigResult> Tests, IReadOnlyList<RelaxationTimesResult?> Times, string Choice, IReadOnlyList<string> Names, double[] Axis, string AxisName, string AxisUnit, LinkedSeriesResult? Linked);

    private static Analysis Analyse(Work work)
    {
        var file = work.File!;
        var spectra = work.Measurements.SelectMany(m => m.Spectra).ToList();
        if (spectra.Count == 0) { throw new InputException("the files hold no impedance", string.Join(", ", work.Measurements.Select(m => m.File)), "name files with frequency and impedance, or another technique"); }
        if (work.Electrode.Reference is { } reference) { spectra = [.. spectra.Select(s => s.Reference.Name is null ? s with { Reference = reference } : s)]; }
        if (file.Values.Count > 0)
        {
            if (file.Values.Count != spectra.Count) { throw new InputException($"there are {spectra.Count} spectra but {file.Values.Count} values", file.Where, "give one value a spectrum, in the order of start time"); }
            spectra = [.. spectra.Select((s, i) => file.Axis switch
            {
                "potential" => s with { Potential = file.Values[i].Value },
                "temperature" => s with { Temperature = file.Values[i].Value },
                _ => s,
            })];
        }
        var options = new FitOptions { Weighting = Enum.Parse<Weighting>(file.Weighting, ignoreCase: true) };
        Circuit circuit;
        var choice = "";
        if (file.Circuit is { } given)
        {
            try { circuit = Circuit.Parse(given); }
            catch (InputException e) { throw e.At(file.Where); }
        }
        else
        {
            var ranked = CircuitSuggestion.Rank(spectra.MaxBy(s => s.Count)!, options);
            circuit = ranked[0].Fit.Circuit;
            choice = FormattableString.Invariant($"{work.Label}: the study names no circuit. {circuit} has {100 * ranked[0].Weight:F0} % of the evidence among the {ranked.Count} circuits tried on the spectrum with most points{(ranked.Count > 1 ? $"; next is {ranked[1].Fit.Circuit} with {100 * ranked[1].Weight:F0} %" : "")}. The numbers of its arcs need not mean the same as in another sample; name a circuit to compare them.");
        }
        var (axis, axisName, unit) = file.Axis switch
        {
            "potential" => (spectra.Select(s => s.Potential ?? double.NaN), $"Potential {spectra[0].Reference}", "V"),
            "temperature" => (spectra.Select(s => 1000 / s.Temperature ?? double.NaN), "1000/T", "K-1"),
            "time" => (spectra.Select((s, i) => file.Values.Count > 0 ? file.Values[i].Value / 3600 : s.Time / 3600 ?? double.NaN), "Time", "h"),
            "cycle" => (spectra.Select((_, i) => file.Values.Count > 0 ? file.Values[i].Value : i), "Cycle", ""),
            _ => (spectra.Select((_, i) => i + 1.0), "Spectrum", ""),
        };
        double[] places = [.. axis];
        LinkedSeriesResult? linked;
        try
        {
            linked = file.Link switch
            {
                "smooth" => LinkedSeries.Smooth(spectra, circuit, places, file.Axis ?? "order", options),
                "arrhenius" => LinkedSeries.Arrhenius(spectra, circuit, ArrheniusForm.SigmaT, options),
                _ => null,
            };
        }
        catch (InputException e) when (e.Where.Length == 0) { throw e.At(file.Where); }
        var fits = linked?.Fits ?? CircuitSeries.Fit(spectra, circuit, options);
        var names = spectra.Select((s, i) => spectra.Count == 1 ? work.Label : $"{work.Label} {Name(s, i, file)}").ToArray();
        var area = work.Electrode.Area?.Value;
        var tests = fits.Select(f => KramersKronig.Test(f.Spectrum, new())).ToArray();
        // Several spectra share nothing here, so both cores work.
        var times = spectra.AsParallel().AsOrdered().Select(Times).ToArray();
        return new(work, new ImpedanceResult(fits, tests, times, choice, names, places, axisName, unit, linked), linked is null ? fits.Contract(area) : linked.Contract(area),
            new { circuit = circuit.ToString(), circuitFrom = choice.Length > 0 ? "evidence" : "study", file.Weighting, axis = file.Axis, file.Link, area_cm2 = area * 1e4 }, [.. Values(work, fits, linked)])
        {
            Findings = tests.Any(t => t.Valid == false)
                ? [new("kramers-kronig", Severity.Caution, $"{tests.Count(t => t.Valid == false)} of {tests.Length} spectra violate the Kramers–Kronig relations ({string.Join("; ", tests.Where(t => t.Valid == false).SelectMany(t => t.Suspects.Select(s => s.Text)).Distinct().Take(3))}): a circuit fitted to them describes a cell that was changing, or the instrument.", [new("pValue", tests.Where(t => t.Valid == false).Min(t => t.PValue), "1")])]
                : [],
        };
    }

    private static RelaxationTimesResult? Times(ImpedanceSpectrum spectrum)
    {
        try { return RelaxationTimes.Compute(spectrum, new()); }
        catch (InputException) { return null; } // too few points; the figure says whose are missing
    }

    /// <summary>Area a capacitance of this electrode is judged by: that of its interface where stated, else the geometric one.</summary>
    private static double? CapacitanceArea(Electrode electrode) =>
        electrode.InterfaceArea.Value is var real && double.IsFinite(real) ? real : electrode.Area?.Value;

    private static string Name(ImpedanceSpectrum s, int i, CellFile file) => file.Axis switch
    {
        "potential" when s.Potential is { } e => FormattableString.Invariant($"{e:0.###} V"),
        "temperature" when s.Temperature is { } t => FormattableString.Invariant($"{t - 273.15:0.#} °C"),
        "cycle" when file.Values.Count > i => FormattableString.Invariant($"cycle {file.Values[i].Value:0}"),
        _ => $"#{i + 1}",
    };

    /// <summary>Resistances of the named arcs; over a series their median, with the scatter as its error.</summary>
    private static IEnumerable<ComparedValue> Values(Work work, IReadOnlyList<CircuitFitResult> fits, LinkedSeriesResult? linked)
    {
        foreach (var a in linked?.Activations ?? []) { yield return new($"activationEnergy{a.Parameter}", "eV", a.Energy, $"{a.Parameter} of {fits[0].Circuit}, {fits.Count} spectra fitted at once with R/T along exp(Ea/kT)"); }
        var suffix = work switch
        {
            { Role: not "afterCycling" } => "",
            { File: { Axis: "cycle", Values: [var n] } } => FormattableString.Invariant($"After{n.Value:0}Cycles"),
            _ => "AfterCycling",
        };
        foreach (var (parameter, quantity) in new[] { ("R0", "seriesResistance"), ("R1", "interfaceResistance"), ("R2", "secondArcResistance") })
        {
            var found = fits.SelectMany(f => f.Parameters.Where(p => p.Name == parameter)).ToArray();
            if (found.Length == 0) { continue; }
            var good = found.Where(p => p is { Identifiable: true, IsAbsent: false }).Select(p => p.Estimate).ToArray();
            if (good.Length == 0)
            {
                yield return new(quantity + suffix, "ohm", Estimate.Withheld($"the data do not identify {parameter} of {fits[0].Circuit}"), $"{parameter} of {fits[0].Circuit}");
                continue;
            }
            var ordered = good.OrderBy(e => e.Value).ToArray();
            var middle = ordered[ordered.Length / 2];
            if (good.Length > 2)
            {
                var median = good.Length % 2 == 1 ? middle.Value : (ordered[(good.Length / 2) - 1].Value + middle.Value) / 2;
                var deviation = good.Select(e => Math.Abs(e.Value - median)).Order().ElementAt(good.Length / 2) * 1.4826;
                middle = Estimate.Of(median, Math.Max(deviation / Math.Sqrt(good.Length), middle.StandardError / Math.Sqrt(good.Length)));
            }
            yield return new(quantity + suffix, "ohm", middle, $"{parameter} of {fits[0].Circuit}, {(good.Length > 2 ? $"median of {good.Length} spectra" : "one spectrum")}, arcs ordered by relaxation time");
        }
    }

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var blocks = new List<Block>();
        foreach (var a in analyses)
        {
            var r = (ImpedanceResult)a.Result;
            var area = a.Work.Electrode.Area?.Value;
            var id = $"impedance-{Slug.Of(a.Work.Sample.Name)}-{Slug.Of(a.Work.Cell!.Id)}{(a.Work.Role.Length > 0 ? "-" + Slug.Of(a.Work.Role) : "")}";
            blocks.Add(SpectrumFigures.Nyquist(id, $"Impedance of {a.Work.Label}{(a.Work.Role == "afterCycling" ? " after cycling" : "")}", r.Fits, r.Names, a.Work.Place, area));
            blocks.Add(SpectrumFigures.Bode(id + "-bode", $"Impedance of {a.Work.Label} against frequency", r.Fits, r.Names, a.Work.Place));
            if (r.Choice.Length > 0) { blocks.Add(new Paragraph(r.Choice)); }
            if (r.Tests.Any(t => t.Valid is not null)) { blocks.Add(SpectrumFigures.KramersKronig(id + "-kramers-kronig", $"Kramers–Kronig residuals of {a.Work.Label}", r.Tests, r.Names, a.Work.Place)); }
            if (r.Times.Any(t => t is not null)) { blocks.Add(SpectrumFigures.RelaxationTimes(id + "-relaxation-times", $"Relaxation times of {a.Work.Label}", r.Times, r.Names, a.Work.Place, CapacitanceArea(a.Work.Electrode))); }
            if (r.Times.Any(t => t is null)) { blocks.Add(new Paragraph($"No distribution of relaxation times, for want of points: {string.Join(", ", r.Names.Where((_, i) => r.Times[i] is null))}.")); }
        }
        foreach (var group in analyses.Where(a => ((ImpedanceResult)a.Result).Fits.Count > 2).GroupBy(a => ((ImpedanceResult)a.Result).AxisName))
        {
            var resistances = group.SelectMany(a => ((ImpedanceResult)a.Result).Fits[0].Parameters).Where(p => p.Unit == "ohm").Select(p => p.Name).Distinct().Take(3).ToArray();
            blocks.Add(new Figure($"impedance-series-{Slug.Of(group.Key)}", $"Resistances against {(group.Key == "1000/T" ? "temperature" : group.Key.ToLowerInvariant())}", "Parameters of the circuit with one standard error; points that are not identifiable are left out.",
            [
                .. resistances.Select((name, row) => new Panel(new Axis(group.Key, ((ImpedanceResult)group.First().Result).AxisUnit), new Axis($"R_{{{name[1..]}}}", "ohm") { FromZero = group.Key != "1000/T", Log = group.Key == "1000/T" },
                [
                    .. group.Select(a =>
                    {
                        var r = (ImpedanceResult)a.Result;
                        var rows = Enumerable.Range(0, r.Fits.Count).Where(i => r.Fits[i].Parameters.Any(p => p.Name == name && p is { Identifiable: true, IsAbsent: false })).ToArray();
                        return (Series)new XY(a.Work.Label, [.. rows.Select(i => r.Axis[i])], [.. rows.Select(i => r.Fits[i][name].Value)])
                        { Colour = a.Work.Place, Draw = Draw.Both, Marker = Palette.MarkerAt(a.Work.Place), YError = [.. rows.Select(i => r.Fits[i][name].Estimate.StandardError)] };
                    }),
                ]) { Legend = row == 0, RelativeHeight = 0.6 }),
            ]) { SharedX = true });
        }
        blocks.Add(new Table("impedance-kramers-kronig", "Kramers–Kronig test", [new("Spectrum"), new("Verdict"), new("Noise", "%"), new("Elements"), new("Suspected cause")],
            [
                .. analyses.SelectMany(a => ((ImpedanceResult)a.Result).Tests.Select((t, i) => (IReadOnlyList<Reports.Cell>)
                    [((ImpedanceResult)a.Result).Names[i], t.Valid switch { true => "holds", false => "violated", null => "not judged" }, t.NoisePercent, t.Elements, string.Join("; ", t.Suspects.Select(s => s.Text))])),
            ]));
        blocks.Add(Parameters("impedance-parameters", analyses.SelectMany(a => ((ImpedanceResult)a.Result).Fits.Select((f, i) => (((ImpedanceResult)a.Result).Names[i], a.Work.Electrode.Area?.Value, f)))));
        blocks.Add(Capacitances(analyses));
        foreach (var a in analyses.Where(a => ((ImpedanceResult)a.Result).Linked is not null)) { blocks.AddRange(LinkedBlocks(a.Work, ((ImpedanceResult)a.Result).Linked!)); }
        foreach (var w in analyses.SelectMany(a => ((ImpedanceResult)a.Result).Fits.SelectMany(f => f.Warnings.Select(w => $"{a.Work.Label}: {w.Path}: {w.Text}"))).GroupBy(t => t).Take(20)) { blocks.Add(new Paragraph(w.Count() > 1 ? $"{w.Key} ({w.Count()} spectra)" : w.Key)); }
        blocks.Add(Methods());
        return new Section("impedance", "Impedance", blocks);
    }

    private static IEnumerable<Block> LinkedBlocks(Work work, LinkedSeriesResult r)
    {
        yield return new Paragraph(FormattableString.Invariant($"{work.Label}: the {r.Fits.Count} spectra are fitted at once, {(r.Link == SeriesLink.Smooth ? $"every parameter smooth along {r.Axis}" : "resistances along T exp(Ea/kT), the rest smooth in temperature")}: {r.EffectiveParameters:F1} parameters in effect where {r.AloneParameters:F0} would be free, χ² over noise {r.ChiSquared:F0} (unlinked {r.AloneChiSquared:F0})."));
        if (r.Activations.Count > 0)
        {
            yield return new Table($"impedance-activation-{Slug.Of(work.Label)}", $"Activation of resistances of {work.Label}", [new("Parameter"), new("Activation energy", "eV"), new("Resistance at 25 °C", "ohm"), new("Scatter about the law", "%")],
                [.. r.Activations.Select(a => (IReadOnlyList<Reports.Cell>)[a.Parameter, a.Energy, a.At25, 100 * a.Scatter])]);
        }
        foreach (var w in r.Warnings) { yield return new Paragraph($"{work.Label}: {w.Path}: {w.Text}"); }
    }

    private static Table Capacitances(IReadOnlyList<Analysis> analyses) => new("impedance-capacitances", "Arcs and what their capacitance suggests",
        [new("Spectrum"), new("Arc"), new("Resistance", "ohm"), new("Effective capacitance", "F"), new("Relaxation time", "s"), new("Origin"), new("Rests on")],
        [
            .. analyses.SelectMany(a => ((ImpedanceResult)a.Result).Fits.SelectMany((f, i) => ArcAssignment.Of(f, CapacitanceArea(a.Work.Electrode)).Select(arc => (IReadOnlyList<Reports.Cell>)
                (f[arc.Name].Identifiable || f[arc.Name].IsFixed
                    ? [((ImpedanceResult)a.Result).Names[i], arc.Name, f[arc.Name].Estimate, arc.Capacitance, arc.TimeConstant, SpectrumFigures.Words(arc.Origin), arc.Reason]
                    : [((ImpedanceResult)a.Result).Names[i], arc.Name, Estimate.Withheld("not identifiable"), double.NaN, double.NaN, "", $"{arc.Name} is not identifiable"])))),
        ])
    { Note = "C = (R^{1−α} Q)^{1/α} of R parallel to a constant phase element, per area of the interface where the study states it, else per geometric area, which makes a porous electrode look more capacitive than its interface is." };

    internal static Table Parameters(string id, IEnumerable<(string Name, double? Area, CircuitFitResult Fit)> fits) => new(id, "Circuit parameters",
        [new("Spectrum"), new("Circuit"), new("Parameter"), new("Value"), new("Unit"), new("Per area"), new("Reduced χ²"), new("Points")],
        [
            .. fits.SelectMany(x => x.Fit.Parameters.Select(p => (IReadOnlyList<Reports.Cell>)
            [
                x.Name, x.Fit.Circuit.ToString(), p.Name,
                p.IsAbsent ? Estimate.Withheld("the spectrum has no such arc") : p.Identifiable || p.IsFixed ? p.Estimate : Estimate.Withheld($"not identifiable: the data allow {NumberText.Print(p.Estimate.Lower95)} to {NumberText.Print(p.Estimate.Upper95)}"),
                UnitText.Print(p.Unit),
                x.Area is { } area && p is { OhmPower: 1, Identifiable: true, IsAbsent: false } ? $"{NumberText.Print(p.Estimate.Scaled(area * 1e4))} Ω cm²" : "",
                x.Fit.ReducedChiSquared, x.Fit.Points,
            ])),
        ]);

    internal static Methods Methods() => new(
    [
        new Equation(@"\chi^2 = \sum_i w_i \left| Z_i - Z(f_i) \right|^2") { Source = "complex nonlinear least squares by Levenberg–Marquardt with analytic derivatives, started from the data", Where = [new("w_i", "1/|Z_i|² of the data for modulus weighting")] },
        new Equation(@"Z_{\mathrm{CPE}} = \frac{1}{Q (j \omega)^{\alpha}}") { Source = "constant phase element" },
        new Paragraph("Standard errors come from the covariance at the minimum; 95 % limits from the profile of the likelihood where the covariance is not to be trusted. A parameter whose limits are open is not given. Arcs are numbered by relaxation time, the fastest first. In a two-electrode cell the counter electrode is part of every spectrum."),
    ]);
}
