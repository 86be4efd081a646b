using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Interphase.Files;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>
/// Neware <c>.ndax</c>: a zip of paged tables. Voltage and current of every record stand in one, time, charge and energy only of
/// some records in another; the rest is rebuilt by integration from the record before, as the instrument does, never by
/// interpolation.
/// </summary>
internal static class NewareNdax
{
    private const string Name = "neware-ndax";
    private const int MaximumSize = 1 << 30;

    public static readonly FileFormat Format = new(Name, "Neware BTS archive (.ndax)", IsText: false,
        head => head.StartsWith("PK") && (head.Path.EndsWith(".ndax", StringComparison.OrdinalIgnoreCase) || head.Bytes.Span.IndexOf("VersionInfo.xml"u8) >= 0 || head.Bytes.Span.IndexOf("data.ndc"u8) >= 0), Read);

    private static Measurement Read(FileContent file)
    {
        var parts = Unpack(file);
        var warnings = new List<Warning>();
        var metadata = Metadata(parts);
        if (!parts.TryGetValue("data.ndc", out var data)) { throw new InputException("the archive holds no data.ndc", file.Path, "export it again from the instrument's software"); }
        if (data.Length < 3) { throw new InputException("data.ndc is empty", file.Path, "export it again from the instrument's software"); }
        var version = data[2];
        metadata.Add(new("formatVersion", version.ToString(CultureInfo.InvariantCulture)));
        if (version is 2 or 5) { return NewareWholeRecords.Read(data, parts, warnings).Measure(file, Name, metadata, warnings); }
        if (version is not (11 or 14 or 16 or 17)) { throw new InputException($"version {version} of the tables is not known", $"{file.Path}, data.ndc", "export the test as csv or xlsx from BTSDA, and report the version, please"); }
        if (!parts.TryGetValue("data_runInfo.ndc", out var run) || run.Length < 3 || !parts.TryGetValue("data_step.ndc", out var steps) || steps.Length < 3)
        {
            throw new InputException("the archive holds no data_runInfo.ndc or data_step.ndc", file.Path, "export it again from the instrument's software");
        }
        var milli = version is 11 or 16;
        var records = Rebuild(data, run, steps, milli, warnings);
        var types = ChannelTypes(parts);
        foreach (var (name, table) in parts.Where(p => p.Key.StartsWith("data_", StringComparison.Ordinal) && p.Value.Length > 2 && p.Value[0] == 5).OrderBy(p => Channel(p.Key)).ThenBy(p => p.Key, StringComparer.Ordinal))
        {
            Auxiliary(name, table, records, types, warnings);
        }
        return records.Measure(file, Name, metadata, warnings);
    }

    private static NewareRecords Rebuild(byte[] data, byte[] run, byte[] steps, bool milli, List<Warning> warnings)
    {
        var slots = new NewarePages(data, 8);
        var records = new NewareRecords(slots.Count);
        var info = RunInfo(run, milli);
        var program = Program(steps);
        var last = new Run { Step = uint.MaxValue };
        double time = 0, clock = 0, charged = 0, discharged = 0, energyIn = 0, energyOut = 0;
        var (lost, next) = (0, 0);
        while (slots.MoveNext())
        {
            var row = slots.Current;
            var volts = F32(row) * (milli ? 1e-4 : 1);
            var amperes = F32(row[4..]) * (milli ? 1e-3 : 1);
            var number = (uint)slots.Slot + 1;
            while (next < info.Length && info[next].Index < number) { next++; }
            if (next < info.Length && info[next].Index == number)
            {
                last = info[next++];
                (time, clock, charged, discharged, energyIn, energyOut) = (last.Time, last.Clock, last.Charge, last.Discharge, last.EnergyIn, last.EnergyOut);
            }
            else if (last.Step == uint.MaxValue)
            {
                lost++;
                continue;
            }
            else
            {
                time += last.Interval;
                clock += last.Interval;
                var charge = amperes * last.Interval;
                if (charge > 0) { charged += charge; energyIn += charge * volts; }
                else { discharged -= charge; energyOut -= charge * volts; }
            }
            var of = last.Step >= 1 && last.Step <= program.Length ? program[last.Step - 1] : default;
            records.Add(number, of.Cycle == 0 ? double.NaN : of.Cycle, last.Step, of.Step == 0 ? double.NaN : of.Step, of.Type, time, double.NaN, amperes, volts, charged, discharged, energyIn, energyOut, clock);
        }
        if (lost > 0) { warnings.Add(new("records", $"{lost} records stand before the first one with a time and are left out")); }
        return records;
    }

    private static (uint Cycle, uint Step, byte Type)[] Program(byte[] table)
    {
        var rows = new NewarePages(table, table[2] is 11 or 14 ? 37 : 100);
        var program = new (uint, uint, byte)[rows.Count];
        for (var i = 0; rows.MoveNext(); i++) { program[i] = (U32(rows.Current) + 1, U32(rows.Current[4..]), rows.Current[24]); }
        return program;
    }

    private struct Run
    {
        public double Time, Charge, Discharge, EnergyIn, EnergyOut, Interval, Clock;
        public uint Step, Index;
    }

    /// <summary>The records with a time, in order of their numbers; of two entries of one record the first is right.</summary>
    private static Run[] RunInfo(byte[] table, bool milli)
    {
        var rows = new NewarePages(table, table[2] switch { 11 => 47, 14 => 55, _ => 100 });
        var (charge, energy) = milli ? (1e-3, 1e-3) : (3600.0, 3600.0);
        var info = new Run[rows.Count];
        var ordered = true;
        for (var i = 0; rows.MoveNext(); i++)
        {
            var r = rows.Current;
            info[i] = new()
            {
                Index = U32(r[41..]), Time = U32(r) / 1e3, Charge = F32(r[5..]) * charge, Discharge = F32(r[9..]) * charge, EnergyIn = F32(r[13..]) * energy, EnergyOut = F32(r[17..]) * energy,
                Interval = BinaryPrimitives.ReadInt32LittleEndian(r[29..]) / 1e3, Clock = U32(r[33..]) + (BinaryPrimitives.ReadUInt16LittleEndian(r[45..]) / 1e3), Step = U32(r[37..]),
            };
            ordered &= i == 0 || info[i].Index > info[i - 1].Index;
        }
        return ordered ? info : [.. info.OrderBy(r => r.Index).DistinctBy(r => r.Index)];
    }

    private static void Auxiliary(string name, byte[] table, NewareRecords records, Dictionary<int, int> types, List<Warning> warnings)
    {
        // Slots are counted like the records' numbers, both rising.
        var index = records.Index;
        double[] Empty()
        {
            var values = new double[records.Count];
            Array.Fill(values, double.NaN);
            return values;
        }
        if (table[2] is 14 or 17)
        {
            var channel = Channel(name);
            var type = types.GetValueOrDefault(channel, 103);
            var (label, unit, offset) = type switch { 103 => (ColumnNames.Temperature, "K", 273.15), 335 => ("set temperature", "K", 273.15), 345 => ("humidity", "%", 0.0), _ => ($"auxiliary channel {channel}", "1", 0.0) };
            if (!types.ContainsKey(channel)) { warnings.Add(new(label, $"the archive does not say what the auxiliary channel {channel} measures; temperature is taken")); }
            var values = Empty();
            var singles = new NewarePages(table, 4);
            for (var at = 0; singles.MoveNext();)
            {
                while (at < index.Length && index[at] < singles.Slot + 1) { at++; }
                if (at < index.Length && index[at] == singles.Slot + 1) { values[at] = F32(singles.Current) + offset; }
            }
            records.Auxiliary.Add((label, unit, values));
            return;
        }
        var (volts, kelvin) = (Empty(), Empty());
        var any = false;
        var rows = new NewarePages(table, 7);
        for (var at = 0; rows.MoveNext();)
        {
            while (at < index.Length && index[at] < rows.Slot + 1) { at++; }
            if (rows.Current[0] != 0x65 || at == index.Length || index[at] != rows.Slot + 1) { continue; }
            volts[at] = F32(rows.Current[1..]) / 1e4;
            kelvin[at] = (BinaryPrimitives.ReadInt16LittleEndian(rows.Current[5..]) / 10.0) + 273.15;
            any = true;
        }
        if (!any) { return; }
        records.Auxiliary.Add((ColumnNames.Temperature, "K", kelvin));
        records.Auxiliary.Add(("auxiliary voltage", "V", volts));
    }

    /// <summary>The tables and descriptions; the two large tables side by side.</summary>
    private static Dictionary<string, byte[]> Unpack(FileContent file) => PackedFile.Read(file.Bytes, file.Path, "the archive is damaged", "copy it again from the instrument's computer", zip =>
    {
        var names = new List<(string Name, int Entry)>();
        long total = 0;
        for (var i = 0; i < zip.Entries.Count; i++)
        {
            var entry = zip.Entries[i];
            if (!(entry.Name.EndsWith(".ndc", StringComparison.Ordinal) || entry.Name.EndsWith(".xml", StringComparison.Ordinal)) || entry.Name is "data_log.ndc" or "data_es.ndc") { continue; }
            total += entry.Length;
            if (total > MaximumSize) { throw new InputException("the archive unpacks to more than 1 GB", file.Path, "split the test"); }
            names.Add((entry.Name, i));
        }
        var parts = new byte[names.Count][];
        var large = names.FindIndex(n => n.Name == "data_runInfo.ndc");
        var beside = Task.Run(() => { if (large >= 0) { parts[large] = Part(file, names[large].Entry); } });
        for (var i = 0; i < parts.Length; i++) { if (i != large) { parts[i] = Part(file, names[i].Entry); } }
        beside.GetAwaiter().GetResult();
        var result = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var i = 0; i < parts.Length; i++) { result[names[i].Name] = parts[i]; }
        return result;
    });

    private static byte[] Part(FileContent file, int index)
    {
        using var zip = PackedFile.Open(file.Bytes);
        return PackedFile.Bytes(zip.Entries[index]);
    }

    private static XElement? Xml(Dictionary<string, byte[]> parts, string name)
    {
        if (!parts.TryGetValue(name, out var bytes)) { return null; }
        try
        {
            var text = (CodePagesEncodingProvider.Instance.GetEncoding("gb2312") ?? Encoding.Latin1).GetString(bytes);
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        catch (XmlException) { return null; }
    }

    private static int Channel(string name) => name.Split('_') is { Length: > 2 } cut && int.TryParse(cut[2], out var channel) ? channel : -1;

    private static Dictionary<int, int> ChannelTypes(Dictionary<string, byte[]> parts)
    {
        var types = new Dictionary<int, int>();
        foreach (var e in Xml(parts, "TestInfo.xml")?.Descendants().Where(e => e.Attribute("RealChlID") is not null && e.Attribute("ChlType") is not null) ?? [])
        {
            if (int.TryParse(e.Attribute("RealChlID")!.Value, out var channel) && int.TryParse(e.Attribute("ChlType")!.Value, out var type)) { types[channel] = type; }
        }
        return types;
    }

    private static List<MetadataEntry> Metadata(Dictionary<string, byte[]> parts)
    {
        var metadata = new List<MetadataEntry>();
        if (Xml(parts, "TestInfo.xml")?.Descendants("TestInfo").FirstOrDefault() is { } info)
        {
            foreach (var (attribute, name) in new[] { ("StepName", "schedule"), ("Barcode", "barcode"), ("SN", "serialNumber"), ("StartTime", "startTime"), ("EndTime", "endTime"), ("DevID", "device"), ("UnitID", "unit"), ("ChlID", "channel"), ("TestID", "test") })
            {
                if (info.Attribute(attribute)?.Value is { Length: > 0 } value) { metadata.Add(new(name, value)); }
            }
        }
        if (Xml(parts, "Step.xml")?.Descendants("Head_Info").FirstOrDefault() is { } head)
        {
            foreach (var (element, name) in new[] { ("Creator", "operator"), ("Remark", MetadataNames.Comments), ("PN", "name") })
            {
                if (head.Element(element)?.Attribute("Value")?.Value is { Length: > 0 } value) { metadata.Add(new(name, value)); }
            }
            // Stored in micrograms.
            if (double.TryParse(head.Element("SCQ")?.Attribute("Value")?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var mass)) { NewareNda.Mass(metadata, mass / 1000); }
        }
        if (Xml(parts, "VersionInfo.xml")?.Descendants("ZwjVersion").FirstOrDefault()?.Attribute("CurrClientVer")?.Value is { Length: > 0 } software) { metadata.Add(new(MetadataNames.Software, software)); }
        return metadata;
    }

    private static uint U32(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadUInt32LittleEndian(b);

    private static double F32(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadSingleLittleEndian(b);
}
