using Interphase.Impedance;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>Impedance of composites between blocking contacts, or of symmetric cells: effective conductivities of both rails.</summary>
internal static class CompositeTechnique
{
    public static readonly Technique Technique = new("composite-impedance", OfCells: false, Analyse, Show);

    private static Analysis Analyse(Work work)
    {
        var files = string.Join(", ", work.Measurements.Select(m => m.File));
        var geometry = PelletTechnique.Geometry(work.Specimen!, files);
        var word = work.Specimen!.Settings.GetValueOrDefault("contacts") ?? throw new InputException("what touches the composite is missing", files, "add 'contacts: ion-blocking', 'electron-blocking' or 'symmetric' to this specimen");
        var contacts = CompositeConductivity.Of(word) ?? throw new InputException($"'{word}' is no kind of contacts", files, "choose ion-blocking, electron-blocking or symmetric");
        var spectra = work.Measurements.SelectMany(m => m.Spectra).ToArray();
        if (spectra.Length == 0) { throw new InputException("the files hold no impedance", files, "name files with frequency and impedance"); }
        var options = new CompositeOptions { Contacts = contacts };
        IReadOnlyList<CompositeSpectrum> results = [.. spectra.Select(s => CompositeConductivity.Analyse(s, geometry, options))];
        var first = results[0];
        return new(work, results, results.Contract(options), new { contacts = word, thickness = work.Specimen.Thickness.ToString(), area_cm2 = geometry.Area.Value * 1e4 },
        [
            new("effectiveIonicConductivity", "S/cm", first.Ionic.Scaled(0.01), $"transmission line {first.Fit.Circuit}"),
            .. contacts == CompositeContacts.Symmetric ? Array.Empty<ComparedValue>() : [new("effectiveElectronicConductivity", "S/cm", first.Electronic.Scaled(0.01), $"transmission line {first.Fit.Circuit}")],
        ]);
    }

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var blocks = new List<Block>();
        foreach (var a in analyses)
        {
            var results = (IReadOnlyList<CompositeSpectrum>)a.Result;
            blocks.Add(SpectrumFigures.Nyquist($"composite-{Slug.Of(a.Work.Sample.Name)}", $"Composite of {a.Work.Sample.Name}", [.. results.Select(r => r.Fit)], [.. results.Select((_, i) => results.Count == 1 ? a.Work.Sample.Name : $"{a.Work.Sample.Name} #{i + 1}")], a.Work.Place, null));
        }
        blocks.Add(new Table("composite-conductivities", "Effective conductivities", [new("Sample"), new("Circuit"), new("Ionic rail", "ohm"), new("Ionic", "S/cm"), new("Electronic rail", "ohm"), new("Electronic", "S/cm")],
            [.. analyses.SelectMany(a => ((IReadOnlyList<CompositeSpectrum>)a.Result).Select(r => (IReadOnlyList<Reports.Cell>)[a.Work.Sample.Name, r.Fit.Circuit.ToString(), r.IonicResistance, r.Ionic.Scaled(0.01), r.ElectronicResistance, r.Electronic.Scaled(0.01)]))]));
        foreach (var w in analyses.SelectMany(a => ((IReadOnlyList<CompositeSpectrum>)a.Result).SelectMany(r => r.Warnings.Select(w => $"{a.Work.Sample.Name}: {w.Path}: {w.Text}"))).Distinct()) { blocks.Add(new Paragraph(w)); }
        blocks.Add(new Methods([new Paragraph("A transmission line of an ionic and an electronic rail joined by an interface; effective conductivity is thickness over resistance and area. docs/impedance.md holds the equations.")]));
        return new Section("composite", "Composite electrodes", blocks);
    }
}
