using System.Globalization;
using System.IO.Compression;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// What a NETZSCH instrument itself saves: <c>.ngb-ss3</c> (sample), <c>.ngb-ds3</c> (sample and its correction run) and <c>.ngb-bs3</c> (correction run).
/// Where the correction run is in the file, it is subtracted as Proteus does when it shows the curve.
/// </summary>
internal static class NetzschNgb
{
    public static FileFormat Format { get; } = new("netzsch-ngb", "NETZSCH Proteus measurement (.ngb-ss3, .ngb-ds3)", IsText: false,
        h => h.StartsWith("PK\u0003\u0004") && h.Bytes.Span.IndexOf("Streams/stream_1.table"u8) is >= 0 and < 256, Read);

    private const int LargestStream = 1 << 29;
    private const string NotSubtracted = "not subtracted";
    private const int Time = 0x8C, Temperature = 0x8D, Signal = 0x8E, Mass = 0x90;

    /// <summary>One run: its channels by number.</summary>
    private sealed class Run
    {
        public Dictionary<int, List<double>> Channels { get; } = [];

        public double[]? this[int channel] => Channels.TryGetValue(channel, out var c) && c.Count > 0 ? [.. c] : null;
    }

    private static Measurement Read(FileContent content) => PackedFile.Read(content.Bytes, content.Path, "the archive of streams is damaged", "copy the file from the instrument's computer again", archive => Read(archive, content.Path, null));

    /// <summary>The measurement with the correction run subtracted that lies beside it under the name the measurement gives; unchanged where none does.</summary>
    public static Measurement Complete(Measurement m, string path)
    {
        if (m.Metadata.FirstOrDefault(e => e.Name == "correction file")?.Text is not { } named || m.Metadata.Any(e => e is { Name: "correction", Text: not NotSubtracted })) { return m; }
        var beside = new FileInfo(Path.Join(Path.GetDirectoryName(path), NameOf(named)));
        if (!beside.Exists || beside.Length > LargestStream || beside.FullName == Path.GetFullPath(path)) { return m; }
        try
        {
            var correction = PackedFile.Read(File.ReadAllBytes(beside.FullName), beside.FullName, "the archive of streams is damaged", "", archive => Runs(archive, beside.FullName)[0]);
            return PackedFile.Read(File.ReadAllBytes(path), path, "the archive of streams is damaged", "", archive => Read(archive, path, correction));
        }
        catch (InputException e)
        {
            return m with { Warnings = [.. m.Warnings, new Warning("mass", $"the correction run {beside.Name} beside the file cannot be read and is left aside: {e.What}")] };
        }
    }

    private static Measurement Read(ZipArchive archive, string path, Run? correction)
    {
        var about = Tables(archive, 1, path) ?? throw new InputException("the archive has no stream of metadata", path, "copy the file from the instrument's computer again");
        var runs = Runs(archive, path);
        var run = runs[0];
        correction ??= runs.Count > 1 ? runs[1] : null;
        if (run[Time] is not { } minutes || run[Temperature] is not { } celsius) { throw new InputException("the measurement has no time or no sample temperature", path, "export it as text from Proteus (Extras > Export data)"); }
        var warnings = new List<Warning>();
        double[]? Channel(int number, string what)
        {
            if (run[number] is not { } values) { return null; }
            if (values.Length == minutes.Length) { return values; }
            warnings.Add(new(what, $"the channel has {values.Length} points and the time {minutes.Length}; it is left out"));
            return null;
        }

        if (celsius.Length != minutes.Length || minutes.Length < 10) { throw new InputException($"the channels do not fit each other: {minutes.Length} times and {celsius.Length} temperatures", path, "copy the file from the instrument's computer again"); }
        var time = Array.ConvertAll(minutes, x => 60 * x);
        var (mass, signal) = (Channel(Mass, "mass"), Channel(Signal, "heatFlow"));
        var corrected = correction?[Time] is { } other && Rises(other) && SameProgramme(minutes, celsius, other, correction[Temperature]);
        if (corrected)
        {
            mass = Less(mass, minutes, correction![Time]!, correction[Mass]);
            signal = Less(signal, minutes, correction[Time]!, correction[Signal]);
        }
        var stated = about.Where(t => t.Category == 0x7530).Select(t => t.Number(0x0C9E)).FirstOrDefault(x => !double.IsNaN(x), double.NaN);
        if (!(stated > 0)) { throw new InputException("the file states no sample mass: it is a correction run with an empty crucible", path, "name the sample's run (.ngb-ss3, .ngb-ds3)"); }
        if (celsius.Concat(mass ?? []).Concat(signal ?? []).Concat(time).Any(x => !double.IsFinite(x)) || celsius.Any(x => x is < -223 or > 3200)) { throw new InputException("a value of the measurement is impossible", path, "copy the file from the instrument's computer again"); }
        var heat = HeatFlow(signal, celsius, stated * 1e-6, about, warnings);
        if (!corrected)
        {
            warnings.Add(new("mass", $"the file holds the run as measured, not corrected for the empty crucible{(First(about, 0x1770, 0x0843) is { Length: > 0 } file ? $" (its correction is {NameOf(file)})" : "")}: buoyancy and the sensor's own baseline are in it; lay that file beside this one, and it is subtracted"));
        }
        return new()
        {
            File = path, Format = Format.Name, Technique = heat is null ? "TG" : mass is null ? "DSC" : "TG-DSC", Metadata = [.. Metadata(about, corrected)], Warnings = warnings,
            Thermal = new(time, Array.ConvertAll(celsius, x => x + 273.15))
            {
                InitialMass = stated * 1e-6, HeatFlow = heat, ExothermUp = heat is null ? null : ExothermUp(about),
                // The balance is tared with the sample on it.
                Mass = mass is null ? null : Array.ConvertAll(mass, x => 1 + ((x - mass[0]) / stated)),
            },
        };
    }

    /// <summary>The name of a file without the folders of the instrument's computer.</summary>
    private static string NameOf(string path) => path[(path.LastIndexOfAny(['\\', '/']) + 1)..];

    private static List<NgbTable>? Tables(ZipArchive archive, int number, string path)
    {
        if (archive.GetEntry($"Streams/stream_{number}.table") is not { } entry) { return null; }
        if (entry.Length > LargestStream) { throw new InputException("a stream of the measurement is larger than 0.5 GB", path, "export the run as text from Proteus"); }
        return NgbTables.Of(PackedFile.Bytes(entry), number, path);
    }

    /// <summary>Channels in the order of the streams: a header names the channel, tables of values follow; a channel named again begins the next run.</summary>
    private static List<Run> Runs(ZipArchive archive, string path)
    {
        List<NgbTable> tables = [.. Tables(archive, 2, path) ?? [], .. Tables(archive, 3, path) ?? []];
        var runs = new List<Run> { new() };
        List<double>? open = null;
        var seen = new Dictionary<int, int>();
        foreach (var table in tables)
        {
            if (table.Kind == 0x2B22)
            {
                var channel = table.Category & 0xFF;
                var run = seen[channel] = seen.GetValueOrDefault(channel, -1) + 1;
                if (run > 1) { break; }
                if (run == runs.Count) { runs.Add(new()); }
                runs[run].Channels[channel] = open = [];
            }
            else if (table.Kind == 0x2B23 && open is not null)
            {
                var values = (table.Fields.GetValueOrDefault(0x0F40).Numbers ?? table.Fields.GetValueOrDefault(0x0F3D).Numbers) ?? throw new InputException("a segment of the measurement holds no numbers", path, "copy the file from the instrument's computer again");
                open.AddRange(values);
            }
        }
        return runs;
    }

    private static bool Rises(double[] x)
    {
        for (var i = 1; i < x.Length; i++) { if (!(x[i] >= x[i - 1])) { return false; } }
        return x.Length > 1;
    }

    /// <summary>Whether two runs have the same temperature at the same time, within 5 K for the most part.</summary>
    private static bool SameProgramme(double[] time, double[] celsius, double[] otherTime, double[]? other) =>
        Less(celsius, time, otherTime, other) is { } d && other?.Length == otherTime.Length && d.Count(x => Math.Abs(x) < 5) > 0.8 * d.Length;

    /// <summary>A channel less that of the correction run at the same time.</summary>
    private static double[]? Less(double[]? y, double[] time, double[] otherTime, double[]? other)
    {
        if (y is null || other is null || other.Length != otherTime.Length) { return y; }
        var k = 0;
        var left = new double[y.Length];
        for (var i = 0; i < y.Length; i++)
        {
            while (k < other.Length - 2 && otherTime[k + 1] < time[i]) { k++; }
            var step = otherTime[k + 1] - otherTime[k];
            var part = step > 0 ? Math.Clamp((time[i] - otherTime[k]) / step, 0, 1) : 0;
            left[i] = y[i] - (other[k] + (part * (other[k + 1] - other[k])));
        }
        return left;
    }

    /// <summary>µV to W/kg by the calibration in the file: (P₂ + P₃z + P₄z² + P₅z³)exp(−z²) in µV/mW with z = (T − P₀)/P₁, T in °C.</summary>
    private static double[]? HeatFlow(double[]? signal, double[] celsius, double kilograms, List<NgbTable> about, List<Warning> warnings)
    {
        if (signal is null) { return null; }
        int[] ids = [0x044F, 0x0450, 0x0451, 0x0452, 0x0453, 0x04C3];
        var table = about.Find(t => t.Category == 0x01F5 && ids.All(i => !double.IsNaN(t.Number(i))));
        if (table is not null)
        {
            var p = ids.Select(table.Number).ToArray();
            var sensitivity = Array.ConvertAll(celsius, t => (t - p[0]) / p[1] is var z ? (p[2] + (z * (p[3] + (z * (p[4] + (z * p[5])))))) * Math.Exp(-z * z) : 0);
            if (sensitivity.All(s => s > 1e-4)) { return [.. signal.Select((x, i) => x / sensitivity[i] * 1e-3 / kilograms)]; }
        }
        warnings.Add(new("heatFlow", "the file holds no calibration of its heat-flow sensor at these temperatures, so the signal in µV is left out; calibrate it in Proteus and export it as text"));
        return null;
    }

    /// <summary>The enthalpies of melting standards are stored negative with the area they gave: areas of the same sign mean that heat set free is positive.</summary>
    private static bool? ExothermUp(List<NgbTable> about)
    {
        var signs = about.Where(t => t.Fields.ContainsKey(0x0454) && !t.Fields.ContainsKey(0x0444)).Select(t => t.Number(0x0456) * t.Number(0x0455)).Where(s => Math.Abs(s) > 0).Select(Math.Sign).Distinct().ToArray();
        return signs is [var sign] ? sign > 0 : null;
    }

    private static string? First(List<NgbTable> about, int category, int field) => about.Where(t => t.Category == category).Select(t => t.Text(field)).FirstOrDefault(t => t is not null);

    private static IEnumerable<MetadataEntry> Metadata(List<NgbTable> about, bool corrected)
    {
        (string Key, int Category, int Field)[] texts =
        [
            (MetadataNames.Instrument, 0x1775, 0x1059), ("sample", 0x7530, 0x0840), ("material", 0x7530, 0x0962), ("operator", 0x1772, 0x0835), ("laboratory", 0x1772, 0x0834),
            (MetadataNames.Comments, 0x1772, 0x083D), ("crucible", 0x177E, 0x0840), ("furnace", 0x177A, 0x0840), ("carrier", 0x1779, 0x0840), ("correction file", 0x1770, 0x0843),
        ];
        foreach (var (key, category, field) in texts)
        {
            if (First(about, category, field) is { Length: > 0 } text) { yield return new(key, text); }
        }
        if (about.Where(t => t.Category == 0x1772).Select(t => t.Number(0x083E)).FirstOrDefault(x => x > 0) is > 0 and < 4e9 and var seconds)
        {
            yield return new("date", DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }
        var stages = about.Where(t => t.Kind == 0x2B0C && t.Fields.ContainsKey(0x0E13) && t.Number(0x083F) is 0 or 1).OrderBy(t => t.Category).ToArray();
        for (var i = 0; i < stages.Length; i++)
        {
            var (rate, to, minutes) = (stages[i].Number(0x0E13), stages[i].Number(0x0E17), stages[i].Number(0x0E15));
            yield return new($"stage {i}", i == 0 ? FormattableString.Invariant($"from {to:0.#} °C") : rate == 0 ? FormattableString.Invariant($"hold at {to:0.#} °C for {minutes:0.##} min") : FormattableString.Invariant($"to {to:0.#} °C at {rate:0.##} K/min"));
        }
        foreach (var device in about.Where(t => t.Kind == 0x2B07 && t.Number(0x104B) == 2 && t.Text(0x0840) is not null))
        {
            if (device.Number(0x083F) switch { 30 => "purge gas 1", 31 => "purge gas 2", 32 => "protective gas", _ => null } is { } role) { yield return new(role, device.Text(0x0840)!); }
        }
        yield return new("correction", corrected ? "subtracted" : NotSubtracted);
    }
}
