using System.Globalization;
using System.Text.RegularExpressions;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Maccor text exports (<c>.0xx</c>, txt, csv) and Landt txt, which has the same columns. Current and capacity are unsigned; the
/// state of a record tells charge from discharge.
/// </summary>
internal static partial class MaccorText
{
    private const string Name = "maccor";

    public static readonly FileFormat Format = new(Name, "Maccor text export (.0xx, txt, csv)", IsText: true, head => Line(head) >= 0, Read);

    private static readonly Dictionary<string, (string, string)> Names = new(StringComparer.Ordinal)
    {
        ["testtime"] = (ColumnNames.Time, "min"), ["steptime"] = (ColumnNames.StepTime, "min"), ["test[min]"] = (ColumnNames.Time, "s"), ["step[min]"] = (ColumnNames.StepTime, "s"),
        ["test[sec]"] = (ColumnNames.Time, "s"), ["step[sec]"] = (ColumnNames.StepTime, "s"), ["step"] = (ColumnNames.ProgramStep, "1"), ["cyc#"] = (ColumnNames.Cycle, "1"), ["cyclec"] = (ColumnNames.Cycle, "1"),
        ["amp-hr"] = ("capacity", "A.h"), ["cap."] = ("capacity", "A.h"), ["capacity"] = ("capacity", "A.h"), ["watt-hr"] = ("energy", "W.h"), ["ener."] = ("energy", "W.h"), ["energy"] = ("energy", "W.h"),
        ["mamp-hr"] = ("capacity", "mA.h"), ["mwatt-hr"] = ("energy", "mW.h"), ["mamps"] = (ColumnNames.Current, "mA"),
        ["rec#"] = ("record", "1"), ["rec"] = ("record", "1"), ["temp1"] = (ColumnNames.Temperature, "degC"), ["evtemp"] = (ColumnNames.AmbientTemperature, "degC"),
    };

    private static int Line(FileHead head) => TextTable.FindLine(head, l =>
    {
        var cells = l.Split(l.Contains('\t', StringComparison.Ordinal) ? '\t' : ',').Select(c => c.Trim()).ToHashSet();
        return (cells.Contains("Rec#") || cells.Contains("Rec") || cells.Contains("DPt Time")) && (cells.Contains("Cyc#") || cells.Contains("Cycle C") || cells.Contains("Cycle"))
            && (cells.Contains("Volts") || cells.Contains("Voltage [V]") || cells.Contains("Voltage(V)") || cells.Contains("Voltage"));
    }, 60);

    private static double State(ReadOnlySpan<byte> cell) => cell.Trim(" \t"u8) is [var c, ..] && char.IsAsciiLetter((char)c) ? c : double.NaN;

    private static Measurement Read(FileContent file)
    {
        var head = TextTable.HeadOf(file);
        var line = Line(head);
        var metadata = head.Lines.Take(line).SelectMany(Pairs).ToList();
        var date = TextTable.Date("MM/dd/yyyy HH:mm:ss", "M/d/yyyy h:mm:ss tt", "dd-MMM-yy h:mm:ss tt", "M/d/yyyy H:mm:ss", "dd-MMM-yy H:mm:ss");
        // Some exports give each record a time of day only; the date is that of the test.
        CellReader clock = cell => cell.IndexOfAny("/-"u8) < 0 && cell.Contains((byte)':') ? TextTable.Duration(cell, (byte)'.') : date(cell);
        // Exports in thousandths say so in the headers of current and charge, and give the potential in millivolt under "Volts".
        var names = head.Lines[line].Contains("mAmps", StringComparison.Ordinal) ? new Dictionary<string, (string, string)>(Names) { ["volts"] = (ColumnNames.Potential, "mV") } : Names;
        var day = metadata.Find(e => e.Name == "dateOfTest") is { } of && DateTime.TryParse(of.Text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) ? (d.Date - DateTime.UnixEpoch).TotalSeconds : double.NaN;
        return TextTable.Read(file, Name, new()
        {
            HeaderLine = line, Separator = head.Lines[line].Contains('\t', StringComparison.Ordinal) ? '\t' : ',', Names = names, UnitsKnown = true, Mend = (columns, warnings) => Signed(Dated(columns, day), warnings),
            Special = new Dictionary<string, (string, string, CellReader?)>
            {
                ["State"] = ("state", "1", State), ["Md"] = ("state", "1", State), ["MD"] = ("state", "1", State), ["Units"] = ("", "", null), ["DPt Time"] = ("clock", "s", clock), ["DPT Time"] = ("clock", "s", clock), ["DPt-Time"] = ("clock", "s", clock),
                ["WF Chg Cap"] = ("", "", null), ["WF Dis Cap"] = ("", "", null), ["WF Chg E"] = ("", "", null), ["WF Dis E"] = ("", "", null),
            },
        }, metadata, technique: "cycling");
    }

    /// <summary>
    /// <c>Name: value</c> in cells of their own, or several in one cell, as in the first line of a MIMS export
    /// (<c>Today's Date 04/04/2016  Date of Test:⇥03/31/2016⇥ Filename:⇥C:\… Procedure: …⇥Comment/Barcode: …</c>).
    /// </summary>
    private static IEnumerable<MetadataEntry> Pairs(string line)
    {
        var text = line.Replace(line.Contains('\t', StringComparison.Ordinal) ? "\t" : ",", " ", StringComparison.Ordinal).Trim();
        if (line.StartsWith("Today's Date", StringComparison.Ordinal) && MimsKeys().Matches(text) is { Count: > 1 } keys)
        {
            for (var i = 0; i < keys.Count; i++)
            {
                var from = keys[i].Index + keys[i].Length;
                var value = text[from..(i + 1 < keys.Count ? keys[i + 1].Index : text.Length)].Trim();
                if (value.Length > 0) { yield return new(keys[i].Value.StartsWith("Comment", StringComparison.Ordinal) ? MetadataNames.Comments : BiologicHeader.Camel(keys[i].Value.Replace("'", "", StringComparison.Ordinal)), value); }
            }
            yield break;
        }
        var cells = line.Split(line.Contains('\t', StringComparison.Ordinal) ? '\t' : ',');
        for (var i = 0; i + 1 < cells.Length; i += 2)
        {
            var key = cells[i].Trim().TrimEnd(':').Replace("'", "", StringComparison.Ordinal);
            if (key.Length is > 0 and < 60 && cells[i + 1].Trim() is { Length: > 0 } value) { yield return new(key is "Description" ? MetadataNames.Comments : BiologicHeader.Camel(key), value); }
        }
    }

    [GeneratedRegex(@"Today's Date|Date of Test:|Filename:|Procedure:|Comment/Barcode:")]
    private static partial Regex MimsKeys();

    /// <summary>Times of day become dates: that of the test, a day more at each midnight.</summary>
    private static List<Column> Dated(List<Column> columns, double day)
    {
        var at = columns.FindIndex(c => c.Name == "clock");
        if (at < 0 || columns[at].Values.Any(v => v >= 86400)) { return columns; }
        if (double.IsNaN(day)) { columns[at] = columns[at] with { Name = "time of day" }; return columns; }
        var values = columns[at].Values;
        double last = 0, days = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] < last) { days += 86400; }
            if (!double.IsNaN(values[i])) { last = values[i]; }
            values[i] += day + days;
        }
        return columns;
    }

    /// <summary>Gives current its sign, and splits the step's capacity and energy into charged and discharged.</summary>
    private static List<Column> Signed(List<Column> columns, List<Warning> warnings)
    {
        var state = columns.Find(c => c.Name == "state")?.Values;
        var current = columns.FindIndex(c => c.Name == ColumnNames.Current);
        if (state is null)
        {
            if (current >= 0 && !columns[current].Values.Any(v => v < 0))
            {
                warnings.Add(new(ColumnNames.Current, "the export has no state column, so charge and discharge cannot be told apart: current is without sign; export it with the column State or Md"));
                columns[current] = columns[current] with { Name = "current without sign" };
            }
            return columns;
        }
        if (current >= 0)
        {
            var values = columns[current].Values;
            for (var i = 0; i < values.Length; i++) { if (state[i] == 'D' && values[i] > 0) { values[i] = -values[i]; } }
        }
        Split("capacity", ColumnNames.ChargeCapacity, ColumnNames.DischargeCapacity);
        Split("energy", ColumnNames.ChargeEnergy, ColumnNames.DischargeEnergy);
        return columns;

        void Split(string name, string charge, string discharge)
        {
            if (columns.Find(c => c.Name == name) is not { } both) { return; }
            columns.Remove(both);
            columns.Add(both with { Name = charge, Values = [.. both.Values.Select((v, i) => state[i] == 'C' ? v : 0)], Origin = both.Origin + " of charging records" });
            columns.Add(both with { Name = discharge, Values = [.. both.Values.Select((v, i) => state[i] == 'D' ? v : 0)], Origin = both.Origin + " of discharging records" });
        }
    }
}
