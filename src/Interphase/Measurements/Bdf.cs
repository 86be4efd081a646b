using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Interphase.Files;
using Interphase.Results;

namespace Interphase.Measurements;

/// <summary>
/// Writes the Battery Data Format: one header row of preferred labels, one row a record, and the metadata in a file beside it.
/// Current is positive on charge, the imaginary part of the impedance negative when capacitive, both as everywhere here.
/// </summary>
public static class Bdf
{
    /// <summary>A column of a BDF file: header and values in the unit the header states.</summary>
    public sealed record Table(IReadOnlyList<(string Label, double[] Values)> Columns, IReadOnlyList<string> NotConverted);

    /// <summary>Writes a measurement to <paramref name="path"/> (<c>.csv</c>, <c>.csv.gz</c> or <c>.json</c>) and its metadata to <see cref="MetadataPath"/>.</summary>
    /// <returns>The number of rows written.</returns>
    /// <exception cref="InputException">The measurement holds neither rows nor spectra, or a file cannot be written.</exception>
    public static int Write(string path, Measurement measurement)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        var series = measurement.Series ?? OfSpectra(measurement);
        var table = TableOf(series, measurement.Start);
        Write(path, table);
        AtomicFile.WriteText(MetadataPath(path), Json.Text(Metadata(measurement, series, table)) + "\n");
        return series.Count;
    }

    /// <summary>Writes a time series without metadata.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, TimeSeries series) => Write(path, TableOf(series, null));

    /// <summary>Where the metadata of a BDF file lie: <c>x.bdf.csv.gz</c> → <c>x.bdf.metadata.json</c>.</summary>
    public static string MetadataPath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var stem = path;
        foreach (var end in (string[])[".gz", ".csv", ".json", ".bdf"])
        {
            if (stem.EndsWith(end, StringComparison.OrdinalIgnoreCase) && Path.GetFileName(stem).Length > end.Length) { stem = stem[..^end.Length]; }
        }
        return stem + ".bdf.metadata.json";
    }

    /// <summary>The columns BDF has a label for, in its units; the others by name in <see cref="Table.NotConverted"/>.</summary>
    public static Table TableOf(TimeSeries series, StartTime? start)
    {
        ArgumentNullException.ThrowIfNull(series);
        var columns = new List<(string, double[])>();
        var left = new List<string>();
        var order = BdfColumns.All.Select((c, i) => (c.Label, i)).ToDictionary(p => p.Label, p => p.i);
        var sinceStart = IsSinceStart(series);
        foreach (var column in series.Columns)
        {
            if (BdfColumns.Of(column.Name) is not { } bdf) { left.Add(column.Name); continue; }
            var label = column.Name is ColumnNames.ChargeCapacity or ColumnNames.DischargeCapacity or ColumnNames.ChargeEnergy or ColumnNames.DischargeEnergy
                ? Accumulator(bdf.Label, column.Values, series) is var kind && kind == bdf.Label && !sinceStart ? "Schedule " + kind : kind : bdf.Label;
            var factor = bdf.Name is null ? 1 : bdf.Scale;
            columns.Add((label, factor == 1 && bdf.Offset == 0 ? column.Values : Array.ConvertAll(column.Values, v => (v - bdf.Offset) / factor)));
        }
        if (start is { UtcOffset: { } zone } s && series.Find(ColumnNames.UnixTime) is null)
        {
            var origin = (s.Clock - zone - DateTime.UnixEpoch).TotalSeconds;
            columns.Add(("Unix Time / s", Array.ConvertAll(series.Time.ToArray(), t => origin + t)));
        }
        return new([.. columns.OrderBy(c => order[c.Item1])], left);
    }

    /// <summary>Writes a table of BDF columns as csv, compressed csv or json, by the ending of the path.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void Write(string path, Table table)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(table);
        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            AtomicFile.Write(path, stream => WriteJson(stream, table));
            return;
        }
        DelimitedColumn[] columns = [.. table.Columns.Select(c => new DelimitedColumn(c.Label, c.Values))];
        AtomicFile.Write(path, stream =>
        {
            if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) { DelimitedWriter.Write(stream, columns); return; }
            using var packed = new GZipStream(stream, CompressionLevel.Optimal);
            DelimitedWriter.Write(packed, columns);
        });
    }

    /// <summary>Writes a vendor's table as UTF-8 csv: its own names, decimal points, shortest numbers that read back the same.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public static void WriteNative(string path, NativeTable table)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(table);
        DelimitedColumn[] columns = [.. table.Columns.Select(c => new DelimitedColumn(c.Name, c.Values, c.Text))];
        AtomicFile.Write(path, stream =>
        {
            if (!path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)) { DelimitedWriter.Write(stream, columns); return; }
            using var packed = new GZipStream(stream, CompressionLevel.Optimal);
            DelimitedWriter.Write(packed, columns);
        });
    }

    /// <summary>False where the charge since the start is not what was charged less what was discharged: those count from somewhere else.</summary>
    private static bool IsSinceStart(TimeSeries series)
    {
        if (series.Find(ColumnNames.NetCharge)?.Values is not { } net || series.Find(ColumnNames.ChargeCapacity)?.Values is not { } charge || series.Find(ColumnNames.DischargeCapacity)?.Values is not { } discharge) { return true; }
        for (var i = 0; i < net.Length; i++)
        {
            if (Math.Abs(net[i] - (charge[i] - discharge[i])) > 1e-6 * Math.Max(Math.Abs(net[i]), Math.Max(charge[i], discharge[i])) + 1e-9) { return false; }
        }
        return true;
    }

    /// <summary>
    /// Instruments reset their capacity at different places; BDF has a label for each: never, with the cycle, with the step, or
    /// wherever the program says.
    /// </summary>
    private static string Accumulator(string label, double[] values, TimeSeries series)
    {
        var cycle = series.Find(ColumnNames.Cycle)?.Values;
        var step = (series.Find(ColumnNames.Step) ?? series.Find(ColumnNames.ProgramStep))?.Values;
        var (resets, withCycle, withStep) = (false, true, true);
        for (var i = 1; i < values.Length; i++)
        {
            if (!(values[i] < values[i - 1])) { continue; }
            resets = true;
            withCycle &= cycle is not null && cycle[i] != cycle[i - 1];
            withStep &= step is not null && step[i] != step[i - 1];
        }
        return !resets ? label : withCycle ? "Cycle " + label : withStep ? "Step " + label : "Schedule " + label;
    }

    private static TimeSeries OfSpectra(Measurement m)
    {
        if (m.Spectra.Count == 0) { throw new InputException("the file holds neither rows over time nor spectra, so there is nothing to convert", m.File, "choose a file with data"); }
        double[] All(Func<ImpedanceSpectrum, double[]?> values, Func<ImpedanceSpectrum, double?> single) =>
            [.. m.Spectra.SelectMany(s => values(s) ?? [.. Enumerable.Repeat(single(s) ?? double.NaN, s.Count)])];
        var columns = new List<Column>
        {
            new(ColumnNames.Time, "s", All(s => s.PointTime, s => s.Time), "time of the points"),
            new(ColumnNames.Frequency, "Hz", All(s => s.Frequency, _ => null), "spectra"),
            new(ColumnNames.RealImpedance, "ohm", All(s => [.. s.Impedance.Select(z => z.Real)], _ => null), "spectra"),
            new(ColumnNames.ImaginaryImpedance, "ohm", All(s => [.. s.Impedance.Select(z => z.Imaginary)], _ => null), "spectra"),
            new("Absolute Impedance / ohm", "ohm", All(s => [.. s.Impedance.Select(z => z.Magnitude)], _ => null), "spectra"),
            new("Phase / deg", "deg", All(s => [.. s.Impedance.Select(z => z.Phase * 180 / Math.PI)], _ => null), "spectra"),
        };
        var potential = All(s => s.PointPotential, s => s.Potential);
        if (!potential.All(double.IsNaN)) { columns.Add(new(ColumnNames.Potential, "V", potential, "spectra")); }
        return new(columns);
    }

    private static JsonObject Metadata(Measurement m, TimeSeries series, Table table)
    {
        var entries = new JsonArray();
        foreach (var e in m.Metadata)
        {
            entries.Add(new JsonObject
            {
                ["name"] = e.Name, ["text"] = e.Text, ["value"] = e.Quantity is { } q ? q.Unit.FromSi(q.Value) : null, ["unit"] = e.Quantity?.Unit.Text, ["isDefault"] = e.IsDefault,
            });
        }
        var columns = new JsonArray();
        foreach (var c in series.Columns.Where(c => BdfColumns.Of(c.Name) is not null))
        {
            columns.Add(new JsonObject { ["name"] = c.Name, ["origin"] = c.Origin, ["reference"] = c.Reference?.ToString() });
        }
        return new()
        {
            ["conformsTo"] = "https://w3id.org/battery-data-alliance/ontology/battery-data-format",
            ["sourceFile"] = Path.GetFileName(m.File), ["format"] = m.Format, ["technique"] = m.Technique, ["start"] = m.Start?.ToString(),
            ["timeZoneKnown"] = m.Start?.UtcOffset is not null, ["rows"] = series.Count, ["columns"] = columns,
            ["notConverted"] = new JsonArray([.. table.NotConverted.Select(n => (JsonNode)n)]), ["metadata"] = entries,
            ["warnings"] = new JsonArray([.. m.Warnings.Select(w => (JsonNode)new JsonObject { ["path"] = w.Path, ["text"] = w.Text })]),
        };
    }

    private static void WriteJson(Stream stream, Table table)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        foreach (var (label, values) in table.Columns)
        {
            json.WriteStartArray(label);
            foreach (var v in values)
            {
                if (double.IsFinite(v)) { json.WriteNumberValue(v); }
                else { json.WriteNullValue(); }
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
