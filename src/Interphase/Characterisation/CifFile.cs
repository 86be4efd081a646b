using System.Globalization;
using System.Numerics;

namespace Interphase.Characterisation;

/// <summary>A crystal structure from a CIF: cell, symmetry operations and atoms of its first data block.</summary>
internal static class CifFile
{
    /// <summary>Reads a structure.</summary>
    /// <exception cref="InputException">The file cannot be read, or lacks cell, operations or atoms.</exception>
    public static (CrystalStructure Structure, string Name, string Group) Read(string path)
    {
        string text;
        try
        {
            if (new FileInfo(path).Length > 16 << 20) { throw new InputException("the file is too large for a structure", path, "give a CIF of one crystal structure"); }
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new InputException("the file cannot be read", path, "check its name and permissions", e); }
        return Parse(text, path);
    }

    internal static (CrystalStructure Structure, string Name, string Group) Parse(string text, string path)
    {
        var (values, loops) = Sections([.. Words(text)]);
        double Number(string key, double? otherwise = null) => values.TryGetValue(key, out var v) ? Value(v, $"{path}, {key}")
            : otherwise ?? throw new InputException($"the structure has no {key}", path, "give a CIF with the whole cell");
        double Length(string axis) => Number($"_cell_length_{axis}") is > 1 and < 200 and var v ? v : throw new InputException($"the cell's {axis} is no length in Å", path, "give a CIF with the whole cell");
        double Angle(string axis) => Number($"_cell_angle_{axis}", 90) is > 20 and < 160 and var v ? v : throw new InputException($"the cell's {axis} is no angle in degrees", path, "give a CIF with the whole cell");
        string[] Column(params string[] names) => loops.SelectMany(l => names.Where(l.ContainsKey).Select(n => l[n])).FirstOrDefault() ?? [];
        var cell = new UnitCell(Length("a"), Length("b"), Length("c"), Angle("alpha"), Angle("beta"), Angle("gamma"));
        if (!(cell.Volume > 1)) { throw new InputException("no cell has these three angles", path, "check the angles of the cell"); }
        var operations = Column("_symmetry_equiv_pos_as_xyz", "_space_group_symop_operation_xyz");
        if (operations.Length is 0 or > 192) { throw new InputException("the structure lists no symmetry operations", path, "export the CIF with _symmetry_equiv_pos_as_xyz"); }
        var atoms = loops.FirstOrDefault(l => l.ContainsKey("_atom_site_fract_x") && l.ContainsKey("_atom_site_fract_y") && l.ContainsKey("_atom_site_fract_z"))
            ?? throw new InputException("the structure lists no atoms", path, "export the CIF with _atom_site_fract_x, y and z");
        var moves = operations.Select(o => Operation(o, path)).ToArray();
        var all = new List<(string, Vector3, double, double)>();
        for (var i = 0; i < atoms["_atom_site_fract_x"].Length; i++)
        {
            double At(string key, double otherwise) => atoms.TryGetValue(key, out var c) && c[i] is not ("." or "?") ? Value(c[i], $"{path}, {key}") : otherwise;
            var symbol = (atoms.GetValueOrDefault("_atom_site_type_symbol") ?? atoms.GetValueOrDefault("_atom_site_label") ?? throw new InputException("the atoms have no element", path, "export the CIF with _atom_site_type_symbol"))[i];
            var element = Element(symbol) ?? throw new InputException($"'{symbol}' is no element whose scattering is known here", path, "write the element's symbol; heavy and radioactive elements are not all listed");
            var position = new Vector3((float)At("_atom_site_fract_x", 0), (float)At("_atom_site_fract_y", 0), (float)At("_atom_site_fract_z", 0));
            var occupancy = Math.Clamp(At("_atom_site_occupancy", 1), 0, 1);
            var b = Math.Clamp(At("_atom_site_B_iso_or_equiv", At("_atom_site_U_iso_or_equiv", 0.5 / (8 * Math.PI * Math.PI)) * 8 * Math.PI * Math.PI), 0, 10);
            var own = new List<Vector3>();
            foreach (var move in moves)
            {
                var p = move(position);
                if (!own.Any(o => Same(o, p))) { own.Add(p); }
            }
            all.AddRange(own.Select(p => (element, p, occupancy, b)));
            if (all.Count > 5000) { throw new InputException("the cell holds more than 5000 atoms", path, "give an inorganic structure"); }
        }
        string Says(string otherwise, params string[] keys) => keys.Select(values.GetValueOrDefault).FirstOrDefault(v => !string.IsNullOrWhiteSpace(v) && v is not ("." or "?")) ?? otherwise;
        return (new(cell, all),
            Path.GetFileNameWithoutExtension(path), Says("", "_symmetry_space_group_name_H-M", "_space_group_name_H-M_alt"));
    }

    private static bool Same(Vector3 a, Vector3 b)
    {
        static float Apart(float d) => Math.Abs(d - MathF.Round(d));
        return Apart(a.X - b.X) < 2e-3 && Apart(a.Y - b.Y) < 2e-3 && Apart(a.Z - b.Z) < 2e-3;
    }

    private static string? Element(string symbol)
    {
        var letters = string.Concat(symbol.TakeWhile(char.IsAsciiLetter));
        foreach (var length in new[] { 2, 1 })
        {
            if (letters.Length >= length && char.ToUpperInvariant(letters[0]) + letters[1..length].ToLowerInvariant() is var e && ScatteringFactors.Knows(e)) { return e; }
        }
        return null;
    }

    /// <summary>An operation such as <c>-y+1/2, x, z-1/4</c>.</summary>
    private static Func<Vector3, Vector3> Operation(string text, string path)
    {
        InputException Bad() => new($"'{text}' is no symmetry operation", path, "write it as in -x, y+1/2, -z");
        var parts = text.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant().Split(',');
        if (parts.Length != 3) { throw Bad(); }
        var rows = new (Vector3 Turn, float Shift)[3];
        for (var r = 0; r < 3; r++)
        {
            var (turn, shift, sign) = (Vector3.Zero, 0f, 1f);
            for (var i = 0; i < parts[r].Length;)
            {
                var c = parts[r][i];
                if (c is '+' or '-') { sign = c == '-' ? -1 : 1; i++; }
                else if (c is 'x' or 'y' or 'z') { turn += sign * (c == 'x' ? Vector3.UnitX : c == 'y' ? Vector3.UnitY : Vector3.UnitZ); sign = 1; i++; }
                else
                {
                    var end = i;
                    while (end < parts[r].Length && (char.IsAsciiDigit(parts[r][end]) || parts[r][end] is '.' or '/')) { end++; }
                    var fraction = parts[r][i..end].Split('/');
                    if (end == i || fraction.Length > 2 || !float.TryParse(fraction[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var top)) { throw Bad(); }
                    var bottom = 1f;
                    if (fraction.Length == 2 && (!float.TryParse(fraction[1], NumberStyles.Float, CultureInfo.InvariantCulture, out bottom) || bottom == 0)) { throw Bad(); }
                    shift += sign * top / bottom;
                    sign = 1;
                    i = end;
                }
            }
            rows[r] = (turn, shift);
        }
        return p => new(Vector3.Dot(rows[0].Turn, p) + rows[0].Shift, Vector3.Dot(rows[1].Turn, p) + rows[1].Shift, Vector3.Dot(rows[2].Turn, p) + rows[2].Shift);
    }

    /// <summary>A number, without the standard error that CIFs put behind it in brackets.</summary>
    private static double Value(string text, string where) =>
        double.TryParse(text.Split('(')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : throw new InputException($"'{text}' is not a number", where, "mend the CIF");

    private static (Dictionary<string, string> Values, List<Dictionary<string, string[]>> Loops) Sections(string[] words)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var loops = new List<Dictionary<string, string[]>>();
        bool IsKey(int i) => i < words.Length && words[i].StartsWith('_');
        var blocks = 0;
        for (var i = 0; i < words.Length;)
        {
            if (words[i].StartsWith("data_", StringComparison.OrdinalIgnoreCase)) { if (++blocks > 1) { break; } i++; }
            else if (words[i].Equals("loop_", StringComparison.OrdinalIgnoreCase))
            {
                var names = new List<string>();
                for (i++; IsKey(i); i++) { names.Add(words[i]); }
                var cells = new List<string>();
                for (; i < words.Length && !IsKey(i) && !words[i].Equals("loop_", StringComparison.OrdinalIgnoreCase) && !words[i].StartsWith("data_", StringComparison.OrdinalIgnoreCase); i++) { cells.Add(words[i].StartsWith('\0') ? words[i][1..] : words[i]); }
                if (names.Count == 0) { continue; }
                var rows = cells.Count / names.Count;
                var loop = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
                for (var c = 0; c < names.Count; c++) { loop[names[c]] = [.. Enumerable.Range(0, rows).Select(r => cells[(r * names.Count) + c])]; }
                loops.Add(loop);
            }
            else if (IsKey(i))
            {
                if (i + 1 < words.Length && !IsKey(i + 1)) { values.TryAdd(words[i], words[i + 1].TrimStart('\0')); i += 2; }
                else { i++; }
            }
            else { i++; }
        }
        return (values, loops);
    }

    /// <summary>Words; those that stood in quotes begin with a zero, so that none is taken for a key.</summary>
    private static IEnumerable<string> Words(string text)
    {
        var lines = text.Split('\n');
        for (var n = 0; n < lines.Length; n++)
        {
            var line = lines[n].TrimEnd('\r');
            if (line.StartsWith(';'))
            {
                var body = new List<string> { line[1..] };
                for (n++; n < lines.Length && !lines[n].StartsWith(';'); n++) { body.Add(lines[n].TrimEnd('\r')); }
                yield return '\0' + string.Join('\n', body);
                continue;
            }
            for (var i = 0; i < line.Length;)
            {
                if (char.IsWhiteSpace(line[i])) { i++; continue; }
                if (line[i] == '#') { break; }
                if (line[i] is '\'' or '"')
                {
                    var end = i + 1;
                    while (end < line.Length && !(line[end] == line[i] && (end + 1 == line.Length || char.IsWhiteSpace(line[end + 1])))) { end++; }
                    yield return '\0' + line[(i + 1)..Math.Min(end, line.Length)];
                    i = end + 1;
                    continue;
                }
                var stop = i;
                while (stop < line.Length && !char.IsWhiteSpace(line[stop])) { stop++; }
                yield return line[i..stop];
                i = stop;
            }
        }
    }
}
