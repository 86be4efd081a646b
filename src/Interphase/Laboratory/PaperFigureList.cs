using Interphase.Reports;

namespace Interphase.Laboratory;

/// <summary>Every figure of the paper: where it is remade, or why it is not.</summary>
internal static class PaperFigureList
{
    private static readonly (string Figure, string Shows)[] All =
    [
        ("1a", "diffraction of the coating at three temperatures"), ("1b", "spectra of the pellets"), ("1c", "conductivity of the pellets"), ("1d", "HRTEM, FFT and diffraction, 350 °C"), ("1e", "the same, 450 °C"), ("1f", "the same, 550 °C"), ("1g", "the coated particles"),
        ("2a", "first charge and discharge"), ("2b", "200 cycles"), ("2c", "CV, 350 °C"), ("2d", "CV, 450 °C"), ("2e", "CV, 550 °C"), ("2f", "capacity at four rates"), ("2g", "curves at four rates"), ("2h", "comparison with other cells"),
        ("3a", "impedance while charging, 350 °C"), ("3b", "the same, 450 °C"), ("3c", "the same, 550 °C"),
        ("4a", "titration"), ("4b", "one pulse"), ("4c", "diffusivity against depth of discharge"), ("4d", "a sketch of the energy barrier"),
        ("S1", "TG-DSC of the gel"), ("S2", "HRTEM of the coating"), ("S3", "not known to us"), ("S4", "not known to us"), ("S5", "not known to us"), ("S6", "not known to us"), ("S7", "first cycle of the liquid cell"), ("S8", "equivalent circuit"),
        ("S9", "not known to us"), ("S10", "TEM of cycled particles"), ("S11", "titration of the liquid cell"), ("S12", "a sketch"),
    ];

    private static readonly Dictionary<string, string> WhyNot = new(StringComparer.Ordinal)
    {
        ["2h"] = "the numbers of the other cells (Table S1) were not available; the literature table holds what a source at hand gives",
        ["4d"] = "a sketch of an Arrhenius barrier; no temperature was varied, so that there is nothing to compute", ["S12"] = "a sketch, as 4d",
    };

    /// <summary>The table, given what was remade.</summary>
    public static Table Table(IReadOnlyList<(string[] Of, Figure Figure)> remade) => new("paper-figures", "Every figure of the paper", [new("Figure"), new("Shows"), new("Here, or why not")],
        [
            .. All.Select(f =>
            {
                var here = remade.FirstOrDefault(r => r.Of.Contains(f.Figure)).Figure;
                var why = here is not null ? "" : WhyNot.GetValueOrDefault(f.Figure) ?? "the Supporting Information was not available, and the text gives no number of it";
                return (IReadOnlyList<Cell>)[f.Figure, f.Shows, here is null ? $"– {why}" : here.Title[..here.Title.IndexOf(" (paper", StringComparison.Ordinal)]];
            }),
        ]);
}
