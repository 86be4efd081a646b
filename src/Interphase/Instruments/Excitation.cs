using System.Globalization;
using System.Text.RegularExpressions;
using Interphase.Measurements;
using Interphase.Units;

namespace Interphase.Instruments;

/// <summary>
/// Amplitude of the alternating potential, where a file holds it: as a column of its own (the potential as measured, also under
/// a current as excitation), else as a setting. Settings in root mean square are given as peak values.
/// </summary>
internal static partial class Excitation
{
    /// <summary>Columns by the name the instrument gives them, in V peak.</summary>
    private static readonly string[] Columns = ["|Ewe|/V", "|Vac| (V)"];

    /// <summary>The measurement with the amplitude at the points of its spectra.</summary>
    public static Measurement Added(Measurement m, FileContent file, bool isText)
    {
        if (m.Spectra.Count == 0) { return m; }
        if (FromColumn(m) is { } each) { return m with { Spectra = [.. m.Spectra.Select((s, i) => s with { PointAmplitude = each[i] })] }; }
        var one = FromMetadata(m) ?? (isText ? FromText(TextTable.HeadOf(file).Text) : null);
        return one is not { } amplitude || !(amplitude is > 0 and < 100) ? m
            : m with { Spectra = [.. m.Spectra.Select(s => s with { PointAmplitude = [.. Enumerable.Repeat(amplitude, s.Count)] })] };
    }

    private static double[][]? FromColumn(Measurement m)
    {
        if (m.Series?.Find(ColumnNames.Frequency)?.Values is not { } frequency || Columns.Select(m.Series.Find).FirstOrDefault(c => c is not null) is not { } column) { return null; }
        // Spectra are the rows with a frequency, in their order.
        var row = -1;
        var each = new double[m.Spectra.Count][];
        for (var i = 0; i < each.Length; i++)
        {
            var s = m.Spectra[i];
            each[i] = new double[s.Count];
            for (var k = 0; k < s.Count; k++)
            {
                do { row++; } while (row < frequency.Length && frequency[row] != s.Frequency[k]);
                if (row >= frequency.Length) { return null; }
                each[i][k] = column.Values[row];
            }
        }
        return each.All(a => a.All(v => v > 0)) ? each : null;
    }

    private static double? FromMetadata(Measurement m)
    {
        foreach (var e in m.Metadata)
        {
            if (e.Name == "VAC" && Number(e.Text) is { } rms) { return Math.Sqrt(2) * rms / 1000; }
            if (e.Name is "excitationAmplitude" && e.Quantity is { } q) { return q.Value; }
        }
        return null;
    }

    private static double? FromText(string head)
    {
        if (Setting().Match(head) is not { Success: true } m || Number(m.Groups["value"].Value) is not { } value) { return null; }
        var unit = m.Groups["unit"].Value;
        return value * (unit.Contains("mV", StringComparison.OrdinalIgnoreCase) ? 1e-3 : 1) * (unit.Contains("rms", StringComparison.OrdinalIgnoreCase) ? Math.Sqrt(2) : 1);
    }

    private static double? Number(string text) => double.TryParse(text.Trim().Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : null;

    /// <summary>As BioLogic (Va (mV) 10.0), CH Instruments (Amplitude (V) = 0.025), Princeton (Amplitude (mV RMS)=20) and Novocontrol (AC Volt [Vrms]=0.035) write it.</summary>
    [GeneratedRegex(@"^[^\n]*?(?:\bVa|Amplitude|AC Volt)\s*[(\[](?<unit>m?V(?: ?rms)?)[)\]]\s*=?\s*(?<value>[-+0-9.,eE]+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Setting();
}
