using System.Numerics;

namespace Interphase.Characterisation;

/// <summary>A crystal structure: cell in Å and degrees, and every atom of the cell with its element, position, occupancy and B in Å².</summary>
internal sealed record CrystalStructure(double A, double B, double C, double Alpha, double Beta, double Gamma, IReadOnlyList<(string Element, Vector3 At, double Occupancy, double DebyeWaller)> Atoms)
{
    /// <summary>Volume of the cell, Å³.</summary>
    public double Volume
    {
        get
        {
            var (ca, cb, cg) = (Cosine(Alpha), Cosine(Beta), Cosine(Gamma));
            return A * B * C * Math.Sqrt(Math.Max(0, 1 - (ca * ca) - (cb * cb) - (cg * cg) + (2 * ca * cb * cg)));
        }
    }

    /// <summary>Mass over volume, kg/m³.</summary>
    public double Density => Atoms.Sum(a => a.Occupancy * ScatteringFactors.Mass(a.Element)) * 1660.539 / Volume;

    /// <summary>Spacing of a line, Å.</summary>
    public double Spacing(int h, int k, int l)
    {
        var (ca, cb, cg) = (Cosine(Alpha), Cosine(Beta), Cosine(Gamma));
        var (sa, sb, sg) = (1 - (ca * ca), 1 - (cb * cb), 1 - (cg * cg));
        var v = 1 - (ca * ca) - (cb * cb) - (cg * cg) + (2 * ca * cb * cg);
        var (x, y, z) = (h / A, k / B, l / C);
        return Math.Sqrt(v / ((x * x * sa) + (y * y * sb) + (z * z * sg) + (2 * x * y * ((ca * cb) - cg)) + (2 * y * z * ((cb * cg) - ca)) + (2 * x * z * ((ca * cg) - cb))));
    }

    /// <summary>
    /// Powder lines up to an angle: Σ |F|² over the reflections of one spacing times Lorentz and polarisation factors
    /// (1 + cos²2θ)/(sin²θ cosθ), over the square of the cell's volume; the strongest first reflection stands for each.
    /// Lines weaker than half a hundredth of the strongest are left out.
    /// </summary>
    public IReadOnlyList<(int H, int K, int L, double Intensity)> Lines(double wavelength, double mostTwoTheta)
    {
        var least = wavelength / (2 * Math.Sin(mostTwoTheta * Math.PI / 360));
        var reflections = new List<(double D, int H, int K, int L, double Strength)>();
        int Most(double length) => (int)Math.Ceiling(length / least) + 1;
        // A half of the reflections, whose others are their Friedel mates.
        for (var h = 0; h <= Most(A); h++)
        {
            for (var k = h == 0 ? 0 : -Most(B); k <= Most(B); k++)
            {
                for (var l = h == 0 && k == 0 ? 1 : -Most(C); l <= Most(C); l++)
                {
                    var d = Spacing(h, k, l);
                    if (d < least) { continue; }
                    var f = Factor(h, k, l, 1 / (2 * d));
                    reflections.Add((d, h, k, l, 2 * f.Magnitude * f.Magnitude));
                }
            }
        }
        // One spacing is one line; its name is the one with the fewest negative indices.
        var families = new List<(int H, int K, int L, double Sum)>();
        var last = double.NaN;
        foreach (var r in reflections.OrderByDescending(r => r.D))
        {
            if (!(Math.Abs(r.D - last) < 1e-7 * r.D)) { families.Add((r.H, r.K, r.L, 0)); }
            last = r.D;
            var (h, k, l, sum) = families[^1];
            families[^1] = Negatives(r.H, r.K, r.L) < Negatives(h, k, l) ? (r.H, r.K, r.L, sum + r.Strength) : (h, k, l, sum + r.Strength);
        }
        var lines = families.Select(r =>
        {
            var theta = Math.Asin(wavelength / (2 * Spacing(r.H, r.K, r.L)));
            var c = Math.Cos(2 * theta);
            return (r.H, r.K, r.L, Intensity: r.Sum * (1 + (c * c)) / (Math.Sin(theta) * Math.Sin(theta) * Math.Cos(theta)) / (Volume * Volume));
        }).ToArray();
        var strongest = lines.Length == 0 ? 0 : lines.Max(l => l.Intensity);
        return [.. lines.Where(l => l.Intensity > 0.005 * strongest)];
    }

    /// <summary>Reciprocal axes a*, b*, c* in 1/Å (Busing and Levy, Acta Cryst. 22 (1967) 457, eq. 3): a* along x, c along z.</summary>
    public (double X, double Y, double Z)[] ReciprocalAxes()
    {
        var (ca, cb, cg) = (Cosine(Alpha), Cosine(Beta), Cosine(Gamma));
        var (sa, sb, sg) = (Math.Sqrt(1 - (ca * ca)), Math.Sqrt(1 - (cb * cb)), Math.Sqrt(1 - (cg * cg)));
        var (a, b, c) = (B * C * sa / Volume, A * C * sb / Volume, A * B * sg / Volume);
        double cosBeta = ((ca * cg) - cb) / (sa * sg), cosGamma = ((ca * cb) - cg) / (sa * sb);
        return [(a, 0, 0), (b * cosGamma, b * Math.Sqrt(1 - (cosGamma * cosGamma)), 0), (c * cosBeta, -c * Math.Sqrt(1 - (cosBeta * cosBeta)) * ca, 1 / C)];
    }

    /// <summary>|F|² of one reflection, electrons².</summary>
    public double Strength(int h, int k, int l)
    {
        var f = Factor(h, k, l, 1 / (2 * Spacing(h, k, l)));
        return f.Magnitude * f.Magnitude;
    }

    private Complex Factor(int h, int k, int l, double s)
    {
        var sum = Complex.Zero;
        foreach (var (element, at, occupancy, b) in Atoms)
        {
            sum += occupancy * ScatteringFactors.At(element, s) * Math.Exp(-b * s * s) * Complex.FromPolarCoordinates(1, 2 * Math.PI * ((h * (double)at.X) + (k * (double)at.Y) + (l * (double)at.Z)));
        }
        return sum;
    }

    private static int Negatives(int h, int k, int l) => (h < 0 ? 1 : 0) + (k < 0 ? 1 : 0) + (l < 0 ? 1 : 0);

    private static double Cosine(double degrees) => degrees == 90 ? 0 : Math.Cos(degrees * Math.PI / 180);
}
