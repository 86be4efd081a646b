using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>PANalytical XRDML: the first scan.</summary>
internal static class Xrdml
{
    public static FileFormat Format { get; } = new("xrdml", "PANalytical XRDML", true, h => h.Text.Contains("<xrdMeasurements", StringComparison.Ordinal), Read);

    private static Measurement Read(FileContent content)
    {
        XDocument document;
        try
        {
            using var reader = XmlReader.Create(new StringReader(content.Text()), new() { DtdProcessing = DtdProcessing.Prohibit, MaxCharactersInDocument = 200_000_000 });
            document = XDocument.Load(reader);
        }
        catch (XmlException e) { throw new InputException($"the XML is damaged ({e.Message.TrimEnd('.')})", $"{content.Path}:{e.LineNumber}", "export the scan again", e); }
        var measurement = First(document.Root, "xrdMeasurement") ?? throw Missing("xrdMeasurement");
        var points = First(First(measurement, "scan") ?? throw Missing("scan"), "dataPoints") ?? throw Missing("dataPoints");
        var counts = Numbers((First(points, "intensities") ?? First(points, "counts") ?? throw Missing("intensities")).Value);
        var positions = points.Elements().FirstOrDefault(e => e.Name.LocalName == "positions" && e.Attribute("axis")?.Value == "2Theta") ?? throw Missing("positions of axis 2Theta");
        double[] angle;
        if (First(positions, "listPositions") is { } list) { angle = Numbers(list.Value); }
        else
        {
            var (start, end) = (Number(positions, "startPosition", 1), Number(positions, "endPosition", 1));
            angle = [.. Enumerable.Range(0, counts.Length).Select(i => start + ((end - start) * i / Math.Max(1, counts.Length - 1)))];
        }
        if (angle.Length != counts.Length) { throw new InputException($"{angle.Length} angles but {counts.Length} counts", content.Path, "export the scan again"); }
        if (First(points, "beamAttenuationFactors") is { } attenuation && Numbers(attenuation.Value) is var factors && factors.Length == counts.Length && factors.Any(f => f != 1))
        {
            for (var i = 0; i < counts.Length; i++) { counts[i] *= factors[i]; }
        }
        var wave = First(measurement, "usedWavelength");
        var single = wave?.Attribute("intended")?.Value == "K-Alpha 1" && First(wave, "ratioKAlpha2KAlpha1") is null;
        var metadata = document.Descendants().Where(e => e.Name.LocalName is "entry" or "anodeMaterial" or "commonCountingTime" && !e.HasElements)
            .Select(e => new MetadataEntry(e.Name.LocalName == "entry" ? MetadataNames.Comments : e.Name.LocalName, e.Value)).ToArray();
        var pattern = DiffractionText.Pattern(content, angle, counts) with
        {
            Wavelength = Number(wave, "kAlpha1", 1e-10) is var k1 && k1 > 0 ? k1 : Diffractogram.CopperAlpha1,
            Wavelength2 = Number(wave, "kAlpha2", 1e-10) is var k2 && k2 > 0 ? k2 : Diffractogram.CopperAlpha2,
            Ratio = single ? 0 : Number(wave, "ratioKAlpha2KAlpha1", 1) is var r && r > 0 ? r : 0.497,
            Radius = Number(document.Descendants().FirstOrDefault(e => e.Name.LocalName == "incidentBeamPath"), "radius", 1e-3) is var radius && radius > 0 ? radius : null,
        };
        return new() { File = content.Path, Format = Format.Name, Technique = "XRD", Metadata = metadata, Diffractogram = pattern, Warnings = DiffractionText.Doubts(pattern) };

        InputException Missing(string what) => new($"the file has no {what}", content.Path, "export a 2θ scan as XRDML");

        double[] Numbers(string text) => [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w =>
            double.TryParse(w, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : throw new InputException($"'{w}' is not a number", content.Path, "export the scan again"))];
    }

    private static XElement? First(XElement? parent, string name) => parent?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    private static double Number(XElement? parent, string name, double unit) =>
        double.TryParse(First(parent, name)?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v * unit : 0;
}
