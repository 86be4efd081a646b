using System.Numerics;
using Interphase.Measurements;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.IntegralTransforms;

namespace Interphase.Laboratory;

/// <summary>
/// Micrographs computed from a specimen of known geometry: a phase object (random atoms, lattices, a wedge towards vacuum) through the
/// contrast transfer of a lens with astigmatism and partial coherence, a detector's transfer, and counting.
/// </summary>
internal sealed record VirtualMicrograph
{
    /// <summary>Pixels along an edge of the computed field; a rim is cut off, where the field wraps round.</summary>
    public int Field { get; init; } = 256;

    public double Pixel { get; init; } = 0.05e-9;

    /// <summary>Counts a pixel in vacuum.</summary>
    public double Dose { get; init; } = 700;

    public double Defocus { get; init; } = -42e-9;

    /// <summary>Half the difference between the defoci of the two axes.</summary>
    public double Astigmatism { get; init; }

    public double SphericalAberration { get; init; } = 0.5e-3;

    /// <summary>Strength of the detector's blur: transfer at the Nyquist frequency.</summary>
    public double Transfer { get; init; } = 0.5;

    /// <summary>Thickness of the coating, m; null fills the image with it.</summary>
    public double? Thickness { get; init; }

    /// <summary>By how much the core's spacings differ from those of NMC532.</summary>
    public double CoreSize { get; init; } = 1;

    /// <summary>The length of a pixel that the image states, over its true one.</summary>
    public double ScaleError { get; init; } = 1;

    /// <summary>Where the core ends along the normal, m from the centre of the image.</summary>
    public double InnerEdge { get; init; } = -1.5e-9;

    public double Roughness { get; init; } = 0.25e-9;

    /// <summary>Length over which the specimen grows from nothing at its outer edge.</summary>
    public double Wedge { get; init; } = 3e-9;

    public double NormalDegrees { get; init; } = 8;

    /// <summary>Amplitude of a lattice relative to the spread of the phase of the amorphous material.</summary>
    public double Lattice { get; init; } = 1;

    /// <summary>Radius of crystalline discs, m, and the share of the coating they fill at most; zero for none.</summary>
    public double GrainRadius { get; init; }

    public double GrainShare { get; init; }

    /// <summary>Grains may touch, so that they can fill the coating; the earlier one keeps its place.</summary>
    public bool Touching { get; init; }

    /// <summary>Mean phase where the specimen is thick, rad.</summary>
    public double Phase { get; init; } = 1;

    /// <summary>Single atoms in place of a field with the halo of an oxide.</summary>
    public bool Atoms { get; init; }

    /// <summary>Spread of the phase of the amorphous material, rad.</summary>
    public double Contrast { get; init; } = 0.12;

    public const int Rim = 12;

    public (Measurement Image, VirtualCoating Truth) Make(int seed)
    {
        var random = new Random(seed);
        var n = Field;
        var (ny, nx) = Math.SinCos(NormalDegrees * Math.PI / 180);
        var waves = Enumerable.Range(1, 3).Select(k => (Amplitude: Roughness * Math.Sqrt(2.0 / 3), Length: n * Pixel / k, Phase: 2 * Math.PI * random.NextDouble())).ToArray();
        double Thick(double t) => Thickness!.Value + waves.Sum(w => w.Amplitude * Math.Sin((2 * Math.PI * t / w.Length) + w.Phase));
        var field = Amorphous(random, n);
        // NMC532 along [010]: 003, 101 and 1 0 -2 by a = 0.2870, c = 1.4240 nm.
        (double D, double Angle)[] core = [(CoreSize * 0.47467e-9, NormalDegrees + 3), (CoreSize * 0.24485e-9, NormalDegrees + 83.1), (CoreSize * 0.23466e-9, NormalDegrees + 112.24)];
        var grains = new List<(double X, double Y, double D, double Angle)>();
        double[] spacings = [0.3748e-9, 0.2732e-9, 0.2576e-9, 0.2304e-9];
        var phi = new double[n * n];
        var kind = new byte[n * n];
        for (var i = 0; i < phi.Length; i++)
        {
            var (x, y) = (Pixel * ((i % n) - (n / 2)), Pixel * ((i / n) - (n / 2)));
            var (s, t) = ((x * nx) + (y * ny), (-x * ny) + (y * nx));
            var depth = Thickness is null ? double.PositiveInfinity : InnerEdge + Thick(t) - s;
            if (depth > 0) { kind[i] = Thickness is not null && s < InnerEdge ? (byte)3 : (byte)1; }
        }
        if (GrainRadius > 0)
        {
            var (covered, coating) = (0, kind.Count(k => k == 1));
            for (var trial = 0; trial < 400 && covered < GrainShare * coating; trial++)
            {
                var at = random.Next(n * n);
                if (kind[at] != 1) { continue; }
                var grain = (Pixel * ((at % n) - (n / 2)), Pixel * ((at / n) - (n / 2)), spacings[random.Next(4)], 180 * random.NextDouble());
                if (!Touching && grains.Any(g => Math.Pow(g.X - grain.Item1, 2) + Math.Pow(g.Y - grain.Item2, 2) < 4 * GrainRadius * GrainRadius)) { continue; }
                grains.Add(grain);
                for (var i = 0; i < kind.Length; i++)
                {
                    var (x, y) = (Pixel * ((i % n) - (n / 2)), Pixel * ((i / n) - (n / 2)));
                    if (kind[i] == 1 && Math.Pow(x - grain.Item1, 2) + Math.Pow(y - grain.Item2, 2) < GrainRadius * GrainRadius) { kind[i] = 2; covered++; }
                }
            }
        }
        static double Wave(double x, double y, double d, double angle) => Math.Cos(2 * Math.PI / d * ((x * Math.Cos(angle * Math.PI / 180)) + (y * Math.Sin(angle * Math.PI / 180))));
        for (var i = 0; i < phi.Length; i++)
        {
            if (kind[i] == 0) { continue; }
            var (x, y) = (Pixel * ((i % n) - (n / 2)), Pixel * ((i / n) - (n / 2)));
            var (s, t) = ((x * nx) + (y * ny), (-x * ny) + (y * nx));
            var depth = Thickness is null ? Wedge : InnerEdge + Thick(t) - s;
            var h = Math.Min(1, depth / Wedge);
            var texture = kind[i] switch
            {
                3 => Lattice * Contrast * core.Sum(c => Wave(x, y, c.D, c.Angle)),
                2 => grains.Where(g => Math.Pow(x - g.X, 2) + Math.Pow(y - g.Y, 2) < GrainRadius * GrainRadius).Take(1).Sum(g => (1.4 * Lattice * Contrast * Wave(x, y, g.D, g.Angle)) + (0.3 * Contrast * field[i])),
                _ => Contrast * field[i],
            };
            // Projected random atoms: the mean grows with the thickness, the spread with its root; a lattice with the thickness.
            phi[i] = (Phase * h) + (texture * (kind[i] == 1 ? Math.Sqrt(h) : h));
        }
        var intensity = Image(phi, n);
        var size = n - (2 * Rim);
        var pixels = new float[size * size];
        var along = Pixel * size / 2 * (nx - ny);
        for (var i = 0; i < pixels.Length; i++) { pixels[i] = (float)(100 + Poisson.Sample(random, Math.Max(0, Dose * intensity[((Rim + (i / size)) * n) + Rim + (i % size)]))); }
        double grainPixels = 0, coatingPixels = 0;
        for (var i = 0; i < pixels.Length; i++)
        {
            var k = kind[((Rim + (i / size)) * n) + Rim + (i % size)];
            if (k is 1 or 2) { coatingPixels++; grainPixels += k - 1; }
        }
        return (new Measurement { File = $"made-{seed}.tif", Format = "tiff", Micrograph = new(size, size, pixels) { PixelSize = Pixel * ScaleError, PixelHeight = Pixel * ScaleError } }, new(t => Thick(t - along), coatingPixels == 0 ? 0 : grainPixels / coatingPixels, [.. grains.Select(g => g.D).Distinct()]));
    }

    private double[] Amorphous(Random random, int n)
    {
        var values = new Complex[n * n];
        var normal = new Normal(0, 1, random);
        for (var i = 0; i < values.Length; i++) { values[i] = Atoms ? Poisson.Sample(random, 0.25) - 0.25 : normal.Sample(); }
        Filter(values, n, (kx, ky) =>
        {
            var k = Math.Sqrt((kx * kx) + (ky * ky)) * 1e-9;
            return Atoms ? Math.Exp(-Math.Pow(k / 9, 2)) : Math.Sqrt(Math.Exp(-Math.Pow((k - 3.25) / 0.7, 2)) + (0.35 * Math.Exp(-Math.Pow((k - 5.7) / 1, 2))) + (0.15 * Math.Exp(-Math.Pow(k / 8, 2))));
        });
        var spread = Math.Sqrt(values.Average(v => v.Real * v.Real));
        return [.. values.Select(v => v.Real / spread)];
    }

    private double[] Image(double[] phi, int n)
    {
        const double wavelength = 2.508e-12, focusSpread = 4e-9, convergence = 0.3e-3;
        var wave = new Complex[n * n];
        for (var i = 0; i < wave.Length; i++) { wave[i] = Complex.Exp(new Complex(-0.1 * phi[i], phi[i])); }
        Filter(wave, n, (kx, ky) =>
        {
            var k2 = (kx * kx) + (ky * ky);
            var defocus = Defocus + (k2 > 0 ? Astigmatism * ((kx * kx) - (ky * ky)) / k2 : 0);
            var chi = (Math.PI * wavelength * defocus * k2) + (0.5 * Math.PI * SphericalAberration * Math.Pow(wavelength, 3) * k2 * k2);
            var chromatic = Math.Exp(-0.5 * Math.Pow(Math.PI * wavelength * focusSpread * k2, 2));
            var spatial = Math.Exp(-Math.Pow(Math.PI * convergence / wavelength, 2) * k2 * Math.Pow((defocus * wavelength) + (SphericalAberration * Math.Pow(wavelength, 3) * k2), 2));
            return Complex.Exp(new Complex(0, -chi)) * chromatic * spatial;
        });
        for (var i = 0; i < wave.Length; i++) { wave[i] = (wave[i].Real * wave[i].Real) + (wave[i].Imaginary * wave[i].Imaginary); }
        Filter(wave, n, (kx, ky) => Math.Pow(Transfer, Math.Sqrt((kx * kx) + (ky * ky)) * 2 * Pixel));
        return [.. wave.Select(v => v.Real)];
    }

    private void Filter(Complex[] values, int n, Func<double, double, Complex> transfer)
    {
        Transform(values, n, r => Fourier.Forward(r, FourierOptions.NoScaling));
        for (var i = 0; i < values.Length; i++)
        {
            double x = i % n, y = i / n;
            values[i] *= transfer((x > n / 2 ? x - n : x) / (n * Pixel), (y > n / 2 ? y - n : y) / (n * Pixel));
        }
        Transform(values, n, r => Fourier.Inverse(r, FourierOptions.NoScaling));
        for (var i = 0; i < values.Length; i++) { values[i] /= n * n; }
    }

    /// <summary>Rows, then columns.</summary>
    private static void Transform(Complex[] values, int n, Action<Complex[]> one)
    {
        var line = new Complex[n];
        for (var y = 0; y < n; y++)
        {
            Array.Copy(values, y * n, line, 0, n);
            one(line);
            line.CopyTo(values, y * n);
        }
        for (var x = 0; x < n; x++)
        {
            for (var y = 0; y < n; y++) { line[y] = values[(y * n) + x]; }
            one(line);
            for (var y = 0; y < n; y++) { values[(y * n) + x] = line[y]; }
        }
    }

    private void Filter(Complex[] values, int n, Func<double, double, double> transfer) => Filter(values, n, (kx, ky) => new Complex(transfer(kx, ky), 0));
}

/// <summary>Thickness by the place along the edge (m; −x·sin + y·cos of the normal's angle, from the corner of the image), share of the coating that is crystalline, spacings of the grains.</summary>
internal sealed record VirtualCoating(Func<double, double> Thickness, double CrystallineFraction, double[] Spacings);
