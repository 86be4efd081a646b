using System.Text.Json.Nodes;
using Interphase.Results;
using Interphase.Units;

namespace Interphase.Cells;

/// <summary>Writes a cell as BPX 1.1 (Battery Parameter eXchange), where BPX can express it.</summary>
public static class BpxExport
{
    /// <summary>
    /// The cell as BPX. The initial state becomes a state of charge of 1, and the other ends of the stoichiometry windows follow from
    /// the nominal capacity. Capacitances have no place in BPX and are left out; the description says so.
    /// </summary>
    /// <exception cref="InputException">BPX has no word for part of the cell; names every such part.</exception>
    public static JsonObject Of(Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var obstacles = Obstacles(cell).ToArray();
        if (obstacles.Length > 0)
        {
            throw new InputException($"BPX cannot express this cell: {string.Join("; ", obstacles)}", cell.Name, "export only cells with two porous electrodes, a binary salt and plain Butler–Volmer kinetics");
        }
        var positive = (PorousElectrode)cell.Positive;
        var negative = (PorousElectrode)cell.Negative;
        var capacitance = positive.Interface.DoubleLayerCapacitance > 0 || negative.Interface.DoubleLayerCapacitance > 0;
        var parameters = new JsonObject
        {
            ["Cell"] = new JsonObject
            {
                ["Reference temperature [K]"] = cell.ReferenceTemperature,
                ["Lower voltage cut-off [V]"] = cell.Limits.Lower,
                ["Upper voltage cut-off [V]"] = cell.Limits.Upper,
                ["Nominal cell capacity [A.h]"] = cell.NominalCapacity / 3600,
                ["Electrode area [m2]"] = cell.Area,
                ["Number of electrode pairs connected in parallel to make a cell"] = 1,
            },
            ["Electrolyte"] = WithActivation(WithActivation(new JsonObject
            {
                ["Cation transference number"] = cell.Electrolyte.TransferenceNumber!.Value(0, cell.Electrolyte.Concentration, cell.ReferenceTemperature),
            }, "Conductivity [S.m-1]", "Conductivity activation energy [J.mol-1]", cell.Electrolyte.Conductivity), "Diffusivity [m2.s-1]", "Diffusivity activation energy [J.mol-1]", cell.Electrolyte.Diffusivity!),
            ["Negative electrode"] = Electrode(cell, negative, cell.Initial.NegativeStoichiometry, -1),
            ["Positive electrode"] = Electrode(cell, positive, cell.Initial.PositiveStoichiometry, 1),
            ["Separator"] = new JsonObject
            {
                ["Thickness [m]"] = cell.Separator.Thickness,
                ["Porosity"] = cell.Separator.Electrolyte.VolumeFraction,
                ["Transport efficiency"] = cell.Separator.Electrolyte.TransportEfficiency,
            },
        };
        return new JsonObject
        {
            ["Header"] = new JsonObject
            {
                ["BPX"] = "1.1.0",
                ["Title"] = cell.Name,
                ["Description"] = "Written by Interphase." + (capacitance ? " Left out, because BPX has no place for it: double-layer capacitance." : ""),
                ["Model"] = "DFN",
            },
            ["Parameterisation"] = parameters,
            ["State"] = new JsonObject
            {
                ["Initial conditions"] = new JsonObject
                {
                    ["Initial state-of-charge"] = 1.0,
                    ["Initial temperature [K]"] = cell.Temperature,
                    ["Initial electrolyte concentration [mol.m-3]"] = cell.Electrolyte.Concentration,
                },
                ["Thermal environment"] = new JsonObject { ["Ambient temperature [K]"] = cell.Temperature },
            },
        };
    }

    private static IEnumerable<string> Obstacles(Cell cell)
    {
        if (cell.Electrolyte.Kind != ElectrolyteKind.BinarySalt) { yield return "electrolyte.kind is single-ion"; }
        else
        {
            if (cell.Electrolyte.ThermodynamicFactor is { } f && !(f.IsConstant && f.Value(0, 0, 0) == 1)) { yield return "electrolyte.thermodynamicFactor is not 1"; }
            if (!cell.Electrolyte.TransferenceNumber!.IsConstant) { yield return "electrolyte.transferenceNumber is not constant"; }
            if (cell.Electrolyte.Conductivity.Expression?.DependsOn(Variable.T) == true) { yield return "electrolyte.conductivity depends on T by a formula"; }
            if (cell.Electrolyte.Diffusivity!.Expression?.DependsOn(Variable.T) == true) { yield return "electrolyte.diffusivity depends on T by a formula"; }
        }
        if (cell.SeriesResistance > 0) { yield return "seriesResistance"; }
        if (cell.Separator.GrainBoundary is not null) { yield return "separator.grainBoundary"; }
        if (cell.Ageing is not null) { yield return "ageing"; }
        if (cell.Thermal is not null) { yield return "thermal"; }
        if (!double.IsFinite(cell.Limits.Lower) || !double.IsFinite(cell.Limits.Upper)) { yield return "limits are missing"; }
        foreach (var (side, electrode) in new[] { ("positive", cell.Positive), ("negative", cell.Negative) })
        {
            if (electrode is not PorousElectrode e) { yield return $"{side} is a foil"; continue; }
            var i = e.Interface;
            if (i.ExchangeCurrentDensity is null) { yield return $"{side}.interface.arealResistance"; }
            else if (double.IsNaN(RateConstant(cell, e))) { yield return $"{side}.interface.exchangeCurrentDensity is not proportional to sqrt(ce x (1 - x))"; }
            if (i.FilmResistance > 0) { yield return $"{side}.interface.filmResistance"; }
            if (i.Coating is not null) { yield return $"{side}.interface.coating"; }
            if (i.Contact != Contact.Uniform) { yield return $"{side}.interface.contact"; }
            if (i.Populations.Count > 0) { yield return $"{side}.interface.populations"; }
            if (i.Slow is not null) { yield return $"{side}.interface.slow"; }
            if (!e.ElectronicConductivity.IsConstant) { yield return $"{side}.electronicConductivity is not constant"; }
            if (e.ActiveMaterial.Diffusivity.Expression?.DependsOn(Variable.T) == true) { yield return $"{side}.activeMaterial.diffusivity depends on T by a formula"; }
        }
    }

    /// <summary>k of i0 = F k sqrt(ce/ce0 x (1 − x)), mol/(m² s); NaN where the exchange current density has another shape.</summary>
    private static double RateConstant(Cell cell, PorousElectrode e)
    {
        if (cell.Electrolyte.Kind != ElectrolyteKind.BinarySalt) { return double.NaN; }
        var rest = cell.Electrolyte.Concentration;
        var k = double.NaN;
        for (var i = 1; i < 10; i++)
        {
            for (var j = 1; j < 4; j++)
            {
                var (x, ce) = (i / 10.0, rest * j / 2);
                var here = e.Interface.ExchangeCurrentDensity!.Value(x, ce, cell.ReferenceTemperature) / (Constants.Faraday * Math.Sqrt(ce / rest * x * (1 - x)));
                if (double.IsNaN(k)) { k = here; }
                if (!(Math.Abs(here - k) <= 1e-9 * Math.Abs(k))) { return double.NaN; }
            }
        }
        return k;
    }

    private static JsonObject Electrode(Cell cell, PorousElectrode e, double initial, int sign)
    {
        var material = e.ActiveMaterial;
        var swing = cell.NominalCapacity / (Constants.Faraday * material.MaximumConcentration * material.VolumeFraction * e.Thickness * cell.Area);
        var other = Math.Clamp(initial + (sign * swing), 0, 1);
        var written = new JsonObject
        {
            ["Thickness [m]"] = e.Thickness,
            ["Porosity"] = e.Electrolyte.VolumeFraction,
            ["Transport efficiency"] = e.Electrolyte.TransportEfficiency,
            ["Conductivity [S.m-1]"] = e.ElectronicConductivity.Value(initial, 0, cell.ReferenceTemperature),
            ["Minimum stoichiometry"] = Math.Min(initial, other),
            ["Maximum stoichiometry"] = Math.Max(initial, other),
            ["Maximum concentration [mol.m-3]"] = material.MaximumConcentration,
            ["Particle radius [m]"] = material.ParticleRadius,
            ["Surface area per unit volume [m-1]"] = 3 * material.VolumeFraction / material.ParticleRadius,
            ["OCP [V]"] = Function(material.OpenCircuitPotential),
            ["Entropic change coefficient [V.K-1]"] = material.EntropicCoefficient is null ? 0.0 : Function(material.EntropicCoefficient),
            ["Reaction rate constant [mol.m-2.s-1]"] = RateConstant(cell, e),
            ["Reaction rate constant activation energy [J.mol-1]"] = e.Interface.ExchangeCurrentDensity!.ActivationEnergy,
        };
        return WithActivation(written, "Diffusivity [m2.s-1]", "Diffusivity activation energy [J.mol-1]", material.Diffusivity);
    }

    private static JsonObject WithActivation(JsonObject to, string key, string energyKey, MaterialFunction f)
    {
        to[key] = Function(f);
        to[energyKey] = f.ActivationEnergy;
        return to;
    }

    /// <summary>A number, a formula in x (BPX names every variable x), or a table.</summary>
    private static JsonNode Function(MaterialFunction f)
    {
        if (f.Table is { } t) { return new JsonObject { ["x"] = Json.Of(t.Points), ["y"] = Json.Of(t.Values) }; }
        if (f.Expression is not { } e) { return f.Value(0, 0, 298.15) / f.ActivationFactor(298.15); }
        if (f.DependsOnConcentration) { e = e.Substitute(Variable.Ce, Expression.Parse("x")); }
        else if (e.DependsOn(Variable.C)) { e = e.Substitute(Variable.C, Expression.Parse("x").Times(f.MaximumConcentration)); }
        return e.Times(f.Scale).ToString();
    }
}
