using System.Globalization;
using System.Text;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>
/// Princeton Applied Research VersaStudio <c>.par</c>: blocks in tags; each <c>&lt;Segment…&gt;</c> has a line <c>Definition=</c> of column
/// names and rows of numbers. Rows of impedance have a frequency, others none.
/// </summary>
internal static class VersaStudioPar
{
    private const string Name = "versastudio-par", Definition = "Definition=";

    public static readonly FileFormat Format = new(Name, "VersaStudio (.par)", IsText: true,
        head => head.Lines[0].Trim() == "<Application>" && head.Lines.Any(l => l.StartsWith(Definition + "Segment #", StringComparison.Ordinal)), Read);

    private static Measurement Read(FileContent file)
    {
        string header = "", block = "", technique = "", date = "", clock = "";
        var (body, rows, left) = (new StringBuilder(), false, 0);
        var metadata = new List<MetadataEntry>();
        foreach (var entry in file.Text().Split('\n'))
        {
            var line = entry.TrimEnd('\r');
            if (line.StartsWith('<') && line.EndsWith('>') && !line.Contains(' ', StringComparison.Ordinal)) { (block, rows) = (line.Trim('<', '>'), false); continue; }
            if (block.StartsWith("Segment", StringComparison.Ordinal))
            {
                if (line.StartsWith(Definition, StringComparison.Ordinal))
                {
                    var names = line[Definition.Length..].TrimEnd(' ', ',', '0');
                    if (header.Length == 0) { header = names; }
                    rows = names == header;
                    left += rows ? 0 : 1;
                }
                else if (rows && line.Length > 0) { body.Append(line).Append('\n'); }
                continue;
            }
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || line[(equals + 1)..].Trim() is not { Length: > 0 } value) { continue; }
            double? number = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : null;
            switch (block, line[..equals])
            {
                case ("Application", "Version"): metadata.Add(new(MetadataNames.Software, $"VersaStudio {value}")); break;
                case ("Instrument", "Type"): metadata.Add(new(MetadataNames.Instrument, value)); break;
                case ("Experiment", "TimeAcquired"): clock = value; break;
                case ("Experiment", "DateAcquired"): date = value; break;
                case ("Action0", "Comment"): metadata.Add(new(MetadataNames.Comments, value)); break;
                case ("Action0", "Mass (g)") when number is { } m: metadata.Add(new(MetadataNames.ActiveMass, $"{value} g", Quantity.Of(m, "g"), m <= 0)); break;
                // The area is 1 unless someone entered one.
                case ("Action0", "Working Electrode Area (cm2)") when number is { } a: metadata.Add(new(MetadataNames.ElectrodeArea, $"{value} cm2", Quantity.Of(a, "cm2"), a is 1 or <= 0)); break;
                case ("Action0", "Reference Electrode"): metadata.Add(new(MetadataNames.ReferenceElectrode, value, null, value.Contains("unspecified", StringComparison.OrdinalIgnoreCase))); break;
                case (not "Action0", "Name") when block.StartsWith("Action", StringComparison.Ordinal): technique += technique.Length > 0 ? $", {value}" : value; break;
            }
        }
        if (block.StartsWith("Segment", StringComparison.Ordinal)) { throw new InputException("the file is cut off inside a segment", file.Path, "copy it again or save it again in VersaStudio"); }
        if (header.Length == 0) { throw new InputException("the file has no segment with named columns", file.Path, "save it again in VersaStudio"); }
        StartTime? start = DateTime.TryParse($"{date} {clock}", CultureInfo.InvariantCulture, DateTimeStyles.None, out var when) ? new StartTime(when, null) : null;
        var content = new FileContent(file.Path, Encoding.UTF8.GetBytes($"{header}\n{body}"));
        var read = TextTable.Read(content, Name, new()
        {
            HeaderLine = 0, Separator = ',', UnitsKnown = true,
            Names = new Dictionary<string, (string, string)> { ["segment"] = (ColumnNames.ProgramStep, "1"), ["zreal"] = (ColumnNames.RealImpedance, "ohm"), ["zimag"] = (ColumnNames.ImaginaryImpedance, "ohm") },
        }, metadata, start, technique);
        return left == 0 ? read : read with { Warnings = [.. read.Warnings, new Warning("segments", $"{left} segments have other columns than the first and are left out")] };
    }
}
