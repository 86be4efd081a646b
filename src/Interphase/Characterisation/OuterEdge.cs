using Interphase.Numerics;
using MathNet.Numerics;

namespace Interphase.Characterisation;

/// <summary>
/// Where a specimen ends in vacuum, strip by strip, by maximum likelihood. Towards the edge the specimen thins; the variance of its texture
/// follows the thickness (random atoms) or its square (lattices) as v₀ + A(1 − e^(−u/w))^p, u being the depth inside the edge, blurred by the lens over b. A, p, w, b and the place of
/// the edge are fitted to all strips together, the shift of each strip to that common shape and to the common mean. Where the mean shows a
/// Fresnel fringe, its centre of symmetry gives the place common to all. A threshold on the variance would lie inside a slowly rising edge and outside a delocalised one.
/// </summary>
internal sealed class OuterEdge(double pixel)
{
    /// <summary>Step of the depth, m.</summary>
    public const double Step = 0.05e-9;
    // Pixels within a speckle repeat each other.
    private const double SpeckleArea = 0.04e-18;
    private const int Inside = 50, Outside = 34, Length = Inside + Outside;

    private readonly List<(double[] Count, double[] Sum, double[] Square)> strips = [];
    private readonly List<int> start = [];

    /// <summary>Adds a strip: pixel values by whole steps of depth, from the first one on, with a first guess of the step at which the specimen ends.</summary>
    public void Add(double[] count, double[] sum, double[] square, int guess)
    {
        strips.Add((count, sum, square));
        start.Add(guess);
    }

    /// <summary>Steps (with fractions) at which each strip ends, and the standard error of what they have in common, in steps.</summary>
    public (double[] Ends, double Error)? Fit()
    {
        var ends = start.Select(s => (double)s).ToArray();
        double error = 0;
        for (var round = 0; round < 6; round++)
        {
            var (mean, variance, weight) = Template(ends, _ => true);
            if (Shape(variance, weight, Math.Max(1, SpeckleArea / (pixel * pixel))) is not { } shape) { return null; }
            error = shape.Error;
            // The template moves along with the ends.
            var moved = Enumerable.Range(0, Length).Select(j => Depth(j) + (shape.Offset * Step)).ToArray();
            var smooth = Smoothed(mean);
            ends = [.. ends.Select((e, i) => Shift(i, e + shape.Offset, shape, smooth, moved))];
            if (round > 1 && Math.Abs(shape.Offset) < 0.5) { break; }
        }
        var all = Centre(Template(ends, _ => true));
        if (all.Significance < 8 || Math.Abs(all.Offset) > 10) { return (ends, error); }
        // Tenths of the strips left out in turn give the error of the centre; a quarter of a step is that of its grid.
        var parts = Math.Min(10, ends.Length);
        var others = Enumerable.Range(0, parts).Select(p => Centre(Template(ends, i => i % parts != p)).Offset).ToArray();
        var own = Math.Sqrt(Math.Pow(Jackknife.StandardError(others), 2) + 0.0625);
        var share = error * error / ((error * error) + (own * own));
        return ([.. ends.Select(e => e + (share * all.Offset))], error * own / Math.Sqrt((error * error) + (own * own)));
    }

    /// <summary>
    /// How far outside the common end (in steps) the mean is symmetric about itself, and by how many standard errors the fringe stands out.
    /// The image of a specimen whose thickness begins to grow linearly is, for linear transfer, an even function about the place where it
    /// begins: the Fresnel fringe is centred there.
    /// </summary>
    private static (double Offset, double Significance) Centre((double[] Mean, double[] Variance, double[] Weight) t)
    {
        const int reach = 22;
        var scores = new double[(2 * reach) + 1];
        for (var k = -reach; k <= reach; k++)
        {
            // Centres at whole and half steps: pairs at the same distance on both sides.
            var twice = (2 * Inside) - 1 + k;
            var n = 0;
            for (var j = (twice / 2) - 8; 2 * j <= twice; j++, n++) { scores[k + reach] += t.Mean[j] * t.Mean[twice - j]; }
            scores[k + reach] /= n;
        }
        var best = Array.IndexOf(scores, scores.Max());
        var fraction = 0.0;
        if (best > 1 && best < (2 * reach) - 1)
        {
            // Whole and half centres pair differently; a parabola through like ones is fair.
            double l = scores[best - 2], c = scores[best], r = scores[best + 2];
            fraction = l + r - (2 * c) < 0 ? Math.Clamp((l - r) / (l + r - (2 * c)), -1, 1) : 0;
        }
        var offset = (best - reach + fraction) / 2;
        var at = Inside + (int)Math.Round(offset);
        var height = Math.Abs(Enumerable.Range(at - 2, 4).Average(j => t.Mean[j])) / Math.Sqrt(Enumerable.Range(at - 2, 4).Average(j => t.Variance[j] / Math.Max(1, t.Weight[j])) / 4);
        return (offset, height);
    }

    /// <summary>Depth inside the edge of bin j, m.</summary>
    private static double Depth(int j) => (Inside - j - 0.5) * Step;

    /// <summary>All strips laid on one another.</summary>
    private (double[] Mean, double[] Variance, double[] Weight) Template(double[] ends, Func<int, bool> use)
    {
        var (mean, variance, weight) = (new double[Length], new double[Length], new double[Length]);
        for (var j = 0; j < Length; j++)
        {
            double n = 0, s = 0, q = 0;
            for (var i = 0; i < strips.Count; i++)
            {
                if (!use(i)) { continue; }
                var b = (int)Math.Round(ends[i]) - Inside + j;
                if (b < 0 || b >= strips[i].Count.Length) { continue; }
                n += strips[i].Count[b]; s += strips[i].Sum[b]; q += strips[i].Square[b];
            }
            if (n < 2) { continue; }
            mean[j] = s / n;
            variance[j] = Math.Max(1e-12, (q / n) - (mean[j] * mean[j]));
            weight[j] = n;
        }
        return (mean, variance, weight);
    }

    private sealed record EdgeShape(double Vacuum, double Amplitude, int Power, double Width, double Blur, double Offset, double Error)
    {
        public double Variance(double depth) => Vacuum + (Amplitude * Ramp(depth, Power, Width, Blur));
    }

    /// <summary>(1 − e^(−u/w)) for u > 0, blurred by e^(−|x|/b)/2b: what delocalisation carries outside falls off exponentially, not as a Gaussian.</summary>
    private static double Ramp(double u, double w, double b)
    {
        if (u <= 0) { return 0.5 * Math.Exp(u / b) * b / (b + w); }
        double slow = Math.Exp(-u / w), fast = Math.Exp(-u / b);
        return 1 - (0.5 * fast) - (((slow - fast) / ((1 / b) - (1 / w))) + (slow / ((1 / w) + (1 / b)))) / (2 * b);
    }

    /// <summary>The square of the bracket is 2(1 − e^(−u/w)) − (1 − e^(−2u/w)).</summary>
    private static double Ramp(double u, int power, double w, double b) => power == 1 ? Ramp(u, w, b) : (2 * Ramp(u, w, b)) - Ramp(u, w / 2, b);

    private static readonly Lazy<(int Power, double Width, double Blur, int Offset, double[] Values)[]> Ramps = new(() =>
    [
        .. from power in new[] { 1, 2 }
           from w in new[] { 0.07e-9, 0.14e-9, 0.28e-9, 0.55e-9, 1.1e-9, 2.2e-9, 5e-9 }
           from blur in new[] { 0.03e-9, 0.06e-9, 0.1e-9, 0.15e-9, 0.2e-9, 0.25e-9 }
           from k in Enumerable.Range(-12, 25)
           select (power, w, blur, k, Enumerable.Range(0, Length).Select(j => Ramp(Depth(j) + (k * Step / 2), power, w, blur)).ToArray()),
    ]);

    /// <summary>The shape of greatest likelihood; its offset is the mean over all shapes by their likelihood, so that shapes that cannot be told apart do not take turns.</summary>
    private static EdgeShape? Shape(double[] variance, double[] weight, double repeated)
    {
        var far = Enumerable.Range(Length - 14, 14).Where(j => weight[j] > 0).ToArray();
        if (far.Length < 5) { return null; }
        var vacuum = far.Sum(j => variance[j] * weight[j]) / far.Sum(j => weight[j]);
        var shapes = new List<(double Deviance, EdgeShape Shape)>();
        foreach (var (power, w, blur, k, ramp) in Ramps.Value)
        {
            var (deviance, a) = Amplitude(variance, weight, vacuum, ramp);
            if (a > 0) { shapes.Add((deviance, new(vacuum, a, power, w, blur, k / 2.0, 0))); }
        }
        if (shapes.Count == 0) { return null; }
        var best = shapes.MinBy(s => s.Deviance);
        double sum = 0, mean = 0, square = 0;
        foreach (var (deviance, shape) in shapes)
        {
            var likelihood = Math.Exp((best.Deviance - deviance) / 2 / repeated);
            sum += likelihood; mean += likelihood * shape.Offset; square += likelihood * shape.Offset * shape.Offset;
        }
        mean /= sum;
        return best.Shape with { Offset = mean, Error = Math.Sqrt(Math.Max(0.05, (square / sum) - (mean * mean))) };
    }

    /// <summary>The amplitude of greatest likelihood (variances are gamma-distributed) and its deviance.</summary>
    private static (double Deviance, double Amplitude) Amplitude(double[] variance, double[] weight, double vacuum, double[] ramp)
    {
        var a = variance.Max();
        for (var iteration = 0; iteration < 5; iteration++)
        {
            double up = 0, down = 0;
            for (var j = 0; j < Length; j++)
            {
                var v = vacuum + (a * ramp[j]);
                up += weight[j] * ramp[j] * (variance[j] - vacuum) / (v * v);
                down += weight[j] * ramp[j] * ramp[j] / (v * v);
            }
            a = Math.Max(0, down > 0 ? up / down : 0);
        }
        double deviance = 0;
        for (var j = 0; j < Length; j++)
        {
            if (weight[j] == 0) { continue; }
            var v = vacuum + (a * ramp[j]);
            deviance += weight[j] * (Math.Log(v) + (variance[j] / v));
        }
        return (deviance, a);
    }

    /// <summary>The end of one strip at the common shape.</summary>
    private double Shift(int strip, double end, EdgeShape shape, double[] mean, double[] depth)
    {
        var (count, sum, square) = strips[strip];
        var model = depth.Select(shape.Variance).ToArray();
        double Deviance(int k)
        {
            double total = 0;
            for (var j = 0; j < Length; j++)
            {
                var b = (int)Math.Round(end - shape.Offset) + k - Inside + j;
                if (b < 0 || b >= count.Length || count[b] == 0) { continue; }
                var square2 = square[b] - (2 * mean[j] * sum[b]) + (count[b] * mean[j] * mean[j]);
                total += (count[b] * Math.Log(model[j])) + (Math.Max(0, square2) / model[j]);
            }
            return total;
        }

        // All shifts compare the same pixels: those beyond the template count as its ends.
        var values = Enumerable.Range(-16, 33).Select(k => (K: k, D: Deviance(k) + Ends(k))).ToArray();
        double Ends(int k)
        {
            double total = 0;
            var first = (int)Math.Round(end - shape.Offset) - Inside;
            for (var b = Math.Max(0, first - 16); b < Math.Min(count.Length, first + Length + 16); b++)
            {
                var j = b - first - k;
                if (j >= 0 && j < Length) { continue; }
                var (m, v) = j < 0 ? (mean[0], model[0]) : (mean[Length - 1], model[Length - 1]);
                total += (count[b] * Math.Log(v)) + (Math.Max(0, square[b] - (2 * m * sum[b]) + (count[b] * m * m)) / v);
            }
            return total;
        }

        var i = Array.IndexOf(values, values.MinBy(v => v.D));
        var fraction = 0.0;
        if (i > 0 && i < values.Length - 1)
        {
            var (l, c, r) = (values[i - 1].D, values[i].D, values[i + 1].D);
            fraction = l + r - (2 * c) > 0 ? 0.5 * (l - r) / (l + r - (2 * c)) : 0;
        }
        return Math.Round(end - shape.Offset) + values[i].K + fraction + shape.Offset;
    }

    private static double[] Smoothed(double[] mean) => [.. Enumerable.Range(0, Length).Select(j => (mean[Math.Max(0, j - 1)] + (2 * mean[j]) + mean[Math.Min(Length - 1, j + 1)]) / 4)];
}
