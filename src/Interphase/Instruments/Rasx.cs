using System.Globalization;
using Interphase.Files;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Rigaku <c>.rasx</c>: a zip archive with the profile as tabbed text.</summary>
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
        using var reader = new StreamReader(entry.Open());
        var angle = new List<double>();
        var counts = new List<double>();
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Trim().Length == 0) { continue; }
            var cells = line.Split('\t');
            if (cells.Length < 2 || !double.TryParse(cells[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var a) || !double.TryParse(cells[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var c))
            {
                throw new InputException("the row is not 2θ and intensity", $"{content.Path}, {entry.FullName}:{number}", "export the scan again");
            }
            angle.Add(a);
            counts.Add(cells.Length > 2 && double.TryParse(cells[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var f) ? c * f : c);
        }
        var pattern = DiffractionText.Pattern(content, angle, counts);
        return new Measurement { File = content.Path, Format = Format.Name, Technique = "XRD", Diffractogram = pattern, Warnings = DiffractionText.Doubts(pattern) };
    });
}
