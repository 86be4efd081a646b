using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Tests.Support;

namespace Interphase.Tests.Impedance;

/// <summary>Spectra for tests: simple tables of frequency and impedance, and generated ones with known truth.</summary>
internal static class Spectra
{
    public static JsonElement Json(string relative) => JsonDocument.Parse(File.ReadAllText(SampleData.Path("eis/" + relative))).RootElement;

    /// <summary>Rows of numbers: frequency, real and imaginary part in the first three columns or in those given.</summary>
    public static ImpedanceSpectrum Table(string relative, int real = 1, int imaginary = 2)
    {
        var path = SampleData.Path("eis/" + relative);
        var rows = File.ReadLines(path).Select(l => l.Split([',', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
                .Select(c => double.TryParse(c, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) ? v : double.NaN).ToArray())
            .Where(r => r.Length > imaginary && !double.IsNaN(r[0]) && !double.IsNaN(r[imaginary])).ToArray();
        return new([.. rows.Select(r => r[0])], [.. rows.Select(r => new Complex(r[real], r[imaginary]))]) { File = path };
    }

    public static ImpedanceSpectrum Of(JsonElement e)
    {
        double[] Numbers(string key) => [.. e.GetProperty(key).EnumerateArray().Select(v => v.GetDouble())];
        var im = Numbers("Zim");
        return new(Numbers("freq"), [.. Numbers("Zre").Select((re, i) => new Complex(re, im[i]))]);
    }

    public static Dictionary<string, double> Numbers(JsonElement e) => e.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());

    /// <summary>A circuit's spectrum with Gaussian noise proportional to |Z| in each part.</summary>
    public static ImpedanceSpectrum Noisy(Circuit circuit, double[] parameters, double[] frequency, double relative, Random random)
    {
        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return new(frequency, [.. circuit.Impedance(frequency, parameters).Select(z => z + (z.Magnitude * relative * new Complex(Gauss(), Gauss())))]);
    }

    public static double[] Decades(double highest, double lowest, int perDecade) =>
        [.. Enumerable.Range(0, (int)Math.Round(Math.Log10(highest / lowest) * perDecade) + 1).Select(i => highest * Math.Pow(10, -i / (double)perDecade))];
}
