using System.Text.RegularExpressions;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Units;

namespace Interphase.Studies;

/// <summary>Reads a study file strictly: every key is known or an error with the nearest names.</summary>
public static partial class StudyFile
{
    private static readonly string[] CellTechniques = Techniques.Names(ofCells: true);
    private static readonly string[] SpecimenTechniques = Techniques.Names(ofCells: false);
    private static readonly string[] SpecimenKinds = ["coating-powder", "pellet", "coated-powder", "cycled-electrode"];
    private static readonly string[] Roles = ["formation", "rate", "cycling", "afterCycling"];

    /// <summary>Settings of a technique beyond geometry and temperature, as the command of the same name takes them.</summary>
    private static readonly Dictionary<string, string[]> Settings = new(StringComparer.Ordinal)
    {
        ["xrd"] = ["phases", "candidates", "instrument", "background", "reference", "amorphous", "crystalline", "standard"],
        ["thermal"] = ["exotherm", "hold"],
        ["micrograph"] = ["scale", "core", "corePhase"],
        ["diffraction"] = ["scale", "phases", "ellipticity", "ellipticityDirection"],
        ["composite-impedance"] = ["contacts"],
        ["map"] = ["coating", "particle", "interphase", "scale", "kFactor"],
    };

    /// <summary>Reads a study file.</summary>
    /// <exception cref="InputException">The file cannot be read or breaks a rule; the message names line and key.</exception>
    public static Study Read(string path)
    {
        var root = Yaml.Load(path);
        return Read(root, path, Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Reads a study from YAML text; paths in it are relative to <paramref name="folder"/>.</summary>
    /// <exception cref="InputException">As <see cref="Read(string)"/>.</exception>
    public static Study Parse(string text, string name, string folder) => Read(Yaml.Parse(text, name), name, folder);

    private static Study Read(Yaml root, string path, string folder)
    {
        var electrode = root.Optional("electrode") is { } e ? Electrode.Read(e) : Electrode.Unknown;
        var compare = root.Optional("compare");
        var study = new Study
        {
            File = path,
            Folder = folder,
            Name = root.Required("name").Text(),
            Description = root.Optional("description")?.Text() ?? "",
            Synthetic = root.Optional("synthetic")?.Boolean() ?? false,
            Samples = ReadSamples(root.Required("samples"), electrode, folder),
            CompareBy = compare?.Optional("by")?.OneOf("annealing", "thickness", "conductivity", "name") ?? "name",
            Literature = compare?.Optional("literature")?.Text(),
        };
        compare?.Close();
        root.Close();
        if (study.Samples.GroupBy(s => s.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw root.Required("samples").Error($"the sample '{twice.Key}' stands twice", "give each sample a name of its own, or put both cells under one sample");
        }
        return study;
    }

    internal static bool IsCellTechnique(string technique) => CellTechniques.Contains(technique, StringComparer.Ordinal);

    internal static IReadOnlyList<Sample> ReadSamples(Yaml node, Electrode electrode, string folder)
    {
        if (node.IsMap)
        {
            var table = node.Required("table");
            var samples = BuildSheet.Read(Path.Combine(folder, table.Text()), electrode, table.Where);
            node.Close();
            return samples;
        }
        var list = node.List();
        return list.Count > 0 ? [.. list.Select(s => ReadSample(s, electrode))]
            : throw node.Error("there are no samples", "add an entry: - name: …");
    }

    private static Sample ReadSample(Yaml node, Electrode electrode)
    {
        var name = node.Required("name").Text();
        Coating? coating = null;
        if (node.Optional("coating") is { } c)
        {
            coating = new(c.Optional("material")?.Text(), Positive(c.Optional("annealing"), "K"), Positive(c.Optional("thickness"), "m"), Positive(c.Optional("conductivity"), "S/m"));
            c.Close();
        }
        var specimens = (node.Optional("specimens")?.List() ?? []).Select(ReadSpecimen).ToList();
        var cells = (node.Optional("cells")?.List() ?? []).Select((s, i) => ReadCell(s, i, electrode)).ToList();
        if (node.Optional("files") is { } files)
        {
            var own = new List<CellFile>();
            foreach (var f in files.List())
            {
                if (SpecimenTechniques.Contains(f.Required("technique").Text(), StringComparer.Ordinal)) { specimens.Add(ReadSpecimen(f)); }
                else { own.Add(ReadFile(f)); }
            }
            Agree(own, files);
            if (own.Count > 0) { cells.Add(new CellBuild(cells.Count == 0 ? "1" : $"{cells.Count + 1}", electrode, null, null, own)); }
        }
        if (cells.GroupBy(b => b.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw node.Error($"the cell '{twice.Key}' stands twice in sample '{name}'", "give each cell an id of its own");
        }
        SimulationRequest? simulate = null;
        if (node.Optional("simulate") is { } sim)
        {
            simulate = new(sim.Required("cell").Text(), [.. sim.Required("protocols").List().Select(p => p.Text())]);
            sim.Close();
        }
        node.Close();
        return new Sample(name, coating, specimens, cells, simulate);
    }

    private static CellBuild ReadCell(Yaml node, int index, Electrode outer)
    {
        var electrode = node.Optional("electrode") is { } e ? Electrode.Read(e).Over(outer) : outer;
        var build = new CellBuild(
            node.Optional("id")?.Text() ?? $"{index + 1}", electrode,
            Positive(node.Optional("temperature"), "K"), Positive(node.Optional("stackPressure"), "Pa"),
            [.. node.Required("files").List().Select(ReadFile)]);
        node.Close();
        Agree(build.Files, node);
        return build;
    }

    /// <summary>Voltammograms of one cell and role are one series over scan rates: what is said of them is said once, or alike.</summary>
    private static void Agree(IReadOnlyList<CellFile> files, Yaml node)
    {
        foreach (var series in files.Where(f => f.Technique == "voltammetry").GroupBy(f => f.Role))
        {
            foreach (var (key, said) in new (string, IEnumerable<string?>)[] { ("resistance", series.Select(f => f.Resistance?.ToString())), ("concentration", series.Select(f => f.Concentration?.ToString())), ("electrons", series.Select(f => f.Electrons?.ToString())) })
            {
                if (said.OfType<string>().Distinct().ToArray() is { Length: > 1 } several) { throw node.Error($"the voltammograms of one cell state '{key}' as {string.Join(" and as ", several)}", "they are one series over scan rates: say it once, or make two cells of them"); }
            }
        }
    }

    private static CellFile ReadFile(Yaml node)
    {
        var technique = node.Required("technique").OneOf(CellTechniques);
        var file = new CellFile { Technique = technique, Paths = ReadPaths(node.Required("path")), Role = node.Optional("role")?.OneOf(Roles) ?? "", Where = node.Where };
        if (technique == "impedance")
        {
            file = file with
            {
                Circuit = node.Optional("circuit")?.Text(),
                Weighting = node.Optional("weighting")?.OneOf("modulus", "proportional", "unity", "sigma") ?? "modulus",
                Link = node.Optional("link")?.OneOf("none", "smooth", "arrhenius") ?? "none",
                Axis = node.Optional("axis")?.OneOf("potential", "cycle", "temperature", "time"),
            };
            var unit = file.Axis switch { "potential" => "V", "temperature" => "K", "time" => "s", _ => "1" };
            file = file with { Values = [.. (node.Optional("values")?.List() ?? []).Select(v => v.Quantity(unit))] };
        }
        if (technique == "voltammetry")
        {
            file = file with
            {
                Resistance = ReadResistance(node.Optional("resistance")),
                Concentration = Positive(node.Optional("concentration"), "mol/m3"),
                Electrons = node.Optional("electrons") is not { } n ? null : n.Integer() is > 0 and var given ? given : throw n.Error($"'{n.Text()}' is not positive", "write 1 or more"),
            };
        }
        node.Close();
        return file;
    }

    private static Quantity? Positive(Yaml? node, string unit)
    {
        if (node?.Quantity(unit) is not { } q) { return null; }
        return q.Value > 0 ? q : throw node.Error($"'{node.Text()}' is not positive", "write a value above zero");
    }

    /// <summary>A value, <c>none</c>, or parameters of the cell's own impedance: <c>R0</c>, <c>R0+R1</c>.</summary>
    private static SeriesResistance? ReadResistance(Yaml? node)
    {
        if (node is null) { return null; }
        var text = node.Text();
        if (text == "none") { return new(null, []); }
        if (ParameterSum().IsMatch(text)) { return new(null, text.Split('+', StringSplitOptions.TrimEntries)); }
        try { return new(Positive(node, "ohm"), []); }
        catch (InputException e) when (!char.IsAsciiDigit(text[0])) { throw new InputException(e.What, e.Where, "write a value ('124 +- 5 ohm'), parameters of this cell's impedance ('R0', 'R0+R1'), or 'none'", e); }
    }

    [GeneratedRegex(@"^R\d+(\s*\+\s*R\d+)*$")]
    private static partial Regex ParameterSum();

    private static Specimen ReadSpecimen(Yaml node)
    {
        var technique = node.Required("technique").OneOf(SpecimenTechniques);
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in Settings.GetValueOrDefault(technique, []))
        {
            if (node.Optional(key) is { } v) { settings[key] = v.IsList ? string.Join(',', v.List().Select(x => x.Text())) : v.Text(); }
        }
        var temperature = node.Optional("temperature");
        var path = node.Required("path");
        var specimen = new Specimen
        {
            Kind = node.Optional("kind")?.OneOf(SpecimenKinds) ?? (technique is "pellet-impedance" or "polarisation" or "composite-impedance" ? "pellet" : "coating-powder"),
            Technique = technique,
            Paths = ReadPaths(path),
            Thickness = Positive(node.Optional("thickness"), "m"),
            Area = Positive(node.Optional("area"), "m2"),
            Diameter = Positive(node.Optional("diameter"), "m"),
            Temperatures = temperature is null ? [] : temperature.IsList ? [.. temperature.List().Select(t => Positive(t, "K")!.Value)] : [Positive(temperature, "K")!.Value],
            RelativeDensity = Positive(node.Optional("relativeDensity"), "1"),
            Settings = settings,
        };
        node.Close();
        try { _ = specimen.Files; }
        catch (InputException e) { throw e.At(path.Where); }
        return specimen;
    }

    private static IReadOnlyList<string> ReadPaths(Yaml path) => path.IsList ? [.. path.List().Select(p => p.Text())] : [path.Text()];
}
