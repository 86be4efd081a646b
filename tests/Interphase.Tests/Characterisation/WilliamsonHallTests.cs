using System.Text.Json;
using Interphase.Characterisation;
using Interphase.Measurements;
using Interphase.Results;
using Interphase.Tests.Support;

namespace Interphase.Tests.Characterisation;

/// <summary>Size and microstrain from the breadths of single lines, on computed patterns of known truth.</summary>
public class WilliamsonHallTests
{
    private const int Seeds = 24;

    private static readonly CrystalPhase Phase = CrystalPhase.Find("LiNb0.5Ta0.5O3");

    private static readonly Measurement Standard = new MadePowder(to: 90).Background(60).Lines(Lines(CrystalPhase.Find("LaB6"), 12_000)).Measure(99);

    private static IEnumerable<(double D, double Area)> Lines(CrystalPhase p, double area) => p.Lines.Select(l => (p.Spacing(l.H, l.K, l.L, p.A, p.C), area * l.Intensity / p.Lines.Sum(o => o.Intensity)));

    private static XrdPhase[] Analyse(MadePowder made, Measurement? instrument, List<XrdResult>? whole = null)
    {
        var found = new XrdPhase[Seeds];
        Parallel.For(0, Seeds, seed =>
        {
            var r = XrdAnalysis.Analyse(made.Measure(seed), new() { Phases = [Phase], Instrument = instrument });
            found[seed] = Assert.Single(r.Phases);
            if (whole is not null) { lock (whole) { whole.Add(r); } }
        });
        return found;
    }

    private static MadePowder Made() => new MadePowder(step: 0.05) { Displacement = 0.03 }.Background(60, 200, 100);

    private static double Holding(IEnumerable<Estimate> estimates, double truth) => estimates.Select(e => e.Lower95 <= truth && truth <= e.Upper95 ? 1.0 : 0).Average();

    [Theory]
    [InlineData(20e-9, 0)]
    [InlineData(60e-9, 0)]
    [InlineData(double.PositiveInfinity, 0.002)]
    [InlineData(25e-9, 0.003)]
    [InlineData(40e-9, 0.001)]
    public void Size_and_strain_come_back(double size, double strain)
    {
        var whole = new List<XrdResult>();
        var found = Analyse(Made().Lines(Lines(Phase, 4000), size, strain), Standard, whole);
        // Areas too, of lines that overlap on a halo as of sharp ones.
        var areas = whole.SelectMany(r => r.Lines).Where(l => l.Members.Count > 0).Select(l => (l.Area, Truth: l.Members.Sum(m => Phase.Lines.Where(o => (o.H, o.K, o.L) == m).Sum(o => 4000 * o.Intensity) / Phase.Lines.Sum(o => o.Intensity)))).ToArray();
        Assert.True(areas.Length > 8 * Seeds);
        Assert.InRange(areas.Average(a => a.Area.Lower95 <= a.Truth && a.Truth <= a.Area.Upper95 ? 1 : 0), 0.90, 0.98);
        var hall = found.Select(f => f.WilliamsonHall!).ToArray();
        Assert.All(hall, h => Assert.InRange(h.Lines.Count, 15, 20));
        Assert.InRange(hall.Average(h => h.ReducedChiSquared), 0.6, 1.4);
        if (double.IsFinite(size))
        {
            Assert.Equal(size, hall.Average(h => h.Size.Value), 0.05 * size);
            Assert.All(hall, h => Assert.Equal(size, h.Size.Value, 0.2 * size));
            Assert.InRange(Holding(hall.Select(h => h.Size), size), 0.87, 1);
            Assert.Equal(size, found.Average(f => f.Size.Value), 0.05 * size);
            Assert.All(found, f => Assert.InRange((f.Size.Value - size) / f.Size.StandardError, -4, 4));
            Assert.InRange(Holding(found.Select(f => f.Size), size), 0.87, 1);
        }
        else
        {
            Assert.All(hall, h => Assert.False(h.Size.HasValue));
            Assert.All(found, f => Assert.False(f.Resolvable));
        }
        if (strain > 0)
        {
            Assert.Equal(strain, hall.Average(h => h.Strain.Value), 0.08 * strain);
            Assert.InRange(Holding(hall.Select(h => h.Strain), strain), 0.8, 1);
            // Without strain the same breadths would give far too small a size, and the reader is told.
            Assert.All(hall, h => Assert.True(h.ScherrerSize.Value < 0.85 * Math.Min(size, 100e-9)));
            Assert.All(whole, r => Assert.Contains(r.Warnings, w => w.Path == "phases.strain"));
        }
        else
        {
            // Three standard errors: one of so many may pass by chance.
            Assert.InRange(hall.Count(h => h.Strain.HasValue), 0, 1);
            Assert.InRange(whole.Count(r => r.Warnings.Any(w => w.Path == "phases.strain")), 0, 1);
        }
    }

    /// <summary>A strain that is told in few of the patterns, or none, makes the size too small; its interval holds it all the same.</summary>
    [Fact]
    public void The_interval_of_a_size_holds_the_strain_that_is_not_told()
    {
        var found = Analyse(Made().Lines(Lines(Phase, 4000), 17e-9, 0.0005), Standard);
        Assert.True(found.Average(f => f.Size.Value) < 16.9e-9);
        Assert.InRange(Holding(found.Select(f => f.Size), 17e-9), 0.87, 1);
        Assert.All(found, f => Assert.True(f.Size.Upper95 < 20e-9));
    }

    [Fact]
    public void Lines_as_narrow_as_the_instrument_s_say_neither()
    {
        foreach (var f in Analyse(Made().Lines(Lines(Phase, 4000)), Standard))
        {
            Assert.False(f.WilliamsonHall!.Size.HasValue);
            Assert.False(f.WilliamsonHall.Strain.HasValue);
            Assert.Contains("below", f.WilliamsonHall.Strain.Reason, StringComparison.Ordinal);
        }
    }

    /// <summary>Where the instrument was only assumed, its doubt is in the errors, and a weak strain is none.</summary>
    [Fact]
    public void An_instrument_that_is_assumed_widens_the_errors()
    {
        var made = Made().Lines(Lines(Phase, 4000), 40e-9, 0.0002);
        var (known, assumed) = (Analyse(made, Standard), Analyse(made, null));
        Assert.True(assumed.Average(f => f.WilliamsonHall!.Size.StandardError) > 2 * known.Average(f => f.WilliamsonHall!.Size.StandardError));
        Assert.All(assumed, f => Assert.False(f.WilliamsonHall!.Strain.HasValue));
    }

    /// <summary>Plates: lines near 00l are of 15, all others of 60 nm. The breadths do not lie on a line, and that is said.</summary>
    [Fact]
    public void Breadths_that_depend_on_direction_are_told()
    {
        var sum = Phase.Lines.Sum(l => l.Intensity);
        var made = Made().Lines(Phase.Lines.Select(l => (Phase.Spacing(l.H, l.K, l.L, Phase.A, Phase.C), 4000 * l.Intensity / sum, Math.Abs(l.L) >= 4 ? 15e-9 : 60e-9)));
        var r = XrdAnalysis.Analyse(made.Measure(1), new() { Phases = [Phase], Instrument = Standard });
        Assert.Contains(r.Warnings, w => w.Path == "phases.williamsonHall" && w.Text.Contains("direction", StringComparison.Ordinal));
        var lines = r.Phases[0].WilliamsonHall!.Lines;
        double Size(int h, int k, int l) => lines.Single(b => (b.H, b.K, b.L) == (h, k, l)) is var b ? 0.94 * 1.5405929e-10 / (b.Breadth.Value * Math.PI / 180 * Math.Cos(b.TwoTheta * Math.PI / 360)) : 0;
        Assert.Equal(60e-9, Size(0, 1, 2), 6e-9);
        Assert.Equal(15e-9, Size(1, 0, 4), 1.5e-9);
    }

    [NeedsDataTheory]
    [InlineData("x02_lnto450.xrdml", 17, null)]
    [InlineData("x03_lnto550.raw", 34, 0.0006)]
    public void The_synthetic_coatings_give_their_size(string file, double size, double? strain)
    {
        var folder = SampleData.Path("characterisation/synthetic/xrd/");
        var json = CommandResult.Of("xrd", folder + file, "--instrument", folder + "x05_lab6_standard.xy", "--json").Json.GetProperty("phases")[0];
        var hall = json.GetProperty("williamsonHall");
        Assert.Equal(size, json.GetProperty("size_nm").GetDouble(), 0.1 * size);
        Assert.Equal(size, hall.GetProperty("size_nm").GetDouble(), 0.1 * size);
        Assert.NotEmpty(hall.GetProperty("lines").EnumerateArray());
        if (strain is { } s) { Assert.Equal(s, hall.GetProperty("strain").GetDouble(), 0.0003); }
        else { Assert.Equal(JsonValueKind.Null, hall.GetProperty("strain").ValueKind); }
    }
}
