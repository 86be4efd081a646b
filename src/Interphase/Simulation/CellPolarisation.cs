using Interphase.Cells;

namespace Interphase.Simulation;

/// <summary>
/// The split of the terminal potential. From a class k at a place x of an electrode there is one way to either terminal, ions on
/// one side and electrons on the other, so that for every class
/// <code>
/// V = U(x̄) + [U(x̄_k) − U(x̄)] + [U(x_s,k) − U(x̄_k)] + film + charge transfer + ∫ ions + ∫ electrons + the rest of the cell
/// </code>
/// and so for every weighted mean of them. The weights are the small-signal conductances a_k/R_k at rest: the mean of parallel
/// sources behind resistances that a terminal sees (Millman's theorem), fixed in time.
/// </summary>
internal sealed partial class CellSystem
{
    /// <summary>The parts at the state as it stands; they add up to <see cref="Potential"/>.</summary>
    public PolarisationTerms Polarisation()
    {
        double separator = -(SeriesResistance - cell.SeriesResistance) * Current, electrolyte = 0, electronic = -cell.SeriesResistance * Current;
        double coating = 0, charge = 0, diffusion = 0, unevenness = 0, counter = 0, equilibrium = 0;
        for (var f = 0; f <= points; f++)
        {
            double before = f > 0 ? step[f - 1] / (2 * kappa[f - 1]) : 0, after = f < points ? step[f] / (2 * kappa[f]) : 0;
            var ions = -(before + after) * ionic[f];
            if (hasSalt && f > 0 && f < points) { ions += (factorK[f - 1] + factorK[f]) / 2 * logRatio[f]; }
            var share = before + after > 0 ? before / (before + after) : 0;
            var left = f > 0 ? domain[f - 1] : null;
            var right = f < points ? domain[f] : null;
            if (left is not null && left == right)
            {
                // Of the ways from the places of this electrode, those beyond the face on the far side pass it as ions, the others as electrons.
                var beyond = 0.0;
                for (var i = left.IsPositive ? f : FirstOf(left); i < (left.IsPositive ? FirstOf(left) + left.Points : f); i++) { beyond += left.PointWeight(local[i]); }
                var electrons = -(Current - ionic[f]) * ((step[f - 1] / 2 / left.ElectronicConductivity[local[f - 1]]) + (step[f] / 2 / left.ElectronicConductivity[local[f]]));
                electrolyte += beyond * ions;
                electronic += (1 - beyond) * electrons;
                continue;
            }
            if (f > 0) { Give(left, share * ions); }
            if (f < points) { Give(right, (1 - share) * ions); }
        }
        if (Positive is { } positive)
        {
            var (last, sixth) = (points - 1, positive.Step * positive.Step / 6 * positive.Reaction[^1]);
            electrolyte -= sixth / kappa[last];
            electronic -= (sixth / positive.ElectronicConductivity[^1]) + (positive.Step / (2 * positive.ElectronicConductivity[^1]) * Current);
            var own = positive.Polarisation(phi.AsSpan(FirstPositive));
            equilibrium += own.Equilibrium;
            (coating, charge, diffusion, unevenness) = (own.Coating, own.ChargeTransfer, own.Diffusion, own.Unevenness);
        }
        else
        {
            var ignored = 0.0;
            var foil = (FoilElectrode)cell.Positive;
            equilibrium += foil.Potential;
            charge = Foil(foil, points - 1, -1, ref ignored) - foil.Potential;
        }
        if (Negative is { } negative)
        {
            var sixth = negative.Step * negative.Step / 6 * negative.Reaction[0];
            electrolyte += sixth / kappa[0];
            electronic += (sixth / negative.ElectronicConductivity[0]) - (negative.Step / (2 * negative.ElectronicConductivity[0]) * Current);
            var own = negative.Polarisation(phi);
            equilibrium -= own.Equilibrium;
            counter = -(own.Coating + own.ChargeTransfer + own.Diffusion + own.Unevenness);
        }
        else
        {
            var ignored = 0.0;
            var foil = (FoilElectrode)cell.Negative;
            equilibrium -= foil.Potential;
            counter = foil.Potential - Foil(foil, 0, 1, ref ignored);
        }
        return new(equilibrium, separator, electrolyte, electronic, coating, charge, diffusion, unevenness, counter);

        int FirstOf(PorousDomain d) => d.IsPositive ? FirstPositive : 0;
        void Give(PorousDomain? to, double ions)
        {
            if (to is null) { separator += ions; }
            else { electrolyte += ions; }
        }
    }
}

/// <summary>What the particles of one electrode add, V; Δφ's mean is the sum of all.</summary>
internal readonly record struct ElectrodePolarisation(double Equilibrium, double Coating, double ChargeTransfer, double Diffusion, double Unevenness);

internal sealed partial class PorousDomain
{
    /// <summary>Share of a point in the small-signal conductance of the electrode at rest.</summary>
    public double PointWeight(int point)
    {
        double own = 0, all = 0;
        for (var l = 0; l < Area.Length; l++)
        {
            var w = Conducts(l);
            all += w;
            if (l / Classes == point) { own += w; }
        }
        return own / all;
    }

    /// <summary>The parts of Δφ between network and electrolyte, as conductance-weighted means over all classes and places.</summary>
    /// <param name="deltaPhi">Δφ of each point, V.</param>
    public ElectrodePolarisation Polarisation(ReadOnlySpan<double> deltaPhi)
    {
        double all = 0, across = 0, surface = 0, own = 0, film = 0;
        for (var l = 0; l < Area.Length; l++)
        {
            var w = Conducts(l);
            if (w == 0) { continue; }
            var (x, drop) = (Particles.Surface[l], deltaPhi[l / Classes]);
            var inside = Math.Clamp(x, Edge, 1 - Edge);
            all += w;
            across += w * drop;
            surface += w * (OpenCircuit(x, out _) - (Wall * (x - inside)));
            own += w * OpenCircuit(Particles.Mean(l), out _);
            film += w * (layered && !areal ? drop - layer[l] : Film[l] * Particles.Current[l]);
        }
        var mean = OpenCircuit(MeanStoichiometry(), out _);
        return new(mean, film / all, (across - surface - film) / all, (surface - own) / all, (own / all) - mean);
    }

    private double Conducts(int l) => double.IsFinite(SmallSignal[l]) ? Area[l] / SmallSignal[l] : 0;
}
