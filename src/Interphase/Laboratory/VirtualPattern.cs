using Interphase.Measurements;
using MathNet.Numerics.Distributions;

namespace Interphase.Laboratory;

/// <summary>
/// Diffraction patterns made electron by electron: every electron goes to the central beam, the diffuse background, a halo, a ring (into one
/// of its grains, or evenly around), or a spot of a lattice; is moved by the beam's width, stretched by the camera's ellipse about the centre,
/// stopped by the beam stop, and counted. Gain, offset, readout noise and saturation follow.
/// </summary>
internal sealed record VirtualPattern
{
    public int Size { get; init; } = 192;

    public double X { get; init; } = 96;

    public double Y { get; init; } = 96;

    /// <summary>Long over short axis less one, and the direction of the long one, radians.</summary>
    public (double Amount, double Direction) Ellipse { get; init; }

    public double Electrons { get; init; } = 4e5;

    /// <summary>Standard deviation of a reflection, pixels.</summary>
    public double Blur { get; init; } = 1;

    /// <summary>Share of the central beam and of the background that falls from it (e-folding radius in pixels).</summary>
    public double Beam { get; init; } = 0.1;

    public (double Share, double Length) Diffuse { get; init; } = (0.3, 25);

    /// <summary>Halos: radius, standard deviation, share.</summary>
    public IReadOnlyList<(double Radius, double Width, double Share)> Halos { get; init; } = [];

    /// <summary>Rings: radius, share.</summary>
    public IReadOnlyList<(double Radius, double Share)> Rings { get; init; } = [];

    /// <summary>Grains of each ring; 0 for a ring that is even.</summary>
    public int Grains { get; init; }

    /// <summary>Amplitude of a twofold preferred orientation of the grains.</summary>
    public double Texture { get; init; }

    /// <summary>Spot lattices: two basis vectors (pixels) and a share of all electrons; intensities fall off with the radius.</summary>
    public IReadOnlyList<(double Ax, double Ay, double Bx, double By, double Share)> Lattices { get; init; } = [];

    /// <summary>Single spots: place from the centre in pixels and share of all electrons.</summary>
    public IReadOnlyList<(double X, double Y, double Share)> Spots { get; init; } = [];

    /// <summary>Reciprocal length of a pixel as the file states it, 1/m.</summary>
    public double Pixel { get; init; } = 0.05e9;

    /// <summary>Beam stop: half width (0 for none), direction of its arm.</summary>
    public (double Half, double Direction) Stop { get; init; }

    public double Gain { get; init; } = 1;

    public double Offset { get; init; } = 10;

    public double Readout { get; init; }

    public double Saturation { get; init; } = double.PositiveInfinity;

    public Measurement Measure(Random random)
    {
        var counts = new double[Size * Size];
        var normal = new Normal(0, 1, random);
        var (cos, sin) = (Math.Cos(Ellipse.Direction), Math.Sin(Ellipse.Direction));
        // The circle of the same area keeps its radius.
        var along = Math.Sqrt(1 + Ellipse.Amount);
        var across = 1 / along;
        void Hit(double x, double y)
        {
            var (u, v) = (((x * cos) + (y * sin)) * along, ((y * cos) - (x * sin)) * across);
            (x, y) = ((u * cos) - (v * sin), (u * sin) + (v * cos));
            if (Stop.Half > 0)
            {
                var (a, b) = ((x * Math.Cos(Stop.Direction)) + (y * Math.Sin(Stop.Direction)), (y * Math.Cos(Stop.Direction)) - (x * Math.Sin(Stop.Direction)));
                if ((a > 0 && Math.Abs(b) < Stop.Half) || (a * a) + (b * b) < 4 * Stop.Half * Stop.Half) { return; }
            }
            int c = (int)Math.Round(X + x), r = (int)Math.Round(Y + y);
            if (c >= 0 && r >= 0 && c < Size && r < Size) { counts[(r * Size) + c]++; }
        }

        void Around(double radius, double angle) => Hit((radius * Math.Cos(angle)) + (Blur * normal.Sample()), (radius * Math.Sin(angle)) + (Blur * normal.Sample()));
        int Share(double share) => Poisson.Sample(random, share * Electrons);
        double Turn() => 2 * Math.PI * random.NextDouble();
        for (var n = Share(Beam); n > 0; n--) { Around(0, 0); }
        for (var n = Share(Diffuse.Share); n > 0; n--) { Around(-Diffuse.Length * Math.Log(random.NextDouble() * random.NextDouble()), Turn()); }
        foreach (var (radius, width, share) in Halos)
        {
            for (var n = Share(share); n > 0; n--) { Around(radius + (width * normal.Sample()), Turn()); }
        }
        var preferred = Turn();
        double Oriented()
        {
            double angle;
            do { angle = Turn(); } while (random.NextDouble() > (1 + (Texture * Math.Cos(2 * (angle - preferred)))) / (1 + Texture));
            return angle;
        }

        foreach (var (radius, share) in Rings)
        {
            // A grain diffracts with the strength of its size and tilt, to both sides of the centre.
            var grains = Enumerable.Range(0, Grains).Select(_ => (Angle: Oriented(), Weight: -Math.Log(random.NextDouble()))).ToArray();
            var total = grains.Sum(g => g.Weight);
            if (Grains == 0)
            {
                for (var n = Share(share); n > 0; n--) { Around(radius, Oriented()); }
                continue;
            }
            foreach (var (angle, weight) in grains)
            {
                for (var n = Share(share * weight / total); n > 0; n--) { Around(radius, angle + (random.Next(2) * Math.PI)); }
            }
        }
        foreach (var (ax, ay, bx, by, share) in Lattices)
        {
            var spots = new List<(double X, double Y, double Weight)>();
            for (var h = -12; h <= 12; h++)
            {
                for (var k = -12; k <= 12; k++)
                {
                    var (x, y) = ((h * ax) + (k * bx), (h * ay) + (k * by));
                    var r = Math.Sqrt((x * x) + (y * y));
                    if (h < 0 || (h == 0 && k <= 0) || r > 0.6 * Size) { continue; }
                    var weight = Math.Exp(-r / 40) * (0.2 + random.NextDouble());
                    spots.Add((x, y, weight));
                    spots.Add((-x, -y, weight));
                }
            }
            var total = spots.Sum(s => s.Weight);
            foreach (var (x, y, weight) in spots)
            {
                for (var n = Share(share * weight / total); n > 0; n--) { Hit(x + (Blur * normal.Sample()), y + (Blur * normal.Sample())); }
            }
        }
        foreach (var (x, y, share) in Spots)
        {
            for (var n = Share(share); n > 0; n--) { Hit(x + (Blur * normal.Sample()), y + (Blur * normal.Sample())); }
        }
        var pixels = counts.Select(c => (float)Math.Min(Saturation, Math.Round((c * Gain) + Offset + (Readout * normal.Sample())))).ToArray();
        return new() { File = "made", Format = "made", Technique = "diffraction", Micrograph = new(Size, Size, pixels) { PixelSize = Pixel, PixelHeight = Pixel, IsReciprocal = true } };
    }
}
