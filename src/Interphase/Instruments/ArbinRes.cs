using System.Globalization;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>Arbin <c>.res</c>: a Jet 4 database whose Channel_Normal_Table holds the records, not always in their order.</summary>
internal static class ArbinRes
{
    private const string Name = "arbin-res";

    public static readonly FileFormat Format = new(Name, "Arbin database (.res)", IsText: false, JetDatabase.Recognises, Read);

    private static readonly (string Column, string Name, string Unit, double Scale)[] Columns =
    [
        ("Test_Time", ColumnNames.Time, "s", 1), ("Step_Time", ColumnNames.StepTime, "s", 1), ("Cycle_Index", ColumnNames.Cycle, "1", 1), ("Step_Index", ColumnNames.ProgramStep, "1", 1),
        ("Current", ColumnNames.Current, "A", 1), ("Voltage", ColumnNames.Potential, "V", 1), ("Charge_Capacity", ColumnNames.ChargeCapacity, "C", 3600), ("Discharge_Capacity", ColumnNames.DischargeCapacity, "C", 3600),
        ("Charge_Energy", ColumnNames.ChargeEnergy, "J", 3600), ("Discharge_Energy", ColumnNames.DischargeEnergy, "J", 3600), ("Data_Point", "record", "1", 1),
    ];

    private static Measurement Read(FileContent file)
    {
        var database = new JetDatabase(file);
        var tables = database.Tables();
        if (!tables.TryGetValue("Channel_Normal_Table", out var page))
        {
            throw new InputException("the database holds no Channel_Normal_Table", file.Path, $"choose an Arbin .res file; this one holds {string.Join(", ", tables.Keys.Take(12))}");
        }
        var table = database.Definition(page);
        var rows = database.Rows(table).ToArray();
        var warnings = new List<Warning>();
        if (rows.Length != table.AnnouncedRows)
        {
            throw new InputException($"the table announces {table.AnnouncedRows} records and holds {rows.Length}", file.Path, "the database is damaged or was copied while it was written; copy it again");
        }
        var order = table.Find("Data_Point") is { } point ? rows.OrderBy(r => database.Number(r, point)).ToArray() : rows;
        var test = table.Find("Test_ID");
        if (test is not null && order.Length > 0 && order.Any(r => database.Number(r, test) != database.Number(order[0], test)))
        {
            throw new InputException("the database holds several tests", file.Path, "export each test to a file of its own");
        }
        var columns = new List<Column>();
        foreach (var column in table.Columns.Where(c => c.Name != "Test_ID"))
        {
            var values = Array.ConvertAll(order, r => database.Number(r, column));
            var known = Array.Find(Columns, k => k.Column == column.Name);
            if (known.Name is null)
            {
                // Days since 1899-12-30, on the clock of the computer.
                if (column.Name == "DateTime") { columns.Add(new("clock", "s", Array.ConvertAll(values, v => (v * 86400) - 2209161600), column.Name)); }
                else { columns.Add(new(column.Name, "1", values, column.Name)); }
                continue;
            }
            columns.Add(new(known.Name, known.Unit, known.Scale == 1 ? values : Array.ConvertAll(values, v => v * known.Scale), column.Name, known.Name == ColumnNames.Potential ? PotentialReference.Unknown : null));
        }
        if (order.Length == 0) { warnings.Add(new("series", "the database holds no records")); }
        else if (!columns.Exists(c => c.Name == ColumnNames.Time)) { throw new InputException("the records have no Test_Time", file.Path, "export the test again"); }
        var metadata = new List<MetadataEntry>();
        var start = tables.TryGetValue("Global_Table", out var global) ? Global(database, database.Definition(global), metadata) : null;
        var series = order.Length == 0 ? null : new TimeSeries(columns);
        if (series is not null && BiologicQuantities.BackwardSteps(series.Time) is { } back) { warnings.Add(back); }
        return new() { File = file.Path, Format = Name, Technique = "cycling", Start = start, Metadata = metadata, Series = series, Warnings = warnings,
            // The table of records as the database has it.
            Native = series is null ? null : () => new([.. table.Columns.Select(c => new NativeColumn(c.Name, Array.ConvertAll(order, r => database.Number(r, c))))]),
        };
    }

    private static StartTime? Global(JetDatabase database, JetDatabase.Table table, List<MetadataEntry> metadata)
    {
        StartTime? start = null;
        foreach (var row in database.Rows(table).Take(1))
        {
            foreach (var column in table.Columns)
            {
                var text = column.Type is 0x0A or 0x0C ? database.Text(row, column) : "";
                var number = database.Number(row, column);
                switch (column.Name)
                {
                    case "Start_DateTime" when number is > 30000 and < 60000: start = new(DateTime.FromOADate(number), null); break;
                    // Grams; Arbin's default is 1 g.
                    case "MASS" when number > 0 && double.IsFinite(number): metadata.Add(new(MetadataNames.ActiveMass, $"{number.ToString("G6", CultureInfo.InvariantCulture)} g", Quantity.Of(number, "g"), number is 1)); break;
                    case "Capacity" when number > 0 && double.IsFinite(number): metadata.Add(new(MetadataNames.NominalCapacity, $"{number.ToString("G6", CultureInfo.InvariantCulture)} A.h", Quantity.Of(number, "A.h"))); break;
                    case "Comments" when text.Length > 0: metadata.Add(new(MetadataNames.Comments, text)); break;
                    case "Software_Version" when text.Length > 0: metadata.Add(new(MetadataNames.Software, $"Arbin {text}")); break;
                    case "Serial_Number" when text.Length > 0: metadata.Add(new(MetadataNames.Instrument, $"Arbin, serial number {text}")); break;
                    case "Test_Name" or "Creator" or "Schedule_File_Name" when text.Length > 0: metadata.Add(new(BiologicHeader.Camel(column.Name), text)); break;
                    case "Channel_Index" when double.IsFinite(number): metadata.Add(new("channel", number.ToString(CultureInfo.InvariantCulture))); break;
                }
            }
        }
        return start;
    }
}
