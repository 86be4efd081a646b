using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Titration;

/// <summary>What the electrode says about lengths: volume over area, radius, amount; with what is missing as warnings.</summary>
internal sealed record DiffusionFacts(ParticleGeometry Geometry, Estimate Amount, Estimate Length, Estimate Radius, string RadiusSource, GittSurface Surface, double InitialStoichiometry, IReadOnlyList<Warning> Warnings)
{
    public static DiffusionFacts Of(Electrode e)
    {
        var warnings = new List<Warning>();
        var geometry = e.Geometry ?? ParticleGeometry.Sphere;
        var area = e.InterfaceArea;
        var source = e.InterfaceAreaSource switch
        {
            InterfaceAreaSource.Stated => "stated",
            InterfaceAreaSource.Spheres => "spheres: 3 V/R",
            InterfaceAreaSource.Bet => "bet: area per mass times active mass",
            InterfaceAreaSource.Geometric => "geometric",
            _ => "geometric (nothing is stated)",
        };
        var surface = new GittSurface(area, source, e.InterfaceAreaSource is null or InterfaceAreaSource.Geometric);
        var volume = e.Volume;
        var length = !volume.HasValue ? Estimate.Withheld(volume.Reason!) : !area.HasValue ? Estimate.Withheld(area.Reason!) : Ratio(volume, area);
        if (!length.HasValue)
        {
            foreach (var key in new[] { "seedEq1", "seedEq1PulseTau", "sqrtTime", "relaxation", "ici" }) { warnings.Add(new($"pulses[].diffusivity_cm2_s.{key}", length.Reason!)); }
        }
        if (!area.HasValue) { warnings.Add(new("surface.area_cm2", area.Reason!)); }
        Estimate radius;
        string from;
        if (e.ParticleRadius is { } r) { (radius, from) = (Estimate.Of(r.Value, r.StandardError ?? 0), "particleRadius"); }
        else if (length.HasValue)
        {
            (radius, from) = geometry == ParticleGeometry.Sphere ? (length.Scaled(3), "3 × volume / interface area") : (length, "volume / interface area");
        }
        else
        {
            (radius, from) = (Estimate.Withheld("no particle radius is stated (electrode.particleRadius)"), "none");
            foreach (var key in new[] { "sphere", "fullSphere" }) { warnings.Add(new($"pulses[].diffusivity_cm2_s.{key}", radius.Reason!)); }
        }
        if (e.InitialStoichiometry is null) { warnings.Add(new("pulses[].stoichiometry", "no initial stoichiometry is stated (electrode.initialStoichiometry)")); }
        else if (!e.Amount.HasValue) { warnings.Add(new("pulses[].stoichiometry", e.Amount.Reason!)); }
        return new(geometry, e.Amount, length, radius, from, surface, e.InitialStoichiometry?.Value ?? double.NaN, warnings);
    }

    private static Estimate Ratio(Estimate a, Estimate b)
    {
        var value = a.Value / b.Value;
        return Estimate.Of(value, value * Math.Sqrt(Math.Pow(a.StandardError / a.Value, 2) + Math.Pow(b.StandardError / b.Value, 2)));
    }
}
