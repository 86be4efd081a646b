namespace Interphase.Instruments;

/// <summary>Files that are recognised and not read, with the way round them.</summary>
internal static class NotRead
{
    private static readonly (byte[] Signature, string What, string Mend)[] Signatures =
    [
        ([.. "PAR1"u8], "this is a Parquet file, which is not read", "convert it to csv first, for example with Python: pandas.read_parquet('x.parquet').to_csv('x.bdf.csv', index=False)"),
        ([0x89, .. "HDF\r\n"u8], "this is an HDF5 file, which is not read", "export it as csv from the software that wrote it"),
        ([.. "SQLite format 3"u8], "this is an SQLite database, which is not read", "export its table of records as csv"),
        ([.. "MATLAB 5.0 MAT-file"u8], "this is a MATLAB file, which is not read", "write its variables as csv with named columns"),
    ];

    /// <summary>Words of the first lines, in one line, of tables that hold one row a cycle, a step or a test; a word after ! is not among them.</summary>
    private static readonly (string[] Words, string What, string Mend)[] Tables =
    [
        (["Test_ID", "Vmax_On_Cycle"], "this is Arbin's table of cycle statistics, with no records over time", Records),
        (["V_Max_On_Cycle", "Coulombic Efficiency"], "this is Arbin's table of statistics by cycle or step, with no records over time", Records),
        ([",,,TEST REPORT,,,"], "this is Arbin's description of a test (GlobalInfo), with no records over time", Records),
        (["TesterID:"], "this is Maccor's table of statistics, with no records over time", Records),
        (["<?maccor-application"], "this is a Maccor procedure, with no records over time", Records),
        (["Date and time measurement:"], "this is PSTrace's csv of curves side by side, which is not read", "save the session (.pssession) and name that"),
        (["Step,Type,Mode,Value,Limit"], "this is a Maccor procedure, with no records over time", Records),
        (["Test_Name", "Schedule_File_Name"], "this is Arbin's table of tests, with no records over time", Records),
        (["Device_ID", "Schedule_File_Name"], "this is Arbin's table of tests, with no records over time", Records),
        (["Cycle_Index", "Min_Current", "Max_Voltage"], "this is a table of one row a cycle, with no records over time", Records),
        (["Cycle Index", "Chg. Cap.", "DChg. Cap.", "!Voltage"], "this is Neware's table of cycles, with no records over time", Records),
        (["Temperature", "HRR"], "this is a heat release rate (combustion calorimetry of the gases), not a heat flow of the sample", "name a TG or DSC export"),
        (["Temperature", "Change in Length"], "this is a dilatometer's export", "name a TG or DSC export"),
        (["##Temp.", "dL/Lo"], "this is a dilatometer's export", "name a TG or DSC export"),
        (["Partial Pressure [mbar]"], "this is a mass spectrometer's export, with no temperature of the sample", "name the export of the balance that ran with it"),
    ];

    private const string Records = "name the file of records, which has time, voltage and current";
    private const int LinesSearched = 20;

    /// <summary>What table a line is the header of, where it is one that cannot be read, and the way round it; else null.</summary>
    public static (string What, string Mend)? TableOf(string line)
    {
        foreach (var (words, what, mend) in Tables)
        {
            if (words.All(w => w[0] == '!' ? !line.Contains(w[1..], StringComparison.OrdinalIgnoreCase) : line.Contains(w, StringComparison.OrdinalIgnoreCase))) { return (what, mend); }
        }
        return null;
    }

    /// <summary>Why a file of no known format is not read.</summary>
    public static InputException Reason(FileHead head, string path)
    {
        foreach (var (signature, what, mend) in Signatures)
        {
            if (head.Bytes.Span.StartsWith(signature)) { return new(what, path, mend); }
        }
        foreach (var line in head.Lines.Take(LinesSearched))
        {
            if (TableOf(line) is { } table) { return new(table.What, path, table.Mend); }
        }
        if (NamedText.HasHeaderOnly(head)) { return new("the table has a header but no rows", path, "export it again with its data"); }
        return new("the file is of no format Interphase knows", path,
            "export it as csv with a header row that names quantities and units, for example 'time/s,voltage/V,current/A' (interphase data info --help names what is read)");
    }
}
