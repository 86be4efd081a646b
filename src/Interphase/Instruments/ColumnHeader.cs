using System.Text.RegularExpressions;
using Interphase.Measurements;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>
/// What the header of a column says: a quantity Interphase knows (null where it does not), and how to reach SI from its numbers.
/// </summary>
/// <param name="Text">The header as it stands.</param>
/// <param name="Quantity">One of <see cref="ColumnNames"/>, or null.</param>
/// <param name="Unit">The SI unit of the quantity; for an unknown one the unit in the header.</param>
/// <param name="Scale">Factor to SI; carries the sign where the header is of the negative (<c>-Im(Z)</c>).</param>
/// <param name="Offset">Added after the factor (Celsius).</param>
/// <param name="HasUnit">False where the header gives no unit.</param>
internal sealed partial record ColumnHeader(string Text, string? Quantity, string Unit, double Scale, double Offset, bool HasUnit)
{
    private static readonly Dictionary<string, (string Quantity, string Unit)> Names = Table(
        (ColumnNames.Time, "s", "time testtime totaltime t elapsedtime seconds second sec tests testsec runtime experimenttime cumulativetime programduration"),
        (ColumnNames.StepTime, "s", "steptime tstep steps stepsec relativetime"),
        (ColumnNames.UnixTime, "s", "unixtime epoch epochtime"),
        (ColumnNames.Potential, "V", "voltage potential e ewe <ewe> v volts volt u vf vm ecell cellvoltage cellpotential terminalvoltage vwe workingelectrodepotential workingpotential positiveelectrodepotential we(1).potential"),
        (ColumnNames.CounterPotential, "V", "ece <ece> counterpotential counterelectrodepotential negativeelectrodepotential"),
        (ColumnNames.Current, "A", "current i <i> amps amp amperes cellcurrent we(1).current"),
        (ColumnNames.Cycle, "1", "cycle cyclenumber cycleindex cyclecount cycleno cyc cyc# cyclec cycleid totalcycle"),
        (ColumnNames.ProgramStep, "1", "step stepindex stepid stepnumber ns"),
        (ColumnNames.Step, "1", "stepcount"),
        (ColumnNames.NetCharge, "A.h", "netcapacity netcharge (q-qo) q-q0"),
        (ColumnNames.ChargeCapacity, "A.h", "chargecapacity chargingcapacity chargecap capacitycharge qcharge chgcapacity chg.cap. ahcha"),
        (ColumnNames.DischargeCapacity, "A.h", "dischargecapacity dischargingcapacity dischargecap capacitydischarge qdischarge dchgcapacity dchg.cap. ahdch"),
        (ColumnNames.ChargeEnergy, "W.h", "chargeenergy chargingenergy energycharge chg.energy whcha"),
        (ColumnNames.DischargeEnergy, "W.h", "dischargeenergy dischargingenergy energydischarge dchg.energy whdch"),
        (ColumnNames.Temperature, "K", "temperature temp celltemperature surfacetemperature t1 temperature1"),
        (ColumnNames.AmbientTemperature, "K", "ambienttemperature environmenttemperature environmenttemp chambertemperature"),
        (ColumnNames.StackPressure, "Pa", "stackpressure appliedpressure pressure"),
        (ColumnNames.Frequency, "Hz", "freq frequency f freq. frequenz"),
        (ColumnNames.RealImpedance, "ohm", "zre rez re(z) z' zreal real zs' realimpedance re zprime zr z're zr' realz z.real r(z)"),
        (ColumnNames.ImaginaryImpedance, "ohm", "zim zimg imz im(z) z'' z\" zimag imag zs'' zs\" imaginary imaginaryimpedance im zdoubleprime zi imagz z.imag zimaginary"),
        ("impedanceMagnitude", "ohm", "|z| zmod zmodulus absz zabs absoluteimpedance impedance"),
        ("impedancePhase", "deg", "phase phase(z) zphz phasez phaseangle zphase theta"));

    /// <summary>Reads the header of a column; <paramref name="extra"/> are names of one instrument that come before the common ones.</summary>
    public static ColumnHeader Of(string text, IReadOnlyDictionary<string, (string Quantity, string Unit)>? extra = null)
    {
        var (name, unitText) = Cut(text.Trim().Trim('"', '\uFEFF').Trim());
        var negative = name.Length > 1 && name[0] is '-' or '−' or '–';
        if (negative) { name = name[1..].Trim(); }
        var key = Key(name);
        var found = default((string Quantity, string Unit));
        (string Quantity, string Unit)? own = extra is not null && (extra.TryGetValue($"{key}[{unitText?.ToLowerInvariant()}]", out var special) || extra.TryGetValue(key, out special)) ? special : null;
        if (own is null && !Names.TryGetValue(key, out found))
        {
            return new(text, null, unitText ?? "1", 1, 0, unitText is not null);
        }
        var (quantity, si) = own ?? found;
        var unit = unitText is not null ? Spelled(unitText) : own is null ? ImpliedUnit(key) : null;
        if (unit is null)
        {
            var implied = Units.Unit.Parse(si);
            return new(text, quantity, SiOf(si), negative ? -implied.Scale : implied.Scale, implied.Offset, false);
        }
        if (!Units.Unit.TryParse(unit, out var u, out _) || u.Dimension != Units.Unit.Parse(si).Dimension) { return new(text, null, unitText ?? "1", 1, 0, unitText is not null); }
        return new(text, quantity, SiOf(si), negative ? -u.Scale : u.Scale, u.Offset, true);
    }

    /// <summary>The name without spaces, underscores and case.</summary>
    public static string Key(string name) => new([.. name.Where(c => c is not (' ' or '_' or '\t')).Select(char.ToLowerInvariant).Select(c => c switch { '′' or '’' or '`' => '\'', '″' or '”' => '"', _ => c })]);

    /// <summary>Cuts a header into name and unit: <c>E (V)</c>, <c>E [V]</c>, <c>E / V</c>, <c>E#V</c>, <c>freq_Hz</c>, <c>Freq Hz</c>.</summary>
    private static (string Name, string? Unit) Cut(string text)
    {
        var m = Bracketed().Match(text);
        if (m.Success) { return (m.Groups[1].Value.Trim(), m.Groups[2].Value.Trim()); }
        foreach (var separator in (char[])['#', '/', ','])
        {
            var at = text.IndexOf(separator);
            if (at > 0 && at < text.Length - 1) { return (text[..at].Trim(), text[(at + 1)..].Trim()); }
        }
        var last = text.LastIndexOfAny(['_', ' ']);
        if (last <= 0 || last == text.Length - 1 || Names.ContainsKey(Key(text))) { return (text, null); }
        var unit = text[last] == '_' ? Small(text[(last + 1)..]) : text[(last + 1)..];
        return Units.Unit.TryParse(Spelled(unit), out _, out _) && unit is not ("1" or "2" or "t") ? (text[..last].Trim(), unit) : (text, null);
    }

    /// <summary>Units in names of small letters only, as in <c>voltage_v</c>.</summary>
    private static string Small(string unit) => unit switch { "v" => "V", "a" => "A", "ah" => "Ah", "wh" => "Wh", "mv" => "mV", "ma" => "mA", "mah" => "mAh", "mwh" => "mWh", _ => unit };

    /// <summary>Units as headers spell them, as <see cref="Units.Unit"/> does.</summary>
    private static string Spelled(string unit) => unit.Trim() switch
    {
        "C" or "°C" or "deg C" or "degC" or "Celsius" or "celsius" or "oC" or "deg_C" => "degC",
        "Sec" or "sec" or "secs" or "S" or "Seconds" or "second" => "s",
        "Min" or "mins" or "Minutes" => "min",
        "Hours" or "hours" or "hrs" or "hr" or "H" or "Hour" => "h",
        "Ohm" or "Ohms" or "ohms" or "Ω" or "a" or "b" => "ohm",
        "mAh" or "mA.h" or "mA·h" or "mAH" => "mA.h",
        "Ah" or "A.h" or "A·h" or "AH" => "A.h",
        "V vs. Ref." or "Volts" or "volts" or "volt" => "V",
        "Amps" or "amps" or "Amp" => "A",
        "°" or "degree" or "degrees" => "deg",
        "#" or "-" or "" => "1",
        "uA" or "µA" or "μA" => "uA",
        "?" or "\uFFFD" => "degC", // a degree sign that the exporting software lost
        var u when u.StartsWith("h:min", StringComparison.Ordinal) || u.StartsWith("hh:mm", StringComparison.Ordinal) => "s",
        "mAs" => "mA.s",
        "mWs" => "mW.s",
        "hertz" or "HZ" or "hz" => "Hz",
        var u when u.Length is > 1 and < 6 && u[^1] == 'C' && !char.IsAscii(u[0]) => "degC",
        var u => u,
    };

    /// <summary>Names that are units themselves.</summary>
    private static string? ImpliedUnit(string key) => key switch
    {
        "seconds" or "second" or "sec" or "stepsec" or "testsec" or "steps" or "tests" => "s",
        "volts" or "volt" => "V",
        "amps" or "amp" or "amperes" => "A",
        _ when Names.TryGetValue(key, out var f) && f.Unit == "1" => "1",
        _ => null,
    };

    private static string SiOf(string unit) => unit switch { "A.h" or "mA.h" => "C", "W.h" or "mW.h" => "J", "degC" => "K", "deg" => "rad", "min" or "h" => "s", "mA" => "A", "mV" => "V", _ => unit };

    private static Dictionary<string, (string, string)> Table(params (string Quantity, string Unit, string Keys)[] rows) =>
        rows.SelectMany(r => r.Keys.Split(' ').Select(k => (k, r))).ToDictionary(p => p.k, p => (p.r.Quantity, p.r.Unit), StringComparer.Ordinal);

    [GeneratedRegex(@"^(.*?)\s*[\(\[]([^\(\)\[\]]*)[\)\]]\s*$")]
    private static partial Regex Bracketed();
}
