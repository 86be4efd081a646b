using System.Globalization;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>Powder patterns as columns: 2θ, counts and perhaps their error (<c>.xy</c>, <c>.xye</c>), and PANalytical csv.</summary>
internal static class DiffractionText
{
    public static FileFormat Format { get; } = new("xy", "powder pattern as text columns (.xy, .xye, PANalytical csv)", true, Recognises, Read);

    private static bool Recognises(FileHead head)
    {
        var extension = Path.GetExtension(head.Path).ToLowerInvariant();
        return head.Text.StartsWith("[Measurement conditions]", StringComparison.Ordinal)
            || (extension is ".xy" or ".xye" && head.Lines.Any(l => ThermalColumns.Numbers(Columns(l), ' ', 2) is { } n && n[0] is > -20 and < 180));
    }

    private static Measurement Read(FileContent content)
    {
        var metadata = new List<MetadataEntry>();
        var angle = new List<double>();
        var counts = new List<double>();
        var error = new List<double>();
        var lines = content.Text().Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = Columns(lines[i]);
            if (line.Length == 0) { continue; }
            if (ThermalColumns.Numbers(line, ' ', 2) is not { } pair)
            {
                if (angle.Count > 0) { throw content.AtLine(i + 1, "the row has not two numbers", "remove what is not a row of 2θ and counts"); }
                var comma = lines[i].IndexOf(',', StringComparison.Ordinal);
                if (comma > 0) { metadata.Add(new(lines[i][..comma].Trim(), lines[i][(comma + 1)..].Trim())); }
                else { metadata.Add(new(MetadataNames.Comments, lines[i].Trim())); }
                continue;
            }
            if (line[0] is '[') { continue; }
            angle.Add(pair[0]);
            counts.Add(pair[1]);
            if (ThermalColumns.Numbers(line, ' ', 3) is { } triple) { error.Add(triple[2]); }
        }
        double Says(string name, double otherwise) => double.TryParse(metadata.FirstOrDefault(m => m.Name == name)?.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && v > 0 ? v : otherwise;
        var pattern = Pattern(content, angle, counts) with
        {
            Wavelength = Says("K-Alpha1 wavelength", Diffractogram.CopperAlpha1 * 1e10) * 1e-10,
            Wavelength2 = Says("K-Alpha2 wavelength", Diffractogram.CopperAlpha2 * 1e10) * 1e-10,
            Ratio = Says("Ratio K-Alpha2/K-Alpha1", 0.497),
        };
        if (error.Count == angle.Count)
        {
            var ratios = error.Zip(counts, (e, c) => e * e / c).Where(r => double.IsFinite(r) && r > 0).Order().ToArray();
            if (ratios.Length > 0) { pattern = pattern with { VariancePerCount = ratios[ratios.Length / 2] }; }
        }
        return new() { File = content.Path, Format = Format.Name, Technique = "XRD", Metadata = metadata, Diffractogram = pattern, Warnings = Doubts(pattern) };
    }

    /// <summary>Checks what every pattern must hold.</summary>
    public static Diffractogram Pattern(FileContent content, IReadOnlyList<double> angle, IReadOnlyList<double> counts)
    {
        if (angle.Count < 20) { throw new InputException("the pattern has fewer than twenty points", content.Path, "export the whole scan"); }
        for (var i = 0; i < angle.Count; i++)
        {
            if (!double.IsFinite(angle[i]) || !double.IsFinite(counts[i]) || angle[i] is < -20 or > 180 || (i > 0 && angle[i] <= angle[i - 1]))
            {
                throw new InputException("2θ does not rise within −20…180°", $"{content.Path}, point {i + 1}", "export one scan with rising 2θ");
            }
        }
        return new([.. angle], [.. counts]);
    }

    public static List<Warning> Doubts(Diffractogram pattern)
    {
        var doubts = new List<Warning>();
        if (pattern.Counts.Any(c => c < 0)) { doubts.Add(new("counts", "counts below zero: a background was subtracted, so that errors and crystallinity cannot be trusted; export the raw counts")); }
        return doubts;
    }

    private static string Columns(string line) => line.Trim().Replace(',', ' ').Replace(';', ' ').Replace('\t', ' ');
}
