using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>One quantity over the samples.</summary>
public sealed record ComparisonRow(string Quantity, string Unit, IReadOnlyList<SampleValue> Values);

/// <summary>
/// A quantity of one sample. With one cell the error is that of the fit; with several it is the standard error of their mean
/// (Student's t for the interval), and <see cref="StandardDeviation"/> is the scatter between them.
/// </summary>
/// <param name="Sample">The sample.</param>
/// <param name="Value">In the row's unit; withheld with the reason.</param>
/// <param name="Method">How it was obtained.</param>
/// <param name="Files">The files it rests on.</param>
/// <param name="Replicates">One value a cell, in the order of the study.</param>
/// <param name="StandardDeviation">Scatter between cells; NaN with one.</param>
public sealed record SampleValue(string Sample, Estimate Value, string Method, IReadOnlyList<string> Files, IReadOnlyList<Estimate> Replicates, double StandardDeviation);

/// <summary>Puts the samples side by side.</summary>
internal static class Comparison
{
    public static IReadOnlyList<ComparisonRow> Of(Study study, IReadOnlyList<Analysis> analyses)
    {
        var rows = new List<ComparisonRow>();
        var values = analyses.SelectMany(a => a.Values.Select(v => (Analysis: a, Value: v))).ToArray();
        foreach (var quantity in values.GroupBy(v => (v.Value.Quantity, v.Value.Unit)))
        {
            rows.Add(new(quantity.Key.Quantity, quantity.Key.Unit,
            [
                .. study.Samples.Select(s => (Sample: s, Own: OncePerCell(quantity.Where(v => v.Analysis.Work.Sample.Name == s.Name))))
                    .Where(p => p.Own.Length > 0)
                    .Select(p => Of(p.Sample.Name, p.Own)),
            ]));
        }
        return rows;
    }

    /// <summary>Quantities that need several techniques of one sample.</summary>
    public static IEnumerable<ComparisonRow> OfVerdicts(IReadOnlyList<SampleVerdict> verdicts, IReadOnlyList<Analysis> analyses) =>
        VerdictFindings.Values(verdicts).GroupBy(v => (v.Quantity, v.Unit)).Select(g => new ComparisonRow(g.Key.Quantity, g.Key.Unit,
            [.. g.Select(v => new SampleValue(v.Verdict.Sample.Name, v.Value, v.Method, [.. analyses.Where(a => a.Work.Sample.Name == v.Verdict.Sample.Name && a.Technique is "pellet-impedance" or "map" or "micrograph" or "impedance").SelectMany(a => a.Files).Distinct()], [v.Value], double.NaN))]));

    /// <summary>Two files of one cell that give the same quantity (a rate test repeats the formation's rate) are no replicates: the first in the study stands.</summary>
    private static (Analysis Analysis, ComparedValue Value)[] OncePerCell(IEnumerable<(Analysis Analysis, ComparedValue Value)> own) =>
        [.. own.GroupBy(v => v.Analysis.Work.Cell?.Id ?? $"specimen of {string.Join(", ", v.Analysis.Files)}").Select(g => g.First())];

    private static SampleValue Of(string sample, (Analysis Analysis, ComparedValue Value)[] own)
    {
        var estimates = own.Select(o => o.Value.Value).ToArray();
        var files = own.SelectMany(o => o.Analysis.Files).Distinct().ToArray();
        var method = string.Join("; ", own.Select(o => o.Value.Method).Distinct());
        var given = estimates.Where(e => e.HasValue).ToArray();
        if (given.Length < 2) { return new(sample, given.Length == 1 ? given[0] : estimates[0], method, files, estimates, double.NaN); }
        var mean = given.Average(e => e.Value);
        var sd = Math.Sqrt(given.Sum(e => (e.Value - mean) * (e.Value - mean)) / (given.Length - 1));
        var error = sd / Math.Sqrt(given.Length);
        var t = StudentsT.Reach(given.Length - 1);
        return new(sample, new(mean, error, mean - (t * error), mean + (t * error)), method, files, estimates, sd);
    }
}
