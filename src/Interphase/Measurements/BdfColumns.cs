namespace Interphase.Measurements;

/// <summary>
/// A quantity of the Battery Data Format (ontology 1.3.0).
/// </summary>
/// <param name="Label">Its preferred label (<c>Voltage / V</c>), the header BDF files should have.</param>
/// <param name="Notation">Its machine name (<c>voltage_volt</c>).</param>
/// <param name="Name">The name among <see cref="ColumnNames"/>; null where Interphase has none and keeps the label.</param>
/// <param name="Scale">SI = value × scale + offset, for those with a name.</param>
/// <param name="Offset">See <paramref name="Scale"/>.</param>
public sealed record BdfColumn(string Label, string Notation, string? Name = null, double Scale = 1, double Offset = 0)
{
    /// <summary>The unit in the label; <c>1</c> where it has none.</summary>
    public string Unit => Label.LastIndexOf(" / ", StringComparison.Ordinal) is > 0 and var at ? Label[(at + 3)..] : "1";

    /// <summary>True for the three columns every BDF file must have.</summary>
    public bool IsRequired => Name is ColumnNames.Time or ColumnNames.Potential or ColumnNames.Current;
}

/// <summary>The quantities of the Battery Data Format.</summary>
public static class BdfColumns
{
    private const double Celsius = 273.15;

    /// <summary>All of them: required, recommended, optional.</summary>
    public static IReadOnlyList<BdfColumn> All { get; } =
    [
        new("Test Time / s", "test_time_second", ColumnNames.Time),
        new("Voltage / V", "voltage_volt", ColumnNames.Potential),
        new("Current / A", "current_ampere", ColumnNames.Current),
        new("Unix Time / s", "unix_time_second", ColumnNames.UnixTime),
        new("Cycle Count / 1", "cycle_count", ColumnNames.Cycle),
        new("Step Count / 1", "step_count", ColumnNames.Step),
        new("Ambient Temperature / degC", "ambient_temperature_celsius", ColumnNames.AmbientTemperature, 1, Celsius),
        new("Step ID", "step_id", ColumnNames.ProgramStep),
        new("Step Type", "step_type"),
        new("Step Time / s", "step_time_second", ColumnNames.StepTime),
        new("Record Index / 1", "record_index"),
        new("Step Record Index / 1", "step_record_index"),
        new("Power / W", "power_watt"),
        new("Internal Resistance / ohm", "internal_resistance_ohm"),
        new("DC Internal Resistance / ohm", "dc_internal_resistance_ohm"),
        new("AC Internal Resistance / ohm", "ac_internal_resistance_ohm"),
        new("Frequency / Hz", "frequency_hertz", ColumnNames.Frequency),
        new("Real Impedance / ohm", "real_impedance_ohm", ColumnNames.RealImpedance),
        new("Imaginary Impedance / ohm", "imaginary_impedance_ohm", ColumnNames.ImaginaryImpedance),
        new("Absolute Impedance / ohm", "absolute_impedance_ohm"),
        new("Phase / deg", "phase_degree"),
        new("Surface Temperature / degC", "surface_temperature_celsius", ColumnNames.Temperature, 1, Celsius),
        new("Temperature T1 / degC", "temperature_t1_celsius"),
        new("Temperature T2 / degC", "temperature_t2_celsius"),
        new("Temperature T3 / degC", "temperature_t3_celsius"),
        new("Temperature T4 / degC", "temperature_t4_celsius"),
        new("Temperature T5 / degC", "temperature_t5_celsius"),
        new("Ambient Pressure / Pa", "ambient_pressure_pa"),
        new("Applied Pressure / Pa", "applied_pressure_pa", ColumnNames.StackPressure),
        new("Surface Pressure / Pa", "surface_pressure_pa"),
        .. Family("", ""), .. Family("Step ", "step_"), .. Family("Cycle ", "cycle_"),
        new("Schedule Charging Capacity / Ah", "schedule_charging_capacity_ah"),
        new("Schedule Discharging Capacity / Ah", "schedule_discharging_capacity_ah"),
        new("Schedule Charging Energy / Wh", "schedule_charging_energy_wh"),
        new("Schedule Discharging Energy / Wh", "schedule_discharging_energy_wh"),
    ];

    /// <summary>Names of earlier versions, with what replaces them and the factor on the numbers.</summary>
    public static IReadOnlyDictionary<string, (string Notation, double Factor)> Deprecated { get; } = new Dictionary<string, (string, double)>(StringComparer.OrdinalIgnoreCase)
    {
        ["Step Index / 1"] = ("step_id", 1), ["step_index"] = ("step_id", 1),
        ["Step Capacity / Ah"] = ("step_cumulative_capacity_ah", 1), ["step_capacity_ah"] = ("step_cumulative_capacity_ah", 1),
        ["Test Time / ms"] = ("test_time_second", 1e-3), ["test_time_millisecond"] = ("test_time_second", 1e-3),
        ["date_time_millisecond"] = ("unix_time_second", 1e-3), ["cycle_dimensionless"] = ("cycle_count", 1),
    };

    private static readonly Dictionary<string, BdfColumn> ByHeader = All.SelectMany(c => new[] { (c.Label, c), (c.Notation, c) }).ToDictionary(p => p.Item1, p => p.c, StringComparer.OrdinalIgnoreCase);

    /// <summary>The quantity of a header by its label or machine name, current or deprecated; null where it is none.</summary>
    public static BdfColumn? Find(string header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var h = header.Trim();
        return ByHeader.GetValueOrDefault(h) ?? (Deprecated.TryGetValue(h, out var now) ? ByHeader[now.Notation] : null);
    }

    /// <summary>The quantity of a column name of Interphase, or null.</summary>
    public static BdfColumn? Of(string columnName) => All.FirstOrDefault(c => c.Name == columnName) ?? ByHeader.GetValueOrDefault(columnName);

    private static IEnumerable<BdfColumn> Family(string prefix, string machine)
    {
        var whole = prefix.Length == 0;
        foreach (var (kind, capacity, energy) in new[]
        {
            ("Charging", ColumnNames.ChargeCapacity, ColumnNames.ChargeEnergy), ("Discharging", ColumnNames.DischargeCapacity, ColumnNames.DischargeEnergy),
            ("Net", ColumnNames.NetCharge, null), ("Cumulative", null, null),
        })
        {
            yield return new($"{prefix}{kind} Capacity / Ah", $"{machine}{kind.ToLowerInvariant()}_capacity_ah", whole ? capacity : null, 3600);
            yield return new($"{prefix}{kind} Energy / Wh", $"{machine}{kind.ToLowerInvariant()}_energy_wh", whole ? energy : null, 3600);
        }
    }
}
