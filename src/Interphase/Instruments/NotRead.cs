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

    /// <summary>Words of the first line of tables that hold one row a cycle or a test.</summary>
    private static readonly (string[] Words, string What)[] Tables =
    [
        (["Test_ID", "Vmax_On_Cycle"], "this is Arbin's table of cycle statistics, with no records over time"),
        (["Test_Name", "Schedule_File_Name"], "this is Arbin's table of tests, with no records over time"),
        (["Device_ID", "Schedule_File_Name"], "this is Arbin's table of tests, with no records over time"),
        (["Cycle_Index", "Min_Current", "Max_Voltage"], "this is a table of one row a cycle, with no records over time"),
        (["Cycle Index", "Chg. Cap.", "DChg. Cap."], "this is Neware's table of cycles, with no records over time"),
    ];

    /// <summary>Why a file of no known format is not read.</summary>
    public static InputException Reason(FileHead head, string path)
    {
        foreach (var (signature, what, mend) in Signatures)
        {
            if (head.Bytes.Span.StartsWith(signature)) { return new(what, path, mend); }
        }
        var line = head.Lines[0];
        foreach (var (words, what) in Tables)
        {
            if (words.All(w => line.Contains(w, StringComparison.Ordinal))) { return new(what, path, "name the file of records, which has time, voltage and current"); }
        }
        return new("the file is of no format Interphase knows", path,
            "export it as csv with a header row that names quantities and units, for example 'time/s,voltage/V,current/A' (interphase data info --help names what is read)");
    }
}
