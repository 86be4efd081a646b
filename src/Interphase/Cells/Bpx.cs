using System.Globalization;
using System.Text;
using System.Text.Json;
using Interphase.Units;

namespace Interphase.Cells;

/// <summary>Reads BPX (Battery Parameter eXchange) files, versions 0.1 to 1.x, as cell files. Written by <see cref="BpxExport"/>.</summary>
internal static class Bpx
{
    private const int LargestFile = 16 << 20;

    /// <summary>Whether a JSON file says it is BPX.</summary>
    public static bool Recognises(string path)
    {
        using var document = Open(path);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("Header", out var h) && h.ValueKind == JsonValueKind.Object && h.TryGetProperty("BPX", out _);
    }

    /// <summary>What the file says that is not read; of heat, where the cell is left at one temperature.</summary>
    public static IEnumerable<CellProblem> NotRead(string path, bool isothermal)
    {
        using var document = Open(path);
        var root = new Place(document.RootElement, path, "");
        var notes = new List<CellProblem>();
        if (root.Find("Parameterisation")?.Find("User-defined") is not null) { notes.Add(new("Parameterisation/User-defined", "user-defined parameters are not read: what they describe has no effect", false)); }
        if (isothermal && root.Find("Parameterisation")?.Find("Cell")?.Find("Specific heat capacity [J.K-1.kg-1]") is not null && (root.Find("State")?.Find("Thermal environment") ?? root.Find("State"))?.Find("Heat transfer coefficient [W.m-2.K-1]") is null)
        {
            notes.Add(new("State/Thermal environment", "there is no heat transfer coefficient: the cell is simulated at one temperature; set thermal.heatCapacity and thermal.heatTransfer to let it warm", false));
        }
        if (root.Find("State")?.Find("Degradation") is not null) { notes.Add(new("State/Degradation", "the state of degradation is not read: the cell is simulated as new", false)); }
        return notes;
    }

    /// <summary>The cell file that says the same.</summary>
    /// <exception cref="InputException">A field is missing, or the cell has something this simulator does not solve.</exception>
    public static string ToCellFile(string path)
    {
        using var document = Open(path);
        var root = new Place(document.RootElement, path, "");
        var parameters = root.At("Parameterisation");
        var cell = parameters.At("Cell");
        var state = root.Find("State");
        var initial = state?.Find("Initial conditions") ?? state;
        var surroundings = state?.Find("Thermal environment") ?? state;
        var salt = parameters.At("Electrolyte");
        var temperature = initial?.Number("Initial temperature [K]", double.NaN) is { } t && !double.IsNaN(t) ? t : cell.Number("Initial temperature [K]", cell.Number("Reference temperature [K]", 298.15));
        var concentration = initial?.Number("Initial electrolyte concentration [mol.m-3]", double.NaN) is { } c && !double.IsNaN(c) ? c : salt.Number("Initial concentration [mol.m-3]", 1000);
        var charged = initial?.Number("Initial state-of-charge", 1) ?? 1;
        var positive = parameters.At("Positive electrode");
        var negative = parameters.At("Negative electrode");
        var separator = parameters.At("Separator");

        var y = new StringBuilder();
        y.Append(CultureInfo.InvariantCulture, $"name: {Quote(root.At("Header").Text("Title", Path.GetFileNameWithoutExtension(path)))}\n");
        y.Append(CultureInfo.InvariantCulture, $"geometry: {{ area: {Value(cell.Number("Electrode area [m2]") * cell.Number("Number of electrode pairs connected in parallel to make a cell", 1), "m2")} }}\n");
        y.Append(CultureInfo.InvariantCulture, $"temperature: {Value(temperature, "K")}\nreferenceTemperature: {Value(cell.Number("Reference temperature [K]", 298.15), "K")}\n");
        Electrode(y, "positive", positive, concentration);
        y.Append(CultureInfo.InvariantCulture, $"separator: {{ thickness: {Value(separator.Number("Thickness [m]"), "m")}, electrolyte: {Phase(separator)} }}\n");
        y.Append("electrolyte:\n  kind: binary-salt\n");
        y.Append(CultureInfo.InvariantCulture, $"  concentration: {Value(concentration, "mol/m3")}\n  conductivity: {salt.Function("Conductivity [S.m-1]", "S/m", Variable.Ce)}\n");
        y.Append(CultureInfo.InvariantCulture, $"  conductivityActivationEnergy: {Value(salt.Number("Conductivity activation energy [J.mol-1]", 0), "J/mol")}\n  diffusivity: {salt.Function("Diffusivity [m2.s-1]", "m2/s", Variable.Ce)}\n");
        y.Append(CultureInfo.InvariantCulture, $"  diffusivityActivationEnergy: {Value(salt.Number("Diffusivity activation energy [J.mol-1]", 0), "J/mol")}\n  transferenceNumber: {salt.Function("Cation transference number", "1", Variable.Ce)}\n");
        Electrode(y, "negative", negative, concentration);
        double Between(Place e, double share) => e.Number("Minimum stoichiometry") + (share * (e.Number("Maximum stoichiometry") - e.Number("Minimum stoichiometry")));
        y.Append(CultureInfo.InvariantCulture, $"initial: {{ stoichiometry: {Between(positive, 1 - charged):R}, negativeStoichiometry: {Between(negative, charged):R} }}\n");
        y.Append(CultureInfo.InvariantCulture, $"nominalCapacity: {Value(cell.Number("Nominal cell capacity [A.h]"), "A.h")}\n");
        y.Append(CultureInfo.InvariantCulture, $"limits: {{ lower: {Value(cell.Number("Lower voltage cut-off [V]"), "V")}, upper: {Value(cell.Number("Upper voltage cut-off [V]"), "V")} }}\n");
        var heat = cell.Number("Specific heat capacity [J.K-1.kg-1]", double.NaN) * cell.Number("Density [kg.m-3]", double.NaN) * cell.Number("Volume [m3]", double.NaN);
        var transfer = (surroundings?.Number("Heat transfer coefficient [W.m-2.K-1]", double.NaN) ?? double.NaN) * cell.Number("External surface area [m2]", double.NaN);
        if (double.IsFinite(heat) && double.IsFinite(transfer))
        {
            var ambient = surroundings!.Number("Ambient temperature [K]", temperature);
            y.Append(CultureInfo.InvariantCulture, $"thermal: {{ heatCapacity: {Value(heat, "J/K")}, heatTransfer: {Value(transfer, "W/K")}, surroundings: {Value(ambient, "K")} }}\n");
        }
        y.Append("numerics: { electrodePoints: 20, separatorPoints: 20, particlePoints: 20 }\n");
        return y.ToString();
    }

    private static void Electrode(StringBuilder y, string side, Place e, double concentration)
    {
        if (e.Find("Particle") is not null) { throw e.Error("Particle", "a blended electrode is not solved", "give one material"); }
        if (e.Find("OCP [V]") is null && (e.Find("OCP (lithiation) [V]") ?? e.Find("OCP (delithiation) [V]")) is not null) { throw e.Error("OCP [V]", "hysteresis of the open-circuit potential is not solved", "give one 'OCP [V]'"); }
        var radius = e.Number("Particle radius [m]");
        var fraction = e.Number("Surface area per unit volume [m-1]") * radius / 3;
        var rate = Constants.Faraday * e.Number("Reaction rate constant [mol.m-2.s-1]");
        y.Append(CultureInfo.InvariantCulture, $"{side}:\n  kind: porous\n  thickness: {Value(e.Number("Thickness [m]"), "m")}\n  activeMaterial:\n    volumeFraction: {fraction:R}\n    particleRadius: {Value(radius, "m")}\n");
        y.Append(CultureInfo.InvariantCulture, $"    maximumConcentration: {Value(e.Number("Maximum concentration [mol.m-3]"), "mol/m3")}\n    diffusivity: {e.Function("Diffusivity [m2.s-1]", "m2/s", Variable.X)}\n");
        y.Append(CultureInfo.InvariantCulture, $"    diffusivityActivationEnergy: {Value(e.Number("Diffusivity activation energy [J.mol-1]", 0), "J/mol")}\n    openCircuitPotential: {e.Function("OCP [V]", "V", Variable.X)}\n");
        if (e.Find("Entropic change coefficient [V.K-1]") is not null) { y.Append(CultureInfo.InvariantCulture, $"    entropicCoefficient: {e.Function("Entropic change coefficient [V.K-1]", "V/K", Variable.X)}\n"); }
        y.Append(CultureInfo.InvariantCulture, $"  electrolyte: {Phase(e)}\n  electronicConductivity: {Value(e.Number("Conductivity [S.m-1]"), "S/m")}\n");
        y.Append(CultureInfo.InvariantCulture, $"  interface:\n    exchangeCurrentDensity: {{ expression: \"{rate:R}*sqrt(ce/{concentration:R}*x*(1 - x))\", unit: A/m2, source: BPX file }}\n");
        y.Append(CultureInfo.InvariantCulture, $"    exchangeCurrentActivationEnergy: {Value(e.Number("Reaction rate constant activation energy [J.mol-1]", 0), "J/mol")}\n");
    }

    private static string Phase(Place p)
    {
        var porosity = p.Number("Porosity");
        return string.Create(CultureInfo.InvariantCulture, $"{{ volumeFraction: {{ value: {porosity:R}, source: BPX file }}, tortuosityFactor: {{ value: {porosity / p.Number("Transport efficiency"):R}, source: BPX file }} }}");
    }

    private static string Value(double v, string unit) => string.Create(CultureInfo.InvariantCulture, $"{{ value: {v:R} {unit}, source: BPX file }}");

    private static string Quote(string s) => JsonSerializer.Serialize(s.ReplaceLineEndings(" "));

    private static JsonDocument Open(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LargestFile) { throw new InputException("the file is far too large for a description", path, "name the BPX file"); }
            return JsonDocument.Parse(File.ReadAllBytes(path), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new InputException("this is not JSON", $"{path}:{((e.LineNumber ?? 0) + 1).ToString(CultureInfo.InvariantCulture)}", "check brackets, commas and quotes there", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException("the file cannot be read", path, "check the name and its permissions", e);
        }
    }

    /// <summary>A place in the JSON, for errors that name it.</summary>
    private sealed class Place(JsonElement element, string file, string path)
    {
        public Place At(string key) => Find(key) ?? throw Error(key, $"'{key}' is missing", "BPX requires it here");

        public Place? Find(string key) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var e) && e.ValueKind != JsonValueKind.Null ? new(e, file, path.Length == 0 ? key : $"{path}/{key}") : null;

        public string Text(string key, string standard) => Find(key) is { } p && p.Element.ValueKind == JsonValueKind.String ? p.Element.GetString()! : standard;

        public double Number(string key) => At(key) is var p && p.Element.ValueKind == JsonValueKind.Number && p.Element.TryGetDouble(out var v) && double.IsFinite(v) ? v
            : throw Error(key, $"'{key}' is not a number", "give one");

        public double Number(string key, double standard) => Find(key) is null ? standard : Number(key);

        /// <summary>A number, a formula in x, or a table, as a value of the cell file.</summary>
        public string Function(string key, string unit, Variable variable)
        {
            var p = At(key);
            var name = variable == Variable.Ce ? "ce" : "x";
            switch (p.Element.ValueKind)
            {
                case JsonValueKind.Number: return Value(Number(key), unit == "1" ? "" : unit);
                case JsonValueKind.String:
                    try
                    {
                        var e = Expression.Parse(p.Element.GetString()!);
                        if (variable == Variable.Ce) { e = e.Substitute(Variable.X, Expression.Parse("ce")); }
                        return $"{{ expression: \"{e}\", unit: {unit}, source: BPX file }}";
                    }
                    catch (InputException e) { throw e.At($"{file}, {path}/{key}"); }
                case JsonValueKind.Object when p.Find("x") is { } x && p.Find("y") is { } values:
                    return $"{{ table: {{ {name}: {x.Element.GetRawText()}, value: {values.Element.GetRawText()} }}, unit: {unit}, source: BPX file }}";
                default: throw Error(key, $"'{key}' is neither a number, a formula nor a table", "give one of the three");
            }
        }

        public InputException Error(string key, string what, string mend) => new(what, $"{file}, {(path.Length == 0 ? key : $"{path}/{key}")}", mend);

        private JsonElement Element => element;
    }
}
