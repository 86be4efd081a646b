using Interphase.Cells;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>Newton's method within one implicit stage: the linear system of an iteration, and how far it is followed.</summary>
internal sealed partial class CellSystem
{
    /// <summary>
    /// Solves the stage: time weight <paramref name="tau"/> (0: the differential state stays, only potentials and currents are sought).
    /// False where Newton's method does not arrive.
    /// </summary>
    public bool Solve(double tau, Control control, double time, double tolerance) =>
        cell.Thermal is { } thermal && tau > 0 ? SolveWithHeat(thermal, tau, control, time, tolerance) : SolveIsothermal(tau, control, time, tolerance);

    private bool SolveIsothermal(double tau, Control control, double time, double tolerance)
    {
        var target = control.At(time);
        var free = control.Kind != ControlKind.Current;
        if (!free && Current != target)
        {
            Current = target;
            facesStand = false;
        }
        var linear = true;
        foreach (var d in Domains)
        {
            d.PrepareSlow(tau);
            d.PrepareLayers(tau);
            if (electronicVaries) { d.PrepareElectronic(tau); }
            linear &= d.Particles.IsLinear;
            if (tau == 0) { d.Particles.Freeze(); }
            else { d.Particles.Eliminate(tau); }
        }
        double before = 0, reach = 0.3, lastMove = 0;
        var rate = Math.Max(Math.Pow(contraction, 0.8), 0.03);
        for (var iteration = 0; iteration < MostIterations; iteration++)
        {
            Iterations++;
            if (iteration > 0 && !linear && tau > 0)
            {
                if (Negative is { Particles.IsLinear: false }) { Negative.Particles.Eliminate(tau); }
                if (Positive is { Particles.IsLinear: false }) { Positive.Particles.Eliminate(tau); }
            }
            if (electronicVaries) { foreach (var d in Domains) { d.UpdateElectronic(); } }
            Assemble(tau);
            if (!blocks.Solve(free)) { return false; }
            double[] change = blocks.Right, border = blocks.Border;
            double currentChange = 0, currentEffect = 0;
            if (free)
            {
                var potential = TerminalPotential(out var byCurrent);
                double along = 0, across = byCurrent;
                for (var i = 0; i < points; i++)
                {
                    along += (gradientPhi[i] * change[(2 * i) + 1]) + (gradientSalt[i] * change[2 * i]);
                    across += (gradientPhi[i] * border[(2 * i) + 1]) + (gradientSalt[i] * border[2 * i]);
                }
                currentChange = control.Kind == ControlKind.Potential
                    ? (target - potential - along) / across
                    : (target - (potential * Current) - (Current * along)) / (potential + (Current * across));
                if (!double.IsFinite(currentChange)) { return false; }
                currentEffect = Math.Abs(currentChange * across);
                for (var i = 0; i < 2 * points; i++) { change[i] += currentChange * border[i]; }
            }
            double move = 0, mostSalt = 0, share = 1;
            for (var i = 0; i < points; i++)
            {
                var here = change[(2 * i) + 1];
                if (Math.Abs(here) > Math.Abs(move)) { move = here; }
                if (!hasSalt) { continue; }
                mostSalt = Math.Max(mostSalt, Math.Abs(change[2 * i]) / cell.Electrolyte.Concentration);
                if (change[2 * i] < -0.8 * salt[i]) { share = Math.Min(share, -0.8 * salt[i] / change[2 * i]); }
            }
            var most = Math.Max(currentEffect, Math.Abs(move));
            if (!double.IsFinite(most) || !double.IsFinite(mostSalt)) { return false; }
            // Each step to the other side at most halves the last one; to the same side the reach grows.
            if (move * lastMove < 0) { reach = 0.5 * Math.Abs(lastMove); }
            if (Math.Abs(move) > reach)
            {
                share = Math.Min(share, reach / Math.Abs(move));
                reach *= 2;
            }
            lastMove = share * move;
            for (var i = 0; i < points; i++)
            {
                double deltaSalt = share * change[2 * i], deltaPhi = share * change[(2 * i) + 1];
                if (domain[i] is { } d)
                {
                    d.Shift(local[i], deltaPhi, deltaSalt);
                    phi[i] += deltaPhi;
                }
                if (hasSalt) { salt[i] += deltaSalt; }
            }
            Current += share * currentChange;
            facesStand = false;
            var moved = 0.0;
            if (!linear && tau > 0)
            {
                if (Negative is { Particles.IsLinear: false }) { moved = Math.Max(moved, Negative.Particles.Follow()); }
                if (Positive is { Particles.IsLinear: false }) { moved = Math.Max(moved, Positive.Particles.Follow()); }
            }
            var size = Math.Max(Math.Max(most, mostSalt), moved);
            if (share < 1)
            {
                before = 0;
                continue;
            }
            if (before > 0)
            {
                rate = size / before;
                if (rate > 2 && iteration > 20) { return false; }
                rate = rate < 1 ? rate / (1 - rate) : 1e3;
            }
            before = size;
            if (rate * size <= 0.03 * tolerance || size < 1e-13)
            {
                contraction = Math.Min(1, rate);
                Finish(tau);
                return control.Kind != ControlKind.Power || Potential > 0;
            }
        }
        return false;
    }

    private void Finish(double tau)
    {
        foreach (var d in Domains)
        {
            if (tau > 0 && d.Particles.IsLinear) { d.Particles.Follow(); }
            if (tau > 0) { d.FollowSlow(); }
            if (electronicVaries) { d.UpdateElectronic(); }
        }
        Faces();
        Potential = TerminalPotential(out _);
    }

    private void Assemble(double tau)
    {
        if (!facesStand || electronicVaries) { Faces(); }
        blocks.Clear();
        double[] lower = blocks.Lower, diagonal = blocks.Diagonal, upper = blocks.Upper, right = blocks.Right, border = blocks.Border;
        for (var i = 0; i < points; i++)
        {
            var k = 4 * i;
            double reaction = 0, byPhi = 0, bySalt = 0;
            if (domain[i] is { } d)
            {
                var at = local[i];
                d.React(at, phi[i], salt[i]);
                reaction = step[i] * d.Reaction[at];
                byPhi = step[i] * d.Conductance[at];
                bySalt = step[i] * d.SaltConductance[at];
                // Charge: i(right) − i(left) − h Σ a j = 0; the unknowns are (salt, Δφ), the rows (salt, charge).
                right[(2 * i) + 1] = -(ionic[i + 1] - ionic[i] - reaction);
                border[(2 * i) + 1] = -(ionicCurrent[i + 1] - ionicCurrent[i]);
                diagonal[k + 3] = -ionicPhi[i + 1] - ionicPhi[i] - byPhi;
                lower[k + 3] = ionicPhi[i];
                upper[k + 3] = ionicPhi[i + 1];
                if (hasSalt)
                {
                    diagonal[k + 2] = ionicLeft[i + 1] - ionicRight[i] - bySalt;
                    lower[k + 2] = -ionicLeft[i];
                    upper[k + 2] = ionicRight[i + 1];
                }
            }
            else { diagonal[k + 3] = 1; }
            if (!hasSalt || tau == 0)
            {
                diagonal[k] = 1;
                continue;
            }
            var capacity = porosity[i] * step[i];
            const double perF = 1 / Constants.Faraday;
            right[2 * i] = -((capacity * (salt[i] - saltKnown[i])) - (tau * (flux[i] - flux[i + 1] + (reaction * perF))));
            border[2 * i] = tau * (fluxCurrent[i] - fluxCurrent[i + 1]);
            diagonal[k] = capacity - (tau * (fluxRight[i] - fluxLeft[i + 1] + (bySalt * perF)));
            diagonal[k + 1] = -tau * (fluxPhi[i] + fluxPhi[i + 1] + (byPhi * perF));
            lower[k] = -tau * fluxLeft[i];
            lower[k + 1] = tau * fluxPhi[i];
            upper[k] = tau * fluxRight[i + 1];
            upper[k + 1] = tau * fluxPhi[i + 1];
        }
    }
}
