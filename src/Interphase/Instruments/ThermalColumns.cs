using System.Globalization;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>What a thermal export says beside its rows.</summary>
internal sealed class ThermalHeader
{
    public List<MetadataEntry> Metadata { get; } = [];
    public List<Warning> Warnings { get; } = [];

    /// <summary>Sample mass in kg; null where the file does not say it.</summary>
    public double? Mass { get; set; }

    /// <summary>True where the file says that exothermic is positive.</summary>
    public bool? ExothermUp { get; set; }

    /// <summary>Heating rate in K/s, used where there is no column of time.</summary>
    public double? Rate { get; set; }

    /// <summary>True where the file states a mass of zero: a run of the empty crucible.</summary>
    public bool IsBlank { get; set; }

    /// <summary>Takes the sample mass from a text such as <c>8.40 mg</c>.</summary>
    public void TakeMass(string text)
    {
        if (ThermalColumns.Milligrams(text) is not { } kg) { return; }
        if (kg > 0) { Mass ??= kg; }
        else { IsBlank = true; }
    }
}

/// <summary>Rows of the used columns of a thermal table, in the order time, temperature, mass, heat flow, sensitivity.</summary>
internal sealed class ThermalColumns
{
    private const int Kinds = 5;
    private readonly ThermalColumn[] columns;
    private readonly string[] names;
    private readonly int[] places = new int[Kinds];
    private readonly List<double>[] values = [.. Enumerable.Range(0, Kinds).Select(_ => new List<double>())];
    private readonly double[] row = new double[Kinds];
    private readonly int last;

    private ThermalColumns(ThermalColumn[] columns, string[] names)
    {
        (this.columns, this.names) = (columns, names);
        for (var k = 0; k < Kinds; k++)
        {
            places[k] = Enumerable.Range(0, columns.Length).Where(i => columns[i].Kind == ThermalKind.Time + k).OrderBy(i => columns[i].Preference).ThenBy(i => Calibrated(columns[i])).FirstOrDefault(-1);
        }
        last = places.Max();
    }

    /// <summary>Number of rows taken.</summary>
    public int Count => values[0].Count;

    /// <summary>The columns of a header, with the row of units below it where there is one; null where it names no temperature, or neither mass nor heat flow.</summary>
    public static ThermalColumns? Of(IReadOnlyList<string> header, IReadOnlyList<string>? units = null)
    {
        if (header.Count is < 2 or > 200) { return null; }
        var columns = header.Select((h, i) => ThermalColumn.Of(h, units is not null && i < units.Count ? units[i] : null)).ToArray();
        var names = header.Select((h, i) => (h.Trim().Trim('"') + (units is not null && i < units.Count ? " " + units[i].Trim() : "")).Trim()).ToArray();
        return columns.Any(c => c.Kind == ThermalKind.Temperature) && columns.Any(c => c.Kind is ThermalKind.Mass or ThermalKind.HeatFlow) ? new(columns, names) : null;
    }

    /// <summary>Whether the columns name a thermal curve beyond doubt: units of temperature and of mass or heat, and none of a cell's quantities.</summary>
    public bool IsCertain => names.All(n => !n.Contains("current", StringComparison.OrdinalIgnoreCase) && !n.Contains("volt", StringComparison.OrdinalIgnoreCase) && !n.Contains("capacity", StringComparison.OrdinalIgnoreCase))
        && (places[0] >= 0 || (columns[places[1]].Unit.Length > 0 && columns.Any(c => c.Kind is ThermalKind.Mass or ThermalKind.HeatFlow && c.Unit is { Length: > 0 } and not "1")));

    /// <summary>Adds the numbers of a line; false where it holds none for a used column.</summary>
    public bool Add(ReadOnlySpan<char> line, char separator, bool decimalComma)
    {
        Array.Fill(row, double.NaN);
        var (column, at) = (0, 0);
        while (column <= last)
        {
            if (separator == ' ') { while (at < line.Length && line[at] is ' ' or '\t') { at++; } }
            if (at > line.Length || (separator == ' ' && at == line.Length)) { return false; }
            var rest = line[at..];
            var end = separator == ' ' ? rest.IndexOfAny(' ', '\t') : rest.IndexOf(separator);
            var cell = end < 0 ? rest : rest[..end];
            var k = Array.IndexOf(places, column);
            if (k >= 0)
            {
                var number = cell.Trim().Trim('"').Trim();
                if (k >= 2 && IsNone(number)) { column++; at = end < 0 ? line.Length + 1 : at + end + 1; continue; }
                if (!Number(number, decimalComma, k == 0, out row[k])) { return false; }
            }
            column++;
            if (end < 0) { at = line.Length + 1; continue; }
            at += end + 1;
        }
        for (var k = 0; k < Kinds; k++) { values[k].Add(row[k]); }
        return true;
    }

    /// <summary>What exports write where there is no reading.</summary>
    private static bool IsNone(ReadOnlySpan<char> cell) => cell.IsEmpty || cell.Trim('-').IsEmpty || cell.TrimStart("+-") is var word
        && (word.Equals("nan", StringComparison.OrdinalIgnoreCase) || word.StartsWith("inf", StringComparison.OrdinalIgnoreCase) || word is "∞" || word.Equals("n/a", StringComparison.OrdinalIgnoreCase) || word.Equals("#n/a", StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds a row that is already numbers.</summary>
    public void Add(ReadOnlySpan<double> numbers)
    {
        for (var k = 0; k < Kinds; k++) { values[k].Add(places[k] < 0 ? double.NaN : numbers[places[k]]); }
    }

    /// <summary>Makes the measurement.</summary>
    /// <param name="content">The file, for messages.</param>
    /// <param name="format">Name of its format.</param>
    /// <param name="header">What else the file says.</param>
    public Measurement Curve(FileContent content, string format, ThermalHeader header)
    {
        var path = content.Path;
        if (Count < 10) { throw new InputException($"the file holds {Count} rows of numbers under its header, and ten are needed", path, "export the whole run"); }
        if (header.IsBlank && header.Mass is null) { throw new InputException("the file states a sample mass of 0 mg: it is a run of the empty crucible", path, "name the run of the sample, corrected for this one in the instrument's software"); }
        var warnings = header.Warnings;
        LeaveOutEmpty(warnings);
        if (Count < 10) { throw new InputException("fewer than ten rows have a number in each column", path, "export the whole run"); }
        var kelvin = Temperature(path, warnings);
        var time = Time(path, kelvin, header.Rate, warnings);
        var mass = header.Mass;
        var fraction = Mass(path, ref mass, warnings);
        var heat = HeatFlow(mass, warnings);
        if (fraction is null && heat is null && warnings.Count == 0) { throw new InputException("the file holds neither mass nor heat flow", path, "export mass or heat flow with time and temperature"); }
        return new()
        {
            File = path, Format = format, Technique = fraction is null ? "DSC" : heat is null ? "TG" : "TG-DSC",
            Metadata = header.Metadata, Warnings = warnings,
            Thermal = new(time, kelvin) { Mass = fraction, HeatFlow = heat, InitialMass = mass, ExothermUp = header.ExothermUp },
        };
    }

    /// <summary>A mass such as <c>8.40 mg</c> in kg; null where the text is none.</summary>
    public static double? Milligrams(string? text)
    {
        var words = (text ?? "").Trim().Split([' ', '\t', ';'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) { return null; }
        var number = words[0].TrimEnd(',').Replace(',', '.');
        var unit = words.Length > 1 ? words[1] : "mg";
        if (number.IndexOfAny(['m', 'g', 'k', 'µ']) is > 0 and var cut) { (number, unit) = (number[..cut], number[cut..]); }
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && v >= 0 && v < 1e6 ? v * (unit switch { "g" => 1e-3, "kg" => 1, "µg" or "ug" => 1e-9, _ => 1e-6 }) : null;
    }

    /// <summary>The numbers of a row, or null where it is not one.</summary>
    public static double[]? Numbers(string line, char separator, int count)
    {
        var cells = separator == ' ' ? line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) : line.Split(separator);
        var found = new double[count];
        var n = 0;
        foreach (var cell in cells)
        {
            var text = cell.AsSpan().Trim();
            if (text.IsEmpty && n == 0) { continue; }
            if (n == count) { break; }
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) || !double.IsFinite(v)) { return null; }
            found[n++] = v;
        }
        return n == count ? found : null;
    }

    private static int Calibrated(ThermalColumn c) => c.Unit is "uv" or "uv/mg" ? 1 : 0;

    private static bool Number(ReadOnlySpan<char> cell, bool decimalComma, bool isTime, out double value)
    {
        value = double.NaN;
        if (isTime && cell.Contains(':'))
        {
            double seconds = 0;
            foreach (var part in cell.ToString().Split(':'))
            {
                if (!double.TryParse(part.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var v) || !double.IsFinite(v)) { return false; }
                seconds = (60 * seconds) + v;
            }
            value = seconds;
            return true;
        }
        if (!decimalComma || !cell.Contains(',')) { return double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value); }
        Span<char> copy = stackalloc char[64];
        if (cell.Length > copy.Length) { return false; }
        cell.Replace(copy, ',', '.');
        return double.TryParse(copy[..cell.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    /// <summary>Leaves out a column that is mostly empty, and else the rows in which a cell is.</summary>
    private void LeaveOutEmpty(List<Warning> warnings)
    {
        for (var k = 2; k < Kinds; k++)
        {
            if (places[k] < 0) { continue; }
            var empty = values[k].Count(double.IsNaN);
            if (empty == 0) { continue; }
            if (empty > Count / 2)
            {
                warnings.Add(new(names[places[k]], "the column is mostly empty and is left out"));
                places[k] = -1;
                continue;
            }
            warnings.Add(new(names[places[k]], $"{empty} cells hold no number; their rows are left out"));
            var kept = values[k].Select(v => !double.IsNaN(v)).ToArray();
            for (var j = 0; j < Kinds; j++) { values[j] = [.. values[j].Where((_, i) => kept[i])]; }
        }
    }

    private double[] Take(int kind, Func<double, double> convert) => [.. values[kind].Select(convert)];

    private double[] Temperature(string path, List<Warning> warnings)
    {
        var (unit, name) = (columns[places[1]].Unit, names[places[1]]);
        var first = values[1][0];
        if (unit is not ("c" or "k"))
        {
            if (unit == "f") { throw new InputException("the temperature is in °F", $"{path}, column {name}", "export it in °C or K"); }
            if (values[1].Min() < 200 && first < 200) { unit = "c"; }
            else { throw new InputException("the temperature has no unit that is understood, and could be in °C or K", $"{path}, column {name}", $"name the column '{name} (°C)' or '{name} (K)'"); }
            warnings.Add(new(name, "the header gives no unit of temperature; °C is taken, because the run begins below 200 K"));
        }
        var kelvin = Take(1, unit == "k" ? x => x : x => x + 273.15);
        if (kelvin.Any(x => x is < 50 or > 3500)) { throw new InputException("a temperature lies outside 50–3500 K", $"{path}, column {name}", "check the unit in the column's name (°C or K)"); }
        return kelvin;
    }

    private double[] Time(string path, double[] kelvin, double? rate, List<Warning> warnings)
    {
        if (places[0] < 0)
        {
            if (rate is not { } r) { throw new InputException("the file has no column of time and does not say its heating rate", path, "export the time too, or write a line 'heating rate: 10 K/min' above the header"); }
            warnings.Add(new("time", FormattableString.Invariant($"the file has no column of time; it is counted from the temperature at the stated {r * 60:0.##} K/min")));
            return Array.ConvertAll(kelvin, x => (x - kelvin[0]) / r);
        }
        var (unit, name) = (columns[places[0]].Unit, names[places[0]]);
        double? scale = unit switch { "s" => 1, "min" => 60, "h" => 3600, "ms" => 1e-3, _ => null };
        var steps = values[0];
        if (scale is null)
        {
            // Heating at 0.5 to 40 K/min leaves no doubt; between them it could be seconds at a fast rate or minutes at a slow one.
            var span = steps[^1] - steps[0];
            var perUnit = (kelvin.Max() - kelvin[0]) / Math.Max(span, 1e-9);
            scale = perUnit is > 0.008 and < 0.7 ? 1 : perUnit is > 3.5 and < 120 ? 60 : throw new InputException("the time has no unit that is understood, and could be in seconds or minutes", $"{path}, column {name}", $"name the column '{name} (s)' or '{name} (min)'");
            warnings.Add(new(name, $"the header gives no unit of time; {(scale == 1 ? "seconds are" : "minutes are")} taken, because the heating would else be too {(scale == 1 ? "slow" : "fast")} for an instrument"));
        }
        return Take(0, x => x * scale.Value);
    }

    private double[]? Mass(string path, ref double? mass, List<Warning> warnings)
    {
        if (places[2] < 0) { return null; }
        var (unit, name) = (columns[places[2]].Unit, names[places[2]]);
        var raw = values[2];
        if (raw.Max() == raw.Min() && raw.Count > 30)
        {
            warnings.Add(new(name, "the column never changes: the balance was not recorded, and the column is left out"));
            return null;
        }
        if (unit == "%") { return Take(2, x => x / 100); }
        double? scale = unit switch { "mg" => 1e-6, "g" => 1e-3, "ug" => 1e-9, "kg" => 1, "" or "1" => null, _ => throw new InputException($"the mass has the unit '{unit}', which is not understood", $"{path}, column {name}", "export it in mg, g or %") };
        var first = raw[0];
        if (scale is not { } s || (mass is null && unit != "mg" && Math.Abs(first - 1) < 0.02))
        {
            if (!(first > 0)) { throw new InputException("the initial mass is not positive", path, "tare the balance or export the mass in %"); }
            if (unit.Length == 0) { warnings.Add(new(name, "the header gives no unit of mass; it is taken relative to the first row")); }
            return Math.Abs(first - 1) < 0.02 ? Take(2, x => x) : Take(2, x => x / first);
        }
        if (mass is null)
        {
            if (!(first > 0)) { throw new InputException("the initial mass is not positive", path, "tare the balance or export the mass in %"); }
            mass = first * s;
        }
        var whole = mass.Value;
        if (Math.Abs((first * s / whole) - 1) > 0.5)
        {
            warnings.Add(new(name, FormattableString.Invariant($"the first reading is {first:0.###} {unit} and the stated sample mass {whole * 1e6:0.###} mg: the readings are taken as changes from the first")));
            return Take(2, x => 1 + ((x - first) * s / whole));
        }
        return Take(2, x => x * s / whole);
    }

    private double[]? HeatFlow(double? mass, List<Warning> warnings)
    {
        if (places[3] < 0) { return null; }
        var (unit, name) = (columns[places[3]].Unit, names[places[3]]);
        if (unit is "uv" or "uv/mg" && places[4] >= 0 && values[4].All(s => s > 1e-3))
        {
            double? per = unit == "uv/mg" ? 1e3 : mass is { } m ? 1e-3 / m : null;
            if (per is { } p) { return [.. values[3].Zip(values[4], (x, s) => x / s * p)]; }
        }
        double? scale = unit switch
        {
            "mw/mg" or "w/g" => 1e3, "mw/g" or "w/kg" => 1,
            "mw" => 1e-3 / mass, "w" => 1 / mass, "uw" => 1e-6 / mass,
            _ => null,
        };
        if (scale is { } f) { return Take(3, x => x * f); }
        warnings.Add(new(name, unit is "uv" or "uv/mg" ? "the signal is a voltage of the sensor, not a heat flow; export it calibrated, in mW or mW/mg"
            : unit is "mw" or "w" or "uw" ? "the heat flow cannot be stated per mass; add the sample mass, for example as a line 'sample mass: 8.4 mg' above the header"
            : "the heat flow has no unit that is understood; name the column with mW, mW/mg or W/g"));
        return null;
    }
}
