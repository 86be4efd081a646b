using System.CommandLine;
using System.Globalization;
using Interphase.Cells;
using Interphase.Measurements;
using Interphase.Simulation;
using Interphase.Units;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase simulate</c>: a protocol on a cell.</summary>
internal static class Simulate
{
    /// <summary>Steps shown to people; of more the first and the last.</summary>
    private const int MostRows = 40;

    public static Command Create()
    {
        var cell = new Argument<string>("CELL") { Description = CellCommands.CellHelp };
        var protocol = new Argument<string>("PROTOCOL") { Description = "A file, else the steps themselves, parted by ';'" };
        var file = new Option<string?>("--output", "-o") { Description = "Write the series as BDF: .bdf.csv, .csv.gz or .json" };
        var at = new Option<string?>("--at") { Description = "Record exactly at these times, s from the start, parted by commas" };
        var set = CellCommands.Setting();
        return Frame.Command("simulate", "Simulates a protocol on a cell.", """
            interphase simulate lnto-450 "Charge at C/10 until 3.8 V; Discharge at C/10 until 2.2 V" -o cycle.bdf.csv
            interphase simulate lnto-550 "Charge at C/10 until 3.4 V; Rest for 1 h; Impedance from 1 MHz to 10 mHz, 10 per decade" --json
            interphase simulate lnto-450 "Discharge at 1C" --set initial.stoichiometry=0.4
            """, (parse, cancellation) =>
            {
                var path = parse.GetValue(file);
                if (path is not null && !path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && !path.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase) && !path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                {
                    throw new InputException("the format of the output is not known by its ending", path, "end it with .bdf.csv, .csv.gz or .json");
                }
                var model = Cell.Load(parse.GetRequiredValue(cell), parse.GetValue(set) ?? []);
                var steps = ProtocolText.Read(parse.GetRequiredValue(protocol));
                var progress = new TerminalProgress();
                var result = Simulator.Run(model, steps, new SimulationOptions { At = Times(parse.GetValue(at)), Split = true }, progress, cancellation);
                progress.Done();
                var cut = result.Steps.Where(s => s.Kind == EndKind.CellLimit && CutShort(s.Text)).ToArray();
                result = result with
                {
                    Warnings =
                    [
                        .. model.Problems.Select(p => new Results.Warning("cell." + p.Path, p.Text)), .. result.Warnings,
                        .. cut.Take(1).Select(s => new Results.Warning("steps", $"step {s.Index + 1} ({s.Text}) ended at the cell's {s.EndedBy}, which it does not name{(cut.Length > 1 ? $"; so did {cut.Length - 1} more" : "")}")),
                    ],
                };
                if (path is not null) { Bdf.Write(path, Measured(result, path)); }
                return new Answer(result.Contract(), output => Print(output, result, path), result.StoppedBy is null && cut.Length == 0 ? 0 : 2);
            }, cell, protocol, file, at, set);
    }

    /// <summary>A step that says when it ends; one that does not is meant to end at the cell's limits.</summary>
    private static bool CutShort(string text) => text.Contains(" for ", StringComparison.OrdinalIgnoreCase) || text.Contains(" until ", StringComparison.OrdinalIgnoreCase);

    private static double[]? Times(string? text)
    {
        if (text is null) { return null; }
        return [.. text.Split(',').Select(t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && v >= 0 && double.IsFinite(v) ? v
            : throw new InputException($"'{t.Trim()}' is not a time", "--at", "write seconds from the start, as in --at 0,60,3600")).Distinct().Order()];
    }

    private static Measurement Measured(SimulationResult result, string path) => new()
    {
        File = path,
        Format = "simulation",
        Technique = "simulation",
        Series = result.Series,
        Metadata = [new("cell", result.Cell.Name), .. result.Cell.Parameters.Where(p => !p.IsDefault).Select(p => new MetadataEntry("cell." + p.Path, p.Text)), .. result.Steps.Take(1000).Select(s => new MetadataEntry($"step.{s.Index}", s.Text))],
        Warnings = result.Warnings,
    };

    private static void Print(TextWriter output, SimulationResult result, string? path)
    {
        output.WriteLine(result.Cell.Name);
        var grams = result.Cell.ActiveMass * 1000;
        var table = new TextTable("step", "time", double.IsNaN(grams) ? "mAh" : "mAh/g", "end/V", "ended by");
        var hidden = result.Steps.Count > MostRows ? result.Steps.Count - MostRows : 0;
        foreach (var s in result.Steps)
        {
            if (s.Index >= MostRows / 2 && s.Index < (MostRows / 2) + hidden)
            {
                if (s.Index == MostRows / 2) { table.Row($"   … {hidden} more steps; --json lists them"); }
                continue;
            }
            var capacity = Math.Abs(s.Charge) / 3.6 / (double.IsNaN(grams) ? 1 : grams);
            table.Row($"{s.Index + 1}  {s.Text}", Time(s.Duration), capacity.ToString("F2", CultureInfo.InvariantCulture), s.EndPotential.ToString("F4", CultureInfo.InvariantCulture), s.EndedBy);
        }
        table.Write(output);
        Polarisation(output, result);
        foreach (var s in result.Spectra)
        {
            var z = s.Spectrum.Impedance;
            output.WriteLine($"spectrum in step {s.Step + 1}: {z.Length} points, {Quantity.Print(z[0].Real, null)} ohm at {Quantity.Print(s.Spectrum.Frequency[0], null)} Hz to {Quantity.Print(z[^1].Real, null)} ohm at {Quantity.Print(s.Spectrum.Frequency[^1], null)} Hz");
        }
        if (result.Heat is { } heat)
        {
            output.WriteLine($"heat: {Quantity.Print(heat.Produced, null)} J produced (ohmic {Quantity.Print(heat.Ohmic, null)}, reaction {Quantity.Print(heat.Reaction, null)}, reversible {Quantity.Print(heat.Reversible, null)}), {Quantity.Print(heat.Lost, null)} J lost; at the end {result.State.Temperature - 273.15:F2} degC");
        }
        var t = result.Statistics;
        output.WriteLine($"{t.Steps} time steps, {t.NewtonIterations} Newton iterations, {1000 * t.WallTime:F0} ms; lithium balance {result.LithiumBalance:E1}");
        if (path is not null) { output.WriteLine($"series: {path}, {result.Series.Count} rows"); }
        foreach (var w in result.Warnings) { output.WriteLine($"warning: {w.Path}: {w.Text}"); }
    }

    /// <summary>The split in the middle of the longest step under current, by its size.</summary>
    private static void Polarisation(TextWriter output, SimulationResult result)
    {
        var steps = result.Series.Find(ColumnNames.Step)?.Values ?? [];
        if (result.Polarisation is not { } split || result.Steps.Where(s => s.Charge != 0).MaxBy(s => s.Duration) is not { } longest) { return; }
        var rows = Enumerable.Range(0, steps.Length).Where(i => (int)steps[i] == longest.Index).ToArray();
        if (rows.Length == 0) { return; }
        var row = rows.MinBy(i => Math.Abs(result.Series.Time[i] - longest.Start - (longest.Duration / 2)));
        var whole = result.Series.Potential[row] - split.Equilibrium[row];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"polarisation in the middle of step {longest.Index + 1}: {1e3 * whole:F1} mV = {string.Join("; ", split.Parts.Where(p => Math.Abs(p.Values[row]) >= 5e-5).OrderByDescending(p => Math.Abs(p.Values[row])).Select(p => $"{Words(p.Name)} {1e3 * p.Values[row]:F1}"))}"));
    }

    private static string Words(string part) => part switch { "chargeTransfer" => "charge transfer", "counterElectrode" => "counter electrode", "unevenness" => "uneven particles", _ => part };

    private static string Time(double s) => s switch
    {
        < 120 => $"{s:G4} s",
        < 7200 => $"{s / 60:F1} min",
        _ => $"{s / 3600:F2} h",
    };
}
