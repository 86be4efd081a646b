using System.Globalization;

namespace Interphase.Instruments;

/// <summary>What a column of a thermal curve is.</summary>
internal enum ThermalKind
{
    Other,
    Time,
    Temperature,
    Mass,
    HeatFlow,

    /// <summary>Sensitivity of the sensor in µV/mW, by which a signal in µV becomes a heat flow.</summary>
    Sensitivity,
}

/// <summary>
/// A column of a thermal export: what it holds, its unit in small letters without degree signs, and its place among columns of one kind
/// (the sample's own reading goes before the furnace's and the programme's).
/// </summary>
internal readonly record struct ThermalColumn(ThermalKind Kind, string Unit, int Preference)
{
    private static readonly (ThermalKind Kind, string[] Units)[] Units =
    [
        (ThermalKind.Temperature, ["c", "k", "f"]),
        (ThermalKind.Time, ["s", "min", "h", "ms"]),
        (ThermalKind.Mass, ["mg", "g", "ug", "kg", "%", "1"]),
        (ThermalKind.HeatFlow, ["mw", "w", "uw", "mw/mg", "w/g", "mw/g", "w/kg", "uv", "uv/mg"]),
        (ThermalKind.Sensitivity, ["uv/mw"]),
    ];

    // A Chinese instrument writes GBK without saying so; the second of each pair is what its characters are read as.
    private static readonly string[] Times = ["time", "zeit", "temps", "tiempo", "tempo", "时间", "ê±¼ä"];
    private static readonly string[] Temperatures = ["temp", "温度", "îâ¶è", "ts", "tr", "tf", "tp", "t_s", "tsample", "ofen", "furnace t"];
    private static readonly string[] Masses = ["mass", "masse", "weight", "gewicht", "poids", "peso", "masa", "tg", "tga", "unsubtracted weight", "residual", "residue", "rest", "质量", "öêá¿"];
    private static readonly string[] HeatFlows = ["dsc", "dta", "heat flow", "heatflow", "wärmestrom", "wärmefluss", "flux de chaleur", "flux thermique", "flujo de calor", "热流", "热量", "èèá÷", "heat flux", "unsubtracted heat"];
    private static readonly string[] Others = ["dtg", "ddsc", "d2", "deriv", "ableitung", "d(", "dm", "dw", "hrr", "loss", "verlust", "gas", "purge", "balance", "calibration", "sensit", "error", "std", "reversing", "fraction of", "spül", "rate of", "date", "protective", "程"];

    /// <summary>Reads the header of a column; <paramref name="unit"/> is the cell of a row of units, where the file has one.</summary>
    public static ThermalColumn Of(string header, string? unit = null)
    {
        var h = Clean(header).ToLowerInvariant();
        var own = unit is null ? null : Spelled(Clean(unit).Trim('[', ']', '(', ')'));
        var units = Candidates(h).Select(Spelled).Prepend(own).OfType<string>().ToArray();
        var (kind, preference) = KindOf(h, Clean(header), units);
        if (kind == ThermalKind.Other) { return default; }
        var known = Units.First(u => u.Kind == kind).Units;
        return new(kind, units.FirstOrDefault(u => known.Contains(u)) ?? own ?? units.FirstOrDefault(u => u.Length > 0 && u.Length < 9 && !u.Any(char.IsDigit)) ?? "", preference);
    }

    private static (ThermalKind, int) KindOf(string h, string cased, string[] units)
    {
        bool Has(ThermalKind kind) => units.Any(u => Units.First(x => x.Kind == kind).Units.Contains(u));
        bool Starts(string[] words) => words.Any(w => h.StartsWith(w, StringComparison.Ordinal));
        if (h.StartsWith("sensit", StringComparison.Ordinal) && Has(ThermalKind.Sensitivity)) { return (ThermalKind.Sensitivity, 0); }
        var symbol = cased.Split([' ', '/', '[', '('], 2)[0];
        switch (symbol)
        {
            case "t" when h.Length == 1 || Has(ThermalKind.Time): return (ThermalKind.Time, 0);
            case "T" when h.Length == 1 || Has(ThermalKind.Temperature): return (ThermalKind.Temperature, 0);
            case "m" when h.Length == 1 || Has(ThermalKind.Mass): return (ThermalKind.Mass, 0);
        }
        var total = h.StartsWith("total", StringComparison.Ordinal) || h.StartsWith("baseline", StringComparison.Ordinal) || h.StartsWith("uncorrected", StringComparison.Ordinal);
        var worse = h.Contains("program", StringComparison.Ordinal) || h.Contains("furnace", StringComparison.Ordinal) || h.Contains("ofen", StringComparison.Ordinal) || h.Contains("reference", StringComparison.Ordinal) || h.Contains("set", StringComparison.Ordinal)
            || h.StartsWith("tr", StringComparison.Ordinal) || h.StartsWith("tf", StringComparison.Ordinal) || h.StartsWith("baseline", StringComparison.Ordinal) || h.StartsWith("uncorrected", StringComparison.Ordinal) || h.Contains("diagnostic", StringComparison.Ordinal) ? 1 : 0;
        var heat = Starts(HeatFlows) || (h.Contains("heat flow", StringComparison.Ordinal) && !h.Contains("calib", StringComparison.Ordinal));
        if (heat && !h.Contains("reversing", StringComparison.Ordinal) && !h.Contains("deriv", StringComparison.Ordinal)) { return (ThermalKind.HeatFlow, worse - (h.StartsWith("total", StringComparison.Ordinal) ? 1 : 0)); }
        if (total && h.Contains("weight", StringComparison.Ordinal)) { return (ThermalKind.Mass, worse); }
        // "temps" is French for time; with a unit of temperature it is the plural of one.
        if (Starts(Times) && !Has(ThermalKind.Temperature) && !h.Contains("temperatur", StringComparison.Ordinal) && !h.StartsWith("tempe", StringComparison.Ordinal)) { return h.Contains("date", StringComparison.Ordinal) ? default : (ThermalKind.Time, h.Contains("relative", StringComparison.Ordinal) ? -1 : 0); }
        if (Others.Any(o => h.StartsWith(o, StringComparison.Ordinal) || (o.Length > 3 && h.Contains(o, StringComparison.Ordinal) && !h.Contains("temp", StringComparison.Ordinal)))) { return default; }
        if (Starts(Temperatures) && !h.StartsWith("trace", StringComparison.Ordinal) && (h.Contains("temp", StringComparison.Ordinal) || h.Length > 3 || Has(ThermalKind.Temperature))
            || h.Contains("temp.", StringComparison.Ordinal) || h.Contains("temperat", StringComparison.Ordinal) || h.Contains("température", StringComparison.Ordinal) || h.EndsWith("temp", StringComparison.Ordinal) || h.Contains("probentemp", StringComparison.Ordinal) || h.Contains("温度", StringComparison.Ordinal))
        {
            return Has(ThermalKind.Temperature) || units.Length == 0 || !Has(ThermalKind.Mass) && !Has(ThermalKind.HeatFlow) ? (ThermalKind.Temperature, worse) : default;
        }
        if (h.Contains("flow", StringComparison.Ordinal)) { return default; }
        return Starts(Masses) || h.Contains("sample weight", StringComparison.Ordinal) || h.Contains("sample mass", StringComparison.Ordinal) || h.Contains("sample_mass", StringComparison.Ordinal) ? (ThermalKind.Mass, worse) : default;
    }

    private static string Clean(string header) => header.Trim().TrimStart('#', '\uFEFF', '"', ' ').Trim('"', ' ', '\r').Replace("\"", "", StringComparison.Ordinal);

    /// <summary>What may be the unit of a header: after the first slash, in each pair of brackets, and the last words.</summary>
    private static IEnumerable<string> Candidates(string h)
    {
        var (slash, bracket) = (h.IndexOf('/', StringComparison.Ordinal), h.IndexOfAny(['(', '[']));
        if (slash > 0 && (bracket < 0 || slash < bracket)) { yield return h[(slash + 1)..].Trim(' ', '(', ')', '[', ']'); }
        for (var at = 0; h.AsSpan(at).IndexOfAny('(', '[') is >= 0 and var open;)
        {
            at += open + 1;
            var close = h.IndexOfAny([')', ']'], at);
            if (close < 0) { yield return h[at..]; break; }
            yield return h[at..close];
        }
        var last = h.LastIndexOf(' ');
        if (last > 0) { yield return h[(last + 1)..]; }
    }

    /// <summary>One spelling of each unit.</summary>
    private static string Spelled(string unit)
    {
        var u = unit.Trim().ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal).Replace('µ', 'u').Replace('μ', 'u').Replace('·', ' ').Replace("^-1", "-1", StringComparison.Ordinal).Replace("⁻¹", "-1", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        u = u switch { "℃" or "¡æ" or "celsius" or "degc" or "deg.c" or "deg_c" or "oc" or "grad" or "gradc" => "c", "kelvin" => "k", "degf" or "fahrenheit" => "f", _ => u };
        if (u.Length is 2 or 3 && u[^1] is 'c' or 'f' && !char.IsAsciiLetterOrDigit(u[0]) && (u.Length == 2 || !char.IsAsciiLetterOrDigit(u[1]))) { u = u[^1..]; }
        return u switch
        {
            "sec" or "secs" or "second" or "seconds" or "sek" => "s",
            "mins" or "minute" or "minutes" or "minuten" => "min",
            "hr" or "hrs" or "hour" or "hours" or "std" => "h",
            "mg/mg" or "g/g" or "-" or "kg/kg" or "wt/wt" => "1",
            "wt%" or "wt.%" or "wt.-%" or "mass%" or "ma.-%" or "percent" or "gew.-%" or "weight%" or "%w/w" or "mass.%" => "%",
            "wg-1" or "w/gm" or "wg^-1" or "w/g)" or "j/(gs)" or "j/gs" => "w/g",
            "mwmg-1" => "mw/mg",
            "mwg-1" => "mw/g",
            "wkg-1" => "w/kg",
            "uvmg-1" => "uv/mg",
            "\uFFFDv" => "uv",
            "\uFFFDv/mg" => "uv/mg",
            "milligrams" => "mg",
            _ => u,
        };
    }
}
