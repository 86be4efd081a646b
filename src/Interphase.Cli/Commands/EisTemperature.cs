using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Cli.Commands;

/// <summary>Temperatures of spectra from an option: one for all, one each, or from the file names.</summary>
internal static partial class EisTemperature
{
    private const string FromName = "name";

    public static Option<string?> Option() => new("--temperature") { Description = "Temperature, as 25degC; several separated by commas, one a spectrum; or the word 'name': the file name holds it in degC (…_25C, …-140deg) or K" };

    /// <summary>The spectra with the temperatures given; where nothing is given, as they are.</summary>
    /// <exception cref="InputException">As many temperatures as spectra are needed, or one, or the names hold none.</exception>
    public static List<ImpedanceSpectrum> Of(List<ImpedanceSpectrum> spectra, string? given, out Warning? source)
    {
        source = null;
        if (given is null) { return spectra; }
        if (given == FromName)
        {
            source = new("temperature", "temperatures are read from the file names, as asked");
            return spectra.ConvertAll(s => s with { Temperature = OfName(s.File) });
        }
        var values = given.Split(',').Select(text =>
        {
            var k = EisFiles.Quantity(text, "degC", "--temperature")!.Value.Value;
            return k > 0 ? k : throw new InputException($"'{text}' is below absolute zero", "--temperature", "write it as 25degC or 298K");
        }).ToArray();
        if (values.Length != 1 && values.Length != spectra.Count) { throw new InputException($"{values.Length} temperatures for {spectra.Count} spectra", "--temperature", "give one for all, or one a spectrum in the order of the files"); }
        return [.. spectra.Select((s, i) => s with { Temperature = values[values.Length == 1 ? 0 : i] })];
    }

    /// <summary>The last number before C, deg or K in a file name. A dash is a minus only at the start or after a letter T, a blank or '_'.</summary>
    private static double OfName(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var m = NameTemperature().Matches(name).LastOrDefault() ?? throw new InputException("the file name holds no temperature", file, "name it like pellet_25C, or give --temperature 25degC");
        var v = double.Parse(m.Groups["value"].Value.Replace('−', '-'), CultureInfo.InvariantCulture);
        var kelvin = m.Groups["unit"].Value == "K" ? v : v + 273.15;
        return kelvin > 0 ? kelvin : throw new InputException($"the file name says {m.Value}, below absolute zero", file, "give --temperature");
    }

    [GeneratedRegex(@"(?<value>(?:(?<=^|[T_ ])[-−+])?\d+(?:\.\d+)?)[ _]?(?<unit>degC|deg|°C|C|K)(?![A-Za-z0-9])")]
    private static partial Regex NameTemperature();
}
