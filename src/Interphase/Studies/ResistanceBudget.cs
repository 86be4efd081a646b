using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>Whether the film a coating is can be the resistance of the interface: thickness over conductivity beside what impedance measured.</summary>
/// <param name="Film">t/σ, Ω m².</param>
/// <param name="Interface">Resistance of the interface in a cell, Ω.</param>
/// <param name="GeometricArea">Area of the electrode, m²; withheld where it is not stated or not one.</param>
/// <param name="ParticleArea">Area of its particles, m²; withheld where it is not known.</param>
public sealed record ResistanceBudget(Estimate Film, Estimate Interface, Estimate GeometricArea, Estimate ParticleArea)
{
    /// <summary>Where the particles' area comes from.</summary>
    public string ParticleAreaFrom { get; init; } = "";

    /// <summary>Interface times area of the electrode, Ω m².</summary>
    public Estimate OnElectrode => Product((Interface, 1, "the interface's resistance"), (GeometricArea, 1, "the electrode's area"));

    /// <summary>Interface times area of the particles, Ω m².</summary>
    public Estimate OnParticles => Product((Interface, 1, "the interface's resistance"), (ParticleArea, 1, "the particles' area"));

    /// <summary>How many times the film's, were the current spread over the electrode's area.</summary>
    public Estimate TimesOnElectrode => Product((OnElectrode, 1, ""), (Film, -1, ""));

    /// <summary>How many times the film's, were it spread over all particles.</summary>
    public Estimate TimesOnParticles => Product((OnParticles, 1, ""), (Film, -1, ""));

    /// <summary>The area through which all current would have to pass for the film to be the whole interface, m².</summary>
    public Estimate AreaNeeded => Product((Film, 1, ""), (Interface, -1, "the interface's resistance"));

    /// <summary>The film of a coating: its thickness over its conductivity.</summary>
    public static Estimate FilmOf(Estimate thickness, Estimate conductivity) => Product((thickness, 1, "the coating's thickness"), (conductivity, -1, "the coating's conductivity"));

    /// <summary>
    /// A product of powers: relative errors add in squares, and the interval is that of the logarithm (log-normal), so that a ratio stays positive.
    /// A factor without an error leaves the product without one, and says which it was.
    /// </summary>
    internal static Estimate Product(params (Estimate Value, int Power, string Name)[] factors)
    {
        if (factors.FirstOrDefault(f => !f.Value.HasValue) is { Name: not null } missing) { return Estimate.Withheld(missing.Name.Length == 0 ? missing.Value.Reason ?? "not known" : $"{missing.Name}: {missing.Value.Reason ?? "not known"}"); }
        if (factors.Any(f => !(f.Value.Value > 0))) { return Estimate.Withheld("a factor of it is not positive"); }
        var value = factors.Aggregate(1.0, (p, f) => p * Math.Pow(f.Value.Value, f.Power));
        if (factors.FirstOrDefault(f => !double.IsFinite(f.Value.StandardError)) is { Name: not null } unknown) { return Estimate.WithoutError(value, unknown.Name.Length == 0 ? unknown.Value.Reason ?? "an error is not known" : $"the error of {unknown.Name} is not known ({unknown.Value.Reason ?? "none was given"})"); }
        var relative = Math.Sqrt(factors.Sum(f => Math.Pow(f.Value.StandardError / f.Value.Value, 2)));
        // Intervals of means of few cells are wider than 1.96 standard errors (Student's t); half of their logarithm is carried on.
        var half = Math.Exp(Math.Sqrt(factors.Sum(f => Math.Pow(HalfLog(f.Value), 2))));
        return new(value, value * relative, value / half, value * half);
    }

    private static double HalfLog(Estimate e) => e.Lower95 > 0 && double.IsFinite(e.Upper95) ? 0.5 * Math.Log(e.Upper95 / e.Lower95) : 1.959964 * e.StandardError / e.Value;

    /// <summary>The electrode's area: one for all cells whose impedance was measured, or none.</summary>
    internal static Estimate AreaOf(Sample sample)
    {
        var cells = sample.Cells.Where(c => c.Files.Any(f => f.Technique == "impedance")).ToArray();
        if (cells.Length == 0) { cells = [.. sample.Cells]; }
        var areas = cells.Select(c => c.Electrode.Area).OfType<Units.Quantity>().ToArray();
        if (areas.Length == 0) { return Estimate.Withheld("not stated (electrode.area)"); }
        if (areas.Length < cells.Length) { return Estimate.Withheld("some cells state an electrode.area and others do not"); }
        return areas.Max(a => a.Value) > 1.01 * areas.Min(a => a.Value)
            ? Estimate.Withheld($"the cells have different areas ({string.Join(", ", areas.Select(a => FormattableString.Invariant($"{a.Value * 1e4:0.###}")).Distinct())} cm²), so that the mean of their resistances belongs to none")
            : Estimate.Of(areas[0].Value, areas[0].StandardError ?? 0);
    }

    /// <summary>The film covers the particles: their area is what the study states, else that of spheres of the stated radius.</summary>
    internal static (Estimate Area, string From) ParticlesOf(Sample sample)
    {
        var electrode = sample.Cells.Select(c => c.Electrode).FirstOrDefault(e => e.Area is not null || e.ParticleRadius is not null || e.InterfaceAreaValue is not null);
        if (electrode is null) { return (Estimate.Withheld("not known: give electrode.particleRadius or interfaceArea"), ""); }
        if (electrode.InterfaceAreaSource is InterfaceAreaSource.Stated or InterfaceAreaSource.Bet && electrode.InterfaceArea.HasValue) { return (electrode.InterfaceArea, electrode.InterfaceAreaSource == InterfaceAreaSource.Bet ? "gas adsorption" : "as stated"); }
        var spheres = (electrode with { InterfaceAreaSource = InterfaceAreaSource.Spheres }).InterfaceArea;
        return spheres.HasValue ? (spheres, "spheres of the stated radius") : (Estimate.Withheld("not known: give electrode.particleRadius or interfaceArea"), "");
    }
}
