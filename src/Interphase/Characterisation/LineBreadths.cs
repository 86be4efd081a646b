using Interphase.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Characterisation;

/// <summary>
/// The breadth that the sample adds to each line of a phase, from the refined pattern: every line, or lines too close to be told apart,
/// gets a breadth of its own, and all else that was refined stays free beside it (Gauss–Newton from the common breadth).
/// </summary>
internal static class LineBreadths
{
    /// <summary>Part of the strongest area below which a line says nothing of its breadth.</summary>
    private const double Weakest = 0.03;

    /// <summary>Lines with the breadth of each in degrees 2θ, and the joint covariance of the breadths; null where there are none, or they cannot be told apart from the rest.</summary>
    public static (IReadOnlyList<(int Line, double TwoTheta, double Breadth)> Lines, double[,] Covariance)? Of(RefinedPattern fit, int phase)
    {
        var (model, p) = (fit.Model, fit.P);
        var groups = Groups(fit, phase);
        if (groups.Count == 0) { return null; }
        var (common, _) = model.Jacobian(p, [.. fit.Index.Where(i => i < p.Length && i != PowderModel.FirstOf(phase) + PowderModel.Size && i != PowderModel.FirstOf(phase) + PowderModel.Strain)], fit.Amplitudes);
        var used = Enumerable.Range(0, model.Linear).Where(j => fit.Amplitudes[j] != 0).ToArray();
        var extra = new double[model.Lines.Length];
        var columns = model.Allocate();
        Matrix<double>? first = null;
        var scale = 1.0;
        for (var pass = 0; pass < 5; pass++)
        {
            model.Columns(p, columns, extra);
            var residual = new double[model.Points];
            model.Residual(columns, fit.Amplitudes, residual);
            var jacobian = groups.Select(g => Derivative(fit, g, extra)).Concat(common).Concat(used.Select(j => Weighted(columns[j], model.Sigma))).ToArray();
            var norm = jacobian.Select(c => Math.Sqrt(Vectors.Dot(c, c))).ToArray();
            if (norm.Any(n => !(n > 0))) { return null; }
            var inverse = Matrix<double>.Build.Dense(norm.Length, norm.Length, (i, j) => (Vectors.Dot(jacobian[i], jacobian[j]) / (norm[i] * norm[j])) + (i == j ? 1e-10 : 0)).Inverse();
            var step = inverse * Vector<double>.Build.Dense(norm.Length, i => -Vectors.Dot(jacobian[i], residual) / norm[i]);
            scale = PowderModel.Scale(residual, model.Points - norm.Length);
            for (var g = 0; g < groups.Count; g++)
            {
                foreach (var l in groups[g])
                {
                    var (_, gauss, lorentz) = model.Line(l, p, model.Wavelength);
                    // A line cannot be narrower than a Gaussian.
                    extra[l] = Math.Max(extra[l] + Math.Clamp(step[g] / norm[g], -0.3 * (gauss + lorentz), 0.5 * (gauss + lorentz)), 1e-4 - lorentz);
                }
            }
            // Weights from breadths of their own would favour lines that noise made narrow.
            first ??= Matrix<double>.Build.Dense(groups.Count, groups.Count, (i, j) => inverse[i, j] / (norm[i] * norm[j]));
        }
        var covariance = new double[groups.Count, groups.Count];
        for (var i = 0; i < groups.Count; i++) { for (var j = 0; j < groups.Count; j++) { covariance[i, j] = scale * first![i, j]; } }
        return ([.. groups.Select(g =>
        {
            var strongest = g.MaxBy(l => model.Area(l, fit.Amplitudes));
            var area = g.Sum(l => model.Area(l, fit.Amplitudes));
            return (strongest, g.Sum(l => model.Area(l, fit.Amplitudes) * model.Line(l, p, model.Wavelength).TwoTheta) / area, g.Sum(l => model.Area(l, fit.Amplitudes) * (model.Own(l, p) + extra[l])) / area);
        })], covariance);
    }

    /// <summary>Lines of a phase nearer than seven tenths of their breadth go together.</summary>
    private static List<int[]> Groups(RefinedPattern fit, int phase)
    {
        var model = fit.Model;
        var lines = Enumerable.Range(0, model.Lines.Length).Where(l => model.Lines[l].Phase == phase && model.Area(l, fit.Amplitudes) > 0).Select(l => (Line: l, At: model.Line(l, fit.P, model.Wavelength)))
            .Where(l => l.At.TwoTheta > model.X[0] && l.At.TwoTheta < model.X[^1]).OrderBy(l => l.At.TwoTheta).ToArray();
        var groups = new List<List<int>>();
        for (var i = 0; i < lines.Length; i++)
        {
            if (i == 0 || lines[i].At.TwoTheta - lines[i - 1].At.TwoTheta > 0.7 * (lines[i].At.Gauss + lines[i].At.Lorentz)) { groups.Add([]); }
            groups[^1].Add(lines[i].Line);
        }
        double Area(IEnumerable<int> g) => g.Sum(l => model.Area(l, fit.Amplitudes));
        var strongest = groups.Select(Area).DefaultIfEmpty(0).Max();
        return [.. groups.Where(g => Area(g) > Weakest * strongest).Select(g => g.ToArray())];
    }

    /// <summary>What a degree more of breadth changes, in standard deviations.</summary>
    private static double[] Derivative(RefinedPattern fit, int[] group, double[] extra)
    {
        const double h = 1e-3;
        var model = fit.Model;
        var (up, down) = (new double[model.Points], new double[model.Points]);
        foreach (var l in group)
        {
            var area = model.Area(l, fit.Amplitudes);
            model.AddLine(l, fit.P, extra[l] + h, area, up);
            model.AddLine(l, fit.P, extra[l], area, down);
        }
        for (var i = 0; i < up.Length; i++) { up[i] = (up[i] - down[i]) / (h * model.Sigma[i]); }
        return up;
    }

    private static double[] Weighted(double[] column, double[] sigma) => [.. column.Select((v, i) => v / sigma[i])];
}
