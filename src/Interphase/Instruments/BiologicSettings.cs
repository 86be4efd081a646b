using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Interphase.Measurements;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>What the settings, log and external-device modules of a <c>.mpr</c> say about the cell and the instrument.</summary>
internal sealed record BiologicSettings(byte TechniqueCode, string Technique, string? ReferenceElectrode, IReadOnlyList<MetadataEntry> Entries)
{
    /// <summary>Insertion data for the stoichiometry EC-Lab derives: g/mol, starting x, electrons per ion, mass in g.</summary>
    public (double MolecularWeight, double AtX, double IonWeight, double StartX, int Electrons, double Mass) Insertion { get; init; }

    private static readonly Dictionary<byte, string> Techniques = new()
    {
        [0x04] = "GCPL", [0x06] = "CV", [0x30] = "CV", [0x0B] = "OCV", [0x0C] = "GCPL2", [0x16] = "Modular Potentio", [0x18] = "CA", [0x19] = "CP",
        [0x1C] = "Wait", [0x1D] = "PEIS", [0x1E] = "GEIS", [0x32] = "ZIR", [0x33] = "CVA", [0x6C] = "LSV", [0x75] = "Constant Voltage",
        [0x76] = "Constant Current", [0x77] = "GCPL", [0x7F] = "Modulo Bat", [0x88] = "BCD",
    };

    /// <summary>Reads the settings module.</summary>
    public static BiologicSettings Of(ReadOnlySpan<byte> m)
    {
        var code = m.Length > 0 ? m[0] : (byte)0;
        var technique = Techniques.GetValueOrDefault(code) ?? $"technique 0x{code:X2}";
        var entries = new List<MetadataEntry> { new("technique", technique) };
        void Text(string name, string? text, Func<string, bool>? isDefault = null)
        {
            if (!string.IsNullOrWhiteSpace(text)) { entries.Add(new(name, text, null, isDefault?.Invoke(text) ?? false)); }
        }
        void Number(string name, float value, string unit, bool isDefault)
        {
            if (!float.IsFinite(value)) { return; }
            // A float prints as what was typed; its double would show the rounding.
            var typed = double.Parse(value.ToString("G7", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            entries.Add(new(name, $"{typed.ToString("G7", CultureInfo.InvariantCulture)} {unit}".TrimEnd(), Quantity.Of(typed, unit.Length == 0 ? "1" : unit), isDefault));
        }

        Text(MetadataNames.Comments, Pascal(m, 0x007), t => t is "Li-ion 18650 1.35 A.h" or "GITT");
        Text("electrodeMaterial", Pascal(m, 0x11E));
        Text("electrolyte", Pascal(m, 0x1C0));
        var reference = Pascal(m, 0x215);
        Text(MetadataNames.ReferenceElectrode, reference, t => t.StartsWith("(unspec", StringComparison.Ordinal));
        var (mass, atX, weight, ion, x0) = (F32(m, 0x107), F32(m, 0x10B), F32(m, 0x10F), F32(m, 0x113), F32(m, 0x117));
        var example = Is(mass, 7000) || Is(weight, 90.93f) || Is(weight, 0.001f);
        Number(MetadataNames.ActiveMass, mass, "mg", Is(mass, 0.001f) || Is(mass, 7000) || mass <= 0);
        Number("massAtX", atX, "", Is(mass, 0.001f) || example);
        Number("molecularWeight", weight, "g/mol", Is(weight, 0.001f) || Is(weight, 90.93f));
        Number("ionWeight", ion, "g/mol", Is(ion, 0.001f));
        Number("initialX", x0, "", Is(mass, 0.001f) || example);
        var electrons = m.Length >= 0x11D ? BinaryPrimitives.ReadUInt16LittleEndian(m[0x11B..]) : 1;
        Number("electronsPerIon", electrons, "", true);
        if (m.Length > 0x250)
        {
            var area = F32(m, 0x211);
            var unit = m[0x250] switch { 2 => "cm2", 3 => "mm2", _ => null };
            if (unit is not null) { Number(MetadataNames.ElectrodeArea, area, unit, (unit == "cm2" && Is(area, 0.001f)) || area <= 0); }
            else { entries.Add(new(MetadataNames.ElectrodeArea, $"{area} (unit code {m[0x250]} is not known)", null, true)); }
        }
        if (m.Length > 0x251)
        {
            var characteristic = F32(m, 0x24C);
            var unit = m[0x251] switch { 1 => "g", 2 => "mg", _ => null };
            if (unit is not null) { Number("characteristicMass", characteristic, unit, (unit == "g" && Is(characteristic, 0.001f)) || (unit == "mg" && Is(characteristic, 0.001f)) || characteristic <= 0); }
            else { entries.Add(new("characteristicMass", $"{characteristic} (unit code {m[0x251]} is not known)", null, true)); }
        }
        if (m.Length >= 0x260)
        {
            var capacity = F32(m, 0x25C);
            Number(MetadataNames.NominalCapacity, capacity, "mA.h", capacity <= 0);
        }
        return new(code, technique, reference, entries) { Insertion = (weight, atX, ion, x0, electrons, mass * 1e-3) };
    }

    /// <summary>The reference electrode as a potential reference.</summary>
    public static PotentialReference Reference(string? name) => References.Of(name);

    /// <summary>When the acquisition began: an OLE date in the log, checked against the date in the header where its place is doubtful.</summary>
    public static StartTime? StartOf(ReadOnlySpan<byte> log, string headerDate)
    {
        var expected = HeaderDate(headerDate);
        foreach (var at in (int[])[0x249, 465, 469, 473])
        {
            if (log.Length < at + 8) { continue; }
            var days = BinaryPrimitives.ReadDoubleLittleEndian(log[at..]);
            if (!(days is > 30000 and < 60000)) { continue; }
            var clock = DateTime.FromOADate(days);
            if (at != 0x249 && (expected is not { } e || Math.Abs((clock - e).TotalDays) > 2)) { continue; }
            return new(clock, null);
        }
        return null;
    }

    /// <summary>Instrument, channel, host and software from the log.</summary>
    public static IEnumerable<MetadataEntry> LogEntries(ReadOnlySpan<byte> log)
    {
        var entries = new List<MetadataEntry>();
        void Text(string name, string? text)
        {
            if (!string.IsNullOrWhiteSpace(text)) { entries.Add(new(name, text)); }
        }
        if (log.Length > 9) { entries.Add(new("channel", (log[9] + 1).ToString(CultureInfo.InvariantCulture))); }
        if (log.Length > 0xAD) { entries.Add(new("channelSerialNumber", BinaryPrimitives.ReadUInt16LittleEndian(log[0xAB..]).ToString(CultureInfo.InvariantCulture))); }
        Text("recordedAs", Pascal(log, 0x250));
        Text("host", Pascal(log, 0x351));
        Text("address", Pascal(log, 0x384));
        var version = Pascal(log, 0x3B7);
        // Versions of BT-Lab begin with 1, those of EC-Lab have reached 11.
        Text(MetadataNames.Software, version is { Length: > 0 } ? $"{(version.StartsWith("1.", StringComparison.Ordinal) ? "BT-Lab" : "EC-Lab")} {version}" : null);
        // A string, as the export's header prints it: SN 0967.
        Text(MetadataNames.Instrument, Pascal(log, 0x3CF) is { Length: > 0 } serial ? $"BioLogic, serial number {serial}" : null);
        return entries;
    }

    /// <summary>Names of the analog inputs.</summary>
    public static IEnumerable<MetadataEntry> ExternalDevice(ReadOnlySpan<byte> m)
    {
        var entries = new List<MetadataEntry>();
        if (Pascal(m, 0x36) is { Length: > 0 } first) { entries.Add(new("analogIn1", first)); }
        if (Pascal(m, 0x63) is { Length: > 0 } second) { entries.Add(new("analogIn2", second)); }
        return entries;
    }

    private static bool Is(float value, float stored) => Math.Abs(value - stored) <= 1e-6f * Math.Abs(stored);

    private static float F32(ReadOnlySpan<byte> m, int at) => m.Length >= at + 4 ? BinaryPrimitives.ReadSingleLittleEndian(m[at..]) : float.NaN;

    private static string? Pascal(ReadOnlySpan<byte> m, int at)
    {
        if (m.Length <= at || m.Length < at + 1 + m[at]) { return null; }
        var text = m.Slice(at + 1, m[at]);
        foreach (var c in text)
        {
            if (c < 0x20 && c is not (0x0D or 0x0A or 0x09)) { return null; }
        }
        return TextEncodings.Windows1252.GetString(text).Replace("\r\n", "\n").Trim();
    }

    private static DateTime? HeaderDate(string s)
    {
        foreach (var separator in (char[])['/', '-', '.'])
        {
            if (DateTime.TryParseExact(s, $"MM'{separator}'dd'{separator}'yy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) { return date; }
        }
        return null;
    }
}
