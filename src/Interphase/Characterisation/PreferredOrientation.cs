using Interphase.Results;
using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Characterisation;

/// <summary>
/// Plates that lie flat, or stand: the areas of a hexagonal phase's lines over those of a powder of no orientation, by the function of March and Dollase about (001),
/// W = (r² cos²α + sin²α/r)^(−3/2), α between the planes and (001); r is 1 for none, below 1 for plates that lie flat (W. A. Dollase, J. Appl. Cryst. 19 (1986) 267).
/// </summary>
/// <param name="R">The parameter r.</param>
/// <param name="Asked">True where the areas ask for it beyond doubt.</param>
/// <param name="Scale">What the area of a powder of no orientation would be over the area that is there.</param>
/// <param name="Misfit">χ² over its degrees of freedom of the areas about it, with a tenth of each for the structure.</param>
/// <param name="MisfitOfNone">The same without orientation.</param>
internal sealed record PreferredOrientation(Estimate R, bool Asked, double Scale, double Misfit, double MisfitOfNone)
{
    /// <summary>How well structures tell the areas of single lines.</summary>
    private const double Doubt = 0.1;

    /// <summary>χ² that orientation has to save: one in two thousand powders of none does.</summary>
    private const double Beyond = 12;

    private const int Fewest = 5;

    /// <summary>What the area of a phase is to be multiplied by for its mass.</summary>
    public static double Correction(PreferredOrientation? of) => of is { Asked: true } o ? o.Scale : 1;

    /// <summary>Of a phase of a refined pattern; null where its lines are tied, not hexagonal or too few.</summary>
    public static PreferredOrientation? Of(RefinedPattern fit, int k)
    {
        var (model, phase) = (fit.Model, fit.Model.Phases[k]);
        if (phase.KeepsRatios || !phase.Cell.Hexagonal) { return null; }
        var lines = Enumerable.Range(0, model.Lines.Length).Where(l => model.Lines[l].Phase == k).Select(l => (Line: l, At: model.Line(l, fit.P, model.Wavelength)))
            .Where(l => l.At.TwoTheta > model.X[0] && l.At.TwoTheta < model.X[^1]).OrderBy(l => l.At.TwoTheta).ToArray();
        // Of lines that are not told apart the sum is.
        var groups = new List<List<int>>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (i == 0 || lines[i].At.TwoTheta - lines[i - 1].At.TwoTheta > 0.7 * (lines[i].At.Gauss + lines[i].At.Lorentz)) { groups.Add([]); }
            groups[^1].Add(lines[i].Line);
        }
        var cell = model.CellOf(k, fit.P);
        double Weight(int line, double r)
        {
            var (_, h, m, l, intensity) = model.Lines[line];
            var cos = l / cell.C * cell.Spacing(h, m, l);
            return intensity * Math.Pow((r * r * cos * cos) + ((1 - (cos * cos)) / r), -1.5);
        }

        var areas = Vector<double>.Build.Dense([.. groups.Select(g => g.Sum(l => model.Area(l, fit.Amplitudes)))]);
        var calculated = groups.Select(g => g.Sum(l => Weight(l, 1))).ToArray();
        if (groups.Count < Fewest || !(areas.Sum() > 0)) { return null; }
        var covariance = fit.CovarianceOf(groups);
        var per = areas.Sum() / calculated.Sum();
        (double Misfit, double Scale) At(double r)
        {
            double[] expected = [.. groups.Select(g => g.Sum(l => Weight(l, r)))];
            var e = Vector<double>.Build.Dense(expected);
            var inverse = Matrix<double>.Build.Dense(groups.Count, groups.Count, (i, j) => covariance[i, j] + (i == j ? Math.Pow(Doubt * per * expected[i], 2) + (1e-12 * per * per) : 0)).Inverse();
            var scale = e * inverse * areas / (e * inverse * e);
            var off = areas - (scale * e);
            return (off * inverse * off, scale);
        }

        double[] steps = [.. Enumerable.Range(-60, 121).Select(i => Math.Exp(0.02 * i))];
        double[] misfits = [.. steps.Select(r => At(r).Misfit)];
        var best = Enumerable.Range(0, steps.Length).MinBy(i => misfits[i]);
        var (at, none, freedom) = (At(steps[best]), At(1), Math.Max(1, groups.Count - 2));
        var scatter = Math.Max(1, at.Misfit / freedom);
        var bend = best is 0 or 120 ? 0 : (misfits[best - 1] + misfits[best + 1] - (2 * misfits[best])) / (0.02 * 0.02) / 2;
        var r = bend > 0 ? Estimate.Of(steps[best], steps[best] * Math.Sqrt(scatter / bend)) : Estimate.Withheld("the areas of its lines are those of no such orientation");
        return new(r, r.HasValue && none.Misfit - at.Misfit > Beyond * scatter, at.Scale * calculated.Sum() / areas.Sum(), at.Misfit / freedom, none.Misfit / (freedom + 1));
    }
}
