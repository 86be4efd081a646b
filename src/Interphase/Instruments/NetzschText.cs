namespace Interphase.Instruments;

/// <summary>Text exports of NETZSCH Proteus, also where a spreadsheet saved them again: <c>#KEY:value</c> lines, then <c>##</c> and the columns' names.</summary>
internal static class NetzschText
{
    public static FileFormat Format { get; } = new("netzsch-text", "NETZSCH Proteus text export", true,
        h => h.Text.AsSpan().TrimStart('"').StartsWith("#") && (h.Text.Contains("#EXPORTTYPE", StringComparison.Ordinal) || h.Text.Contains("#INSTRUMENT:NETZSCH", StringComparison.Ordinal)) && !h.Text.Contains("dL/Lo", StringComparison.Ordinal),
        f => ThermalText.Read(f, "netzsch-text"));
}
