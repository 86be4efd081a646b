using System.Globalization;
using System.IO.Compression;
using System.Xml;
using System.Xml.Linq;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>Rigaku <c>.rasx</c>: a zip archive with the profile as tabbed text and its conditions as XML; the first scan.</summary>
internal static class Rasx
{
    private const long LargestEntry = 256 << 20;

    public static FileFormat Format { get; } = new("rasx", "Rigaku SmartLab .rasx", false,
        h => h.Bytes.Span is [(byte)'P', (byte)'K', 3, 4, ..] && Path.GetExtension(h.Path).Equals(".rasx", StringComparison.OrdinalIgnoreCase), Read);

    private static Measurement Read(FileContent content) => PackedFile.Read(content.Bytes, content.Path, "the archive is damaged", "copy it again", archive =>
    {
        var entry = archive.Entries.FirstOrDefault(e => e.FullName.EndsWith("Profile0.txt", StringComparison.Ordinal))
            ?? throw new InputException("the archive holds no Data0/Profile0.txt", content.Path, "export the scan again");
        if (entry.Length > LargestEntry) { throw new InputException("the profile is far too large", content.Path, "export one scan"); }
        // The instrument's own spelling.
        var conditions = Conditions(content, archive.Entries.FirstOrDefault(e => e.FullName.EndsWith("MesurementConditions0.xml", StringComparison.Ordinal)));
        string? Says(string name) => conditions?.Descendants(name).FirstOrDefault()?.Value.Trim() is { Length: > 0 } text ? text : null;
        double Value(string? text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : double.NaN;
        var axis = Says("AxisName");
        if (axis is not null && !axis.Contains("TwoTheta", StringComparison.Ordinal)) { throw new InputException($"the scan is one of {axis} and not of 2θ", content.Path, "name a θ–2θ scan"); }
        var (angle, counts, factors) = (new List<double>(), new List<double>(), new List<double>());
        using var reader = new StreamReader(entry.Open());
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Trim().Length == 0) { continue; }
            var cells = line.Split('\t');
            if (cells.Length < 2 || !double.TryParse(cells[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var a) || !double.TryParse(cells[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var c))
            {
                throw new InputException("the row is not 2θ and intensity", $"{content.Path}, {entry.FullName}:{number}", "export the scan again");
            }
            angle.Add(a);
            factors.Add(cells.Length > 2 && Value(cells[2]) is > 0 and var f ? f : 1);
            counts.Add(c);
        }
        var warnings = new List<Warning>();
        var scans = archive.Entries.Count(e => e.Name.StartsWith("Profile", StringComparison.Ordinal) && e.Name.EndsWith(".txt", StringComparison.Ordinal));
        if (scans > 1) { warnings.Add(new("counts", $"the file holds {scans} scans; the first is read")); }
        var seconds = Says("SpeedUnit") switch
        {
            "sec" => Value(Says("Speed")), "deg/min" => 60 * Value(Says("Step")) / Value(Says("Speed")), _ => double.NaN,
        };
        var (whole, note) = DiffractionText.Whole([.. counts], seconds);
        if (note is not null) { warnings.Add(new("counts", note)); }
        var pattern = DiffractionText.Pattern(content, angle, whole);
        if (factors.Any(f => f != 1))
        {
            pattern = pattern with { Counts = [.. whole.Zip(factors, (c, f) => c * f)], Attenuation = [.. factors] };
            warnings.Add(new("counts", $"an attenuator was in for {factors.Count(f => f != 1)} points; their counts are multiplied by its factor, and their errors with them"));
        }
        double Length(string name, double otherwise) => Value(Says(name)) is > 0.1 and < 10 and var v ? v * 1e-10 : otherwise;
        pattern = pattern with
        {
            Wavelength = Length("WavelengthKalpha1", Diffractogram.CopperAlpha1), Wavelength2 = Length("WavelengthKalpha2", Diffractogram.CopperAlpha2),
            Ratio = Says("WaveType") is "Ka1" or "Kalpha1" ? 0 : 0.497,
            ScanAxis = axis, Scans = scans, SteppedOver = scans > 1 ? Says("StepAxisName") : null,
            Radius = Value(conditions?.Descendants("Distance").FirstOrDefault(d => d.Attribute("From")?.Value == "AttachmentStage" && d.Attribute("To")?.Value == "Detector")?.Attribute("Value")?.Value) is > 50 and < 2000 and var mm ? mm * 1e-3 : null,
        };
        return new Measurement { File = content.Path, Format = Format.Name, Technique = "XRD", Diffractogram = pattern, Warnings = [.. warnings, .. DiffractionText.Doubts(pattern)] };
    });

    private static XDocument? Conditions(FileContent content, ZipArchiveEntry? entry)
    {
        if (entry is null) { return null; }
        if (entry.Length > LargestEntry) { throw new InputException("the conditions of the scan are far too large", content.Path, "export one scan"); }
        using var reader = XmlReader.Create(entry.Open(), new() { DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = LargestEntry });
        return XDocument.Load(reader);
    }
}
