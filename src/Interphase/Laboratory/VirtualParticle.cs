using Interphase.Measurements;
using MathNet.Numerics.Distributions;

namespace Interphase.Laboratory;

/// <summary>
/// Maps of one particle made photon by photon: places are drawn evenly in the body of the particle, of its coating and of the layer grown
/// on it, moved by the probe, and counted in pixels. No formula of a chord is used. The body is all places within a radius of a skeleton of
/// straight pieces (one point: a sphere), so that a layer around it is all places a little further off.
/// </summary>
internal sealed record VirtualParticle(double[][] Skeleton, double Radius, double Coating, double Layer)
{
    /// <summary>Pixels on a side.</summary>
    public int Size { get; init; } = 96;

    /// <summary>Standard deviation of the probe, pixels.</summary>
    public double Probe { get; init; } = 0.7;

    /// <summary>Arc of the rim without coating, radians, its beginning.</summary>
    public (double From, double Length) Open { get; init; }

    /// <summary>Amplitude of the coating's density over the angle, which makes its rim uneven.</summary>
    public double Uneven { get; init; }

    /// <summary>Counts of Ni per cubic pixel; those of the coating and the layer in units of it.</summary>
    public double Dose { get; init; } = 0.8;

    /// <summary>Half edges of a brick about the first point instead of straight pieces, pixels; its radius rounds the edges off.</summary>
    public double[]? Brick { get; init; }

    /// <summary>Angles by which the brick is turned in the plane and tipped out of it.</summary>
    public (double Turn, double Tip) Turned { get; init; }

    private double Distance(double x, double y, double z)
    {
        if (Brick is { } half)
        {
            var (u, v, w) = (x - Skeleton[0][0], y - Skeleton[0][1], z - Skeleton[0][2]);
            (u, v) = ((u * Math.Cos(Turned.Turn)) + (v * Math.Sin(Turned.Turn)), (v * Math.Cos(Turned.Turn)) - (u * Math.Sin(Turned.Turn)));
            (v, w) = ((v * Math.Cos(Turned.Tip)) + (w * Math.Sin(Turned.Tip)), (w * Math.Cos(Turned.Tip)) - (v * Math.Sin(Turned.Tip)));
            (u, v, w) = (Math.Max(0, Math.Abs(u) - half[0]), Math.Max(0, Math.Abs(v) - half[1]), Math.Max(0, Math.Abs(w) - half[2]));
            return Math.Sqrt((u * u) + (v * v) + (w * w));
        }
        var best = double.PositiveInfinity;
        for (var k = 0; k < Math.Max(1, Skeleton.Length - 1); k++)
        {
            var (a, b) = (Skeleton[k], Skeleton[Math.Min(k + 1, Skeleton.Length - 1)]);
            double ux = b[0] - a[0], uy = b[1] - a[1], uz = b[2] - a[2], vx = x - a[0], vy = y - a[1], vz = z - a[2];
            var length = (ux * ux) + (uy * uy) + (uz * uz);
            var t = length > 0 ? Math.Clamp(((ux * vx) + (uy * vy) + (uz * vz)) / length, 0, 1) : 0;
            (vx, vy, vz) = (vx - (t * ux), vy - (t * uy), vz - (t * uz));
            best = Math.Min(best, (vx * vx) + (vy * vy) + (vz * vz));
        }
        return Math.Sqrt(best);
    }

    /// <summary>Maps of Ni (particle), Nb (coating), P and S (layer; niobium leaks into S), each with a background and some of the particle's continuum.</summary>
    public ElementMap[] Maps(Random random)
    {
        var maps = new Dictionary<string, int[]> { ["Ni"] = new int[Size * Size], ["Nb"] = new int[Size * Size], ["P"] = new int[Size * Size], ["S"] = new int[Size * Size] };
        var normal = new Normal(0, Probe, random);
        var reach = Radius + Coating + Layer;
        var around = reach + (Brick is { } b ? Math.Sqrt(b.Sum(h => h * h)) : 0);
        double[] low = [.. Enumerable.Range(0, 3).Select(i => Skeleton.Min(p => p[i]) - around)], side = [.. Enumerable.Range(0, 3).Select(i => Skeleton.Max(p => p[i]) + around - low[i])];
        var (cx, cy) = (Skeleton.Average(p => p[0]), Skeleton.Average(p => p[1]));
        void Count(string element, double x, double y)
        {
            var (u, v) = ((int)Math.Floor(x + normal.Sample()), (int)Math.Floor(y + normal.Sample()));
            if (u >= 0 && v >= 0 && u < Size && v < Size) { maps[element][(v * Size) + u]++; }
        }

        // As many places a volume as the brightest line needs; the others keep a share of them.
        const double densest = 3;
        var places = Poisson.Sample(random, densest * Dose * side[0] * side[1] * side[2]);
        for (var n = 0; n < places; n++)
        {
            double x = low[0] + (side[0] * random.NextDouble()), y = low[1] + (side[1] * random.NextDouble()), z = low[2] + (side[2] * random.NextDouble());
            var d = Distance(x, y, z);
            if (d > reach) { continue; }
            var chance = random.NextDouble() * densest;
            if (d <= Radius)
            {
                if (chance < 1) { Count("Ni", x, y); }
                else if (chance < 1.02) { Count("Nb", x, y); }
                else if (chance < 1.04) { Count("P", x, y); }
                else if (chance < 1.06) { Count("S", x, y); }
            }
            else if (d <= Radius + Coating)
            {
                var angle = Math.Atan2(y - cy, x - cx);
                if (((angle - Open.From) % (2 * Math.PI) + (2 * Math.PI)) % (2 * Math.PI) < Open.Length) { continue; }
                var density = 1 + (Uneven * Math.Cos((3 * angle) + 1));
                if (chance < 1.5 * density) { Count("Nb", x, y); }
                else if (chance > densest - 0.6) { Count("S", x, y); }
            }
            else if (chance < 1) { Count("S", x, y); }
            else if (chance < 1.6) { Count("P", x, y); }
        }
        foreach (var counts in maps.Values)
        {
            for (var i = 0; i < counts.Length; i++) { counts[i] += Poisson.Sample(random, 0.1); }
        }
        return [.. maps.Select(m => new ElementMap(m.Key, Size, Size, m.Value) { PixelSize = 1e-9 })];
    }
}
