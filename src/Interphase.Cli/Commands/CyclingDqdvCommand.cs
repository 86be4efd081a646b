using System.CommandLine;
using Interphase.Cycling;
using Interphase.Units;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase cycling dqdv</c>.</summary>
internal static class CyclingDqdvCommand
{
    public static Command Create()
    {
        var input = new CyclingInput();
        var smoothing = new Option<string?>("--smoothing") { Description = "Standard deviation of the Gaussian, for example 5mV; default: from noise and sampling", HelpName = "WIDTH" };
        return Frame.Command("dqdv", "Differential capacity of every half cycle, with peaks and what smoothing has taken from them",
            "interphase cycling dqdv formation.mpr --smoothing 5mV",
            (parse, _) =>
            {
                var (series, electrode, _, warnings) = input.Electrode.Read(parse);
                var d = DifferentialCapacity.Analyse(series, electrode, input.Options(parse), ElectrodeInput.Positive(parse.GetValue(smoothing), "--smoothing", "V")?.Value);
                d = d with { Warnings = [.. warnings, .. d.Warnings] };
                return new(d.Contract(), output => Write(output, d), d.Branches.Count == 0 ? 2 : 0);
            },
            [.. input.Symbols, smoothing]);
    }

    private static void Write(TextWriter output, DifferentialCapacity d)
    {
        var table = new TextTable("cycle", "branch", "peak V", "height mAh/V", "smoothing took mAh/V", "width mV", "smoothing mV");
        foreach (var b in d.Branches)
        {
            var branch = b.Kind == StepKind.Charge ? "charge" : "discharge";
            foreach (var p in b.Peaks)
            {
                table.Row(b.Cycle.ToString(), branch, Quantity.Print(p.Potential.Value, p.Potential.StandardError), Quantity.Print(p.Height.Value / 3.6, p.Height.StandardError / 3.6),
                    (-p.HeightBias / 3.6).ToString("G2"), ElectrodeInput.Number(p.FullWidth * 1e3, "F0"), (b.Width * 1e3).ToString("G3"));
            }
            if (b.Peaks.Count == 0) { table.Row(b.Cycle.ToString(), branch, "no peak"); }
        }
        table.Write(output);
        ElectrodeInput.Write(output, d.Warnings);
    }
}
