using System.Numerics;
using Interphase.Laboratory;
using Interphase.Measurements;

namespace Interphase.Tests.Laboratory;

public class VirtualInstrumentTests
{
    private static TimeSeries Truth() => new(
    [
        new(ColumnNames.Time, "s", [.. Enumerable.Range(0, 20_000).Select(i => (double)i)], ""),
        new(ColumnNames.Potential, "V", [.. Enumerable.Range(0, 20_000).Select(i => 3.5 + (1e-5 * i))], "", PotentialReference.Lithium),
        new(ColumnNames.Current, "A", [.. Enumerable.Range(0, 20_000).Select(i => i % 2 == 0 ? 1e-3 : 0)], ""),
    ]);

    [Fact]
    public void The_same_seed_gives_the_same_record_and_another_seed_another()
    {
        var a = VirtualInstrument.Potentiostat.Record(Truth(), 1);
        Assert.Equal(a.Potential.ToArray(), VirtualInstrument.Potentiostat.Record(Truth(), 1).Potential.ToArray());
        Assert.NotEqual(a.Potential.ToArray(), VirtualInstrument.Potentiostat.Record(Truth(), 2).Potential.ToArray());
    }

    [Fact]
    public void Noise_and_resolution_are_those_of_the_instrument_and_a_rest_has_no_current()
    {
        var instrument = VirtualInstrument.Potentiostat;
        var truth = Truth();
        var record = instrument.Record(truth, 3);
        var difference = Enumerable.Range(0, truth.Count).Select(i => record.Potential[i] - truth.Potential[i]).ToArray();
        var expected = Math.Sqrt((instrument.PotentialNoise * instrument.PotentialNoise) + (instrument.PotentialResolution * instrument.PotentialResolution / 12));
        Assert.Equal(expected, Math.Sqrt(difference.Average(d => d * d)), 0.03 * expected); // 20,000 samples: 0.5 % standard error
        Assert.Equal(0, difference.Average(), 4 * expected / Math.Sqrt(truth.Count));
        Assert.All(Enumerable.Range(0, truth.Count).Where(i => i % 2 == 1), i => Assert.Equal(0, record.Current[i]));
        Assert.All(record.Potential.ToArray().Take(100), v => Assert.Equal(0, Math.IEEERemainder(v, instrument.PotentialResolution), 1e-9));
    }

    [Fact]
    public void Impedance_noise_is_a_share_of_the_modulus_in_each_part()
    {
        var z = new Complex(100, -50);
        var truth = new ImpedanceSpectrum([.. Enumerable.Repeat(1.0, 20_000)], [.. Enumerable.Repeat(z, 20_000)]);
        var record = VirtualInstrument.Potentiostat.Record(truth, 5);
        var expected = VirtualInstrument.Potentiostat.ImpedanceNoise * z.Magnitude;
        Assert.Equal(expected, Math.Sqrt(record.Impedance.Average(x => Math.Pow(x.Real - 100, 2))), 0.03 * expected);
        Assert.Equal(expected, Math.Sqrt(record.Impedance.Average(x => Math.Pow(x.Imaginary + 50, 2))), 0.03 * expected);
    }

    [Fact]
    public void A_noiseless_instrument_changes_nothing()
    {
        var truth = Truth();
        Assert.Equal(truth.Potential.ToArray(), VirtualInstrument.Ideal.Record(truth, 1).Potential.ToArray());
    }
}
