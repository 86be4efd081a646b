using Interphase.Impedance;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>Impedance of pellets: ionic conductivity and its activation.</summary>
internal static class PelletTechnique
{
    public static readonly Technique Technique = new("pellet-impedance", OfCells: false, Analyse, Show);

    private static Analysis Analyse(Work work)
    {
        var specimen = work.Specimen!;
        var files = string.Join(", ", work.Measurements.Select(m => m.File));
        var geometry = Geometry(specimen, files);
        var spectra = work.Measurements.SelectMany(m => m.Spectra).ToArray();
        if (spectra.Length == 0) { throw new InputException("the files hold no impedance", files, "name files with frequency and impedance"); }
        if (specimen.Temperatures.Count > 0)
        {
            if (specimen.Temperatures.Count != 1 && specimen.Temperatures.Count != spectra.Length) { throw new InputException($"there are {spectra.Length} spectra but {specimen.Temperatures.Count} temperatures", files, "give one temperature for all, or one a spectrum in the order of start time"); }
            spectra = [.. spectra.Select((s, i) => s with { Temperature = specimen.Temperatures[specimen.Temperatures.Count == 1 ? 0 : i].Value })];
        }
        var options = new PelletOptions();
        var result = PelletConductivity.Analyse(spectra, geometry, options);
        return new(work, result, result.Contract(), new { thickness = geometry.Thickness.ToString(), area_cm2 = geometry.Area.Value * 1e4, form = options.Form }, [.. Values(work, result)]);
    }

    /// <summary>A specimen's thickness and area.</summary>
    /// <exception cref="InputException">One is missing, or the area is said twice.</exception>
    internal static PelletGeometry Geometry(Specimen specimen, string files)
    {
        if (specimen.Thickness is not { } thickness) { throw new InputException("a pellet's thickness is missing", files, "add 'thickness: 0.80 +- 0.02 mm' to this specimen"); }
        return (specimen.Diameter, specimen.Area) switch
        {
            ({ } d, null) => PelletGeometry.Round(thickness, d, specimen.RelativeDensity?.Value),
            (null, { } a) => new PelletGeometry(thickness, a, specimen.RelativeDensity?.Value),
            _ => throw new InputException("a pellet needs its diameter or its area, and one of them only", files, "add 'diameter: 10 mm' to this specimen"),
        };
    }

    private static IEnumerable<ComparedValue> Values(Work work, PelletResult result)
    {
        var quantity = work.Specimen!.Kind is "pellet" && work.Sample.Coating is not null ? "coatingConductivity" : "conductivity";
        var room = result.Spectra.MinBy(s => Math.Abs((s.Temperature ?? 298.15) - 298.15))!;
        yield return new(quantity, "uS/cm", room.Conductivity.Scaled(1e4),
            $"pellet impedance, {room.Method.ToString().ToLowerInvariant()} resistance{(room.Temperature is { } t ? FormattableString.Invariant($" at {t - 273.15:0.#} °C") : "")}");
        if (result.Activation is { } law) { yield return new("activationEnergy", "eV", law.Energy, $"{law.Form} against 1/T"); }
    }

    private static Section Show(IReadOnlyList<Analysis> analyses)
    {
        var blocks = new List<Block>();
        var all = analyses.Select(a => (a.Work, Result: (PelletResult)a.Result)).ToArray();
        foreach (var (work, result) in all)
        {
            var names = result.Spectra.Select(s => result.Spectra.Count == 1 ? work.Sample.Name : s.Temperature is { } t ? FormattableString.Invariant($"{work.Sample.Name} {t - 273.15:0.#} °C") : $"{work.Sample.Name} #{s.Fit.Spectrum.Index + 1}").ToArray();
            blocks.Add(SpectrumFigures.Nyquist($"pellet-{Slug.Of(work.Sample.Name)}", $"Pellet of {work.Sample.Name}", [.. result.Spectra.Select(s => s.Fit)], names, work.Place, null));
        }
        var arrhenius = all.Where(x => x.Result.Spectra.Count > 2 && x.Result.Spectra.All(s => s.Temperature is not null && s.Conductivity.HasValue)).ToArray();
        if (arrhenius.Length > 0)
        {
            blocks.Add(new Figure("pellet-arrhenius", "Conductivity against temperature", "σT against 1/T with one standard error; the slope is the activation energy.",
            [
                new Panel(new Axis("1000/T", "K-1"), new Axis("σT", "S K/cm") { Log = true },
                [
                    .. arrhenius.Select(x => (Series)new XY(x.Work.Sample.Name, [.. x.Result.Spectra.Select(s => 1000 / s.Temperature!.Value)], [.. x.Result.Spectra.Select(s => s.Conductivity.Value * 1e-2 * s.Temperature!.Value)])
                    { Colour = x.Work.Place, Draw = Draw.Both, Marker = Palette.MarkerAt(x.Work.Place), YError = [.. x.Result.Spectra.Select(s => s.Conductivity.StandardError * 1e-2 * s.Temperature!.Value)] }),
                ]),
            ]));
        }
        if (all.Length > 1) { blocks.Add(Conductivities(all)); }
        blocks.Add(new Table("pellet-conductivity-values", "Conductivity",
            [new("Sample"), new("Temperature", "degC"), new("Method"), new("Resistance", "ohm"), new("Conductivity", "uS/cm"), new("Bulk", "ohm"), new("Grain boundary", "ohm"), new("Thickness", "mm"), new("Area", "cm2")],
            [
                .. all.SelectMany(x => x.Result.Spectra.Select(s => (IReadOnlyList<Reports.Cell>)
                [
                    x.Work.Sample.Name, s.Temperature - 273.15 ?? double.NaN, s.Method.ToString().ToLowerInvariant(), s.Resistance, s.Conductivity.Scaled(1e4), s.BulkResistance, s.GrainBoundaryResistance,
                    x.Result.Geometry.Thickness.Value * 1e3, x.Result.Geometry.Area.Value * 1e4,
                ])),
            ]));
        foreach (var w in all.SelectMany(x => x.Result.Warnings.Concat(x.Result.Spectra.SelectMany(s => s.Warnings)).Select(w => $"{x.Work.Sample.Name}: {w.Text}")).Distinct()) { blocks.Add(new Paragraph(w)); }
        blocks.Add(new Methods(
        [
            new Equation(@"\sigma = \frac{t}{R A}") { Source = "t thickness, A area of a face", Where = [new("R", "resistance of bulk and grain boundaries, or of what the method names")] },
            new Equation(@"\left(\frac{s_\sigma}{\sigma}\right)^2 = \left(\frac{s_R}{R}\right)^2 + \left(\frac{s_t}{t}\right)^2 + \left(\frac{s_A}{A}\right)^2") { Source = "propagation of independent errors" },
            new Paragraph("The circuit is chosen by evidence (BIC) among bulk and grain-boundary arcs with a blocking or a reversible electrode."),
        ]));
        return new Section("pellet", "Conductivity of pellets", blocks);
    }

    private static Figure Conductivities((Work Work, PelletResult Result)[] all) => new Figure("pellet-conductivity", "Ionic conductivity of the pellets", "Conductivity nearest room temperature, with one standard error of fit and geometry.",
        [
            new Panel(new Axis("Sample") { Categories = [.. all.Select(x => x.Work.Sample.Name)] }, new Axis("Ionic conductivity", "uS/cm") { Log = true },
            [
                .. all.Select((x, i) =>
                {
                    var s = x.Result.Spectra.MinBy(p => Math.Abs((p.Temperature ?? 298.15) - 298.15))!.Conductivity.Scaled(1e4);
                    return (Series)new XY(x.Work.Sample.Name, [i], [s.Value]) { Colour = x.Work.Place, Draw = Draw.Markers, Marker = Palette.MarkerAt(x.Work.Place), YError = [s.StandardError] };
                }),
            ]) { Legend = false },
        ]);
}
