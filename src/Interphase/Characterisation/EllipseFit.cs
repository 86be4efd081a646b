using Interphase.Measurements;
using Interphase.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>
/// Centre and ellipse of a pattern. Of the ellipse, the logarithm of its long over its short axis times cosine and sine of twice the direction of the
/// long one, so that near a circle r(φ) = r₀(1 + ½(c cos 2φ + s sin 2φ)). Standard errors of each coordinate and of c and s; NaN where nothing told them.
/// </summary>
internal sealed record EllipseFit(double X, double Y, double Cos, double Sin, double Error, double EllipseError)
{
    private const int Parameters = 5;

    /// <summary>Errors above which a ring tells nothing: of the centre in pixels, of the ellipse.</summary>
    private const double Loose = 1, Shapeless = 0.025;

    /// <summary>The same with an ellipse that is known from elsewhere, where this one tells it worse or not at all.</summary>
    public EllipseFit With(EllipseFit? known) => known is { } k && !(EllipseError <= k.EllipseError) ? this with { Cos = k.Cos, Sin = k.Sin, EllipseError = k.EllipseError } : this;

    /// <summary>Where a place of the pattern, from the centre, would be if the camera were round: the circle of the same area keeps its radius.</summary>
    public (double X, double Y) Round(double x, double y) => Stretched(x, y, -1);

    /// <summary>Where the camera puts a place of the round pattern.</summary>
    public (double X, double Y) Stretched(double x, double y) => Stretched(x, y, 1);

    private (double X, double Y) Stretched(double x, double y, int way)
    {
        var log = Math.Sqrt((Cos * Cos) + (Sin * Sin));
        if (log == 0) { return (x, y); }
        var (cosh, sinh) = (Math.Cosh(log / 2), way * Math.Sinh(log / 2) / log);
        return (((cosh + (sinh * Cos)) * x) + (sinh * Sin * y), (sinh * Sin * x) + ((cosh - (sinh * Cos)) * y));
    }

    /// <summary>Fits the ring that tells most, or the halo, again and again from where the last fit put the centre; this one where there is none.</summary>
    public EllipseFit Refined(Micrograph image, bool halo)
    {
        var fit = this;
        (RadialPeak Peak, double Reach)? ring = null;
        for (var round = 0; round < 12; round++)
        {
            var profile = RadialProfile.Of(image, fit.X, fit.Y, fit.Cos, fit.Sin);
            // Which ring it is, and how far from others, is told once the centre is nearly right.
            if (round < 3) { ring = Ring(profile, halo); }
            if (ring is not var (peak, reach) || fit.Next(profile, peak, reach, halo) is not { } next) { break; }
            var (step, bend) = (Math.Max(Math.Abs(next.X - fit.X), Math.Abs(next.Y - fit.Y)), Math.Abs(next.Cos - fit.Cos) + Math.Abs(next.Sin - fit.Sin));
            fit = next;
            if (step < 0.05 * fit.Error && bend < 0.05 * fit.EllipseError) { break; }
        }
        return fit;
    }

    /// <summary>The ring that fills its circle and tells most, as far as half of the way to the next, or the halo.</summary>
    private static (RadialPeak Peak, double Reach)? Ring(RadialProfile profile, bool halo)
    {
        if (halo) { return profile.Strongest() is { } broad ? (broad, Math.Max(4, broad.Width)) : null; }
        var lines = profile.Peaks();
        if (lines.Where(p => p.Filled > 0.5 && p.Radius > 0.06 * profile.Radius.Length).MaxBy(p => p.Radius / p.Error) is not { } ring) { return null; }
        var free = lines.Where(p => p != ring).Select(p => Math.Abs(p.Radius - ring.Radius)).DefaultIfEmpty(double.PositiveInfinity).Min() / 2;
        return (ring, Math.Max(3.5, Math.Min(1.5 * Math.Max(4, 1.2 * ring.Width), free)));
    }

    private EllipseFit? Next(RadialProfile profile, RadialPeak ring, double reach, bool halo)
    {
        // A halo reaches so far in that sectors have to be wide, or neighbours share pixels and with them noise.
        var count = halo ? 24 : 48;
        RingSector[] sectors = [.. profile.Displacements(ring.Radius, reach, count, halo).Where(s => s.Amplitude > 0.1)];
        // Least squares over the sectors of -D against A (r₀ + a cos φ + b sin φ + ½ r₀(c cos 2φ + s sin 2φ)).
        static Vector<double> Row(RingSector s) => s.Amplitude * Vector<double>.Build.DenseOfArray([1, Math.Cos(s.Angle), Math.Sin(s.Angle), Math.Cos(2 * s.Angle), Math.Sin(2 * s.Angle)]);
        var (q, inverse) = (Vector<double>.Build.Dense(Parameters), Matrix<double>.Build.Dense(Parameters, Parameters));
        double Residual(RingSector s) => -s.Slope - Row(s).DotProduct(q);
        var use = sectors;
        for (var round = 0; round < 4; round++)
        {
            if (use.Length < count / 2) { return null; }
            (inverse, var right) = (Matrix<double>.Build.Dense(Parameters, Parameters), Vector<double>.Build.Dense(Parameters));
            foreach (var s in use) { (inverse, right) = (inverse + (s.Weight * Row(s).OuterProduct(Row(s))), right - (s.Weight * s.Slope * Row(s))); }
            inverse = inverse.Inverse();
            q = inverse * right;
            var scatter = 1.4826 * use.Select(s => Math.Abs(Residual(s)) * Math.Sqrt(s.Weight)).Median();
            RingSector[] kept = [.. sectors.Where(s => Math.Abs(Residual(s)) * Math.Sqrt(s.Weight) < 4 * scatter)];
            if (kept.Length < count / 2 || kept.Length == use.Length) { break; }
            use = kept;
        }
        // What each sector is off tells the errors, however unequal they are (MacKinnon and White 1985), with Student's t for the sectors that count: freed of how much
        // it draws the fit to itself (HC2), and of the few wide ones of a halo, whose slope is uncertain too, as if it had not been there (HC3): chosen on made halos.
        var off = Matrix<double>.Build.Dense(Parameters, Parameters);
        double sum = 0, squares = 0;
        foreach (var s in use)
        {
            var (row, weight) = (Row(s), s.Weight * s.Amplitude * s.Amplitude);
            off += row.OuterProduct(row) * Math.Pow(s.Weight * Residual(s), 2) / Math.Pow(1 - (s.Weight * row.DotProduct(inverse * row)), halo ? 2 : 1);
            (sum, squares) = (sum + weight, squares + (weight * weight));
        }
        var counting = sum * sum / squares;
        if (!(counting > count / 3)) { return null; }
        var covariance = inverse * off * inverse;
        var student = StudentsT.Widening(counting - Parameters);
        double Both(int i) => Math.Sqrt((covariance[i, i] + covariance[i + 1, i + 1]) / 2) * student;
        var (error, bent) = (Both(1), 2 * Both(3) / ring.Radius);
        return error < Loose && bent < Shapeless && Math.Sqrt((q[1] * q[1]) + (q[2] * q[2])) < 0.1 * ring.Radius
            ? new(X + q[1], Y + q[2], Cos + (2 * q[3] / ring.Radius), Sin + (2 * q[4] / ring.Radius), error, bent)
            : null;
    }
}
