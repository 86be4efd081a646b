using Interphase.Results;

namespace Interphase.Laboratory;

/// <summary>A calibration in words and as a document.</summary>
public static class CalibrationWords
{
    /// <summary>What a variant is called.</summary>
    public static string NameOf(PaperVariant variant) => variant switch
    {
        PaperVariant.UniformContact => "uniform contact",
        PaperVariant.ResistanceOnly => "interface resistance only, no parallel path at 550 degC",
        PaperVariant.ConductivityOnly => "resistance in inverse proportion to the coating's conductivity",
        _ => "interface resistance, parallel path at 550 degC",
    };

    /// <summary>How well the numbers fix a parameter of the full model.</summary>
    public static string Identifiability(Calibration c, int k)
    {
        ArgumentNullException.ThrowIfNull(c);
        var fit = c.Best.Fit;
        var words = new List<string>();
        if (c.Intervals.Count > 0)
        {
            var i = c.Intervals[k];
            var half = (i.Upper - i.Lower) / 2 / Math.Abs(fit.Values[k]);
            words.Add((i.LowerAtBound, i.UpperAtBound) switch
            {
                (true, true) => "not identified: any value between the bounds",
                (true, false) => "an upper limit only",
                (false, true) => "a lower limit only",
                _ => half < 0.15 ? "well identified" : half < 0.5 ? "weakly identified" : "hardly identified",
            });
        }
        else if (fit.AtBound[k]) { words.Add("at its bound: one side only"); }
        else { words.Add(double.IsFinite(fit.StandardErrors[k]) ? FormattableString.Invariant($"known to {100 * fit.StandardErrors[k] / Math.Abs(fit.Values[k]):F0} %") : "not identified"); }
        foreach (var j in Enumerable.Range(0, c.Best.Free.Count).Where(j => j != k && Math.Abs(fit.Correlation(j, k)) > 0.7))
        {
            words.Add(FormattableString.Invariant($"tied to {c.Best.Parameters[j].Name} (correlation {fit.Correlation(j, k):F2})"));
        }
        return string.Join(", ", words);
    }

    /// <summary>The numbers more than two of their standard deviations off, worst first.</summary>
    public static string FailsAt(PaperFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var numbers = PaperModel.Targets.Select((t, i) => (Target: t, Model: fit.Model[i], Off: Math.Abs(fit.Model[i] - t.Value) / t.Error)).Where(x => !(x.Off <= 2)).OrderByDescending(x => x.Off)
            .Select(x => FormattableString.Invariant($"{x.Target.Quantity} of {x.Target.Sample} {x.Model:G3} for {x.Target.Value:G4} {x.Target.Unit}"));
        var arcs = fit.Variant != PaperVariant.ConductivityOnly ? [] : PaperModel.Targets.Select(t => t.Sample).Distinct()
            .Select(s => (Sample: s, Arc: PaperModel.ArcOf(s, fit.Variant), Paper: PaperNumbers.Values[(s, "interfaceResistance")])).Where(x => Math.Abs((x.Arc / x.Paper) - 1) > 0.1)
            .Select(x => FormattableString.Invariant($"interfaceResistance of {x.Sample} {x.Arc:G4} for {x.Paper:G4} ohm (not in χ²)"));
        return string.Join("; ", numbers.Concat(arcs));
    }

    /// <summary>The document <c>estimate paper --json</c> prints.</summary>
    public static object Contract(this Calibration c)
    {
        ArgumentNullException.ThrowIfNull(c);
        var fit = c.Best.Fit;
        var n = c.Best.Free.Count;
        return new
        {
            settings = new { c.Options.Classes, c.Options.SearchClasses, c.Options.Starts, c.Options.Design, c.Options.Seed },
            parameters = c.Best.Parameters.Select((p, k) => new
            {
                p.Name, value = fit.Values[k], standardError = fit.StandardErrors[k],
                lower95 = c.Intervals.Count > 0 ? c.Intervals[k].Lower : double.NaN, upper95 = c.Intervals.Count > 0 ? c.Intervals[k].Upper : double.NaN,
                p.Unit, p.Lower, p.Upper, shipped = PaperModel.Shipped[c.Best.Free[k]], identifiability = Identifiability(c, k),
            }),
            correlation = Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => fit.Correlation(i, j))),
            chiSquared = fit.ChiSquared,
            c.Best.DegreesOfFreedom,
            c.PValue,
            fit.Stop,
            shipped = new { chiSquared = c.ShippedChiSquared, confidence = c.ShippedConfidence },
            targets = PaperModel.Targets.Select((t, i) => new { t.Quantity, t.Sample, t.Technique, paper = t.Value, model = c.Best.Model[i], t.Error, t.Unit }),
            minima = c.Best.Minima.Select(m => new { m.ChiSquared, values = c.Best.Free.Select(i => m.Values[i]) }),
            searches = c.Best.Searches.Select(m => m.ChiSquared),
            convergence = c.Convergence.Select(x => new { x.Classes, chiSquared = x.Held, refitted = new { x.Refitted.Fit.ChiSquared, x.Refitted.Fit.Values } }),
            met = c.Met.Select(m => new
            {
                m.Target.Quantity, m.Target.Sample, paper = m.Target.Value, model = m.Value, m.Target.Unit, m.ChiSquared,
                values = m.Fit.Values, numbers = m.Fit.Model, failsAt = FailsAt(m.Fit),
            }),
            rejectedModels = c.Rejected.Select(r => new
            {
                name = NameOf(r.Variant), r.Fit.ChiSquared, r.DegreesOfFreedom, failsAt = FailsAt(r), searches = r.Searches.Select(m => m.ChiSquared),
                parameters = r.Parameters.Select((p, k) => new { p.Name, value = r.Fit.Values[k], standardError = r.Fit.StandardErrors[k], p.Unit, atBound = r.Fit.AtBound[k] }),
            }),
            leaveOut = c.LeaveOut.Select(l => new
            {
                l.Left, l.Note, l.Counts, chiSquared = l.Fit?.Fit.ChiSquared, degreesOfFreedom = l.Fit?.DegreesOfFreedom, searches = l.Fit?.Searches.Select(m => m.ChiSquared),
                parameters = l.Fit?.Parameters.Select((p, k) => new { p.Name, value = l.Fit.Fit.Values[k], standardError = l.Fit.Fit.StandardErrors[k], p.Unit, atBound = l.Fit.Fit.AtBound[k] }),
                rows = l.Rows.Select(r => Row(l, r)),
            }),
            warnings = Warnings(c).ToArray(),
        };
    }

    /// <summary>As a row of the comparison, with what the fit leaves open.</summary>
    private static object Row(LeftOut left, LeftOutRow r)
    {
        var tolerance = PaperNumbers.ToleranceOf(r.Target.Quantity, r.Target.Sample);
        return new
        {
            r.Target.Quantity, r.Target.Sample, paper = r.Target.Value, model = r.Predicted, r.StandardError, lowest = r.Lowest, highest = r.Highest, r.Target.Unit,
            relativeDifference = (r.Predicted / r.Target.Value) - 1, tolerance = tolerance.Share(r.Target.Value), toleranceBasis = tolerance.Basis,
            status = r.Reproduced ? "reproduced" : "missed", how = "predicted", fitTarget = false, note = left.Note,
        };
    }

    /// <summary>What is null in the document, and why.</summary>
    private static IEnumerable<Warning> Warnings(Calibration c)
    {
        foreach (var k in Enumerable.Range(0, c.Best.Free.Count).Where(k => !double.IsFinite(c.Best.Fit.StandardErrors[k])))
        {
            yield return new($"parameters.{c.Best.Parameters[k].Name}.standardError", c.Best.Fit.AtBound[k] ? "the parameter stands at its bound, where the curvature says nothing; the interval does" : "the numbers do not tell this parameter");
        }
        if (c.Intervals.Count == 0) { yield return new("parameters.lower95", "only the fit was asked for"); }
        foreach (var l in c.LeaveOut.Where(l => l.Fit is null)) { yield return new($"leaveOut.{l.Left}", l.Note); }
        foreach (var l in c.LeaveOut.Where(l => l.Rows.Any(r => !double.IsFinite(r.StandardError))))
        {
            yield return new($"leaveOut.{l.Left}.rows.standardError", "without these numbers not all parameters are identified");
        }
    }
}
