using System.Globalization;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>Bruker <c>.uxd</c>: <c>_KEY=value</c> lines and then counts, or 2θ with counts; the first range.</summary>
internal static class Uxd
{
    public static FileFormat Format { get; } = new("uxd", "Bruker DIFFRAC text (.uxd)", true, h => h.Lines.Any(l => Marker(l) is not null) && h.Lines.Any(l => l.StartsWith("_STEPSIZE", StringComparison.OrdinalIgnoreCase) || l.StartsWith("_DRIVE", StringComparison.OrdinalIgnoreCase)), Read);

    /// <summary>What follows the line: whether each row begins with its angle, and whether intensities are rates.</summary>
    private static (bool Angles, bool Rates)? Marker(string line) => line.Trim().TrimStart('_').ToUpperInvariant() is var word && line.TrimStart().StartsWith('_')
        ? word.Split('=')[0].Trim() switch { "COUNTS" => (false, false), "CPS" => (false, true), "2THETACOUNTS" => (true, false), "2THETACPS" => (true, true), _ => null }
        : null;

    private static Measurement Read(FileContent content)
    {
        var lines = content.Text().Split('\n');
        var keys = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        (bool Angles, bool Rates)? layout = null;
        var (angle, counts) = (new List<double>(), new List<double>());
        var more = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == ';') { continue; }
            if (line[0] == '_')
            {
                if (layout is not null) { more = true; break; }
                layout = Marker(line);
                if (layout is null && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals) { keys.TryAdd(line[1..equals].Trim(), line[(equals + 1)..].Trim().Trim('\'', '"')); }
                continue;
            }
            if (layout is not { } found) { throw content.AtLine(i + 1, "numbers stand before _COUNTS or _2THETACOUNTS", "export the range again as UXD"); }
            var words = line.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
            var numbers = new double[words.Length];
            for (var k = 0; k < words.Length; k++)
            {
                if (!double.TryParse(words[k], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[k]) || !double.IsFinite(numbers[k])) { throw content.AtLine(i + 1, $"'{words[k]}' is not a number", "export the range again as UXD"); }
            }
            if (!found.Angles) { counts.AddRange(numbers); }
            else if (numbers.Length == 2) { angle.Add(numbers[0]); counts.Add(numbers[1]); }
            else { throw content.AtLine(i + 1, "the row is not 2θ and counts", "export the range again as UXD"); }
        }
        if (layout is not { } kind || counts.Count == 0) { throw new InputException("the file holds no counts", content.Path, "export the range with its points"); }
        if (keys.TryGetValue("DRIVE", out var drive) && !drive.Contains("COUPLED", StringComparison.OrdinalIgnoreCase) && !drive.Contains("2THETA", StringComparison.OrdinalIgnoreCase) && !drive.Equals("DETECTOR", StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException($"the range is a scan of {drive} and not of 2θ", content.Path, "name a coupled 2θ scan");
        }
        double Key(params string[] names) => names.Select(n => keys.TryGetValue(n, out var t) && double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) ? v : double.NaN).FirstOrDefault(double.IsFinite, double.NaN);
        if (!kind.Angles)
        {
            var (start, step) = (Key("START", "2THETA"), Key("STEPSIZE"));
            if (!double.IsFinite(start) || !(step > 0)) { throw new InputException("the file says neither _START nor _STEPSIZE", content.Path, "export the range with its header"); }
            for (var i = 0; i < counts.Count; i++) { angle.Add(start + (step * i)); }
        }
        var warnings = new List<Warning>();
        var time = Key("STEPTIME");
        if (kind.Rates && !(time > 0)) { throw new InputException("the file holds counts per second and does not say the time of a step", content.Path, "add _STEPTIME=… (seconds) to its header, or export counts"); }
        var (whole, note) = kind.Rates ? ([.. counts.Select(c => Math.Round(c * time, 6))], $"the file holds counts per second; they are multiplied by the {time} s of a step") : DiffractionText.Whole([.. counts], time);
        if (note is not null) { warnings.Add(new("counts", note)); }
        if (more) { warnings.Add(new("counts", "the file holds several ranges; the first is read")); }
        double Length(double angstrom, double otherwise) => angstrom is > 0.1 and < 10 ? angstrom * 1e-10 : otherwise;
        var pattern = DiffractionText.Pattern(content, angle, whole) with
        {
            Wavelength = Length(Key("WL1"), Diffractogram.CopperAlpha1), Wavelength2 = Length(Key("WL2"), Diffractogram.CopperAlpha2),
            Ratio = Key("WLRATIO") is >= 0 and <= 1 and var r ? r : 0.497, Radius = Key("GONIOMETER_RADIUS") is > 50 and < 2000 and var mm ? mm * 1e-3 : null,
        };
        return new()
        {
            File = content.Path, Format = Format.Name, Technique = "XRD", Metadata = [.. keys.Select(k => new MetadataEntry(k.Key, k.Value))],
            Diffractogram = pattern, Warnings = [.. warnings, .. DiffractionText.Doubts(pattern)],
        };
    }
}
