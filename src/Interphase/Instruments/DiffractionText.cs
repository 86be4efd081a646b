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
        IEnumerable<Warning> silent = metadata.Exists(m => m.Name == "K-Alpha1 wavelength") ? [] : [new("phases", "the file does not say the radiation; Cu Kα, both lines, is taken (--wavelength says another)")];
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
        return new() { File = content.Path, Format = Format.Name, Technique = "XRD", Metadata = metadata, Diffractogram = pattern, Warnings = [.. silent, .. Doubts(pattern)] };
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
        var pattern = new Diffractogram([.. angle], [.. counts]);
        return Fractions(pattern.Counts) ? pattern with { VariancePerCount = Scatter(pattern.Counts) } : pattern;
    }

    private static bool Fractions(double[] counts) => counts.Count(c => Math.Abs(c - Math.Round(c)) > 1e-3 * Math.Max(1, Math.Abs(c) * 1e-3)) > counts.Length / 20;

    /// <summary>Variance over intensity from second differences: their square is 6σ², and the median of χ² with one degree of freedom is 0.4549.</summary>
    private static double Scatter(double[] y)
    {
        var ratios = Enumerable.Range(1, y.Length - 2).Where(i => y[i - 1] + y[i] + y[i + 1] > 0)
            .Select(i => Math.Pow(y[i - 1] - (2 * y[i]) + y[i + 1], 2) / (6 * 0.4549 * (y[i - 1] + y[i] + y[i + 1]) / 3)).Order().ToArray();
        return ratios.Length > 0 && ratios[ratios.Length / 2] is > 0 and var v ? v : 1;
    }

    /// <summary>Counts as whole numbers: rates become counts where the time of a step (s) makes them so, which the note then says.</summary>
    public static (double[] Counts, string? Note) Whole(double[] intensity, double seconds)
    {
        static bool IsWhole(double[] v) => v.All(x => !double.IsFinite(x) || Math.Abs(x - Math.Round(x)) < 1e-3 * Math.Max(1, 1e-3 * Math.Abs(x)));
        if (IsWhole(intensity) || !(seconds > 0) || seconds > 1e6) { return (intensity, null); }
        var counts = Array.ConvertAll(intensity, x => x * seconds);
        return IsWhole(counts) ? (Array.ConvertAll(counts, Math.Round), FormattableString.Invariant($"the file holds counts per second; they are multiplied by the {seconds:G4} s of a step")) : (intensity, null);
    }

    public static List<Warning> Doubts(Diffractogram pattern)
    {
        var doubts = new List<Warning>();
        if (Fractions(pattern.Counts)) { doubts.Add(new("counts", "the intensities are no whole numbers but rates, or scaled; their noise is judged from the scatter of neighbouring points")); }
        if (pattern.Counts.Any(c => c < 0)) { doubts.Add(new("counts", "counts below zero: a background was subtracted, so that errors and crystallinity cannot be trusted; export the raw counts")); }
        return doubts;
    }

    private static string Columns(string line) => line.Trim().Replace(',', ' ').Replace(';', ' ').Replace('\t', ' ');
}
