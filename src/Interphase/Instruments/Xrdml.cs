using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Interphase.Measurements;
using Interphase.Results;

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
        var scans = document.Descendants().Count(e => e.Name.LocalName == "scan");
        var scan = First(measurement, "scan") ?? throw Missing("scan");
        var axis = scan.Attribute("scanAxis")?.Value;
        var points = First(scan, "dataPoints") ?? throw Missing("dataPoints");
        var corrected = First(points, "intensities");
        var counts = Numbers((corrected ?? First(points, "counts") ?? throw Missing("intensities")).Value);
        var positions = points.Elements().FirstOrDefault(e => e.Name.LocalName == "positions" && e.Attribute("axis")?.Value == "2Theta") ?? throw Missing("positions of axis 2Theta");
        double[] angle;
        if (First(positions, "commonPosition") is not null) { throw new InputException($"the scan is one of {axis ?? "another axis"} at a fixed 2θ and no powder pattern", content.Path, "name a θ–2θ scan"); }
        if (First(positions, "listPositions") is { } list) { angle = Numbers(list.Value); }
        else
        {
            var (start, end) = (Number(positions, "startPosition", 1), Number(positions, "endPosition", 1));
            angle = [.. Enumerable.Range(0, counts.Length).Select(i => start + ((end - start) * i / Math.Max(1, counts.Length - 1)))];
        }
        if (angle.Length != counts.Length) { throw new InputException($"{angle.Length} angles but {counts.Length} counts", content.Path, "export the scan again"); }
        var warnings = new List<Warning>();
        if (scans > 1) { warnings.Add(new("counts", $"the file holds {scans} scans; the first is read")); }
        var factors = First(points, "beamAttenuationFactors") is { } attenuation && Numbers(attenuation.Value) is var read && read.Length == counts.Length && read.Any(f => f != 1) && read.All(f => f > 0) ? read : null;
        if (factors is not null)
        {
            // Counts are as detected; of intensities some versions say the corrected ones, which join their neighbours without a jump.
            var detected = corrected is null || Jumps(counts, factors, true) < Jumps(counts, factors, false);
            for (var i = 0; detected && i < counts.Length; i++) { counts[i] *= factors[i]; }
            warnings.Add(new("counts", $"an attenuator was in for {factors.Count(f => f != 1)} points; their counts {(detected ? "are multiplied by its factor" : "hold its factor already")}, and their errors with them"));
        }
        var wave = First(measurement, "usedWavelength");
        var crystal = measurement.Descendants().FirstOrDefault(e => e.Name.LocalName == "incidentBeamPath")?.Descendants().FirstOrDefault(e => e.Name.LocalName == "monochromator")?.Attribute("name")?.Value;
        var stated = First(wave, "ratioKAlpha2KAlpha1") is null ? double.NaN : Number(wave, "ratioKAlpha2KAlpha1", 1);
        // "K-Alpha 1" is also what is intended with both lines in the beam; a ratio of nought or a crystal of germanium before the sample leaves one.
        var single = stated == 0 || (wave?.Attribute("intended")?.Value == "K-Alpha 1" && double.IsNaN(stated)) || crystal?.Contains("Ge", StringComparison.Ordinal) == true;
        if (single && stated > 0) { warnings.Add(new("counts", $"the beam came through a monochromator ({crystal}): Kα₁ alone is taken, although the file states a ratio of Kα₂")); }
        var metadata = document.Descendants().Where(e => e.Name.LocalName is "entry" or "anodeMaterial" or "commonCountingTime" && !e.HasElements)
            .Select(e => new MetadataEntry(e.Name.LocalName == "entry" ? MetadataNames.Comments : e.Name.LocalName, e.Value)).ToArray();
        var pattern = DiffractionText.Pattern(content, angle, counts) with
        {
            Wavelength = Number(wave, "kAlpha1", 1e-10) is var k1 && k1 > 0 ? k1 : Diffractogram.CopperAlpha1,
            Wavelength2 = Number(wave, "kAlpha2", 1e-10) is var k2 && k2 > 0 ? k2 : Diffractogram.CopperAlpha2,
            Ratio = single ? 0 : stated is > 0 and <= 1 ? stated : 0.497,
            Attenuation = factors, ScanAxis = axis, Scans = scans,
            SteppedOver = scans > 1 && (measurement.Attribute("measurementStepAxis")?.Value ?? (measurement.Attribute("measurementType")?.Value == "Area measurement" ? "another axis" : null)) is { } stepped ? stepped : null,
            Offset = Incidence(points) is var (first, last) ? (first - (angle[0] / 2), last - (angle[^1] / 2)) : null,
            Radius = Number(document.Descendants().FirstOrDefault(e => e.Name.LocalName == "incidentBeamPath"), "radius", 1e-3) is var radius && radius > 0 ? radius : null,
        };
        return new() { File = content.Path, Format = Format.Name, Technique = "XRD", Metadata = metadata, Diffractogram = pattern, Warnings = [.. warnings, .. DiffractionText.Doubts(pattern)] };

        InputException Missing(string what) => new($"the file has no {what}", content.Path, "export a 2θ scan as XRDML");

        double[] Numbers(string text) => [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w =>
            double.TryParse(w, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : throw new InputException($"'{w}' is not a number", content.Path, "export the scan again"))];
    }

    /// <summary>Σ|ln| of the intensities' ratio where the attenuator went in or out.</summary>
    private static double Jumps(double[] counts, double[] factors, bool multiplied)
    {
        var sum = 0.0;
        for (var i = 1; i < counts.Length; i++)
        {
            if (factors[i] == factors[i - 1]) { continue; }
            double At(int k) => Math.Max(counts[k], 1) * (multiplied ? factors[k] : 1);
            sum += Math.Abs(Math.Log(At(i) / At(i - 1)));
        }
        return sum;
    }

    /// <summary>Angles of incidence at both ends of the scan.</summary>
    private static (double First, double Last)? Incidence(XElement points)
    {
        var omega = points.Elements().FirstOrDefault(e => e.Name.LocalName == "positions" && e.Attribute("axis")?.Value == "Omega");
        if (First(omega, "commonPosition") is not null) { return (Number(omega, "commonPosition", 1), Number(omega, "commonPosition", 1)); }
        return First(omega, "startPosition") is not null && First(omega, "endPosition") is not null ? (Number(omega, "startPosition", 1), Number(omega, "endPosition", 1)) : null;
    }

    private static XElement? First(XElement? parent, string name) => parent?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    private static double Number(XElement? parent, string name, double unit) =>
        double.TryParse(First(parent, name)?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v * unit : 0;
}
