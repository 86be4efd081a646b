using System.CommandLine;
using Interphase.Cycling;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase cycling rate</c>.</summary>
internal static class CyclingRateCommand
{
    public static Command Create()
    {
        var input = new CyclingInput();
        return Frame.Command("rate", "Capacity against rate: complete cycles grouped by the rate measured from their current",
            "interphase cycling rate rate.mpr --mass 8.9mg --nominal 145.8mAh/g",
            (parse, _) =>
            {
                var (series, electrode, _, warnings) = input.Electrode.Read(parse);
                var rates = RateCapability.Analyse(series, electrode, input.Options(parse));
                rates = rates with { Warnings = [.. warnings, .. rates.Warnings] };
                return new(rates.Contract(), output => Write(output, rates), rates.Groups.Count == 0 ? 2 : 0);
            },
            input.Symbols);
    }

    private static void Write(TextWriter output, RateCapability r)
    {
        var per = r.Summary.Mass.HasValue ? 3.6 * r.Summary.Mass.Value * 1e3 : 3.6;
        var table = new TextTable("C-rate", "current mA", r.Summary.Mass.HasValue ? "capacity mAh/g" : "capacity mAh", "s.d.", "of first %", "cycles");
        foreach (var g in r.Groups)
        {
            table.Row(ElectrodeInput.Number(g.Rate, "G3"), (g.Current * 1e3).ToString("G4"), (g.Capacity / per).ToString("G5"), ElectrodeInput.Number(g.StandardDeviation / per, "G2"),
                (100 * g.ShareOfFirst).ToString("F1"), g.Cycles.Length == 1 ? $"{g.Cycles[0]}" : $"{g.Cycles[0]}–{g.Cycles[^1]}");
        }
        table.Write(output);
        ElectrodeInput.Write(output, r.Warnings);
    }
}
