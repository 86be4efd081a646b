using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Units;

namespace Interphase.Cli.Commands;

/// <summary>What the impedance commands have in common: spectra from files in order of their start, quantities from options.</summary>
internal static class EisFiles
{
    /// <summary>Every spectrum of the files; several files are put in order of their start time where every one says it.</summary>
    /// <exception cref="InputException">A file cannot be read or holds no spectrum.</exception>
    public static List<ImpedanceSpectrum> Read(IReadOnlyList<string> files)
    {
        var measurements = files.Select(InstrumentFile.Read).ToList();
        foreach (var m in measurements.Where(m => m.Spectra.Count == 0))
        {
            throw new InputException("the file holds no impedance spectrum", m.File, "'interphase data info' shows what it holds");
        }
        var inOrder = measurements.All(m => m.Start is not null) ? [.. measurements.OrderBy(m => m.Start!.Value)] : measurements;
        return [.. inOrder.SelectMany(m => m.Spectra)];
    }

    /// <summary>When a spectrum was taken, s after the first file of the series began; null where a file does not say.</summary>
    public static double? Clock(IReadOnlyList<ImpedanceSpectrum> spectra, int i) => spectra[i].Start is { } start && spectra.All(s => s.Start is not null)
        ? (start.Clock - spectra.Min(s => s.Start!.Value.Clock)).TotalSeconds + (spectra[i].Time ?? 0)
        : spectra.Select(s => s.File).Distinct().Count() == 1 ? spectra[i].Time : null;

    /// <summary>A quantity in SI from an option, or null where it is not given.</summary>
    /// <exception cref="InputException">It is no quantity of that dimension; the option is named.</exception>
    public static Quantity? Quantity(string? text, string unit, string option)
    {
        if (text is null) { return null; }
        try { return Units.Quantity.Parse(text, unit); }
        catch (InputException e) { throw e.At(option); }
    }
}
