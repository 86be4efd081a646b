using Interphase.Characterisation;
using Interphase.Measurements;
using Interphase.Numerics;
using MathNet.Numerics.Distributions;

namespace Interphase.Tests.Characterisation;

/// <summary>Powder patterns made from spacings, independently of the model that is fitted: Voigt doublets, background, halo, Poisson counts.</summary>
internal sealed class MadePowder
{
    private readonly double[] clean;

    public MadePowder(double from = 10, double to = 80, double step = 0.02)
    {
        Angle = [.. Enumerable.Range(0, (int)Math.Round((to - from) / step) + 1).Select(i => from + (step * i))];
        clean = new double[Angle.Length];
    }

    public double[] Angle { get; }
    public double Wavelength { get; init; } = 1.5405929e-10;
    public double Wavelength2 { get; init; } = 1.5444274e-10;
    public double Ratio { get; init; } = 0.497;

    /// <summary>Height of the sample below the axis, mm, at a radius of 217.5 mm.</summary>
    public double Displacement { get; init; }

    public MadePowder Background(double constant, double air = 0, double halo = 0)
    {
        for (var i = 0; i < Angle.Length; i++) { clean[i] += constant + (air * Math.Exp(-(Angle[i] - Angle[0]) / 6)) + (halo * (Math.Exp(-2.772588722 * Math.Pow((Angle[i] - 28.5) / 8.5, 2)) + (0.4 * Math.Exp(-2.772588722 * Math.Pow((Angle[i] - 51.5) / 13, 2))))); }
        return this;
    }

    /// <summary>Lines of given spacings (m) and areas (counts × degrees); the sample adds a Lorentzian Kλ/(L cosθ) + 4ε tanθ to the instrument.</summary>
    public MadePowder Lines(IEnumerable<(double D, double Area)> lines, double size = double.PositiveInfinity, double strain = 0) =>
        Lines(lines.Select(l => (l.D, l.Area, size)), strain);

    public MadePowder Lines(IEnumerable<(double D, double Area, double Size)> lines, double strain = 0)
    {
        foreach (var (d, area, size) in lines)
        {
            foreach (var (wavelength, weight) in new[] { (Wavelength, 1 / (1 + Ratio)), (Wavelength2, Ratio / (1 + Ratio)) })
            {
                if (weight == 0 || wavelength > 2 * d) { continue; }
                var theta = Math.Asin(wavelength / 2 / d);
                var at = ((2 * theta) - (2 * Displacement * Math.Cos(theta) / 217.5)) * 180 / Math.PI;
                var (gauss, lorentz) = InstrumentProfile.Usual.At(2 * theta * 180 / Math.PI);
                lorentz += ((0.94 * Wavelength / size / Math.Cos(theta)) + (4 * strain * Math.Tan(theta))) * 180 / Math.PI;
                for (var i = 0; i < clean.Length; i++) { clean[i] += area * weight * Faddeeva.Voigt(Angle[i] - at, gauss, lorentz); }
            }
        }
        return this;
    }

    public Measurement Measure(int seed)
    {
        var random = new Random(seed);
        return Of(Angle, Array.ConvertAll(clean, m => (double)Poisson.Sample(random, m)), p => p with { Wavelength = Wavelength, Wavelength2 = Wavelength2, Ratio = Ratio });
    }

    public static Measurement Of(double[] angle, double[] counts, Func<Diffractogram, Diffractogram>? change = null)
    {
        var pattern = new Diffractogram(angle, counts) { Radius = 0.2175 };
        return new() { File = "x", Format = "test", Diffractogram = change?.Invoke(pattern) ?? pattern };
    }
}
