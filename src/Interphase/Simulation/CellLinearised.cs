using System.Numerics;
using Interphase.Cells;
using Interphase.Numerics;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>
/// Answer of a point to Δφ and to the salt concentration: reaction current (S/m³, A m/mol m³) and, where the electronic conductivity
/// follows the stoichiometry, the conductivity that comes with it.
/// </summary>
internal readonly record struct PointAdmittance(Complex ByPhi, Complex BySalt, Complex ConductivityByPhi = default, Complex ConductivityBySalt = default);

/// <summary>The equations along the cell linearised at the present state, at a complex frequency.</summary>
internal sealed partial class CellSystem
{
    /// <summary>Prepares the derivatives at the present state. Returns dV/dI at constant unknowns, Ω m².</summary>
    public double Linearise()
    {
        Faces();
        TerminalPotential(out var byCurrent);
        return byCurrent;
    }

    /// <summary>True where electrons flow through an electrode whose conductivity changes with its stoichiometry.</summary>
    public bool ConductionAnswers
    {
        get
        {
            var least = 1e-9 * OneC;
            var flows = false;
            for (var f = 1; f < points; f++) { flows |= ionicPhi[f] != 0 && Math.Abs(Current - ionic[f]) > least; }
            return electronicVaries && (flows || Math.Abs(Current) > least);
        }
    }

    /// <summary>The system for a unit of discharge current at frequency <paramref name="s"/>, after <see cref="Linearise"/>.</summary>
    public void Assemble(BlockTridiagonal<Complex> system, Complex s, ReadOnlySpan<PointAdmittance> at)
    {
        system.Clear();
        const double perF = 1 / Constants.Faraday;
        FaceAnswer left, right = Answer(0, at);
        for (var i = 0; i < points; i++)
        {
            left = right;
            right = Answer(i + 1, at);
            var k = 4 * i;
            Complex byPhi = step[i] * at[i].ByPhi, bySalt = step[i] * at[i].BySalt;
            if (domain[i] is null) { system.Diagonal[k + 3] = 1; }
            else
            {
                system.Right[(2 * i) + 1] = ionicCurrent[i] - ionicCurrent[i + 1];
                system.Lower[k + 3] = -left.PhiLeft;
                system.Diagonal[k + 3] = right.PhiLeft - left.PhiRight - byPhi;
                system.Upper[k + 3] = right.PhiRight;
                system.Lower[k + 2] = -left.SaltLeft;
                system.Diagonal[k + 2] = right.SaltLeft - left.SaltRight - bySalt;
                system.Upper[k + 2] = right.SaltRight;
            }
            if (!hasSalt)
            {
                system.Diagonal[k] = 1;
                continue;
            }
            // Of a flux the part t₊ i/F follows the current, the rest is diffusion and the change of t₊ itself.
            double before = carried[i], behind = carried[i + 1];
            system.Right[2 * i] = fluxCurrent[i] - fluxCurrent[i + 1];
            system.Lower[k] = -fluxLeft[i] - (before * (left.SaltLeft - ionicLeft[i]));
            system.Diagonal[k] = (s * porosity[i] * step[i]) - fluxRight[i] - (before * (left.SaltRight - ionicRight[i])) + fluxLeft[i + 1] + (behind * (right.SaltLeft - ionicLeft[i + 1])) - (bySalt * perF);
            system.Upper[k] = fluxRight[i + 1] + (behind * (right.SaltRight - ionicRight[i + 1]));
            system.Lower[k + 1] = -before * left.PhiLeft;
            system.Diagonal[k + 1] = (behind * right.PhiLeft) - (before * left.PhiRight) - (byPhi * perF);
            system.Upper[k + 1] = behind * right.PhiRight;
        }
    }

    /// <summary>dV of a solution of <see cref="Assemble(BlockTridiagonal{Complex}, Complex, ReadOnlySpan{PointAdmittance})"/> at constant current.</summary>
    public Complex TerminalAnswer(ReadOnlySpan<Complex> solution, ReadOnlySpan<PointAdmittance> at)
    {
        Complex v = default;
        for (var i = 0; i < points; i++) { v += (gradientSalt[i] * solution[2 * i]) + (gradientPhi[i] * solution[(2 * i) + 1]); }
        // The curvature at the collectors was taken from the conductance without time.
        if (Positive is { } p)
        {
            v -= PositiveBend * Excess(points - 1, p, solution, at);
            v += Collector(p, points - 1, p.Reaction[^1], solution, at);
        }
        if (Negative is { } n)
        {
            v += NegativeBend * Excess(0, n, solution, at);
            v += Collector(n, 0, -n.Reaction[0], solution, at);
        }
        for (var f = 1; f < points; f++)
        {
            if (ionicPhi[f] == 0) { continue; }
            var current = (ionicConductionLeft[f] * Conduction(f - 1, solution, at)) + (ionicConductionRight[f] * Conduction(f, solution, at));
            v -= ((step[f - 1] / (2 * kappa[f - 1])) + (step[f] / (2 * kappa[f]))) * current;
        }
        return v;
    }

    private static Complex Conduction(int point, ReadOnlySpan<Complex> solution, ReadOnlySpan<PointAdmittance> at) =>
        (at[point].ConductivityBySalt * solution[2 * point]) + (at[point].ConductivityByPhi * solution[(2 * point) + 1]);

    /// <summary>How much more reaction current a point gives than its conductance without time would, A/m³.</summary>
    private Complex Excess(int point, PorousDomain d, ReadOnlySpan<Complex> solution, ReadOnlySpan<PointAdmittance> at) =>
        ((at[point].ByPhi - d.Conductance[local[point]]) * solution[(2 * point) + 1]) + ((at[point].BySalt - d.SaltConductance[local[point]]) * solution[2 * point]);

    /// <summary>−I h/2σ ∓ h²/6σ Σ a j at a collector, as the conductivity of its volume changes.</summary>
    private Complex Collector(PorousDomain d, int point, double reaction, ReadOnlySpan<Complex> solution, ReadOnlySpan<PointAdmittance> at)
    {
        var sigma = d.ElectronicConductivity[local[point]];
        return ((d.Step * Current / 2) + (d.Step * d.Step / 6 * reaction)) / (sigma * sigma) * Conduction(point, solution, at);
    }

    private FaceAnswer Answer(int f, ReadOnlySpan<PointAdmittance> at)
    {
        if (ionicPhi[f] == 0) { return new(0, 0, ionicLeft[f], ionicRight[f]); }
        PointAdmittance l = at[f - 1], r = at[f];
        double a = ionicConductionLeft[f], b = ionicConductionRight[f];
        return new((a * l.ConductivityByPhi) - ionicPhi[f], (b * r.ConductivityByPhi) + ionicPhi[f], (a * l.ConductivityBySalt) + ionicLeft[f], (b * r.ConductivityBySalt) + ionicRight[f]);
    }

    /// <summary>Change of the ionic current through a face with Δφ and salt on either side.</summary>
    private readonly record struct FaceAnswer(Complex PhiLeft, Complex PhiRight, Complex SaltLeft, Complex SaltRight);
}
