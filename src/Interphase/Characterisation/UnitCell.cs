namespace Interphase.Characterisation;

/// <summary>A cell: lengths in Å, angles in degrees.</summary>
internal readonly record struct UnitCell(double A, double B, double C, double Alpha, double Beta, double Gamma)
{
    /// <summary>How many constants a cell has, in the order a, b, c, α, β, γ.</summary>
    public const int Constants = 6;

    private bool Right => this is { Alpha: 90, Beta: 90, Gamma: 90 };

    public bool Cubic => Right && A == B && B == C;

    /// <summary>True for hexagonal axes, in which rhombohedral crystals are described too.</summary>
    public bool Hexagonal => this is { Alpha: 90, Beta: 90, Gamma: 120 } && A == B;

    public double this[int constant] => constant switch { 0 => A, 1 => B, 2 => C, 3 => Alpha, 4 => Beta, _ => Gamma };

    /// <summary>The constants that the shape of the cell leaves free; what is 90 or 120° or alike is taken for the symmetry's doing.</summary>
    public int[] Free => this switch
    {
        { Cubic: true } => [0],
        { Hexagonal: true } => [0, 2],
        { Right: true } => A == B ? [0, 2] : [0, 1, 2],
        { Alpha: 90, Gamma: 90 } => [0, 1, 2, 4],
        { Alpha: 90, Beta: 90 } => [0, 1, 2, 5],
        { Beta: 90, Gamma: 90 } => [0, 1, 2, 3],
        _ when A == B && B == C && Alpha == Beta && Beta == Gamma => [0, 3],
        _ => [0, 1, 2, 3, 4, 5],
    };

    /// <summary>A cell of the same shape: constants that are not free follow a, or α, or stay.</summary>
    public UnitCell Shaped(ReadOnlySpan<double> constants)
    {
        var free = Free;
        double Length(ReadOnlySpan<double> p, int i, double own, double a) => Array.IndexOf(free, i) >= 0 ? p[i] : own * p[0] / a;
        double Angle(ReadOnlySpan<double> p, int i, double own) => Array.IndexOf(free, i) >= 0 ? p[i] : free is [0, 3] ? p[3] : own;
        return new(constants[0], Length(constants, 1, B, A), Length(constants, 2, C, A), Angle(constants, 3, Alpha), Angle(constants, 4, Beta), Angle(constants, 5, Gamma));
    }

    /// <summary>Volume of the cell, Å³.</summary>
    public double Volume => A * B * C * Math.Sqrt(Math.Max(0, Square));

    /// <summary>Spacing of a line, Å; zero where no cell has these angles.</summary>
    public double Spacing(int h, int k, int l)
    {
        var (ca, cb, cg) = (Cosine(Alpha), Cosine(Beta), Cosine(Gamma));
        var (x, y, z) = (h / A, k / B, l / C);
        var sum = (x * x * (1 - (ca * ca))) + (y * y * (1 - (cb * cb))) + (z * z * (1 - (cg * cg))) + (2 * x * y * ((ca * cb) - cg)) + (2 * y * z * ((cb * cg) - ca)) + (2 * x * z * ((ca * cg) - cb));
        return Math.Sqrt(Math.Max(0, Square) / sum);
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

    private double Square
    {
        get
        {
            var (ca, cb, cg) = (Cosine(Alpha), Cosine(Beta), Cosine(Gamma));
            return 1 - (ca * ca) - (cb * cb) - (cg * cg) + (2 * ca * cb * cg);
        }
    }

    private static double Cosine(double degrees) => degrees == 90 ? 0 : Math.Cos(degrees * Math.PI / 180);
}
