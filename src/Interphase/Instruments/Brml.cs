using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>Bruker <c>.brml</c>: a zip archive of XML, whose <c>Datum</c> rows are described by <c>DataViews</c>; the first scan, as measured.</summary>
internal static class Brml
{
    private const long LargestEntry = 256 << 20;

    public static FileFormat Format { get; } = new("brml", "Bruker DIFFRAC .brml", false,
        h => h.Bytes.Span is [(byte)'P', (byte)'K', 3, 4, ..] && Path.GetExtension(h.Path).Equals(".brml", StringComparison.OrdinalIgnoreCase), Read);

    private static Measurement Read(FileContent content) => PackedFile.Read(content.Bytes, content.Path, "the archive is damaged", "copy it again", archive =>
    {
        var scans = archive.Entries.Where(e => e.FullName.Contains("RawData", StringComparison.Ordinal) && e.FullName.EndsWith(".xml", StringComparison.Ordinal)).OrderBy(e => e.FullName.Length).ThenBy(e => e.FullName, StringComparer.Ordinal).ToArray();
        if (scans.Length == 0) { throw new InputException("the archive holds no Experiment0/RawData0.xml", content.Path, "export the scan again"); }
        if (scans[0].Length > LargestEntry) { throw new InputException("the scan is far too large", content.Path, "export one powder scan"); }
        using var reader = XmlReader.Create(scans[0].Open(), new() { DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = LargestEntry });
        return Scan(content, XDocument.Load(reader), scans.Length);
    });

    private static Measurement Scan(FileContent content, XDocument document, int scans)
    {
        var route = document.Descendants("DataRoute").Where(r => r.Elements("Datum").Any()).OrderBy(r => r.Attribute("RouteFlag")?.Value == "Measured" ? 0 : 1).FirstOrDefault()
            ?? throw new InputException("the scan holds no points", content.Path, "measure or export it again");
        var warnings = new List<Warning>();
        if (scans > 1) { warnings.Add(new("counts", $"the file holds {scans} scans; the first is read")); }
        var (angleColumn, countColumn, absorption) = Columns(content, route);
        var angle = new List<double>();
        var counts = new List<double>();
        var attenuated = false;
        foreach (var datum in route.Elements("Datum"))
        {
            var cells = datum.Value.Split(',');
            if (cells.Length <= Math.Max(angleColumn, countColumn) || !Number(cells[angleColumn], out var a) || !Number(cells[countColumn], out var c))
            {
                throw new InputException("a row has not the columns that the file describes", $"{content.Path}, point {angle.Count + 1}", "export the scan again");
            }
            angle.Add(a);
            counts.Add(c);
            attenuated |= absorption >= 0 && absorption < cells.Length && Number(cells[absorption], out var f) && f != 1;
        }
        if (attenuated) { warnings.Add(new("counts", "an absorber was used for some points; intensities are taken as the file states them")); }
        double Value(string name) => Number(document.Descendants(name).FirstOrDefault()?.Attribute("Value")?.Value, out var v) ? v : double.NaN;
        var time = Number(route.Element("ScanInformation")?.Element("TimePerStep")?.Value, out var s) ? s : double.NaN;
        var (whole, note) = DiffractionText.Whole([.. counts], time);
        if (note is not null) { warnings.Add(new("counts", note)); }
        var pattern = DiffractionText.Pattern(content, angle, whole) with
        {
            Wavelength = Value("WaveLengthAlpha1") is > 0.1 and < 10 and var a1 ? a1 * 1e-10 : Diffractogram.CopperAlpha1,
            Wavelength2 = Value("WaveLengthAlpha2") is > 0.1 and < 10 and var a2 ? a2 * 1e-10 : Diffractogram.CopperAlpha2,
            Ratio = Value("WaveLengthRatio") is >= 0 and <= 1 and var r ? r : 0.497,
            ScanAxis = route.Element("ScanInformation")?.Attribute("VisibleName")?.Value.Trim() is { Length: > 0 } axis ? axis : null, Scans = scans, Offset = Offset(route),
            Radius = Value("Radius") is > 50 and < 2000 and var mm ? mm * 1e-3 : null,
        };
        var metadata = document.Descendants("TimeStampStarted").Take(1).Select(e => new MetadataEntry("started", e.Value)).ToArray();
        return new() { File = content.Path, Format = Format.Name, Technique = "XRD", Metadata = metadata, Diffractogram = pattern, Warnings = [.. warnings, .. DiffractionText.Doubts(pattern)] };
    }

    /// <summary>θ minus half of 2θ at both ends of the scan.</summary>
    private static (double First, double Last)? Offset(XElement route)
    {
        (double First, double Last)? Ends(string id) => route.Descendants("ScanAxisInfo").FirstOrDefault(a => a.Attribute("AxisId")?.Value == id) is { } axis
            && Number(axis.Element("Start")?.Value, out var start) && Number(axis.Element("Stop")?.Value, out var stop) ? (start, stop) : null;
        return Ends("TwoTheta") is var (t0, t1) && Ends("Theta") is var (w0, w1) ? (w0 - (t0 / 2), w1 - (t1 / 2)) : null;
    }

    /// <summary>Columns of 2θ, of counts and of the absorption factor, from the description beside the rows; without it the usual order (time, absorption, 2θ, θ, …, counts).</summary>
    private static (int Angle, int Counts, int Absorption) Columns(FileContent content, XElement route)
    {
        var (angle, counts, absorption) = (-1, -1, -1);
        foreach (var view in route.Descendants("RawDataView"))
        {
            if (!int.TryParse(view.Attribute("Start")?.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var start) || start is < 0 or > 1000) { continue; }
            var fields = view.Descendants("FieldDefinitions").Select(f => f.Attribute("AxisId")?.Value ?? f.Attribute("FieldName")?.Value ?? "").ToArray();
            if (Array.IndexOf(fields, "TwoTheta") is >= 0 and var i && angle < 0) { angle = start + i; }
            if (view.Descendants("Recording").Any() && counts < 0) { counts = start; }
            if (view.Attribute("LogicName")?.Value == "AbsorptionFactor") { absorption = start; }
        }
        if (route.Descendants("RawDataView").Any() && angle < 0) { throw new InputException("the scan is not one of 2θ", content.Path, "name a coupled 2θ scan"); }
        var width = route.Elements("Datum").First().Value.Split(',').Length;
        return (angle < 0 ? 2 : angle, counts < 0 ? width - 1 : counts, absorption);
    }

    private static bool Number(string? text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
}
