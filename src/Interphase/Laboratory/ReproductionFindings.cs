using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Laboratory;

/// <summary>What the comparison says about the paper's claims; each sentence is computed from the rows.</summary>
internal static class ReproductionFindings
{
    public static IEnumerable<Finding> Of(IReadOnlyList<ReproductionRow> rows)
    {
        double Model(string q, string s) => rows.FirstOrDefault(r => r.Quantity == q && r.Sample == s)?.Model ?? double.NaN;
        double Paper(string q, string s) => rows.FirstOrDefault(r => r.Quantity == q && r.Sample == s)?.Paper ?? double.NaN;
        string[] coated = ["LNTO-350", "LNTO-450", "LNTO-550"];

        var d = coated.Select(s => Model("apparentDiffusivity", s)).ToArray();
        if (d.All(double.IsFinite))
        {
            yield return new("apparent-diffusivity", Severity.Contradiction,
                $"Every simulated cell has the same diffusivity in its particles, and yet Eq. (1) returns {NumberText.Print(d[1], 2)}, {NumberText.Print(d[0], 2)} and {NumberText.Print(d[2], 2)} cm²/s for 450, 350 and 550 °C: a fall by {NumberText.Print(d[1] / d[2], 2)} (paper {NumberText.Print(Paper("apparentDiffusivity", coated[1]) / Paper("apparentDiffusivity", coated[2]), 2)}). The fall needs no slower diffusion in NMC; it comes from uneven contact and from interfacial polarisation inside ΔE_{{t}}.",
                [.. coated.Select((s, i) => new Evidence($"apparentDiffusivity of {s}", d[i], "cm2/s"))]);
        }

        var slope = coated.Select(s => (Drop: Paper("irDrop", s), R: Paper("interfaceResistance", s))).ToArray();
        var lines = slope.Select(p => p.Drop * 1e-3 / 1.3 / p.R * 1e4).ToArray();
        yield return new("jump-one-slope", Severity.Contradiction,
            $"The paper's potential jumps at 0.13 mA/cm² over its interface resistances are {string.Join(", ", lines.Select(l => NumberText.Print(l * 1e0, 3)))} cm² for 350, 450 and 550 °C: one number near {NumberText.Print(lines.Average(), 2)} cm², where a 10 mm die has 0.785 cm². Either the area is larger than supposed, or a resistance in proportion to the arc lies outside it.",
            [.. coated.Select((s, i) => new Evidence($"irDrop / (0.13 mA/cm2 × interfaceResistance) of {s}", lines[i], "cm2"))]);

        var product = coated.Select(s => Paper("interfaceResistance", s) * Paper("coatingConductivity", s)).ToArray();
        yield return new("paper-resistance-times-conductivity", Severity.Contradiction,
            $"The paper's interface resistance × coating conductivity is {string.Join(", ", product.Select(p => NumberText.Print(p, 4)))} Ω µS/cm for 350, 450 and 550 °C: the same for the first two, {NumberText.Print(product[1] / product[2], 2)} times lower for the last. At 550 °C a second path carries current that the coating's conductivity does not explain.",
            [.. coated.Select((s, i) => new Evidence($"interfaceResistance × coatingConductivity of {s}", product[i], "ohm uS/cm"))]);

        var missed = rows.Where(r => r.Status is "missed" or "notExplained").ToArray();
        if (missed.Length > 0)
        {
            yield return new("model-misses", Severity.Caution, $"The model misses {missed.Length} of {rows.Count(r => !double.IsNaN(r.Paper))} numbers: {string.Join("; ", missed.Select(r => $"{Studies.QuantityNames.Of(r.Quantity)} of {r.Sample} ({NumberText.Print(r.Model, 3)} for {NumberText.Print(r.Paper, 3)} {UnitText.Print(r.Unit)})"))}.",
                [.. missed.Select(r => new Evidence($"{r.Quantity} of {r.Sample}", r.Model, r.Unit))]);
        }
    }
}
