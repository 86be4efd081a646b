using System.Globalization;
using Interphase.Units;

namespace Interphase.Cells;

/// <summary>Something about a cell that does not fit together.</summary>
/// <param name="Path">The parameter it belongs to.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="IsError">Whether the cell cannot be simulated so.</param>
public sealed record CellProblem(string Path, string Text, bool IsError);

/// <summary>Whether the parameters of a cell fit together.</summary>
public static class CellChecks
{
    /// <summary>Rises of the open-circuit potential smaller than this (V) are a fit's ripple.</summary>
    private const double SmallestRise = 1e-3;

    /// <summary>All that does not fit.</summary>
    public static IReadOnlyList<CellProblem> Of(Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var found = new List<CellProblem>();
        if (cell.Positive is PorousElectrode p) { Check(p, "positive", cell.Initial.PositiveStoichiometry, "initial.stoichiometry", cell, found); }
        if (cell.Negative is PorousElectrode n) { Check(n, "negative", cell.Initial.NegativeStoichiometry, "initial.negativeStoichiometry", cell, found); }
        foreach (var (side, electrode) in new[] { ("positive", cell.Positive), ("negative", cell.Negative) })
        {
            if (electrode is FoilElectrode f && f.Inventory > f.Capacity) { Error(side + ".inventory", "the foil holds more lithium than its capacity"); }
        }
        if (cell.Limits.Lower >= cell.Limits.Upper) { Error("limits.lower", "the lower limit is not below the upper one"); }
        if (cell.Electrolyte.Kind == ElectrolyteKind.BinarySalt) { CheckSalt(cell, found); }
        if (!(cell.Electrolyte.Conductivity.Value(0, cell.Electrolyte.Concentration, cell.Temperature) > 0)) { Error("electrolyte.conductivity", "the conductivity is not positive at rest"); }
        if (cell.Positive is PorousElectrode electrode2)
        {
            var material = electrode2.ActiveMaterial;
            var whole = Constants.Faraday * material.MaximumConcentration * material.VolumeFraction * electrode2.Thickness * cell.Area;
            if (cell.NominalCapacity > whole)
            {
                Note("nominalCapacity", $"1C is defined by {Number(cell.NominalCapacity / 3.6)} mAh, more than all lithium sites of the positive electrode hold ({Number(whole / 3.6)} mAh)");
            }
        }
        return found;

        void Error(string path, string text) => found.Add(new(path, text, true));
        void Note(string path, string text) => found.Add(new(path, text, false));
    }

    private static void Check(PorousElectrode e, string side, double initial, string initialPath, Cell cell, List<CellProblem> found)
    {
        var material = e.ActiveMaterial;
        var sum = material.VolumeFraction + e.Electrolyte.VolumeFraction;
        if (sum > 1 + 1e-9) { Error(".electrolyte.volumeFraction", $"active material and electrolyte fill {Number(100 * sum)} % of the electrode"); }
        if (material.VolumeFraction <= 0) { Error(".activeMaterial.volumeFraction", "there is no active material"); }
        if (e.Electrolyte.VolumeFraction <= 0) { Error(".electrolyte.volumeFraction", "there is no electrolyte in the electrode"); }
        if (e.Interface.Contact.Isolated >= 1) { Error(".interface.contact.isolated", "all particles are isolated"); }
        var populations = e.Interface.Populations;
        if (populations.Count > 0)
        {
            var fractions = populations.Sum(q => q.Fraction);
            var conductance = populations.Sum(q => q.Fraction * q.RelativeConductance);
            if (Math.Abs(fractions - 1) > 1e-6) { Error(".interface.populations", $"the fractions sum to {Number(fractions)} instead of 1"); }
            if (Math.Abs(conductance - 1) > 5e-3) { Error(".interface.populations", $"Σ fraction·relativeConductance is {Number(conductance)} instead of 1: the conductances are relative to the electrode's mean"); }
        }
        if (double.IsFinite(material.Density) && double.IsFinite(material.MolarMass) && Math.Abs((material.Density / material.MolarMass / material.MaximumConcentration) - 1) > 0.02)
        {
            Note(".activeMaterial.maximumConcentration", $"density over molar mass gives {Number(material.Density / material.MolarMass)} mol/m3, not {Number(material.MaximumConcentration)}");
        }
        if (initial is <= 0 or >= 1) { found.Add(new(initialPath, "the stoichiometry must lie between 0 and 1, both excluded", true)); return; }
        var u = material.OpenCircuitPotential;
        if (!double.IsFinite(u.Value(initial, 0, cell.Temperature))) { Error(".activeMaterial.openCircuitPotential", $"the open-circuit potential is no number at the initial stoichiometry {Number(initial)}"); }
        if (u.Table is { } t && (initial < t.Points[0] || initial > t.Points[^1])) { Error(".activeMaterial.openCircuitPotential", $"the table ({Number(t.Points[0])} to {Number(t.Points[^1])}) does not reach the initial stoichiometry {Number(initial)}"); }
        var rest = cell.Electrolyte.Kind == ElectrolyteKind.BinarySalt ? cell.Electrolyte.Concentration : 0;
        Positive(".activeMaterial.diffusivity", "diffusivity", material.Diffusivity);
        Positive(".electronicConductivity", "electronic conductivity", e.ElectronicConductivity);
        if (e.Interface.ExchangeCurrentDensity is { } i0) { Positive(".interface.exchangeCurrentDensity", "exchange current density", i0); }
        CheckSlope();

        void CheckSlope()
        {
            var from = u.Table?.Points[0] ?? 0.01;
            var to = u.Table?.Points[^1] ?? 0.99;
            double rises = double.NaN, missing = double.NaN, lowest = double.PositiveInfinity;
            for (var i = 0; i <= 200; i++)
            {
                var x = from + ((to - from) * i / 200);
                var value = u.Value(x, 0, cell.Temperature);
                if (!double.IsFinite(value)) { missing = x; continue; }
                if (value > lowest + SmallestRise && double.IsNaN(rises)) { rises = x; }
                lowest = Math.Min(lowest, value);
            }
            if (!double.IsNaN(missing)) { Note(".activeMaterial.openCircuitPotential", $"the open-circuit potential is no number at stoichiometry {Number(missing)}"); }
            if (!double.IsNaN(rises)) { Note(".activeMaterial.openCircuitPotential", $"the open-circuit potential rises with stoichiometry at {Number(rises)}; a single phase must fall"); }
        }

        void Positive(string path, string name, MaterialFunction f)
        {
            if (!(f.Value(initial, rest, cell.Temperature) > 0)) { Error(path, $"the {name} is not positive at the initial stoichiometry {Number(initial)}"); return; }
            for (var i = 1; i < 100; i++)
            {
                var v = f.Value(i / 100.0, rest, cell.Temperature);
                if (!(v > 0)) { Note(path, $"the {name} is not positive at stoichiometry {Number(i / 100.0)}"); return; }
            }
        }

        void Error(string path, string text) => found.Add(new(side + path, text, true));
        void Note(string path, string text) => found.Add(new(side + path, text, false));
    }

    private static void CheckSalt(Cell cell, List<CellProblem> found)
    {
        var e = cell.Electrolyte;
        var t = e.TransferenceNumber!.Value(0, e.Concentration, cell.Temperature);
        if (t is not (>= 0 and < 1)) { found.Add(new("electrolyte.transferenceNumber", $"a binary salt's transference number lies between 0 and 1, not at {Number(t)}", true)); }
        foreach (var (path, f) in new[] { ("electrolyte.diffusivity", e.Diffusivity!), ("electrolyte.thermodynamicFactor", e.ThermodynamicFactor!) })
        {
            if (!(f.Value(0, e.Concentration, cell.Temperature) > 0)) { found.Add(new(path, "it is not positive at the rest concentration", true)); }
        }
    }

    private static string Number(double v) => v.ToString("G5", CultureInfo.InvariantCulture);
}
