using Interphase.Results;
using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Characterisation;

/// <summary>What the sample adds to the breadth of a line.</summary>
/// <param name="H">First index of the line, or of the strongest of several too close to be told apart.</param>
/// <param name="K">Second index.</param>
/// <param name="L">Third index.</param>
/// <param name="TwoTheta">Where it is, degrees.</param>
/// <param name="Breadth">Full width at half maximum of the sample's Lorentzian, the instrument's share taken off, degrees 2θ; below zero where noise makes a line narrower than the instrument's.</param>
public sealed record LineBreadth(int H, int K, int L, double TwoTheta, Estimate Breadth);

/// <summary>
/// Size and microstrain from the breadths β of single lines over the angle: β cosθ = Kλ/L + 4ε sinθ, β and θ in radians
/// (Williamson and Hall, Acta Metall. 1 (1953) 22), by least squares with the joint covariance of the breadths.
/// </summary>
/// <param name="Lines">The breadths.</param>
/// <param name="Size">Size L, m; withheld where the data do not say.</param>
/// <param name="Strain">Microstrain ε; withheld where the data do not say.</param>
/// <param name="ScherrerSize">Size from the same breadths if there were no strain, m.</param>
/// <param name="ReducedChiSquared">Scatter of the breadths about the line over what their errors let expect; far above 1 where the breadth depends on direction.</param>
public sealed record WilliamsonHall(IReadOnlyList<LineBreadth> Lines, Estimate Size, Estimate Strain, Estimate ScherrerSize, double ReducedChiSquared)
{
    /// <summary>The fitted line: β cosθ where sinθ is zero, and what it grows by to sinθ = 1, degrees.</summary>
    public (double Intercept, double Slope) Line { get; init; }

    /// <summary>Part of the instrument's breadth below which what the sample adds is not told from it.</summary>
    internal const double LeastShare = 0.15;

    /// <summary>Largest size that is told, m: above, what the calibration of an instrument leaves open exceeds the effect.</summary>
    internal const double LargestSize = 200e-9;

    private const int FewestLines = 4;
    private const double Degree = Math.PI / 180;

    /// <summary>Size of a breadth at cosθ = 1, degrees, with an interval that its error makes lopsided.</summary>
    internal static Estimate SizeOf(double breadth, double error, double wavelength)
    {
        var length = PowderModel.ScherrerK * wavelength / (breadth * Degree);
        return new(length, length * error / breadth, length / (1 + (1.96 * error / breadth)), breadth > 1.96 * error ? length / (1 - (1.96 * error / breadth)) : double.NaN);
    }

    /// <summary>Whether a breadth stands out from the instrument and its own error.</summary>
    internal static bool Tells(double breadth, double error, double instrument) => breadth > LeastShare * instrument && breadth > 3 * error;

    /// <summary>Strain breadth 4ε of the whole-pattern fit, degrees.</summary>
    internal static (double Value, double Error) Slope(RefinedPattern joint, int phase, InstrumentProfile instrument) =>
        PowderModel.FirstOf(phase) + PowderModel.Strain is var q ? (joint.P[q], Both(joint.Error(q), instrument.SlopeError)) : default;

    /// <summary>An error with that of the instrument.</summary>
    internal static double Both(double own, double doubt) => Math.Sqrt((own * own) + (doubt * doubt));

    /// <summary>Whether strain stands out beside size, in the whole pattern and, where they can be told, in the breadths of single lines.</summary>
    internal static bool Strained(RefinedPattern joint, int phase, WilliamsonHall? breadths, InstrumentProfile instrument)
    {
        var ((slope, error), at) = (Slope(joint, phase, instrument), joint.Model.X[^1]);
        var tangent = Math.Tan(at * Math.PI / 360);
        return Tells(slope * tangent, error * tangent, instrument.FullWidth(at)) && (breadths is null || breadths.Strain.HasValue);
    }

    /// <summary>Of a phase in a refined pattern; null where its lines are too few or lie too close together.</summary>
    internal static WilliamsonHall? Of(RefinedPattern fit, int phase, InstrumentProfile instrument)
    {
        if (LineBreadths.Of(fit, phase) is not { } breadths || breadths.Lines.Count < FewestLines) { return null; }
        var (lines, n) = (breadths.Lines, breadths.Lines.Count);
        var (cos, sin) = (lines.Select(l => Math.Cos(l.TwoTheta * Degree / 2)).ToArray(), lines.Select(l => Math.Sin(l.TwoTheta * Degree / 2)).ToArray());
        if (sin[^1] - sin[0] < 0.15) { return null; }
        var weight = Matrix<double>.Build.Dense(n, n, (i, j) => breadths.Covariance[i, j] * cos[i] * cos[j]).Inverse();
        var y = Vector<double>.Build.Dense(n, i => lines[i].Breadth * cos[i]);
        (Vector<double> Values, Matrix<double> Covariance, double Misfit) Line(int parameters)
        {
            var a = Matrix<double>.Build.Dense(n, parameters, (i, j) => j == 0 ? 1 : sin[i]);
            var covariance = (a.Transpose() * weight * a).Inverse();
            var values = covariance * a.Transpose() * weight * y;
            var r = y - (a * values);
            var misfit = r * weight * r / (n - parameters);
            return (values, covariance * Math.Max(1, misfit), misfit);
        }

        var (both, alone) = (Line(2), Line(1));
        var (breadth, breadthError) = (both.Values[0], Both(Math.Sqrt(both.Covariance[0, 0]), instrument.BreadthError));
        var (slope, slopeError) = (both.Values[1], Both(Math.Sqrt(both.Covariance[1, 1]), instrument.SlopeError));
        var wavelength = fit.Model.Wavelength;
        Estimate Size(double b, double e) => Tells(b, e, instrument.FullWidth(40)) && SizeOf(b, e, wavelength) is var s && s.Value < LargestSize ? s : Estimate.Withheld("the lines are hardly wider than the instrument's, or their breadths say too little");
        var strain = Tells(slope * sin[^1] / cos[^1], slopeError * sin[^1] / cos[^1], instrument.FullWidth(lines[^1].TwoTheta)) ? Estimate.Of(slope * Degree / 4, slopeError * Degree / 4)
            : Estimate.Withheld(FormattableString.Invariant($"the breadths grow with the angle no more than size and instrument explain; below {Math.Max(0, slope + (1.645 * slopeError)) * Degree / 4:0.00000} at 95 %"));
        return new([.. lines.Select((l, i) => fit.Model.Lines[l.Line] is var (_, h, k, m, _) ? new LineBreadth(h, k, m, l.TwoTheta, Estimate.Of(l.Breadth, Math.Sqrt(breadths.Covariance[i, i]))) : null!)],
            Size(breadth, breadthError), strain, Size(alone.Values[0], Both(Math.Sqrt(alone.Covariance[0, 0]), instrument.BreadthError)), both.Misfit) { Line = (breadth, slope) };
    }
}
