using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>BioLogic <c>.mpr</c> (EC-Lab and BT-Lab, all versions): a chain of modules, one of which holds the rows.</summary>
internal static class BiologicMpr
{
    private const string Name = "biologic-mpr";

    public static readonly FileFormat Format = new(Name, "BioLogic EC-Lab and BT-Lab raw data (.mpr)", IsText: false,
        head => head.StartsWith("BIO-LOGIC MODULAR FILE"), Read);

    private static ReadOnlySpan<byte> Start => "MODULE"u8;

    internal sealed record Module(string ShortName, bool NewHeader, uint Version, string Date, int Offset, int Length);

    /// <summary>A column as stored: its export name (null when the id is unknown), id, and place in the row.</summary>
    internal sealed record Stored(string Name, int Id, int Offset, char Kind, byte Mask);

    private static Measurement Read(FileContent file)
    {
        var modules = Modules(file);
        var data = modules.Find(m => m.ShortName == "VMP data")
            ?? throw file.AtByte(52, "the file has no data module", "the measurement was not saved; copy the file again from the instrument's computer");
        var warnings = new List<Warning>();
        var set = modules.Find(m => m.ShortName == "VMP Set");
        var settings = set is null ? null : BiologicSettings.Of(file.Span.Slice(set.Offset, set.Length));
        if (settings is null) { warnings.Add(new("metadata", "the file has no settings module: technique, mass and area are not known")); }
        var rows = Rows.Of(file, data, settings?.TechniqueCode == 0x88, warnings);
        var log = modules.Find(m => m.ShortName == "VMP LOG");
        var start = log is null ? null : BiologicSettings.StartOf(file.Span.Slice(log.Offset, log.Length), set?.Date ?? data.Date);
        if (start is null) { warnings.Add(new("start", "the file has no log module with a start time: when it began is not known")); }
        var loop = modules.Find(m => m.ShortName == "VMP loop");
        var loops = loop is null ? [] : Loops(file.Span.Slice(loop.Offset, loop.Length), rows.Count);
        var reference = BiologicSettings.Reference(settings?.ReferenceElectrode);

        var sources = rows.Columns.Select(c => new BiologicQuantities.Source(c.Name, $"{c.Name}, column {c.Id}", scale => rows.Decode(c, scale))).ToArray();
        var (series, spectra, found) = BiologicQuantities.Build(sources, reference, rows.Count, loops);
        warnings.AddRange(found);
        var metadata = new List<MetadataEntry>(settings?.Entries ?? []);
        if (log is not null) { metadata.AddRange(BiologicSettings.LogEntries(file.Span.Slice(log.Offset, log.Length))); }
        if (modules.Find(m => m.ShortName == "VMP ExtDev") is { } external) { metadata.AddRange(BiologicSettings.ExternalDevice(file.Span.Slice(external.Offset, external.Length))); }
        return new()
        {
            File = file.Path, Format = Name, Technique = settings?.Technique ?? "", Start = start, Metadata = metadata, Series = series,
            Spectra = [.. spectra.Select(s => s with { File = file.Path, Start = start })],
            Warnings = warnings,
            Native = () => BiologicExport.Of(rows, settings, metadata.Find(e => e.Name == MetadataNames.Software)?.Text, loops),
        };
    }

    /// <summary>The modules, walked by their lengths.</summary>
    internal static List<Module> Modules(FileContent file)
    {
        const int first = 52, oldHeader = 51, newHeader = 59;
        var bytes = file.Span;
        var modules = new List<Module>();
        var p = first;
        while (p < bytes.Length)
        {
            var rest = bytes[p..];
            if (!rest.StartsWith(Start[..Math.Min(Start.Length, rest.Length)]))
            {
                throw file.AtByte(p, "the file is damaged: no module begins where one should", "copy it again from the instrument's computer");
            }
            if (rest.Length < Start.Length + newHeader) { throw Truncated(p); }
            var h = rest[Start.Length..];
            var length = U32(h[35..]);
            var isNew = length == uint.MaxValue;
            if (isNew) { length = U32(h[39..]); }
            var version = isNew ? U32(h[47..]) : U32(h[39..]);
            var date = Encoding.ASCII.GetString(h.Slice(isNew ? 51 : 43, 8));
            var begin = (long)p + Start.Length + (isNew ? newHeader : oldHeader);
            if (begin + length > bytes.Length) { throw Truncated(p); }
            modules.Add(new(Encoding.ASCII.GetString(h[..10]).TrimEnd(), isNew, version, date, (int)begin, (int)length));
            p = (int)(begin + length);
        }
        return modules.Count > 0 ? modules : throw Truncated(p);

        InputException Truncated(long at) => file.AtByte(at, $"the file is cut off: the module that begins here does not end within its {file.Bytes.Length} bytes", "copy it again from the instrument's computer");
    }

    private static int[] Loops(ReadOnlySpan<byte> module, int rows)
    {
        if (module.Length < 4) { return []; }
        var count = (int)Math.Min(U32(module), (uint)((module.Length - 4) / 4));
        var starts = new List<int>();
        for (var i = 0; i < count; i++)
        {
            var row = U32(module[(4 + (4 * i))..]);
            if (row < rows && (starts.Count == 0 || row > starts[^1])) { starts.Add((int)row); }
        }
        return [.. starts];
    }

    private static uint U32(ReadOnlySpan<byte> b) => BinaryPrimitives.ReadUInt32LittleEndian(b);

    /// <summary>The rows of the data module.</summary>
    internal sealed class Rows
    {
        private readonly ReadOnlyMemory<byte> bytes;
        private readonly int size;

        private Rows(ReadOnlyMemory<byte> bytes, int count, int size, IReadOnlyList<Stored> columns, bool newForm)
        {
            this.bytes = bytes;
            this.size = size;
            Count = count;
            Columns = columns;
            NewForm = newForm;
        }

        public int Count { get; }

        public IReadOnlyList<Stored> Columns { get; }

        /// <summary>True for the file form since EC-Lab 11.50.</summary>
        public bool NewForm { get; }

        public static Rows Of(FileContent file, Module module, bool bcd, List<Warning> warnings)
        {
            var m = file.Span.Slice(module.Offset, module.Length);
            var start = module switch
            {
                { NewHeader: true } => 0x3EF,
                { Version: 0 } => 100,
                { Version: 2 } => 0x195,
                { Version: 3 } => 0x196,
                _ => throw file.AtByte(module.Offset, $"data of version {module.Version} are not known", "export the file as text (.mpt) and report it, please"),
            };
            var idSize = !module.NewHeader && module.Version == 0 ? 1 : 2;
            if (m.Length < start || 5 + (m[4] * idSize) > start) { throw file.AtByte(module.Offset, "the data module is damaged: it is too short for its columns", "copy the file again from the instrument's computer"); }
            var rows = U32(m);
            var ids = new int[m[4]];
            for (var i = 0; i < ids.Length; i++)
            {
                var at = m[(5 + (i * idSize))..];
                ids[i] = idSize == 1 ? at[0] : module.NewHeader ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at);
            }
            var body = m.Length - start;
            if (rows > body) { throw Mismatch(); }
            if (rows > 0 && body % rows != 0) { throw Mismatch(); }
            var columns = Layout(ids, rows == 0 ? null : (int)(body / rows), module.NewHeader, bcd, warnings, out var size);
            if (rows > 0 && size != body / rows) { throw Mismatch(); }
            return new(file.Bytes.Slice(module.Offset + start, body), (int)rows, size, columns, module.NewHeader);

            InputException Mismatch() => file.AtByte(module.Offset, $"the data module is damaged: {rows} rows do not fill its {body} bytes", "copy the file again from the instrument's computer, or export it as text (.mpt)");
        }

        /// <summary>
        /// Places of the columns. An unknown id is taken as four bytes, which the size of a row confirms; where it does not, the
        /// one unknown column takes what is left, or the columns after the first of several are given up.
        /// </summary>
        private static List<Stored> Layout(int[] ids, int? rowSize, bool newForm, bool bcd, List<Warning> warnings, out int size)
        {
            var names = ids.Select(id => BiologicColumns.Flags.TryGetValue(id & 0xFF, out var flag) && id < 256 ? flag.Name : BiologicColumns.Name(id, ids, newForm, bcd)).ToArray();
            bool IsFlag(int i) => ids[i] < 256 && BiologicColumns.Flags.ContainsKey(ids[i]);
            var plain = Enumerable.Range(0, ids.Length).Where(i => !IsFlag(i)).Sum(i => BiologicColumns.Size(ids[i])) + (Enumerable.Range(0, ids.Length).Any(IsFlag) ? 1 : 0);
            var unknown = names.Count(n => n is null);
            var missing = (rowSize ?? plain) - plain;
            var oddSize = missing != 0 && unknown == 1 && 4 + missing is 1 or 2 or 8 ? 4 + missing : 4;
            var lost = missing != 0 && unknown > 1;
            var columns = new List<Stored>();
            var offset = 0;
            var flagAt = -1;
            for (var i = 0; i < ids.Length; i++)
            {
                if (IsFlag(i))
                {
                    if (flagAt < 0) { flagAt = offset++; }
                    columns.Add(new(names[i]!, ids[i], flagAt, 'm', BiologicColumns.Flags[ids[i]].Mask));
                    continue;
                }
                if (names[i] is { } name)
                {
                    columns.Add(new(name, ids[i], offset, BiologicColumns.Kind(ids[i]), 0xFF));
                    offset += BiologicColumns.Size(ids[i]);
                    continue;
                }
                if (lost)
                {
                    warnings.Add(new($"column {ids[i]}", $"column id {ids[i]} and the {ids.Length - i - 1} columns after it are not understood and are left out; the ones before it stand"));
                    break;
                }
                var kind = oddSize switch { 1 => 'b', 2 => 'w', 8 => 'd', _ => 'f' };
                columns.Add(new($"column {ids[i]}", ids[i], offset, kind, 0xFF));
                warnings.Add(new($"column {ids[i]}", $"column id {ids[i]} is not understood; its numbers are given as stored"));
                offset += oddSize;
            }
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < columns.Count; i++)
            {
                if (!seen.Add(columns[i].Name)) { columns[i] = columns[i] with { Name = $"{columns[i].Name} (column {columns[i].Id})" }; seen.Add(columns[i].Name); }
            }
            size = lost ? rowSize!.Value : offset;
            return columns;
        }

        /// <summary>The column of a name as stored, or null.</summary>
        public Stored? Find(string name) => Columns.FirstOrDefault(c => c.Name == name);

        /// <summary>A column's values, multiplied.</summary>
        public double[] Decode(Stored column, double scale)
        {
            var values = GC.AllocateUninitializedArray<double>(Count);
            var b = bytes.Span;
            var p = column.Offset;
            switch (column.Kind)
            {
                case 'd':
                    for (var i = 0; i < values.Length; i++, p += size) { values[i] = MemoryMarshal.Read<double>(b[p..]) * scale; }
                    break;
                case 'f':
                    for (var i = 0; i < values.Length; i++, p += size) { values[i] = MemoryMarshal.Read<float>(b[p..]) * scale; }
                    break;
                case 'i':
                    for (var i = 0; i < values.Length; i++, p += size) { values[i] = MemoryMarshal.Read<uint>(b[p..]) * scale; }
                    break;
                case 'w':
                    for (var i = 0; i < values.Length; i++, p += size) { values[i] = MemoryMarshal.Read<ushort>(b[p..]) * scale; }
                    break;
                default:
                    var shift = System.Numerics.BitOperations.TrailingZeroCount((uint)column.Mask);
                    for (var i = 0; i < values.Length; i++, p += size) { values[i] = ((b[p] & column.Mask) >> shift) * scale; }
                    break;
            }
            return values;
        }
    }
}
