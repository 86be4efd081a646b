using Interphase.Units;
using MathNet.Numerics.Distributions;

namespace Interphase.Cells;

/// <summary>
/// What stands between a particle and the electrolyte. Either as measured (<see cref="ArealResistance"/> with
/// <see cref="ChargeTransferShare"/>) or microscopic, per real particle area (<see cref="ExchangeCurrentDensity"/>,
/// <see cref="FilmResistance"/>, <see cref="Coating"/>).
/// </summary>
public sealed record Interface
{
    /// <summary>
    /// Small-signal resistance of all contacted particles in parallel, Ω m² of geometric area; NaN where the interface is given
    /// microscopically. Per real area the mean is this times <see cref="PorousElectrode.RealAreaRatio"/>, and that of class k is
    /// divided by contact·relativeConductance.
    /// </summary>
    public double ArealResistance { get; init; } = double.NaN;

    /// <summary>Share χ of that resistance that is Butler–Volmer; the rest is ohmic.</summary>
    public double ChargeTransferShare { get; init; } = 1;

    /// <summary>Activation energy of <see cref="ArealResistance"/>, J/mol.</summary>
    public double ActivationEnergy { get; init; }

    /// <summary>Exchange current density, A/m² of real area, of x, ce and T, activation included: j = 2 i₀ sinh(Fη/2RT). Null where the resistance is given.</summary>
    public MaterialFunction? ExchangeCurrentDensity { get; init; }

    /// <summary>Ohmic film, Ω m² of real area.</summary>
    public double FilmResistance { get; init; }

    /// <summary>Activation energy of <see cref="FilmResistance"/>, J/mol.</summary>
    public double FilmActivationEnergy { get; init; }

    /// <summary>A coating with bulk conduction and permittivity; null: none.</summary>
    public Coating? Coating { get; init; }

    /// <summary>Double layer, F/m² of real area; class k carries it times its contact.</summary>
    public double DoubleLayerCapacitance { get; init; }

    /// <summary>How contact is distributed over the particles.</summary>
    public Contact Contact { get; init; } = Contact.Uniform;

    /// <summary>Parallel paths of different conductance or radius; empty: one.</summary>
    public IReadOnlyList<Population> Populations { get; init; } = [];

    /// <summary>Slow interfacial polarisation; null: none.</summary>
    public SlowPolarisation? Slow { get; init; }

    /// <summary>True where the interface is given by <see cref="ArealResistance"/>.</summary>
    public bool IsAreal => !double.IsNaN(ArealResistance);

    /// <summary>Every population times every contact class.</summary>
    /// <param name="radius">Particle radius of populations that name none, m.</param>
    public IReadOnlyList<ParticleClass> Classes(double radius)
    {
        IReadOnlyList<Population> populations = Populations.Count > 0 ? Populations : [new("all", 1, 1)];
        var contact = Contact.Multipliers();
        return [.. populations.SelectMany(p => contact.Select(m => new ParticleClass(p.Name, p.Fraction / contact.Length, m, p.RelativeConductance, p.ParticleRadius ?? radius)))];
    }
}

/// <summary>A class of particles: its share of the contacted active volume, contact m_k, conductance relative to the electrode's mean, and radius (m).</summary>
public sealed record ParticleClass(string Population, double Weight, double Contact, double RelativeConductance, double Radius)
{
    /// <summary>Interfacial conductance per real area relative to the electrode's mean.</summary>
    public double Conductance => Contact * RelativeConductance;
}

/// <summary>A share of the particles with its own conductance, relative to the electrode's mean, and optionally its own radius (m).</summary>
public sealed record Population(string Name, double Fraction, double RelativeConductance, double? ParticleRadius = null);

/// <summary>A film of known thickness: resistance thickness/conductivity and capacitance ε₀ε_r/thickness, per real area.</summary>
/// <param name="Thickness">m.</param>
/// <param name="Conductivity">S/m.</param>
/// <param name="RelativePermittivity">ε_r; zero: no capacitance.</param>
/// <param name="ActivationEnergy">Of the conductivity, J/mol.</param>
public sealed record Coating(double Thickness, double Conductivity, double RelativePermittivity, double ActivationEnergy = 0)
{
    /// <summary>Ω m² of real area at the reference temperature.</summary>
    public double Resistance => Thickness / Conductivity;

    /// <summary>F/m² of real area.</summary>
    public double Capacitance => Constants.VacuumPermittivity * RelativePermittivity / Thickness;
}

/// <summary>Slow polarisation u of the interface: timeConstant du/dt = share·j/G − u.</summary>
public sealed record SlowPolarisation(double Share, double TimeConstant);

/// <summary>Log-normal distribution of particle contact, mean 1, in classes of equal probability.</summary>
/// <param name="Sigma">Standard deviation of ln m; 0: all alike.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="Isolated">Share of the active material without any contact; it counts in the mass and carries no current.</param>
public sealed record Contact(double Sigma, int Classes, double Isolated)
{
    /// <summary>All particles alike, none isolated.</summary>
    public static readonly Contact Uniform = new(0, 1, 0);

    /// <summary>
    /// The mean contact of each class: m_k = K [Φ(e_{k+1} − σ) − Φ(e_k − σ)] with e_k = Φ⁻¹(k/K), the conditional means of a
    /// log-normal of mean 1; rising, and their mean is 1 to round-off.
    /// </summary>
    public double[] Multipliers()
    {
        var m = new double[Classes];
        if (Sigma <= 0) { Array.Fill(m, 1); return m; }
        double Cumulative(int k) => k == 0 ? 0 : k == Classes ? 1 : Normal.CDF(0, 1, Normal.InvCDF(0, 1, (double)k / Classes) - Sigma);
        for (var k = 0; k < Classes; k++) { m[k] = Classes * (Cumulative(k + 1) - Cumulative(k)); }
        return m;
    }
}
