namespace Interphase.Characterisation;

/// <summary>Kα doublets and Kβ of the usual anodes (Bearden, Rev. Mod. Phys. 39, 1967, 78, on the scale of Hölzer et al. 1997), m.</summary>
internal sealed record Radiation(string Name, double Alpha1, double Alpha2, double Beta)
{
    private static readonly Radiation[] All =
    [
        new("Cr Kα", 2.289726e-10, 2.293651e-10, 2.08487e-10), new("Fe Kα", 1.936041e-10, 1.939973e-10, 1.75661e-10), new("Co Kα", 1.788996e-10, 1.792835e-10, 1.62079e-10),
        new("Cu Kα", 1.5405929e-10, 1.5444274e-10, 1.392246e-10), new("Mo Kα", 0.709317e-10, 0.713607e-10, 0.632288e-10), new("Ag Kα", 0.5594218e-10, 0.563813e-10, 0.497069e-10),
    ];

    /// <summary>Tungsten Lα₁, of a cathode's vapour on the anode, m.</summary>
    public const double TungstenAlpha = 1.476299e-10;

    /// <summary>The anode whose Kα₁, Kα₂ or mean a wavelength is; null for any other, as of a synchrotron.</summary>
    public static Radiation? Of(double wavelength) => All.FirstOrDefault(r => wavelength > r.Alpha1 * 0.9997 && wavelength < r.Alpha2 * 1.0003);
}
