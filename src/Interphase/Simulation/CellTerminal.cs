using Interphase.Cells;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>From the unknowns to the terminals: the way along the cell, the collectors, the foils.</summary>
internal sealed partial class CellSystem
{
    /// <summary>
    /// The terminal potential of the unknowns as they stand, and its partial derivatives. At a collector Δφ is continued from the mean of
    /// the last volume with the slope −I/σ that the boundary has and the curvature (1/κ + 1/σ) Σ a j of the balance of charge:
    /// Δφ(end) = Δφ_mean − I h/2σ − h²/6 (1/κ + 1/σ) Σ a j, exact where the reaction is even.
    /// </summary>
    private double TerminalPotential(out double byCurrent)
    {
        Array.Clear(gradientPhi);
        Array.Clear(gradientSalt);
        FoilResistance = 0;
        var v = -SeriesResistance * Current;
        byCurrent = -SeriesResistance;
        for (var i = 0; i < points; i++)
        {
            var r = step[i] / (2 * kappa[i]);
            v -= r * (ionic[i] + ionic[i + 1]);
            byCurrent -= r * (ionicCurrent[i] + ionicCurrent[i + 1]);
            if (hasSalt) { gradientSalt[i] += r * (ionic[i] + ionic[i + 1]) * kappaSlope[i] / kappa[i]; }
            Along(i, -r);
            Along(i + 1, -r);
            if (!hasSalt || i == 0) { continue; }
            var k = (factorK[i - 1] + factorK[i]) / 2;
            v += k * logRatio[i];
            gradientSalt[i - 1] += (factorSlope[i - 1] / 2 * logRatio[i]) - (k / salt[i - 1]);
            gradientSalt[i] += (factorSlope[i] / 2 * logRatio[i]) + (k / salt[i]);
        }
        if (Positive is { } positive)
        {
            var r = positive.Step / (2 * positive.ElectronicConductivity[^1]);
            var bend = PositiveBend;
            v += phi[^1] - (r * Current) - (bend * positive.Reaction[^1]);
            byCurrent -= r;
            gradientPhi[^1] += 1 - (bend * positive.Conductance[^1]);
            gradientSalt[^1] -= (bend * positive.SaltConductance[^1]) - (positive.Step * positive.Step / 6 * kappaSlope[^1] / (kappa[^1] * kappa[^1]) * positive.Reaction[^1]);
        }
        else { v += Foil((FoilElectrode)cell.Positive, points - 1, -1, ref byCurrent); }
        if (Negative is { } negative)
        {
            var r = negative.Step / (2 * negative.ElectronicConductivity[0]);
            var bend = NegativeBend;
            v -= phi[0] + (r * Current) - (bend * negative.Reaction[0]);
            byCurrent -= r;
            gradientPhi[0] -= 1 - (bend * negative.Conductance[0]);
            gradientSalt[0] += (bend * negative.SaltConductance[0]) - (negative.Step * negative.Step / 6 * kappaSlope[0] / (kappa[0] * kappa[0]) * negative.Reaction[0]);
        }
        else { v -= Foil((FoilElectrode)cell.Negative, 0, 1, ref byCurrent); }
        return v;
    }

    /// <summary>Change of Δφ at a collector per reaction current of its volume, V m³/A.</summary>
    public double PositiveBend => Positive is not { } p ? 0 : p.Step * p.Step / 6 * ((1 / kappa[^1]) + (1 / p.ElectronicConductivity[^1]));

    /// <summary>The same at the negative collector.</summary>
    public double NegativeBend => Negative is not { } n ? 0 : n.Step * n.Step / 6 * ((1 / kappa[0]) + (1 / n.ElectronicConductivity[0]));

    private void Along(int face, double weight)
    {
        if (ionicPhi[face] == 0) { return; }
        gradientPhi[face] += weight * ionicPhi[face];
        gradientPhi[face - 1] -= weight * ionicPhi[face];
        if (!hasSalt) { return; }
        gradientSalt[face] += weight * ionicRight[face];
        gradientSalt[face - 1] += weight * ionicLeft[face];
    }

    /// <summary>Potential of a foil against the electrolyte beside it, V; anodic on discharge where <paramref name="sign"/> is +1.</summary>
    private double Foil(FoilElectrode foil, int point, int sign, ref double byCurrent)
    {
        double edge = double.NaN, concentration = 0, edgeByCurrent = 0, edgeBySalt = 0;
        if (hasSalt)
        {
            // The foil feeds (1 − t₊) I/F of salt into the first volume: half a volume further the concentration is higher.
            var perCurrent = sign * (1 - transference[point]) * step[point] / (2 * Constants.Faraday * diffusion[point]);
            edge = salt[point] + (perCurrent * Current);
            (edgeByCurrent, edgeBySalt) = (perCurrent, 1 - (perCurrent * Current * ((transferenceSlope[point] / (1 - transference[point])) + (diffusionSlope[point] / diffusion[point]))));
            if (edge < 1e-3 * salt[point]) { (edge, edgeByCurrent, edgeBySalt) = (1e-3 * salt[point], 0, 1e-3); }
            concentration = -factorK[point] * Math.Log(edge / salt[point]);
            gradientSalt[point] -= sign * ((factorK[point] * ((edgeBySalt / edge) - (1 / salt[point]))) + (factorSlope[point] * Math.Log(edge / salt[point])));
            byCurrent -= sign * factorK[point] * edgeByCurrent / edge;
        }
        double overpotential, slope;
        if (foil.ExchangeCurrentDensity is { } exchange)
        {
            var i0 = 2 * exchange.Value(double.NaN, edge, temperature, out _, out var byEdge);
            overpotential = TwoThermal * Math.Asinh(Current / i0);
            slope = TwoThermal / Math.Sqrt((i0 * i0) + (Current * Current));
            if (hasSalt)
            {
                var change = slope * Current / i0 * 2 * byEdge;
                gradientSalt[point] += change * edgeBySalt;
                byCurrent += change * edgeByCurrent;
            }
        }
        else
        {
            slope = foil.ArealResistance / cell.Arrhenius(foil.ActivationEnergy, temperature);
            overpotential = slope * Current;
        }
        byCurrent -= slope;
        FoilResistance += slope;
        if (sign > 0) { NegativeFoilResistance = slope; }
        return foil.Potential + (sign * overpotential) - concentration;
    }
}
