using Interphase.Cells;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Laboratory;

/// <summary>What the comparison finds in the paper and in the model; each sentence is computed from its evidence.</summary>
internal static class ReproductionFindings
{
    private static readonly string[] Coated = PaperEvidence.Coated;

    /// <summary>All findings, those about the model's own misses first.</summary>
    public static IReadOnlyList<Finding> Of(PaperEvidence e) =>
    [
        Misses(e), Apparent(e), Slope(e), Area(e), Product(e), Film(e), GrainBoundaries(e), Conventions(e), ShortTime(e), MolarMasses(), Scaling(e), Growth(e), ArcAfterCycles(e), Names(e), Arcs(e), ScanRate(e), Electrical(e), Rest(e),
    ];

    private static Finding Misses(PaperEvidence e)
    {
        var missed = e.Rows.Where(r => r.Status is "missed" or "notExplained").ToArray();
        return new("model-misses", Severity.Caution, $"The model misses {missed.Length} of {e.Rows.Count(r => !double.IsNaN(r.Paper))} numbers: {string.Join("; ", missed.Select(r => $"{Studies.QuantityNames.Of(r.Quantity)} of {r.Sample} ({N(r.Model, 3)} for {N(r.Paper, 3)} {UnitText.Print(r.Unit)})"))}.",
            [.. missed.Select(r => new Evidence($"{r.Quantity} of {r.Sample}", r.Model, r.Unit))]);
    }

    private static Finding Apparent(PaperEvidence e)
    {
        var d = Coated.Select(s => e.Model("apparentDiffusivity", s)).ToArray();
        return new("apparent-diffusivity", Severity.Contradiction,
            $"Every simulated cell has the same diffusivity in its particles, and yet Eq. (1) returns {N(d[1], 2)}, {N(d[0], 2)} and {N(d[2], 2)} cm²/s for 450, 350 and 550 °C: a fall by {N(d[1] / d[2], 2)} (paper {N(PaperNumbers.Of("apparentDiffusivity", Coated[1]) / PaperNumbers.Of("apparentDiffusivity", Coated[2]), 2)}). The fall needs no slower diffusion in NMC; it comes from uneven contact and from interfacial polarisation inside ΔE_{{t}}.",
            [.. Coated.Select((s, i) => new Evidence($"apparentDiffusivity of {s}", d[i], "cm2/s"))]);
    }

    private static Finding Slope(PaperEvidence e)
    {
        var (slope, intercept, off) = Line([.. Coated.Select(s => PaperNumbers.Of("interfaceResistance", s))], [.. Coated.Select(s => PaperNumbers.Of("irDrop", s))]);
        return new("jump-one-slope", Severity.Note,
            $"The paper's potential jumps lie on one line over its interface resistances, {N(slope, 3)} mV/Ω with {N(intercept, 2)} mV at zero, within {N(off, 2)} mV. So the jump is the interface's, and what else resists (separator, anode) has no more than {N(intercept / slope, 2)} Ω at that current.",
            [new("slope of irDrop over interfaceResistance", slope, "mV/ohm"), new("intercept", intercept, "mV"), new("largest distance from the line", off, "mV")]);
    }

    private static Finding Area(PaperEvidence e)
    {
        var area = Coated.Select(s => PaperNumbers.Of("irDrop", s) * 1e-3 / PaperNumbers.Of("interfaceResistance", s) / 1.3 * 1e4).ToArray();
        var (slope, _, _) = Line([.. Coated.Select(s => PaperNumbers.Of("interfaceResistance", s))], [.. Coated.Select(s => PaperNumbers.Of("irDrop", s))]);
        return new("cell-area", Severity.Contradiction,
            $"Jump over current density and interface resistance is an area: {List(area, 3)} cm² for 350, 450 and 550 °C, {N(slope * 1e-3 / 1.3 * 1e4, 3)} cm² from the slope. A die of 10 mm has 0.785 cm². Either the cells are larger than usual (then 7 mg of active material would not be the loading that 0.13 mA/cm² = 0.1C needs), or a resistance in proportion to the arc lies outside it. The model takes {N(Cells.Cell.Load("lnto-450").Area * 1e4, 4)} cm².",
            [.. Coated.Select((s, i) => new Evidence($"irDrop / (0.13 mA/cm2 × interfaceResistance) of {s}", area[i], "cm2"))]);
    }

    private static Finding Product(PaperEvidence e)
    {
        var product = Coated.Select(s => PaperNumbers.Of("interfaceResistance", s) * PaperNumbers.Of("coatingConductivity", s)).ToArray();
        var path = PaperClaims.ParallelPath(e);
        return new("paper-resistance-times-conductivity", Severity.Contradiction,
            $"The paper's interface resistance × coating conductivity is {List(product, 4)} Ω µS/cm for 350, 450 and 550 °C: the same for the first two, {N(product[1] / product[2], 2)} times lower for the last. At 550 °C a second path of {N(path, 4)} Ω carries current that the coating's conductivity does not explain: cracks, bare contacts, a second phase, or a pellet whose grain boundaries the film does not have.",
            [.. Coated.Select((s, i) => new Evidence($"interfaceResistance × coatingConductivity of {s}", product[i], "ohm uS/cm")), new("parallel path at 550 °C", path, "ohm")]);
    }

    private static Finding Film(PaperEvidence e)
    {
        var implied = Coated.Select(s => 7.5e-9 / (PaperNumbers.Of("interfaceResistance", s) * PaperClaims.RealArea()) * 1e-2).ToArray();
        var contact = Coated.Select((s, i) => implied[i] / (PaperNumbers.Of("coatingConductivity", s) * 1e-6)).ToArray();
        return new("film-resistance", Severity.Contradiction,
            $"If the film of 7.5 nm were the paper's interface resistance, it would conduct {List(implied, 2)} S/cm at 350, 450 and 550 °C, {N(contact.Min(), 2)} to {N(contact.Max(), 2)} of its pellet's conductivity, or touch only that share of the particles' area. What goes with the coating's conductivity is therefore no film's thickness but a transfer or constriction.",
            [.. Coated.Select((s, i) => new Evidence($"implied conductivity of the film of {s}", implied[i], "S/cm")), .. Coated.Select((s, i) => new Evidence($"implied contact of {s}", contact[i], "1"))]);
    }

    private static Finding GrainBoundaries(PaperEvidence e)
    {
        double[] r = [PaperNumbers.Of("interfaceResistance", "LNTO-350"), PaperNumbers.Of("interfaceResistance", "LNTO-450")], s = [PaperNumbers.Of("coatingConductivity", "LNTO-350"), PaperNumbers.Of("coatingConductivity", "LNTO-450")];
        var k = (r[0] - r[1]) / ((1 / s[0]) - (1 / s[1]));
        var off = r[1] - (k / s[1]);
        return new("grain-boundaries", Severity.Caution,
            $"The paper calls the first arc interface and grain boundaries of the electrolyte. R = R_{{off}} + k/σ through 350 and 450 °C gives R_{{off}} = {N(off, 2)} Ω: nothing is left for grain boundaries, which would be the same in both.",
            [new("R_off", off, "ohm"), new("k", k, "ohm uS/cm")]);
    }

    private static Finding Conventions(PaperEvidence e)
    {
        var printed = PaperNumbers.Samples.Select(s => e.Model("apparentDiffusivity", s)).ToArray();
        var g = e.Titration("LNTO-450");
        var pulse = g is { Pulses: [var first, ..] } ? first.Rest / first.Duration : double.NaN;
        var ratio = ((PorousElectrode)Cells.Cell.Load("lnto-450").Positive).RealAreaRatio;
        var all = printed.Select(d => d * pulse / (ratio * ratio)).ToArray();
        var put = 1e4 * ((PorousElectrode)Cells.Cell.Load("lnto-450").Positive).ActiveMaterial.Diffusivity.Value(0.5, double.NaN, 298.15);
        return new("eq1-conventions", Severity.Contradiction,
            $"Eq. (1) is derived for τ the pulse and S the area through which lithium enters. The paper's text takes the rest for τ, which makes D {N(pulse, 2)} times too small, and S is not said; with the geometric area D is too large by the square of {N(ratio, 3)}, the model's area of particles per geometric area. With both mended the analysis of the same files reads {List(all, 2)} cm²/s for 350, 450, 550 °C and liquid instead of {List(printed, 2)}; {N(put, 2)} was put in. The two conventions together multiply D by {N(ratio * ratio / pulse, 3)}.",
            [.. PaperNumbers.Samples.Select((s, i) => new Evidence($"Eq. (1), τ the pulse, S the particles, {s}", all[i], "cm2/s")), new("rest over pulse", pulse, "1"), new("particle area over geometric area", ratio, "1")]);
    }

    private static Finding ShortTime(PaperEvidence e)
    {
        var radius = ((PorousElectrode)Cells.Cell.Load("lnto-450").Positive).ActiveMaterial.ParticleRadius;
        var t = PaperNumbers.Samples.Select(s => PaperNumbers.Of("apparentDiffusivity", s) * 1e-4 * 300 / (radius * radius)).ToArray();
        return new("short-time", Severity.Contradiction,
            $"Eq. (1) holds for pulses short against diffusion, Dτ/R² well below 0.05. With the paper's own D, pulses of 300 s and particles of {N(radius * 1e6, 2)} µm, Dτ/R² is {List(t, 2)} for 350, 450, 550 °C and liquid: by its own answer the theory fails most for the best cell.",
            [.. PaperNumbers.Samples.Select((s, i) => new Evidence($"Dτ/R² of {s}", t[i], "1"))]);
    }

    private static Finding MolarMasses() => new("molar-masses", Severity.Caution,
        $"m in Eq. (1) is what was weighed, pristine LiNi_{{0.5}}Mn_{{0.3}}Co_{{0.2}}O_{{2}} with {PaperNumbers.WeighedMolarMass} g/mol; M is given as {PaperNumbers.PrintedMolarMass} g/mol, that of Li_{{0.3}}. The two belong to different compounds: D comes out {N(PaperNumbers.MolarMassFactor, 3)} times as large. The row of the comparison follows the print, the study's own table the weighed compound.",
        [new("molar mass as weighed", PaperNumbers.WeighedMolarMass, "g/mol"), new("molar mass as printed", PaperNumbers.PrintedMolarMass, "g/mol"), new("factor on D", PaperNumbers.MolarMassFactor, "1")]);

    private static Finding Scaling(PaperEvidence e)
    {
        var (rate, resistant, fast) = e.If.Scaling;
        return new("scaling", Severity.Contradiction,
            $"Where the interface rules, a cell's state depends on current × resistance alone. The 550 °C cell at 0.1C then does what the 450 °C cell does at {N(rate, 2)}C, in both directions; it must give no less than that cell at 1C. The paper has {PaperNumbers.Of("dischargeCapacity0.1C", "LNTO-550")} against {PaperNumbers.Of("dischargeCapacity1C", "LNTO-450")} mAh/g. (Simulated with the resistance alone different: {N(resistant, 3)} at 0.1C, {N(fast, 3)} at {N(rate, 2)}C.) Resistance alone cannot be the difference, unless the rate test was charged slowly; then too the numbers need a second path.",
            [new("equivalent rate", rate, "C"), new("resistant cell at 0.1C", resistant, "mAh/g"), new("450 °C at the equivalent rate", fast, "mAh/g"), new("450 °C, 1C in both directions", e.If.Symmetric.At450, "mAh/g")]);
    }

    private static Finding Growth(PaperEvidence e)
    {
        var share = Coated.Select(s => (1 - e.If.GrowthOnly[s]) / (1 - (PaperNumbers.Of("retention200Cycles", s) / 100))).ToArray();
        return new("growth-explains-part", Severity.Contradiction, $"The growth of the resistance that the paper measured, continued to 200 cycles as √n, takes {List(Coated.Select(s => 100 * (1 - e.If.GrowthOnly[s])), 2)} % of the capacity at 350, 450 and 550 °C; the paper lost {List(Coated.Select(s => 100 - PaperNumbers.Of("retention200Cycles", s)), 3)} %. Growth explains {List(share.Select(x => 100 * x), 2)} % of the fade.",
            [.. Coated.Select((s, i) => new Evidence($"share of the fade explained by growth, {s}", share[i], "1"))]);
    }

    /// <summary>Two ways to lose contact, told apart by the arc.</summary>
    private static Finding ArcAfterCycles(PaperEvidence e)
    {
        var cells = Counterfactuals.Coated.Select(c =>
        {
            var (fresh, after) = (PaperNumbers.Of("interfaceResistance", c.Sample), PaperNumbers.Of("interfaceResistanceAfter100Cycles", c.Sample));
            var cell = Cells.Cell.Load(c.Cell);
            return (c.Sample, After: after, Any: e.If.ArcOfAnyLoss[c.Sample], Particles: 100 * cell.Ageing!.ContactLossPerCycle, Growth: cell.Ageing.Interphase!.ResistanceAfter(100) / cell.Area, Rise: after - fresh);
        }).ToArray();
        return new("contact-lost-by-the-weakest", Severity.Caution,
            $"Fade and arc go together only if contact is lost by the particles that have least of it. Were it lost by any particles, a constant share a cycle that leaves the paper's retention after 200 would alone, without any growth, raise the arc to {List(cells.Select(c => c.Any), 3)} Ω after 100 cycles at 350, 450 and 550 °C; the paper has {List(cells.Select(c => c.After), 3)}, less for {string.Join(" and ", cells.Where(c => c.After < c.Any).Select(c => c.Sample))}. Losing the weakest {List(cells.Select(c => 100 * c.Particles), 2)} % of the particles meets both, with {List(cells.Select(c => c.Growth), 2)} Ω of growth out of {List(cells.Select(c => c.Rise), 3)}: they hold lithium but carry next to none of the current of a spectrum. So an arc that hardly grows does not show that contact is kept. This order of loss is assumed, not measured; material lost inside the particles would fade as silently.",
            [.. cells.Select(c => new Evidence($"arc after 100 cycles if any particles lose contact, without growth, {c.Sample}", c.Any, "ohm")), .. cells.Select(c => new Evidence($"share of particles lost in 100 cycles, {c.Sample}", c.Particles, "1")), .. cells.Select(c => new Evidence($"growth put in, {c.Sample}", c.Growth, "ohm"))]);
    }

    private static Finding Names(PaperEvidence e)
    {
        double[] jump = [PaperNumbers.Of("irDrop", "LNTO-350") / PaperNumbers.Of("irDrop", "LNTO-450"), PaperNumbers.Of("irDrop", "LNTO-550") / PaperNumbers.Of("irDrop", "LNTO-450")];
        double[] arc = [PaperNumbers.Of("interfaceResistance", "LNTO-350") / PaperNumbers.Of("interfaceResistance", "LNTO-450"), PaperNumbers.Of("interfaceResistance", "LNTO-550") / PaperNumbers.Of("interfaceResistance", "LNTO-450")];
        return new("sample-names", Severity.Caution, $"The paper's sentence on the potential jumps (91.6, 31.8 and 161.3 mV) names all three samples 450. Its own \"3 and 5 times lower\" and the interface resistances (ratios {List(arc, 3)}; of the jumps {List(jump, 3)}) assign them to 350, 450 and 550 °C, as is done here.",
            [new("jump 350 over 450", jump[0], "1"), new("jump 550 over 450", jump[1], "1"), new("arc 350 over 450", arc[0], "1"), new("arc 550 over 450", arc[1], "1")]);
    }

    private static Finding Arcs(PaperEvidence e)
    {
        var cell = Cells.Cell.Load("lnto-450");
        var foil = (FoilElectrode)cell.Negative;
        var (own, ordinary) = (PaperClaims.InterfaceFrequency(cell), 1 / (2 * Math.PI * foil.ArealResistance * 0.2));
        return new("arc-order", Severity.Caution, $"The paper reads the faster arc as the cathode's interface and the slower as the anode's. Ordinary double layers order them the other way: {N(own, 2)} Hz for the interface (6 µF/cm² of particle area), {N(ordinary, 2)} Hz for the anode (20 µF/cm²). An effective capacitance of a few µF for the whole interface, which a contact of some 1 % of the area would have, or mF/cm² at the anode would restore the order.",
            [new("apex of the interface", own, "Hz"), new("apex of the anode", ordinary, "Hz")]);
    }

    private static Finding ScanRate(PaperEvidence e)
    {
        var rate = e.Voltammogram("LNTO-450")?.ScanRate ?? double.NaN;
        return new("scan-rate", Severity.Caution, $"The paper gives no scan rate of its voltammetry. Its separations need {N(1e3 * rate, 2)} mV/s, {N(3.2 / rate / 3600, 2)} h a cycle: implausibly slow. At the usual {1e3 * Counterfactuals.UsualRate} mV/s the model separates by {List(Coated.Select(s => e.If.FastSweep[s]), 2)} V (paper {List(Coated.Select(s => PaperNumbers.Of("cvPolarisation", s)), 2)}).",
            [new("scan rate", 1e3 * rate, "mV/s"), .. Coated.Select(s => new Evidence($"separation at the usual rate, {s}", e.If.FastSweep[s], "V"))]);
    }

    private static Finding Electrical(PaperEvidence e)
    {
        var below = PaperNumbers.Of("coatingConductivity", "LNTO-550") * 1e-6 / 1e-11;
        var film = 7.5e-9 / (1e-9 * PaperClaims.RealArea());
        return new("electrical-conductivity", Severity.Note, $"The paper quotes an \"electrical\" conductivity of 1e-11 S/cm for the coating. It lies {N(below, 2)} times below its least ionic value, so it must be the electronic one. (Were it ionic, the film would have {N(film, 2)} Ω, {N(film / PaperNumbers.Of("interfaceResistance", "LNTO-550"), 2)} to {N(film / PaperNumbers.Of("interfaceResistance", "LNTO-450"), 2)} times what was measured: nearer than any ionic value comes.)",
            [new("least ionic conductivity over it", below, "1"), new("film at 1e-11 S/cm", film, "ohm")]);
    }

    private static Finding Rest(PaperEvidence e)
    {
        var cells = Counterfactuals.Coated.Select(c => (c.Sample, Put: Counterfactuals.Resistance(Cells.Cell.Load(c.Cell)) / Cells.Cell.Load(c.Cell).Area, Read: e.Spectra(c.Sample).Select(f => f["R1"].Value).DefaultIfEmpty(double.NaN).Min())).ToArray();
        return new("rest-before-impedance", Severity.Note, $"The lowest arc read while charging is {List(cells.Select(c => 100 * (1 - (c.Read / c.Put))), 2)} % below the resistance that was put in at 350, 450 and 550 °C. This is no error of the analysis: 2 h after the charge the particles still exchange lithium, so that charge transfer is driven beyond its linear range and resists less. How long the paper rested is not said.",
            [.. cells.Select(c => new Evidence($"lowest R1 over what was put in, {c.Sample}", c.Read / c.Put, "1"))]);
    }

    /// <summary>Least squares of a line, and the largest distance from it.</summary>
    private static (double Slope, double Intercept, double Off) Line(double[] x, double[] y)
    {
        var (mx, my) = (x.Average(), y.Average());
        var slope = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / x.Sum(a => (a - mx) * (a - mx));
        var intercept = my - (slope * mx);
        return (slope, intercept, x.Zip(y, (a, b) => Math.Abs(b - intercept - (slope * a))).Max());
    }

    private static string List(IEnumerable<double> values, int digits) => string.Join(", ", values.Select(v => N(v, digits)));

    private static string N(double value, int digits) => NumberText.Print(value, digits);
}
