using Interphase.Impedance;
using Interphase.Tests.Support;

namespace Interphase.Tests.Impedance;

public class CircuitSeriesTests
{
    [NeedsDataFact]
    public void Interface_resistances_of_the_charging_series_are_found_and_arcs_never_swap()
    {
        var cases = Spectra.Json("synthetic/truth.json").GetProperty("cases").EnumerateArray().Where(c => c.GetProperty("set").GetString() == "paper_series")
            .OrderBy(c => c.GetProperty("file").GetString(), StringComparer.Ordinal).ToArray();
        Assert.Equal(18, cases.Length);
        double squares = 0;
        foreach (var cell in cases.GroupBy(c => c.GetProperty("coating_anneal_C").GetDouble()))
        {
            var series = CircuitSeries.Fit([.. cell.Select(c => Spectra.Table("synthetic/" + c.GetProperty("file").GetString()))], Circuit.Parse("R0-p(R1,CPE1)-p(R2,CPE2)-CPE3"));
            foreach (var (truth, fit) in cell.Zip(series))
            {
                var expected = truth.GetProperty("R_int_ohm").GetDouble();
                squares += Math.Pow((fit["R1"].Value / expected) - 1, 2);
                Assert.InRange(fit["R1"].Value, 0.95 * expected, 1.05 * expected);
                Assert.Equal(truth.GetProperty("circuit").GetString() == "R0-p(R1,CPE1)-CPE2", fit["R2"].IsAbsent);
            }
        }
        Assert.True(Math.Sqrt(squares / cases.Length) < 0.005, $"{Math.Sqrt(squares / cases.Length):P2} r.m.s.");
    }

    [Fact]
    public void An_arc_keeps_its_name_when_it_becomes_the_slower_one()
    {
        var circuit = Circuit.Parse("R0-p(R1,C1)-p(R2,C2)");
        var frequency = Spectra.Decades(1e6, 0.1, 8);
        var random = new Random(5);
        // C1 grows until arc 1 is slower than arc 2
        var capacities = Enumerable.Range(0, 9).Select(i => 1e-6 * Math.Pow(10, i * 0.5)).ToArray();
        var spectra = capacities.Select(c => Spectra.Noisy(circuit, [10, 300, c, 50, 1e-3], frequency, 0.002, random)).ToArray();
        foreach (var fit in CircuitSeries.Fit(spectra, circuit)) { Assert.InRange(fit["R1"].Value, 280, 320); }
    }
}
