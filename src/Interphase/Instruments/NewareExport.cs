using System.Globalization;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>The table of records that BTSDA exports: its names, microamperes, millivolts, milliampere- and milliwatt-seconds.</summary>
internal static class NewareExport
{
    private static readonly Dictionary<double, string> Types = new()
    {
        [1] = "CC Chg", [2] = "CC DChg", [3] = "CV Chg", [4] = "Rest", [5] = "Cycle", [7] = "CCCV Chg", [8] = "CP DChg", [9] = "CP Chg", [10] = "CR DChg", [13] = "Pause", [16] = "Pulse Step", [17] = "SIM",
        [18] = "PCCCV Chg", [19] = "CV DChg", [20] = "CCCV DChg", [21] = "Control", [22] = "OCV", [25] = "Ramp", [26] = "CPCV DChg", [27] = "CPCV Chg",
    };

    private const double Profile = 17;

    /// <summary>Every column of the export that the file holds; software of version 9 gives discharge a sign (9.0, which stores no cycle, not its energy) and underscores in step types.</summary>
    public static NativeTable Of(TimeSeries series, bool version9)
    {
        var columns = new List<NativeColumn>();
        void Add(string name, string source, double scale = 1, double offset = 0)
        {
            if (series.Find(source) is { } c) { columns.Add(new(name, Array.ConvertAll(c.Values, v => (v * scale) + offset))); }
        }
        var types = series.Find("step type")?.Values;
        void Split(string name, string charge, string discharge, bool signed)
        {
            if (series.Find(charge)?.Values is not { } plus || series.Find(discharge)?.Values is not { } minus) { return; }
            var values = new double[plus.Length];
            // A simulated profile charges and discharges in one step; the export gives its balance.
            for (var i = 0; i < values.Length; i++) { values[i] = 1e3 * (types?[i] == Profile ? plus[i] - minus[i] : minus[i] > plus[i] ? signed ? -minus[i] : minus[i] : plus[i]); }
            columns.Add(new(name, values));
        }
        Add("Cycle Index", ColumnNames.Cycle);
        Add("Step Index", ColumnNames.ProgramStep);
        if (types is not null)
        {
            columns.Add(new("Step Type", [], Array.ConvertAll(types, t => Types.GetValueOrDefault(t) is { } name ? version9 ? name.Replace(' ', '_') : name : t.ToString("R", CultureInfo.InvariantCulture))));
        }
        Add("Time", ColumnNames.StepTime);
        Add("Total Time", ColumnNames.Time);
        Add("Current(uA)", ColumnNames.Current, 1e6);
        Add("Voltage(mV)", ColumnNames.Potential, 1e3);
        Split("Capacity(mAs)", ColumnNames.ChargeCapacity, ColumnNames.DischargeCapacity, version9);
        Split("Energy(mWs)", ColumnNames.ChargeEnergy, ColumnNames.DischargeEnergy, version9 && series.Find(ColumnNames.Cycle) is not null);
        if (series.Find("clock")?.Values is { } clock)
        {
            columns.Add(new("Date", [], Array.ConvertAll(clock, c => c is > 0 and < 1e11 ? DateTime.UnixEpoch.AddSeconds(c).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) : "")));
        }
        Add("Step Count", ColumnNames.Step);
        Add("V1(mV)", "auxiliary voltage", 1e3);
        Add("T1(℃)", ColumnNames.Temperature, 1, -273.15);
        var more = 2;
        foreach (var c in series.Columns.Where(c => c.Name.StartsWith("temperature ", StringComparison.Ordinal))) { Add($"T{more++}(℃)", c.Name, 1, -273.15); }
        return new(columns);
    }
}
