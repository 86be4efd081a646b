using System.Numerics;

namespace Interphase.Characterisation;

/// <summary>A crystal structure: its cell, and every atom of the cell with its element, position, occupancy and B in Å².</summary>
internal sealed record CrystalStructure(UnitCell Cell, IReadOnlyList<(string Element, Vector3 At, double Occupancy, double DebyeWaller)> Atoms)
{
    /// <summary>Mass over volume, kg/m³.</summary>
    public double Density => Atoms.Sum(a => a.Occupancy * ScatteringFactors.Mass(a.Element)) * 1660.539 / Cell.Volume;

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
        for (var h = 0; h <= Most(Cell.A); h++)
        {
            for (var k = h == 0 ? 0 : -Most(Cell.B); k <= Most(Cell.B); k++)
            {
                for (var l = h == 0 && k == 0 ? 1 : -Most(Cell.C); l <= Most(Cell.C); l++)
                {
                    var d = Cell.Spacing(h, k, l);
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
            var theta = Math.Asin(wavelength / (2 * Cell.Spacing(r.H, r.K, r.L)));
            var c = Math.Cos(2 * theta);
            return (r.H, r.K, r.L, Intensity: r.Sum * (1 + (c * c)) / (Math.Sin(theta) * Math.Sin(theta) * Math.Cos(theta)) / (Cell.Volume * Cell.Volume));
        }).ToArray();
        var strongest = lines.Length == 0 ? 0 : lines.Max(l => l.Intensity);
        return [.. lines.Where(l => l.Intensity > 0.005 * strongest)];
    }

    /// <summary>|F|² of one reflection, electrons².</summary>
    public double Strength(int h, int k, int l)
    {
        var f = Factor(h, k, l, 1 / (2 * Cell.Spacing(h, k, l)));
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
}
