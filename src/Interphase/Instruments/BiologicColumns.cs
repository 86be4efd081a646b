namespace Interphase.Instruments;

/// <summary>
/// The columns of a BioLogic data module. The size and meaning of a column depend on the low byte of its id; the high byte is
/// a variant of the same quantity.
/// </summary>
internal static class BiologicColumns
{
    /// <summary>The columns that share the flag byte of a row, with the bits each holds.</summary>
    public static readonly IReadOnlyDictionary<int, (string Name, byte Mask)> Flags = new Dictionary<int, (string, byte)>
    {
        [1] = ("mode", 0x03), [2] = ("ox/red", 0x04), [3] = ("error", 0x08), [21] = ("control changes", 0x10),
        [31] = ("Ns changes", 0x20), [65] = ("counter inc.", 0x80),
    };

    private static readonly Dictionary<int, string> Names = new()
    {
        [4] = "time/s", [5] = "control/V/mA", [6] = "Ewe/V", [7] = "dq/mA.h", [8] = "I/mA", [9] = "Ece/V", [11] = "<I>/mA", [13] = "(Q-Qo)/mA.h",
        [16] = "Analog IN 1/V", [17] = "Analog IN 2/V", [19] = "control/V", [20] = "control/mA", [23] = "dQ/mA.h", [24] = "cycle number",
        [26] = "Rapp/Ohm", [27] = "Ewe-Ece/V", [32] = "freq/Hz", [33] = "|Ewe|/V", [34] = "|I|/A", [35] = "Phase(Z)/deg", [36] = "|Z|/Ohm",
        [37] = "Re(Z)/Ohm", [38] = "-Im(Z)/Ohm", [39] = "I Range", [70] = "P/W", [74] = "|Energy|/W.h", [75] = "Analog OUT/V", [76] = "<I>/mA",
        [77] = "<Ewe>/V", [78] = "Cs-2/µF-2", [96] = "|Ece|/V", [98] = "Phase(Zce)/deg", [99] = "|Zce|/Ohm", [100] = "Re(Zce)/Ohm",
        [101] = "-Im(Zce)/Ohm", [112] = "Energy we/W.h", [115] = "Energy ce charge/W.h", [116] = "Energy ce discharge/W.h",
        [123] = "Energy charge/W.h", [124] = "Energy discharge/W.h", [125] = "Capacitance charge/µF", [126] = "Capacitance discharge/µF",
        [131] = "Ns", [168] = "Rcmp/Ohm", [169] = "Cs/µF", [172] = "Cp/µF", [173] = "Cp-2/µF-2", [174] = "<Ewe>/V", [175] = "|Zwe-ce|/Ohm",
        [176] = "Re(Zwe-ce)/Ohm", [177] = "-Im(Zwe-ce)/Ohm", [178] = "(Q-Qo)/C", [179] = "dQ/C", [182] = "step time/s", [185] = "<Ece>/V",
        [206] = "Temperature/°C", [211] = "Q charge/discharge/mA.h", [212] = "half cycle", [213] = "z cycle", [215] = "<Ece>/V",
        [217] = "THD Ewe/%", [218] = "THD I/%", [220] = "NSD Ewe/%", [221] = "NSD I/%", [223] = "NSR Ewe/%", [224] = "NSR I/%",
        [230] = "|Ewe h2|/V", [231] = "|Ewe h3|/V", [232] = "|Ewe h4|/V", [233] = "|Ewe h5|/V", [234] = "|Ewe h6|/V", [235] = "|Ewe h7|/V",
        [236] = "|I h2|/A", [237] = "|I h3|/A", [238] = "|I h4|/A", [239] = "|I h5|/A", [240] = "|I h6|/A", [241] = "|I h7|/A",
        [248] = "Rac/Ohm", [249] = "Rdc/Ohm", [253] = "Acir/Dcir Control",
    };

    /// <summary>Bytes of a column in a row.</summary>
    public static int Size(int id) => Kind(id) switch { 'd' => 8, 'w' => 2, 'b' => 1, _ => 4 };

    /// <summary>How it is stored: d double, f float, i 32-bit, w 16-bit, b byte.</summary>
    public static char Kind(int id) => (id & 0xFF) switch
    {
        4 or 7 or 11 or 13 or 23 or 24 or 74 or 110 or 112 or 115 or 116 or 123 or 124 or 125 or 126 or 182 or 211 => 'd',
        39 or 131 => 'w',
        212 or 213 => 'i',
        253 => 'b',
        _ => 'f',
    };

    /// <summary>
    /// The export's name of a column; null where the id is not known. One id is two quantities: 174 is the mean potential, but
    /// the phase between the electrodes where the potential itself stands beside it. Newer software writes <c>we</c> into the
    /// names where a counter electrode is recorded.
    /// </summary>
    public static string? Name(int id, IReadOnlyCollection<int> others, bool newForm, bool bcd)
    {
        bool Has(params int[] ids) => others.Any(o => ids.Contains(o & 0xFF));
        var three = newForm && Has(9, 185, 215);
        return (id & 0xFF) switch
        {
            6 when bcd => "Ecell/V",
            174 when Has(6, 77) => "Phase(Zwe-ce)/deg",
            174 when newForm => "<Ewe/V>",
            70 when newForm && id == 70 => "Pwe/W",
            123 when three => "Energy we charge/W.h",
            124 when three => "Energy we discharge/W.h",
            var low => Names.GetValueOrDefault(low),
        };
    }
}
