using Interphase.Cycling;
using Interphase.Reports;
using Interphase.Titration;

namespace Interphase.Laboratory;

/// <summary>
/// The paper's figures remade from the virtual instruments' files, its own numbers marked hollow. <see cref="PaperFigureList"/> says
/// of every figure where it is or why it is not.
/// </summary>
internal static class PaperFigures
{
    private const string Marked = "Hollow: the paper's number.";

    /// <summary>Each with the paper's figures it stands for.</summary>
    public static IEnumerable<(string[] Of, Figure Figure)> All(PaperEvidence e)
    {
        if (Diffraction(e) is { } diffraction) { yield return (["1a"], diffraction); }
        if (Pellets(e) is { } pellets) { yield return (["1b", "1c"], pellets); }
        foreach (var picture in PaperPictures.All(e)) { yield return picture; }
        yield return (["2a"], FirstCycles(e, "paper-2a", "First cycle at 0.1C", PaperEvidence.Coated));
        yield return (["2b"], Cycles(e));
        yield return (["2c", "2d", "2e"], Voltammograms(e));
        yield return (["2f"], Rates(e));
        yield return (["2g"], RateCurves(e));
        yield return (["3a", "3b", "3c", "S8"], Spectra(e));
        yield return (["4a"], Titrations(e));
        yield return (["4b"], Pulses(e));
        yield return (["4c", "S11"], Diffusivities(e));
        if (Heating(e) is { } heating) { yield return (["S1"], heating); }
        yield return (["S7"], FirstCycles(e, "paper-s7", "First cycle of the liquid cell at 0.1C", ["liquid"]));
    }

    private static Figure? Diffraction(PaperEvidence e)
    {
        var patterns = PaperEvidence.Coated.Select(s => (Sample: s, Result: e.Diffraction(s, "coating-powder"))).Where(p => p.Result is not null).ToArray();
        if (patterns.Length == 0) { return null; }
        var high = patterns.Max(p => p.Result!.Observed.Max());
        return new("paper-1a", "Diffraction of the coating's powder (paper: Fig. 1a)",
            $"Shifted upwards for clarity. Read: {string.Join("; ", patterns.Select(p => $"{p.Sample} {NumberText.Print(100 * p.Result!.Crystallinity.Value, 2)} % of the scattering in lines"))}. The paper says amorphous, partly crystallised and crystalline; how much is not said and was assumed.",
        [
            new Panel(new Axis("2θ", "deg"), new Axis("Counts") { FromZero = true },
                [.. patterns.Select((p, i) => (Series)new XY(p.Sample, p.Result!.TwoTheta, [.. p.Result.Observed.Select(c => c + (0.35 * high * i))]) { Colour = e.Place(p.Sample) })]),
        ]);
    }

    private static Figure? Pellets(PaperEvidence e)
    {
        var pellets = PaperEvidence.Coated.Select(s => (Sample: s, Result: e.Pellet(s))).Where(p => p.Result is not null).ToArray();
        if (pellets.Length == 0) { return null; }
        return new("paper-1bc", "Ionic conductivity of the coatings' pellets (paper: Fig. 1b, c)", $"Left: spectra times area over thickness. Right: conductivity. {Marked} The pellet is made from that number, so that this checks the analysis.",
        [
            new Panel(new Axis("ρ′", "kohm cm") { Min = 0, Max = 600 }, new Axis("−ρ″", "kohm cm") { Min = 0, Max = 600 },
            [
                .. pellets.Select(p =>
                {
                    var scale = 0.1 / p.Result!.Geometry.Factor; // Ω/m⁻¹ → kΩ cm
                    var s = p.Result.Spectra[0].Fit.Spectrum;
                    return (Series)new XY(p.Sample, [.. s.Impedance.Select(z => z.Real * scale)], [.. s.Impedance.Select(z => -z.Imaginary * scale)]) { Colour = e.Place(p.Sample), Draw = Draw.Markers, Marker = Palette.MarkerAt(e.Place(p.Sample)) };
                }),
            ]) { EqualAspect = true },
            new Panel(new Axis("Sample") { Categories = [.. pellets.Select(p => p.Sample)] }, new Axis("Ionic conductivity", "uS/cm") { Log = true },
                [.. pellets.SelectMany((p, i) => Pair(e, p.Sample, [i - 0.1], [p.Result!.Spectra[0].Conductivity.Value * 1e4], [i + 0.1], [PaperNumbers.Of("coatingConductivity", p.Sample)]))]) { Legend = false },
        ]) { Columns = 2 };
    }

    private static Figure FirstCycles(PaperEvidence e, string id, string title, string[] samples)
    {
        var liquid = samples is ["liquid"];
        var (low, high) = liquid ? (2.82, 4.42) : (2.2, 3.8);
        return new(id, $"{title} (paper: Fig. {(liquid ? "S7" : "2a")})",
            $"Full lines: charge; dashed: discharge. {(liquid ? $"Read: coulombic efficiency {NumberText.Print(e.Model("initialCoulombicEfficiency", "liquid"), 3)} %; the paper gives {PaperNumbers.Of("initialCoulombicEfficiency", "liquid")} % and no capacity." : $"{Marked} End of charge and discharge; of the onset only 3.25 V (450 °C) is known.")}",
        [
            new Panel(new Axis("Specific capacity", "mAh/g") { FromZero = true }, new Axis(liquid ? "Potential vs Li" : "Potential vs Li-In", "V"),
            [
                .. samples.SelectMany(s => e.Cycling(s, "formation") is { Cycles: [var c, ..] } ? Branches(e, s, c) : []),
                .. samples.Where(s => double.IsFinite(PaperNumbers.Of("dischargeCapacity0.1C", s))).Select(s => (Series)Told(e, $"{s} paper", s, [PaperNumbers.Of("chargeCapacity0.1C", s), PaperNumbers.Of("dischargeCapacity0.1C", s)], [high, low])),
                .. samples.Where(s => double.IsFinite(PaperNumbers.Of("onsetPotential", s))).Select(s => (Series)Told(e, "", s, [1.458], [PaperNumbers.Of("onsetPotential", s)])),
            ]) { RightY = liquid ? null : SecondScale.VersusLithium(0.62) },
        ]);
    }

    private static IEnumerable<Series> Branches(PaperEvidence e, string sample, Cycle cycle) =>
        new[] { (Half: cycle.Charge, Dash: Dash.Solid, Name: "charge"), (Half: cycle.Discharge, Dash: Dash.Dashed, Name: "discharge") }.Where(h => h.Half is not null)
            .Select(h => (Series)new XY($"{sample} {h.Name}", [.. h.Half!.Curve.Charge.Select(q => q / 3.6 / e.Grams(sample))], h.Half.Curve.Potential) { Colour = e.Place(sample), Dash = h.Dash });

    private static Figure Cycles(PaperEvidence e) => new("paper-2b", "Capacity and coulombic efficiency over 200 cycles (paper: Fig. 2b)",
        $"{Marked} First discharge, and that times the paper's retention at cycle 200 (which cycle it refers to is not said). The fade is put in as growth of resistance and loss of contact. Dashed: the paper's mean efficiency of LNTO-450.",
        [
            new Panel(new Axis("Cycle"), new Axis("Discharge capacity", "mAh/g") { FromZero = true },
                [.. PaperEvidence.Coated.SelectMany(s => Whole(e, s) is { Length: > 0 } c
                    ? Pair(e, s, [.. c.Select(x => (double)x.Index)], [.. c.Select(x => x.Discharge!.Charge / 3.6 / e.Grams(s))], [1, 200], [PaperNumbers.Of("dischargeCapacity0.1C", s), PaperNumbers.Of("dischargeCapacity0.1C", s) * PaperNumbers.Of("retention200Cycles", s) / 100]) : [])]),
            new Panel(new Axis("Cycle"), new Axis("Coulombic efficiency", "%") { Min = 97, Max = 100 },
                [.. PaperEvidence.Coated.Where(s => Whole(e, s).Length > 0).Select(s => (Series)new XY(s, [.. Whole(e, s).Skip(1).Select(x => (double)x.Index)], [.. Whole(e, s).Skip(1).Select(x => 100 * x.CoulombicEfficiency)]) { Colour = e.Place(s), Draw = Draw.Markers, Marker = Palette.MarkerAt(e.Place(s)) })])
            { RelativeHeight = 0.5, Legend = false, Annotations = [new Rule(Along.Y, PaperNumbers.Of("meanCoulombicEfficiency", "LNTO-450"))] },
        ]) { SharedX = true };

    private static Cycle[] Whole(PaperEvidence e, string sample) => [.. (e.Cycling(sample, "cycling")?.Cycles ?? []).Where(c => c is { Complete: true, Discharge: not null })];

    private static Figure Voltammograms(PaperEvidence e) => new("paper-2cde", "Cyclic voltammograms (paper: Fig. 2c–e)", "First cycle. The marked distance is the paper's separation of the peaks, centred on the model's; the model's own stands above each panel. The scan rate is fitted, as the paper gives none.",
    [
        .. PaperEvidence.Coated.Where(s => e.Voltammogram(s) is not null).Select((s, i) =>
        {
            var c = e.Voltammogram(s)!;
            var area = 1e4 * (e.Study.Study.Samples.First(x => x.Name == s).Cells[0].Electrode.Area?.Value ?? double.NaN);
            var (middle, half, least) = (c.Midpoint.Value, PaperNumbers.Of("cvPolarisation", s) / 2, 1e3 * c.Current.Min() / area);
            return new Panel(new Axis("Potential vs Li-In", "V"), new Axis("Current", "mA/cm2") { Min = 1.4 * least }, [new XY(s, c.Potential, [.. c.Current.Select(a => 1e3 * a / area)]) { Colour = e.Place(s) }])
            {
                Title = $"{s}: {NumberText.Print(c.Polarisation, 2)} V", Legend = false,
                Annotations = double.IsFinite(middle) ? [new Distance(middle - half, 1.15 * least, middle + half, 1.15 * least, $"paper {PaperNumbers.Of("cvPolarisation", s)} V")] : [],
            };
        }),
    ]) { Columns = 3 };

    private static Figure Rates(PaperEvidence e) => new("paper-2f", "Rate capability (paper: Fig. 2f)", $"Discharges at 0.1, 0.2, 0.5 and 1C, each after a charge at 0.1C; the rate stands at each point. {Marked}",
    [
        new Panel(new Axis("Cycle"), new Axis("Discharge capacity", "mAh/g") { FromZero = true },
        [
            .. PaperEvidence.Coated.SelectMany(s =>
            {
                var cycles = (e.Cycling(s, "rate")?.Cycles ?? []).Where(c => c.Discharge is not null).ToArray();
                if (cycles.Length == 0) { return []; }
                var paper = PaperNumbers.Of("dischargeCapacity1C", s);
                return Pair(e, s, [.. cycles.Select(c => (double)c.Index)], [.. cycles.Select(c => c.Discharge!.Charge / 3.6 / e.Grams(s))], double.IsFinite(paper) ? [cycles[^1].Index + 0.12] : [], double.IsFinite(paper) ? [paper] : [], [.. cycles.Select(c => Studies.CyclingTechnique.RateName(c.Rate))]);
            }),
        ]),
    ]) { Width = FigureWidth.Single };

    private static Figure RateCurves(PaperEvidence e) => new("paper-2g", "Potential against capacity at four rates (paper: Fig. 2g)", $"Discharges at 0.1C (longest), 0.2C, 0.5C and 1C (shortest). {Marked} Capacity at 1C.",
    [
        .. PaperEvidence.Coated.Where(s => e.Cycling(s, "rate") is not null).Select(s =>
        {
            var cycles = e.Cycling(s, "rate")!.Cycles.Where(c => c.Discharge is not null).ToArray();
            return new Panel(new Axis("Specific capacity", "mAh/g") { FromZero = true }, new Axis("Potential vs Li-In", "V") { Min = 2.1, Max = 3.9 },
            [
                .. cycles.Select((c, i) => (Series)new XY(Studies.CyclingTechnique.RateName(c.Rate), [.. c.Discharge!.Curve.Charge.Select(q => q / 3.6 / e.Grams(s))], c.Discharge.Curve.Potential) { Tone = i / Math.Max(1, cycles.Length - 1.0) }),
                .. double.IsFinite(PaperNumbers.Of("dischargeCapacity1C", s)) ? new Series[] { Told(e, "1C, paper", s, [PaperNumbers.Of("dischargeCapacity1C", s)], [2.2]) } : [],
            ]) { Title = s, Legend = false };
        }),
    ]) { Columns = 3 };

    private static Figure Spectra(PaperEvidence e) => new("paper-3", "Impedance while charging (paper: Fig. 3a–c, circuit S8)",
        "Six spectra from 3.3 to 3.8 V, nearly on each other. Lines: the circuit of the study, R_{0} in series with R_{1} parallel to a constant phase element, and a further constant phase element for the tail; the paper's has a second arc instead. The marked distance is the paper's interface resistance from the intercept on.",
    [
        .. PaperEvidence.Coated.Where(s => e.Spectra(s).Count > 0).Select(s =>
        {
            var fits = e.Spectra(s);
            var (from, paper) = (fits.Average(f => f["R0"].Value), PaperNumbers.Of("interfaceResistance", s));
            return new Panel(new Axis("Z′", "ohm"), new Axis("−Z″", "ohm") { Min = -0.16 * paper },
            [
                .. fits.SelectMany((f, i) => new Series[]
                {
                    new XY(FormattableString.Invariant($"{3.3 + (0.1 * i):0.0} V"), [.. f.Spectrum.Impedance.Select(z => z.Real)], [.. f.Spectrum.Impedance.Select(z => -z.Imaginary)]) { Tone = i / Math.Max(1, fits.Count - 1.0), Draw = Draw.Markers, Marker = Marker.Circle },
                    new XY("", [.. f.Impedance(f.Spectrum.Frequency).Select(z => z.Real)], [.. f.Impedance(f.Spectrum.Frequency).Select(z => -z.Imaginary)]) { Tone = i / Math.Max(1, fits.Count - 1.0) },
                }),
            ])
            {
                Title = s, EqualAspect = true, Legend = false, Annotations = [new Distance(from, -0.06 * paper, from + paper, -0.06 * paper, $"paper {paper} Ω")],
            };
        }),
    ]) { Columns = 3 };

    private static Figure Titrations(PaperEvidence e) => new("paper-4a", "Titration on discharge (paper: Fig. 4a)", "Potential over time: pulses of 5 min at 0.13 mA/cm², rests of 2 h.",
    [
        new Panel(new Axis("Time", "h"), new Axis("Potential vs Li-In", "V"),
            [.. PaperEvidence.Coated.Where(s => e.Titration(s) is not null).Select(s => (Series)new XY(s, [.. e.Titration(s)!.Trace.Time.ToArray().Select(t => t / 3600)], e.Titration(s)!.Trace.Potential.ToArray()) { Colour = e.Place(s) })]),
    ]);

    private static Figure Pulses(PaperEvidence e) => new("paper-4b", "One pulse in the middle of the titration (paper: Fig. 4b)", $"Potential less that at the end of the pulse. {Marked} Its jump, set at 1 s after the interruption, where the model is read too; after which time the paper read it is not said.",
    [
        new Panel(new Axis("Time since the interruption", "min") { Min = -5.5, Max = 10 }, new Axis("Potential change", "mV"),
        [
            .. PaperEvidence.Coated.Where(s => Middle(e.Titration(s)) is not null).SelectMany(s =>
            {
                var g = e.Titration(s)!;
                var p = Middle(g)!;
                var (time, potential) = (g.Trace.Time.ToArray(), g.Trace.Potential.ToArray());
                var rows = Enumerable.Range(Math.Max(0, p.FirstRow - 1), p.RestLastRow - Math.Max(0, p.FirstRow - 1) + 1).Where(r => time[r] - time[p.LastRow] < 620).ToArray();
                return Pair(e, s, [.. rows.Select(r => (time[r] - time[p.LastRow]) / 60)], [.. rows.Select(r => 1e3 * (potential[r] - potential[p.LastRow]))], [1.0 / 60], [PaperNumbers.Of("irDrop", s)], null, Draw.Line);
            }),
        ]),
    ]) { Width = FigureWidth.Single };

    private static GittPulse? Middle(Gitt? g) => g?.Pulses.Where(p => double.IsFinite(p.IrDropEnd.Value)).OrderBy(p => p.Index).ToArray() is { Length: > 0 } p ? p[p.Length / 2] : null;

    private static Figure Diffusivities(PaperEvidence e) => new("paper-4c", "Apparent diffusivity by Eq. (1) (paper: Fig. 4c, S11)", "Eq. (1) as printed, with τ the rest of 2 h and S the geometric area. Lines across: the paper's means. Every cell has the same diffusivity in its particles, 4 × 10^{−11} cm²/s.",
    [
        new Panel(new Axis("Depth of discharge", "%"), new Axis("D_{app}", "cm2/s") { Log = true },
        [
            .. PaperNumbers.Samples.Where(s => e.Titration(s) is not null).Select(s =>
            {
                var pulses = e.Titration(s)!.Pulses.Where(p => p.Diffusivity.SeedEq1.HasValue && double.IsFinite(p.DepthOfDischarge)).ToArray();
                return (Series)new XY(s, [.. pulses.Select(p => 100 * p.DepthOfDischarge)], [.. pulses.Select(p => 1e4 * p.Diffusivity.SeedEq1.Value)]) { Colour = e.Place(s), Draw = Draw.Both, Marker = Palette.MarkerAt(e.Place(s)) };
            }),
        ]) { Annotations = [.. PaperNumbers.Samples.Select(s => (Annotation)new Rule(Along.Y, PaperNumbers.Of("apparentDiffusivity", s), $"paper, {s}"))] },
    ]);

    private static Figure? Heating(PaperEvidence e)
    {
        if (e.Heating is not { Mass: { } mass, HeatFlow: { } heat } c) { return null; }
        double[] celsius = [.. c.Temperature.Select(t => t - 273.15)];
        Annotation[] told = [.. PaperPowders.Exotherms.Select((t, i) => (Annotation)new Rule(Along.X, t, i == PaperPowders.Exotherms.Length - 1 ? $"paper {string.Join(", ", PaperPowders.Exotherms)} °C" : ""))];
        return new("paper-s1", "Thermal analysis of the gel (paper: Fig. S1)",
            $"Read: heat without loss of mass at {string.Join(", ", e.Thermal!.Events.Where(v => v.Kind == Characterisation.ThermalEventKind.Crystallisation).Select(v => NumberText.Print(v.Peak.Value - 273.15, 4)))} °C. Lines: the paper's exotherms, which were put in; the losses of mass are assumed.",
        [
            new Panel(new Axis("Temperature", "degC"), new Axis("Mass", "%"), [new XY("mass", celsius, [.. mass.Select(m => 100 * m)]) { Colour = 0 }]) { Legend = false },
            new Panel(new Axis("Temperature", "degC"), new Axis("Heat flow, exothermic up", "W/g"), [new XY("heat flow", celsius, [.. heat.Select(h => -1e-3 * h)]) { Colour = 1 }]) { Legend = false, Annotations = told },
        ]) { SharedX = true };
    }

    private static IEnumerable<Series> Pair(PaperEvidence e, string sample, double[] x, double[] y, double[] paperX, double[] paperY, string[]? text = null, Draw draw = Draw.Markers)
    {
        yield return new XY(sample, x, y) { Colour = e.Place(sample), Draw = draw, Marker = Palette.MarkerAt(e.Place(sample)), PointText = text };
        if (paperX.Length > 0) { yield return Told(e, $"{sample} paper", sample, paperX, paperY); }
    }

    private static XY Told(PaperEvidence e, string name, string sample, double[] x, double[] y) => new(name, x, y) { Colour = e.Place(sample), Draw = Draw.Markers, Marker = Palette.MarkerAt(e.Place(sample)), Hollow = true };
}
