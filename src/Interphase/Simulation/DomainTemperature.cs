using Interphase.Cells;
using Interphase.Numerics;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>What an electrode is at a temperature and in its present age.</summary>
internal sealed partial class PorousDomain
{
    /// <summary>Brings every property to a temperature, K.</summary>
    public void SetTemperature(double to)
    {
        temperature = to;
        TwoThermal = 2 * Constants.Gas * to / Constants.Faraday;
        potential = potentialTable.Set(to).Table;
        var material = Electrode.ActiveMaterial;
        Particles.Diffuse(kirchhoffTable?.Set(to).Table, material.Diffusivity.Value(0.5, double.NaN, to));
        exchange = exchangeTable?.Set(to).Table;
        exchangeSalt = exchangeSaltTable?.Set(to).Table;
        exchangeAtRest = exchangeFunction?.Value(0.5, restConcentration, to) ?? 1;
        // The tables count from their own value at x = ½ and the rest concentration, whatever factor of temperature they were made with.
        logExchangeAtRest = exchange is not null ? exchange.At(0, out _) : exchangeSalt is not null ? exchangeSalt.At(0, out _) : Math.Log(exchangeAtRest);
        SetInterface();
    }

    /// <summary>dU/dT of a lane's surface, V/K.</summary>
    public double Entropy(double x) => Electrode.ActiveMaterial.EntropicCoefficient is { } entropic ? entropic.Value(Math.Clamp(x, Edge, 1 - Edge), double.NaN, temperature) : 0;

    /// <summary>Chemical power given up by the surfaces less what their double layers store, heat at the surfaces, and with entropy, all W/m².</summary>
    /// <param name="deltaPhi">Δφ of each point, V.</param>
    public (double Chemical, double Reaction, double Reversible) Heat(ReadOnlySpan<double> deltaPhi)
    {
        double chemical = 0, reaction = 0, reversible = 0;
        var current = Particles.Current;
        var surface = Particles.Surface;
        for (var l = 0; l < Area.Length; l++)
        {
            if (!double.IsFinite(SmallSignal[l])) { continue; }
            var charging = layered ? layerWeight[l] * (layer[l] - layerFrom[l]) : 0;
            var given = (-current[l] * OpenCircuit(surface[l], out _)) - (layered ? charging * layer[l] : 0);
            chemical += Area[l] * given;
            reaction += Area[l] * (given + ((current[l] + charging) * deltaPhi[l / Classes]));
            reversible += Area[l] * current[l] * temperature * Entropy(surface[l]);
        }
        return (Step * chemical, Step * reaction, Step * reversible);
    }

    /// <summary>Areas, films and exchange currents of the lanes.</summary>
    private void SetInterface()
    {
        var face = Electrode.Interface;
        double measured = 0, film = 0, bulk = 0;
        if (face.IsAreal) { measured = face.ArealResistance / cell.Arrhenius(face.ActivationEnergy, temperature) * areaRatio; }
        else
        {
            film = face.FilmResistance / cell.Arrhenius(face.FilmActivationEnergy, temperature);
            if (face.Coating is { } coating) { bulk = coating.Resistance / cell.Arrhenius(coating.ActivationEnergy, temperature); }
            film += bulk;
        }
        for (var l = 0; l < Area.Length; l++)
        {
            // A particle without contact keeps what it holds.
            var g = kept[l % Classes] > 0 ? conductance[l] : 0;
            var added = addedResistance == 0 ? 0 : addedResistance * (areaRatio / g);
            Area[l] = areaNew[l] * kept[l % Classes];
            if (face.IsAreal)
            {
                var whole = measured / g;
                Film[l] = ((1 - face.ChargeTransferShare) * whole) + added;
                ExchangeCurrent[l] = TwoThermal / (2 * face.ChargeTransferShare * whole);
                SmallSignal[l] = whole + added;
                continue;
            }
            CoatingResistance[l] = bulk / g;
            Film[l] = (film / g) + added;
            ExchangeCurrent[l] = exchangeFunction is null ? double.PositiveInfinity : g * exchangeAtRest;
            SmallSignal[l] = (film / g) + (TwoThermal / (2 * ExchangeCurrent[l])) + added;
        }
    }
}
