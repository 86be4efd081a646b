using System.Numerics;

namespace Interphase.Simulation;

/// <summary>
/// The small-signal response of one class of particles at one complex frequency, per real area: film in series with, or (for an
/// interface measured as one arc) inside, a double layer in parallel with charge transfer, slow polarisation and diffusion.
/// </summary>
internal readonly record struct LaneResponse(Complex Film, Complex Charge, Complex Diffusion, Complex Capacitor, Complex Inner, Complex Whole, bool Across)
{
    /// <param name="domain">The electrode.</param>
    /// <param name="lane">Which of its lanes.</param>
    /// <param name="s">iω.</param>
    /// <param name="transfer">Slope of the kinetics, Ω m².</param>
    /// <param name="diffusion">Potential that follows the surface stoichiometry, per current, Ω m².</param>
    public static LaneResponse Of(PorousDomain domain, int lane, Complex s, double transfer, Complex diffusion)
    {
        var across = domain.Electrode.Interface.IsAreal;
        var (share, time) = domain.SlowPolarisation;
        var charge = share == 0 ? transfer : transfer + (share * domain.SmallSignal[lane] / (1 + (s * time)));
        var bulk = domain.CoatingResistance[lane];
        var film = bulk == 0 ? domain.Film[lane] : domain.Film[lane] - bulk + (bulk / (1 + (s * bulk * domain.CoatingCapacitance[lane])));
        var capacitor = s * domain.Capacitance[lane];
        var inner = charge + diffusion + (across ? film : 0);
        var parallel = (1 / inner) + capacitor;
        return new(film, charge, diffusion, capacitor, inner, across ? parallel : 1 / (film + (1 / parallel)), across);
    }

    /// <summary>Current per change of salt that lifts the kinetics by <paramref name="source"/> V.</summary>
    public Complex BySalt(double source) => source / Inner * (Across ? 1 : Whole / ((1 / Inner) + Capacitor));

    /// <summary>Current through the particle per Δφ.</summary>
    public Complex Faradaic => (Across ? Complex.One : 1 - (Film * Whole)) / Inner;

    /// <summary>Current through the particle per change of salt.</summary>
    public Complex FaradaicBySalt(double source) => BySalt(source) * (Across ? 1 : 1 + (Capacitor * Film));

    /// <summary>Adds area·z·i² of each element at a potential <paramref name="square"/> = δΔφ², by kind.</summary>
    public void Add(double area, Complex square, ref Complex coating, ref Complex charge, ref Complex transport)
    {
        var drop = Across ? Complex.One : 1 - (Film * Whole);
        var faradaic = drop / Inner;
        var weight = area * square;
        coating += weight * Film * (Across ? faradaic * faradaic : Whole * Whole);
        charge += weight * ((Charge * faradaic * faradaic) + (Capacitor * drop * drop));
        transport += weight * Diffusion * faradaic * faradaic;
    }
}
