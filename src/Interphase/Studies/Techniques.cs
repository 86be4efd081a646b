using Interphase.Reports;

namespace Interphase.Studies;

/// <summary>What a study can do with one technique: analyse the files of a cell or specimen, and show all of them in a section.</summary>
/// <param name="Name">As study files name it.</param>
/// <param name="OfCells">True for measurements of cells, false for those of specimens.</param>
/// <param name="Analyse">One cell or specimen. Throws <see cref="InputException"/> where its files do not allow it.</param>
/// <param name="Show">The report's section over all samples.</param>
internal sealed record Technique(string Name, bool OfCells, Func<Work, Analysis> Analyse, Func<IReadOnlyList<Analysis>, Section> Show);

/// <summary>Every technique, written out by hand, in the order of the report.</summary>
internal static class Techniques
{
    public static readonly IReadOnlyList<Technique> All =
    [
        ThermalTechnique.Technique,
        XrdTechnique.Technique,
        MicrographTechnique.Technique,
        DiffractionTechnique.Technique,
        MapTechnique.Technique,
        PelletTechnique.Technique,
        PolarisationTechnique.Technique,
        CompositeTechnique.Technique,
        CyclingTechnique.Technique,
        VoltammetryTechnique.Technique,
        ImpedanceTechnique.Technique,
        GittTechnique.Technique,
    ];

    public static string[] Names(bool ofCells) => [.. All.Where(t => t.OfCells == ofCells).Select(t => t.Name)];
}
