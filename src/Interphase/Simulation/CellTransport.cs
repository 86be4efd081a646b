using Interphase.Cells;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>Currents and salt fluxes through the faces of the finite volumes, with their derivatives.</summary>
internal sealed partial class CellSystem
{
    private void SaltProperties()
    {
        for (var i = 0; i < points; i++)
        {
            var c = salt[i];
            if (conductivityTable[i] is { } table)
            {
                kappa[i] = Math.Max(table.At(c, out var slope), 1e-12) * efficiency[i];
                kappaSlope[i] = slope * efficiency[i];
            }
            else { kappa[i] = conductivityOf[i].Value(double.NaN, c, temperature) * efficiency[i]; }
            var d = restDiffusivity;
            double slopeD = 0;
            if (diffusivityTable is not null) { d = Math.Max(diffusivityTable.At(c, out slopeD), 1e-20); }
            diffusion[i] = d * efficiency[i];
            diffusionSlope[i] = slopeD * efficiency[i];
            double t = restTransference, slopeT = 0, factor = restFactor, slopeFactor = 0;
            if (transferenceTable is not null) { t = transferenceTable.At(c, out slopeT); }
            if (factorTable is not null) { factor = factorTable.At(c, out slopeFactor); }
            (transference[i], transferenceSlope[i]) = (t, slopeT);
            factorK[i] = TwoThermal * (1 - t) * factor;
            factorSlope[i] = TwoThermal * (((1 - t) * slopeFactor) - (slopeT * factor));
        }
    }

    /// <summary>Currents and salt fluxes through the faces, with their derivatives.</summary>
    private void Faces()
    {
        facesStand = true;
        if (hasSalt) { SaltProperties(); }
        for (var f = 0; f <= points; f++)
        {
            var left = f > 0 ? domain[f - 1] : null;
            var right = f < points ? domain[f] : null;
            (ionicPhi[f], ionicLeft[f], ionicRight[f], ionicCurrent[f]) = (0, 0, 0, 0);
            (ionicConductionLeft[f], ionicConductionRight[f]) = (0, 0);
            var end = f == 0 || f == points;
            if (hasSalt && !end) { logRatio[f] = Math.Log(salt[f] / salt[f - 1]); }
            if (end && (left ?? right) is { } closed && (f == 0) != closed.IsPositive)
            {
                ionic[f] = 0;
                (flux[f], fluxLeft[f], fluxRight[f], fluxPhi[f], fluxCurrent[f]) = (0, 0, 0, 0, 0);
                continue;
            }
            if (end || left != right || left is null)
            {
                ionic[f] = Current;
                ionicCurrent[f] = 1;
            }
            else
            {
                double a = step[f - 1] / 2, b = step[f] / 2;
                var resistance = (a / kappa[f - 1]) + (b / kappa[f]);
                var electronic = (a / left.ElectronicConductivity[local[f - 1]]) + (b / left.ElectronicConductivity[local[f]]);
                var inverse = 1 / (resistance + electronic);
                var drive = phi[f] - phi[f - 1] + (Current * electronic);
                if (hasSalt) { drive += (factorK[f - 1] + factorK[f]) / 2 * logRatio[f]; }
                ionic[f] = drive * inverse;
                ionicPhi[f] = inverse;
                ionicCurrent[f] = electronic * inverse;
                if (electronicVaries)
                {
                    double l = left.ElectronicConductivity[local[f - 1]], r = left.ElectronicConductivity[local[f]], carriedByElectrons = (Current - ionic[f]) * inverse;
                    ionicConductionLeft[f] = -carriedByElectrons * a / (l * l);
                    ionicConductionRight[f] = -carriedByElectrons * b / (r * r);
                }
                if (hasSalt)
                {
                    var k = (factorK[f - 1] + factorK[f]) / 2 * inverse;
                    var r = ionic[f] * inverse;
                    var half = logRatio[f] / 2 * inverse;
                    ionicLeft[f] = (-k / salt[f - 1]) + (r * a * kappaSlope[f - 1] / (kappa[f - 1] * kappa[f - 1])) + (half * factorSlope[f - 1]);
                    ionicRight[f] = (k / salt[f]) + (r * b * kappaSlope[f] / (kappa[f] * kappa[f])) + (half * factorSlope[f]);
                }
            }
            if (!hasSalt) { continue; }
            if (end)
            {
                flux[f] = Current / Constants.Faraday;
                fluxCurrent[f] = 1 / Constants.Faraday;
                (fluxLeft[f], fluxRight[f], fluxPhi[f], carried[f]) = (0, 0, 0, 0);
                continue;
            }
            double p = step[f - 1] / (2 * diffusion[f - 1]), q = step[f] / (2 * diffusion[f]);
            var conductance = 1 / (p + q);
            var difference = salt[f] - salt[f - 1];
            var t = (transference[f - 1] + transference[f]) / (2 * Constants.Faraday);
            var bend = difference * conductance * conductance;
            flux[f] = (-difference * conductance) + (t * ionic[f]);
            var share = ionic[f] / (2 * Constants.Faraday);
            carried[f] = t;
            fluxLeft[f] = conductance - (bend * p * diffusionSlope[f - 1] / diffusion[f - 1]) + (t * ionicLeft[f]) + (share * transferenceSlope[f - 1]);
            fluxRight[f] = -conductance - (bend * q * diffusionSlope[f] / diffusion[f]) + (t * ionicRight[f]) + (share * transferenceSlope[f]);
            fluxPhi[f] = t * ionicPhi[f];
            fluxCurrent[f] = t * ionicCurrent[f];
        }
    }
}
