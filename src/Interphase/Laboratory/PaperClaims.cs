using Interphase.Cells;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Laboratory;

/// <summary>A claim of the paper, what the model makes of it, and the numbers that rests on.</summary>
/// <param name="Text">The claim in our words.</param>
/// <param name="Verdict">supported, partly, compatible, contradicted, not reproduced or not testable.</param>
/// <param name="Evidence">Why, with numbers.</param>
/// <param name="Numbers">Those numbers.</param>
public sealed record PaperClaim(string Text, string Verdict, string Evidence, IReadOnlyList<Evidence> Numbers)
{
    /// <summary>The claim in a few words, for a summary.</summary>
    public required string Short { get; init; }
}

/// <summary>The verdict on every claim; every number in it is computed from the paper's own numbers, the analysed files or a simulation.</summary>
internal static class PaperClaims
{
    private const string Supported = "supported", Partly = "partly supported", Compatible = "compatible", Contradicted = "contradicted", NotReproduced = "not reproduced", NotTestable = "not testable";

    /// <summary>All claims.</summary>
    public static IReadOnlyList<PaperClaim> Of(PaperEvidence e) =>
    [
        Inverse(e), Film(e), Unchanged(e), Slope(e), Capacity(e), OnlyConductivity(e), Onset(e), Efficiency(e), Diffusion(e), Slower(e), Rate(e), Fade(e), Degradation(e), NoDiffusionIn(e), Overlap(e), Contact(e), Arcs(e), Raising(e), Literature(),
    ];

    /// <summary>As a section of the report.</summary>
    public static Section Section(IReadOnlyList<PaperClaim> claims) => new("what-the-paper-claims", "What the paper claims", [Table(claims)])
    {
        Intro = $"Of {claims.Count} claims the model finds {string.Join(", ", claims.GroupBy(c => c.Verdict).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} {g.Key}"))}.",
    };

    private static Table Table(IReadOnlyList<PaperClaim> claims) => new("claims", "The paper's claims, and what the model makes of them", [new("Claim"), new("Verdict"), new("Evidence")],
        [.. claims.Select(c => (IReadOnlyList<Reports.Cell>)[c.Text, c.Verdict, c.Evidence])])
    { Note = "Supported, contradicted: within this model. Compatible: the model does it too, but something else would do as well. Not reproduced: the model does otherwise, so that it says nothing about the cause." };

    private static PaperClaim Inverse(PaperEvidence e)
    {
        var p = PaperEvidence.Coated.Select(s => PaperNumbers.Of("interfaceResistance", s) * PaperNumbers.Of("coatingConductivity", s)).ToArray();
        return new("Ionic conductivity of the coating sets the interface resistance", Partly,
            $"R × σ of the paper is {N(p[0], 4)} and {N(p[1], 4)} Ω µS/cm for 350 and 450 °C, alike within {N(100 * Math.Abs((p[0] / p[1]) - 1), 2)} %, but {N(p[2], 4)} for 550 °C: there {N(ParallelPath(e), 4)} Ω more must lie in parallel.",
            [.. PaperEvidence.Coated.Select((s, i) => new Evidence($"interfaceResistance × coatingConductivity of {s}", p[i], "ohm uS/cm")), new("parallel path at 550 °C", ParallelPath(e), "ohm")]) { Short = "conductivity sets the interface resistance (at 350 and 450 °C)" };
    }

    /// <summary>What must lie in parallel at 550 °C to a path that goes by the coating's conductivity as at 350 and 450 °C, Ω.</summary>
    public static double ParallelPath(PaperEvidence e)
    {
        var known = (PaperNumbers.Of("interfaceResistance", "LNTO-350") * PaperNumbers.Of("coatingConductivity", "LNTO-350") / 2) + (PaperNumbers.Of("interfaceResistance", "LNTO-450") * PaperNumbers.Of("coatingConductivity", "LNTO-450") / 2);
        return 1 / ((1 / PaperNumbers.Of("interfaceResistance", "LNTO-550")) - (PaperNumbers.Of("coatingConductivity", "LNTO-550") / known));
    }

    private static PaperClaim Film(PaperEvidence e)
    {
        var times = PaperEvidence.Coated.Select(s => PaperNumbers.Of("interfaceResistance", s) / FilmResistance(PaperNumbers.Of("coatingConductivity", s))).ToArray();
        return new("The interface resistance is the coating's ionic resistance", Contradicted,
            $"A film of 7.5 nm with the pellet's conductivity on {N(RealArea() * 1e4, 3)} cm² of particles has {string.Join(", ", PaperEvidence.Coated.Select(s => N(1e3 * FilmResistance(PaperNumbers.Of("coatingConductivity", s)), 2)))} mΩ: {N(1e4 * Math.Round(times.Min() / 1e4), 2)} to {N(times.Max(), 2)} times too little. It would have to be {N(1e3 * 7.5e-9 * times[1], 2)} mm thick at 450 °C.",
            [.. PaperEvidence.Coated.Select((s, i) => new Evidence($"interfaceResistance over film resistance of {s}", times[i], "1"))]) { Short = "the interface resistance is that of the coating's film" };
    }

    /// <summary>Particle area of the model's cell on the paper's die of 10 mm, m².</summary>
    public static double RealArea() => ((PorousElectrode)Cells.Cell.Load("lnto-450").Positive).RealAreaRatio * Math.PI / 4 * 1e-4;

    /// <summary>Resistance of a film of 7.5 nm on that area, Ω, at a conductivity in µS/cm.</summary>
    public static double FilmResistance(double conductivity) => 7.5e-9 / (conductivity * 1e-4 * RealArea());

    private static PaperClaim Unchanged(PaperEvidence e)
    {
        var arcs = PaperEvidence.Coated.Select(s => e.Spectra(s).Select(f => f["R1"].Value).ToArray()).Where(r => r.Length > 1).ToArray();
        var change = arcs.Max(r => Math.Abs((r[^1] / r[0]) - 1));
        // A class that is lost changes the conductance only by its share.
        return new("Impedance unchanged from 3.3 to 3.8 V shows that nothing reacts at the interface", Compatible,
            $"The model, in which nothing reacts, changes its arc by {N(100 * change, 2)} % at most. But the test is weak: losing a tenth of all particles would change it by a tenth, less than replicate cells scatter; losing the tenth with the weakest contact would hardly change it.",
            [new("largest change of the arc, 3.3 to 3.8 V", change, "1")]) { Short = "nothing reacts at the interface" };
    }

    private static PaperClaim Slope(PaperEvidence e)
    {
        var z = e.Spectra("LNTO-550") is [var first, ..] ? first["R1"].Value : double.NaN;
        return new("The first spectrum at 550 °C (3.3 V) is a slope", NotReproduced, $"The model has an arc of {N(z, 3)} Ω there. By then it has already charged; the paper's cell, whose onset is higher, may not have. It hangs with the onset potential.", [new("R1 at 3.3 V of LNTO-550", z, "ohm")]) { Short = "why the first spectrum at 550 °C is a slope" };
    }

    private static PaperClaim Capacity(PaperEvidence e)
    {
        var even = PaperEvidence.Coated.Select(s => e.If.Without[s].First(w => w.Step == "uneven contact").Slow).ToArray();
        return new("Capacity follows the interface resistance", Partly,
            $"The order does. The size does not follow from the resistance: with every particle in equal contact the cells would give {List(even, 3)} mAh/g at 0.1C for 350, 450 and 550 °C instead of the paper's {List(PaperEvidence.Coated.Select(s => PaperNumbers.Of("dischargeCapacity0.1C", s)), 4)}. A broad spread of contact is needed as well; with it the model gives {List(PaperEvidence.Coated.Select(s => e.Model("dischargeCapacity0.1C", s)), 3)}.",
            [.. PaperEvidence.Coated.Select((s, i) => new Evidence($"0.1C capacity of {s} with equal contact", even[i], "mAh/g"))]) { Short = "capacity follows the interface resistance" };
    }

    private static PaperClaim OnlyConductivity(PaperEvidence e)
    {
        var (slow, fast) = e.If.ResistanceOnly;
        return new("Only the conductivity of the coating differs between the samples", Contradicted,
            $"With the resistance alone different, the 550 °C cell would give {N(slow, 3)} mAh/g at 0.1C and {N(fast, 2)} at 1C (paper {PaperNumbers.Of("dischargeCapacity0.1C", "LNTO-550")} and {PaperNumbers.Of("dischargeCapacity1C", "LNTO-550")}). A second, better conducting path through some of its particles mends both; what it is, the paper's data do not say.",
            [new("0.1C capacity, resistance alone", slow, "mAh/g"), new("1C capacity, resistance alone", fast, "mAh/g")]) { Short = "only the coating's conductivity differs between the samples" };
    }

    private static PaperClaim Onset(PaperEvidence e)
    {
        var (coated, liquid) = (e.Model("onsetPotential", "LNTO-450"), e.Model("onsetPotential", "liquid"));
        return new("Delithiation begins at 3.25 V (450 °C), as in the liquid cell", Partly,
            $"That both begin alike is reproduced: {N(coated, 4)} and {N(liquid, 4)} V, {N(1e3 * (coated - liquid), 2)} mV apart. That they begin at 3.25 V is not: {N(1e3 * (3.25 - coated), 3)} mV are missing in both, hence in the open-circuit potential or in a first activation, not in the interface.",
            [new("onsetPotential of LNTO-450", coated, "V"), new("onsetPotential of liquid", liquid, "V")]) { Short = "delithiation begins as in the liquid cell" };
    }

    private static PaperClaim Efficiency(PaperEvidence e)
    {
        var model = PaperNumbers.Samples.Select(s => e.Model("initialCoulombicEfficiency", s)).ToArray();
        var paper = PaperNumbers.Samples.Select(s => PaperNumbers.Of("initialCoulombicEfficiency", s)).ToArray();
        return new("First efficiencies near 86 %, as in the liquid cell, show that nothing reacts", NotReproduced,
            $"The model has no side reaction in the first cycle and still gives {List(model, 3)} % for 350, 450, 550 °C and liquid, a spread of {N(model.Max() - model.Min(), 2)} points; the paper's spread is {N(paper.Max() - paper.Min(), 2)}. An efficiency so even points to material that is lost alike in every cell, not to slow particles; it neither shows nor excludes reactions.",
            [.. PaperNumbers.Samples.Select((s, i) => new Evidence($"initialCoulombicEfficiency of {s}", model[i], "%"))]) { Short = "what the equal first efficiencies mean" };
    }

    private static PaperClaim Diffusion(PaperEvidence e)
    {
        var d = PaperEvidence.Coated.Select(s => e.Model("apparentDiffusivity", s)).ToArray();
        var even = e.If.EvenTransients.Values.ToArray();
        return new("Lithium diffuses 12 and 4 times faster at 450 °C than at 550 and 350 °C", Contradicted,
            $"Every cell has the same diffusivity, and Eq. (1) returns {N(d[1] / d[2], 2)} and {N(d[1] / d[0], 2)} times more at 450 °C. With all particles in equal contact and no slow polarisation it returns the same for all within {N(100 * ((even.Max() / even.Min()) - 1), 1)} %, whatever the resistance. What falls is not the diffusivity but the share of particles that take the pulse.",
            [.. PaperEvidence.Coated.Select((s, i) => new Evidence($"apparentDiffusivity of {s}", d[i], "cm2/s")), .. e.If.EvenTransients.Select(t => new Evidence($"(ΔEs/ΔEt)² of {t.Key} with equal contact", t.Value, "1"))]) { Short = "lithium diffuses faster in the better coated cathode" };
    }

    private static PaperClaim Slower(PaperEvidence e)
    {
        var fall = e.Model("apparentDiffusivity", "liquid") / e.Model("apparentDiffusivity", "LNTO-450");
        return new("Diffusivity lies below the liquid cell's because the coating slows lithium", Contradicted, $"The model's liquid cell has the same particles and reads {N(fall, 2)} times more (paper {N(PaperNumbers.Of("apparentDiffusivity", "liquid") / PaperNumbers.Of("apparentDiffusivity", "LNTO-450"), 2)}), because all of them take part.", [new("apparentDiffusivity, liquid over LNTO-450", fall, "1")]) { Short = "the coating slows diffusion" };
    }

    private static PaperClaim Rate(PaperEvidence e)
    {
        var (x, resistant, fast) = e.If.Scaling;
        return new("Capacities from 0.1C to 1C follow the interface's conductivity", Partly,
            $"If the charge was slow: the model gives {N(e.Model("dischargeCapacity1C", "LNTO-450"), 3)} and {N(e.Model("dischargeCapacity1C", "LNTO-550"), 2)} mAh/g at 1C for 450 and 550 °C (paper {PaperNumbers.Of("dischargeCapacity1C", "LNTO-450")} and {PaperNumbers.Of("dischargeCapacity1C", "LNTO-550")}). Not from the resistance alone if the test also charged at 1C: then the 550 °C cell at 0.1C must give at least what the 450 °C cell gives at {N(x, 2)}C (simulated {N(resistant, 3)} and {N(fast, 3)} mAh/g), hence more than that cell's {PaperNumbers.Of("dischargeCapacity1C", "LNTO-450")} at 1C; the paper has {PaperNumbers.Of("dischargeCapacity0.1C", "LNTO-550")}.",
            [new("rate at 450 °C that equals 0.1C at 550 °C", x, "C"), new("capacity of the resistant cell at 0.1C", resistant, "mAh/g"), new("capacity at 1C after a charge at 1C, LNTO-450", e.If.Symmetric.At450, "mAh/g")]) { Short = "the rate capability follows conductivity" };
    }

    private static PaperClaim Fade(PaperEvidence e)
    {
        var share = PaperEvidence.Coated.Select(s => (1 - e.If.GrowthOnly[s]) / (1 - (PaperNumbers.Of("retention200Cycles", s) / 100))).ToArray();
        return new("Capacity fades because the interface's resistance grows", Partly,
            $"The growth the paper measured explains {List(share.Select(x => 100 * x), 2)} % of the fade at 350, 450 and 550 °C: alone it leaves {List(PaperEvidence.Coated.Select(s => 100 * e.If.GrowthOnly[s]), 3)} % after 200 cycles (paper {List(PaperEvidence.Coated.Select(s => PaperNumbers.Of("retention200Cycles", s)), 3)}). The rest is something else. Lost contact would do, if the particles with the weakest contact lose it (finding 'contact lost by the weakest'): such a loss hardly raises the arc, which is why the arc does not tell of it.",
            [.. PaperEvidence.Coated.Select((s, i) => new Evidence($"share of the fade explained by growth, {s}", share[i], "1"))]) { Short = "growing resistance makes capacity fade" };
    }

    private static PaperClaim Degradation(PaperEvidence e)
    {
        var added = PaperNumbers.Of("interfaceResistanceAfter100Cycles", "LNTO-450") - PaperNumbers.Of("interfaceResistance", "LNTO-450");
        var implied = 60e-9 / (added * RealArea()) * 1e-2;
        return new("The growing resistance is a layer of decomposed electrolyte (50–70 nm)", Compatible,
            $"Spread over all particles, 60 nm with {N(added, 3)} Ω have {N(implied, 2)} S/cm, which a decomposed sulfide can have. Nothing in the data ties that layer to that resistance.", [new("conductivity of the layer", implied, "S/cm")]) { Short = "that resistance is a layer of decomposed electrolyte" };
    }

    private static PaperClaim NoDiffusionIn(PaperEvidence e)
    {
        var bound = PaperEvidence.Coated.Select(s => e.Diffraction(s, "coated-powder")?.Verdict).OfType<Characterisation.Verdict003>().Select(v => v.UpperBound95 * 1e10).DefaultIfEmpty(double.NaN).Max();
        var shell = 100 * (1 - Math.Pow(1 - (7.5e-9 / 2e-6), 3));
        return new("The (003) line does not move, so that nothing diffused into NMC532", NotTestable,
            FormattableString.Invariant($"The virtual diffractometer, with no shift put in, bounds the change of c at {bound:G2} Å. But a shell of 7.5 nm is {shell:0.0} % of a particle of 2 µm: what stays near the surface does not show in the mean cell."), [new("upper bound of the change of c", bound, "angstrom"), new("share of a shell of 7.5 nm in the particle", shell, "%")]) { Short = "whether anything diffused into NMC532" };
    }

    private static PaperClaim Overlap(PaperEvidence e)
    {
        double At(string sample, double capacity)
        {
            if (e.Cycling(sample, "formation") is not { Cycles: [{ Charge: { } charge }, ..] }) { return double.NaN; }
            var k = Array.FindIndex(charge.Curve.Charge, q => q / 3.6 / e.Grams(sample) >= capacity);
            return k < 0 ? double.NaN : charge.Curve.Potential[k];
        }
        var apart = At("LNTO-450", 50) - (At("liquid", 50) - 0.62);
        var fast = e.If.Without["LNTO-450"];
        return new("The 450 °C cell's curve overlaps the liquid cell's, so that transport is as fast", Contradicted,
            $"At 50 mAh/g of the first charge the model's curves are {N(1e3 * apart, 2)} mV apart, which a figure hardly shows; at 1C the interface still costs {N(fast.First(w => w.Step == "coating and charge transfer").Fast - fast[0].Fast, 2)} mAh/g. Overlap at 0.1C says little of transport.",
            [new("450 °C less liquid at 50 mAh/g", 1e3 * apart, "mV")]) { Short = "transport at 450 °C is as fast as in liquid" };
    }

    private static PaperClaim Contact(PaperEvidence e)
    {
        var gap = e.Model("dischargeCapacity0.1C", "liquid") - e.Model("dischargeCapacity0.1C", "LNTO-450");
        var even = e.If.Without["LNTO-450"].First(w => w.Step == "uneven contact").Slow - e.If.Without["LNTO-450"][0].Slow;
        var isolated = e.If.Without["LNTO-450"].First(w => w.Step == "isolated particles").Slow - e.If.Without["LNTO-450"][0].Slow;
        return new("Discharge below the liquid cell's is contact lost by the change of volume", Compatible,
            $"In the model {N(gap, 2)} mAh/g are missing; equal contact would give back {N(even, 2)}, no isolated particles {N(isolated, 2)}. It has that contact from the first charge on: a loss during the charge is not needed, nor excluded.", [new("liquid less 450 °C", gap, "mAh/g"), new("given back by equal contact", even, "mAh/g"), new("given back by isolated particles", isolated, "mAh/g")]) { Short = "contact is lost by the change of volume" };
    }

    private static PaperClaim Arcs(PaperEvidence e)
    {
        var cell = Cells.Cell.Load("lnto-450");
        var foil = (FoilElectrode)cell.Negative;
        double Hertz(double capacitance) => 1 / (2 * Math.PI * foil.ArealResistance * capacitance);
        var interfaceHertz = InterfaceFrequency(cell);
        return new("The first arc is the cathode's interface, the second the anode's", NotTestable,
            $"With {N(1e4 * foil.ArealResistance, 2)} Ω cm² and an ordinary double layer of 20 µF/cm² the anode would stand at {N(Hertz(0.2), 2)} Hz, above the interface's {N(interfaceHertz, 2)} Hz at 6 µF/cm² of particles. The order holds if the anode has mF/cm², as assumed here ({N(Hertz(foil.ArealCapacitance), 2)} Hz), or the interface far less contact. Capacitances, which the paper does not give, would tell.",
            [new("apex of the interface", interfaceHertz, "Hz"), new("apex of the anode at 20 µF/cm2", Hertz(0.2), "Hz")]) { Short = "which arc belongs to which electrode" };
    }

    /// <summary>Apex of the interface's arc, Hz.</summary>
    public static double InterfaceFrequency(Cells.Cell cell)
    {
        var positive = (PorousElectrode)cell.Positive;
        return 1 / (2 * Math.PI * positive.Interface.ArealResistance * positive.Interface.DoubleLayerCapacitance * positive.RealAreaRatio);
    }

    private static PaperClaim Raising(PaperEvidence e)
    {
        var all = e.If.Without["LNTO-450"];
        return new("A higher interfacial conductivity makes better cells", Supported,
            $"In the model 1C of 450 °C rises from {N(all[0].Fast, 3)} to {N(all.First(w => w.Step == "coating and charge transfer").Fast, 3)} mAh/g without resistance of the interface, and nothing else gives more. {LimitingStep.EnoughShare * 100} % of that needs {N(e.If.Enough.Scaled(1e4), 2)} µS/cm, {N(e.If.Enough.Value / 38.7e-4, 2)} times the best coating's; equal contact would do as much ({N(all.First(w => w.Step == "uneven contact").Fast, 3)} mAh/g) with the coating as it is.",
            [new("conductivity that is enough", e.If.Enough.Value * 1e4, "uS/cm")]) { Short = "a better conducting interface makes a better cell" };
    }

    private static PaperClaim Literature() => new("The 450 °C cell is better than most of the literature", NotTestable, "The numbers it was compared with (Table S1) were not available.", []) { Short = "whether the cell is better than most in the literature" };

    private static string List(IEnumerable<double> values, int digits) => string.Join(", ", values.Select(v => N(v, digits)));

    private static string N(double value, int digits) => NumberText.Print(value, digits);

    private static string N(Estimate value, int digits) => NumberText.Print(value, digits);
}
