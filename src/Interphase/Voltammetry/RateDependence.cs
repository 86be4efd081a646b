using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Voltammetry;

/// <summary>
/// Peak current against scan rate: ip = a v^b (b = 0.5: diffusion to a planar front, b = 1: surface or thin layer), and Randles–Ševčík,
/// ip = 0.4463 n F A c √(n F v D/(R T)) (J. E. B. Randles, Trans. Faraday Soc. 44 (1948) 327; A. Ševčík, Collect. Czech. Chem. Commun. 13 (1948) 349), for a reversible couple.
/// </summary>
/// <param name="Forward">+1 where the first sweep is anodic: its peak stands on the safer baseline and gives the headline.</param>
/// <param name="Anodic">b of the anodic peak.</param>
/// <param name="Cathodic">b of the cathodic peak.</param>
/// <param name="SlopeAnodic">d ip/d√v, A/(V/s)^½, through the origin.</param>
/// <param name="SlopeCathodic">The same of the cathodic peak.</param>
/// <param name="Diffusivity">m²/s from the slope of the forward peak; withheld without area and concentration, or where b is not 0.5 within 0.1.</param>
/// <param name="Rates">Scan rates, V/s.</param>
/// <param name="PeakCurrents">Mean forward peak current at each, A.</param>
public sealed record RateDependence(int Forward, Estimate Anodic, Estimate Cathodic, Estimate SlopeAnodic, Estimate SlopeCathodic, Estimate Diffusivity, double[] Rates, double[] PeakCurrents)
{
    /// <summary>b of the forward peak.</summary>
    public Estimate B => Forward > 0 ? Anodic : Cathodic;

    /// <summary>d ip/d√v of the forward peak, A/(V/s)^½.</summary>
    public Estimate Slope => Forward > 0 ? SlopeAnodic : SlopeCathodic;

    /// <summary>The forward peak current the power law has at a scan rate, A; NaN without an exponent.</summary>
    /// <param name="rate">V/s.</param>
    public double PowerLaw(double rate) => B.HasValue ? Math.Exp(PeakCurrents.Average(Math.Log) + (B.Value * (Math.Log(rate) - Rates.Average(Math.Log)))) : double.NaN;

    internal static RateDependence Of(IReadOnlyList<VoltammetryCycle> cycles, Electrode electrode, VoltammetryOptions options)
    {
        var (anodic, cathodic) = (Points(cycles, c => c.MainAnodic), Points(cycles, c => c.MainCathodic));
        var (b, slope) = Exponent(anodic);
        var (bCathodic, slopeCathodic) = Exponent(cathodic);
        var forward = cycles[0].Sweeps[0].Direction;
        var points = forward > 0 ? anodic : cathodic;
        return new(forward, b, bCathodic, slope, slopeCathodic, forward > 0 ? Diffusion(b, slope, electrode, options) : Diffusion(bCathodic, slopeCathodic, electrode, options),
            [.. points.Select(p => p.Rate)], [.. points.Select(p => p.Current)]);
    }

    private static List<(double Rate, double Current)> Points(IReadOnlyList<VoltammetryCycle> cycles, Func<VoltammetryCycle, VoltammetryPeak?> peak)
    {
        var groups = new List<List<(double Rate, double Current)>>();
        foreach (var c in cycles.OrderBy(c => c.ScanRate))
        {
            if (peak(c) is not { Kind: PeakKind.Peak } p) { continue; }
            if (groups.Count > 0 && c.ScanRate < 1.05 * groups[^1][0].Rate) { groups[^1].Add((c.ScanRate, Math.Abs(p.Current.Value))); }
            else { groups.Add([(c.ScanRate, Math.Abs(p.Current.Value))]); }
        }
        return [.. groups.Select(g => (g.Average(p => p.Rate), g.Average(p => p.Current)))];
    }

    private static (Estimate B, Estimate Slope) Exponent(List<(double Rate, double Current)> points)
    {
        if (points.Count < 3)
        {
            var why = points.Count < 2 ? "one scan rate only: no dependence on it" : "two scan rates only: an exponent would have no error";
            return (Estimate.Withheld(why), Estimate.Withheld(why));
        }
        double[] x = [.. points.Select(p => Math.Log(p.Rate))], y = [.. points.Select(p => Math.Log(p.Current))];
        var (mx, my) = (x.Average(), y.Average());
        var sxx = x.Sum(v => (v - mx) * (v - mx));
        var b = x.Zip(y).Sum(p => (p.First - mx) * (p.Second - my)) / sxx;
        var rss = x.Zip(y).Sum(p => Math.Pow(p.Second - my - (b * (p.First - mx)), 2));
        var error = Math.Sqrt(rss / (points.Count - 2) / sxx);
        var sum = points.Sum(p => p.Rate);
        var slope = points.Sum(p => p.Current * Math.Sqrt(p.Rate)) / sum;
        var scatter = points.Sum(p => Math.Pow(p.Current - (slope * Math.Sqrt(p.Rate)), 2)) / (points.Count - 1);
        var t = StudentsT.Reach(points.Count - 2);
        return (new(b, error, b - (t * error), b + (t * error)), Estimate.Of(slope, Math.Sqrt(scatter / sum)));
    }

    private static Estimate Diffusion(Estimate b, Estimate slope, Electrode electrode, VoltammetryOptions o)
    {
        if (!slope.HasValue) { return slope; }
        if (o.Concentration is not { } c) { return Estimate.Withheld("no concentration is given (--concentration)"); }
        if (electrode.Area is not { } area) { return Estimate.Withheld("no area is given (--area)"); }
        if (Math.Abs(b.Value - 0.5) > 0.1) { return Estimate.Withheld(FormattableString.Invariant($"the peak current does not follow the square root of the scan rate (b = {b.Value:F2})")); }
        var n = o.Electrons;
        var root = slope.Value / (0.4463 * n * Constants.Faraday * area.Value * c * Math.Sqrt(n * Constants.Faraday / (Constants.Gas * o.Temperature)));
        var relative = 2 * Math.Sqrt(Math.Pow(slope.StandardError / slope.Value, 2) + Math.Pow((area.StandardError ?? 0) / area.Value, 2) + Math.Pow(o.ConcentrationStandardError / c, 2));
        return Estimate.Of(root * root, root * root * relative);
    }
}
