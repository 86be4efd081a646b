using System.Text.Json;
using Interphase.Characterisation;
using Interphase.Laboratory;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Tests.Support;
using MathNet.Numerics.Distributions;

namespace Interphase.Tests.Characterisation;

public class MapAnalysisTests
{
    private static readonly MapOptions Options = new() { Coating = ["Nb", "Ta"], Particle = ["Ni"] };

    private static string Data(string name) => SampleData.Path("characterisation/" + name);

    private static ElementMap[] Maps(string stem, string extension) =>
        [.. new[] { "Nb", "Ta", "Ni" }.Select(e => ElementMap.From(InstrumentFile.Read(Data($"synthetic/edx/{stem}_{e}.{extension}")), e))];

    private static JsonElement Truth(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Data("synthetic/truth_em.json")));
        return document.RootElement.GetProperty("edx").GetProperty(name).Clone();
    }

    [NeedsDataTheory]
    [InlineData("n01_full", "tif")]
    [InlineData("n02_patchy", "csv")]
    public void Coverage_and_uniformity_are_those_behind_the_counting_noise(string stem, string extension)
    {
        var truth = Truth(stem);
        var r = MapAnalysis.Analyse(Maps(stem, extension), Options);
        Assert.Equal(truth.GetProperty("coverage_true").GetDouble(), r.Coverage.Value, 0.06);
        Assert.InRange(truth.GetProperty("coverage_true").GetDouble(), r.Coverage.Lower95, r.Coverage.Upper95);
        Assert.Equal(truth.GetProperty("cv_true_covered").GetDouble(), r.Variation.Value, 0.04);
        Assert.True(r.Ratio!.Constant);
        Assert.Equal(7, r.Particles.Count);
        Assert.All(r.Particles, p => Assert.Equal(true, p.Coated));

        // Our numbers go from the top left; the label image says which of the made particles each is.
        var labels = InstrumentFile.Read(Data($"synthetic/edx/{stem}_particles.png")).Micrograph!;
        var mask = ParticleMask.Of(256, 256, [Maps(stem, extension)[2]]);
        foreach (var p in r.Particles)
        {
            var made = mask.Labels.Select((l, i) => (l, i)).Where(t => t.l == p.Index).GroupBy(t => labels.Pixels[t.i]).MaxBy(g => g.Count())!.Key / 20;
            Assert.Equal(truth.GetProperty("coverage_per_particle").GetProperty($"{made}").GetDouble(), p.Coverage.Value, 0.10);
        }
    }

    [NeedsDataFact]
    public void The_shell_of_a_single_particle_is_measured_and_its_gap_found()
    {
        var answer = CommandResult.Of(["map", .. new[] { "Nb", "Ta", "Ni" }.Select(e => Data($"synthetic/edx/n03_stem_shell_{e}.csv")), "--coating", "Nb,Ta", "--particle", "Ni", "--scale", "4nm", "--json"]);
        Assert.Equal(0, answer.ExitCode);
        var shell = answer.Json.GetProperty("shell");
        Assert.Equal(11, shell.GetProperty("thickness_nm").GetDouble(), 1.0);
        Assert.Equal(11, shell.GetProperty("thickness_nm").GetDouble(), 2 * shell.GetProperty("standardError").GetDouble());
        Assert.Equal(160, shell.GetProperty("coreRadius_nm").GetDouble(), 1.0);
        var arc = Assert.Single(shell.GetProperty("uncoveredArcs_deg").EnumerateArray());
        Assert.Equal(51.6, arc[1].GetDouble() - arc[0].GetDouble(), 6.0);
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("coverage").GetProperty("value").ValueKind);
    }

    [NeedsDataFact]
    public void What_holds_no_counts_is_refused()
    {
        var mock = CommandResult.Of("map", "Nb=" + Data("edx/mock_Nb_L.csv"), "--coating", "Nb", "--particle", "Nb");
        Assert.Equal(1, mock.ExitCode);
        Assert.Contains("8 bits", mock.Error, StringComparison.Ordinal);
        Assert.Contains("8-bit", CommandResult.Of("map", "Nb=" + Data("synthetic/hrtem/d04_bare.png"), "--coating", "Nb", "--particle", "Nb").Error, StringComparison.Ordinal);
        Assert.Contains("no map of Ta", CommandResult.Of("map", Data("synthetic/edx/n01_full_Nb.tif"), Data("synthetic/edx/n01_full_Ni.tif"), "--coating", "Nb,Ta", "--particle", "Ni").Error, StringComparison.Ordinal);
    }

    [NeedsDataFact]
    public void Images_are_read_with_their_scale()
    {
        var map = InstrumentFile.Read(Data("synthetic/edx/n01_full_Nb.tif")).Micrograph!;
        Assert.Equal((256, 256), (map.Width, map.Height));
        Assert.Equal(0.05e-6, map.PixelSize!.Value, 1e-15);
        var rings = InstrumentFile.Read(Data("synthetic/ed/e02_rings.tif")).Micrograph!;
        Assert.True(rings.IsReciprocal);
        Assert.Equal(0.0235e9, rings.PixelSize!.Value, 1e3);
        var soot = InstrumentFile.Read(Data("em/soot_hrtem.tif"));
        Assert.Equal((512, 512, true), (soot.Micrograph!.Width, soot.Micrograph.Height, soot.Micrograph.IsColour));
        Assert.Null(soot.Micrograph.PixelSize);
        Assert.Contains(soot.Warnings, w => w.Path == "scale");
        var labels = InstrumentFile.Read(Data("synthetic/edx/n01_full_particles.png")).Micrograph!;
        Assert.Equal([0f, 20, 40, 60, 80, 100, 120, 140], labels.Pixels.Distinct().Order());
        var dust = InstrumentFile.Read(Data("edx/idp_tilt0_O.csv")).Micrograph!;
        Assert.Equal((256, 256), (dust.Width, dust.Height));
        Assert.InRange(dust.Pixels.Average(), 0.05, 1);
    }

    /// <summary>200 seeded fields of patchy coatings with irregular holes and a leak of the particle's line, half of them seen by a probe as wide as a third of a hole: 95 % intervals hold the truth of the field in 90–98 %.</summary>
    [Fact]
    public void Intervals_of_coverage_and_variation_hold_the_truth()
    {
        // Seeds that no constant of the analysis was chosen on.
        const int repeats = 200, Fresh = 600_000;
        int held = 0, close = 0, varied = 0, given = 0, ratios = 0, ratio = 0;
        Parallel.For(0, repeats, seed =>
        {
            var (maps, coverage, variation) = VirtualPowderMap.Make(Fresh + seed, 0.03 + (0.03 * (seed % 12)), 0.2 + (0.02 * (seed % 10)), seed < repeats / 2 ? 0 : 0.8);
            var r = MapAnalysis.Analyse(maps, Options);
            if (r.Coverage.Lower95 <= coverage && coverage <= r.Coverage.Upper95) { Interlocked.Increment(ref held); }
            if (Math.Abs(r.Coverage.Value - coverage) < 0.06) { Interlocked.Increment(ref close); }
            // Withheld where no bare pixel stands out, as Ni's own line lies under Ta.
            if (r.Variation.HasValue) { Interlocked.Increment(ref given); }
            if (r.Variation.Lower95 <= variation && variation <= r.Variation.Upper95) { Interlocked.Increment(ref varied); }
            if (r.Ratio!.Constant) { Interlocked.Increment(ref ratios); }
            if (r.Ratio.Ratio.Lower95 <= 1.8 / 2.2 && 1.8 / 2.2 <= r.Ratio.Ratio.Upper95) { Interlocked.Increment(ref ratio); }
        });
        Assert.True(held is >= 180 and <= 196 && given >= 180 && varied >= 0.9 * given && varied <= 0.98 * given && close >= 190 && ratios >= 190 && ratio is >= 180 and <= 196, $"coverage held {held}, within 0.06 {close}, variation held {varied} of {given}, constant ratio {ratios}, ratio held {ratio} of {repeats}");
    }

    /// <summary>Without a bare pixel nothing tells the level of bare ones: thin places are no holes, and the interval says how little the counts exclude.</summary>
    [Fact]
    public void A_whole_coating_is_read_as_whole_and_the_interval_holds_it()
    {
        const int repeats = 30;
        int whole = 0, held = 0, varied = 0;
        Parallel.For(0, repeats, seed =>
        {
            var (maps, coverage, variation) = VirtualPowderMap.Make(9_600_000 + seed, 0, 0.2 + (0.02 * (seed % 10)));
            var r = MapAnalysis.Analyse(maps, Options);
            var alone = MapAnalysis.Analyse(maps, Options with { Coating = ["Nb"] }).Variation;
            Assert.Equal(1, coverage);
            if (r.Coverage.Value > 0.95) { Interlocked.Increment(ref whole); }
            if (r.Coverage.Upper95 >= 1) { Interlocked.Increment(ref held); }
            // Ni's own line lies under Ta: how much of the counts is coating is not known. Under Nb there is but continuum.
            if (r.Coverage.Value == 1) { Assert.False(r.Variation.HasValue); }
            if (alone.Lower95 <= variation && variation <= alone.Upper95) { Interlocked.Increment(ref varied); }
        });
        Assert.True(whole >= 0.9 * repeats && held >= 0.9 * repeats && varied >= 0.9 * repeats, $"whole {whole}, held {held}, variation held {varied} of {repeats}");
    }

    /// <summary>Of an even coating no block has more of it than another: nothing tells its counts from the background's, and the slope between two elements would be that of the noise.</summary>
    [Fact]
    public void The_ratio_of_an_even_coating_is_withheld()
    {
        const int size = 160;
        var random = new Random(9_800_000);
        int[] Counts(double particle, double away) => [.. Enumerable.Range(0, size * size).Select(i => Poisson.Sample(random, Math.Pow((i % size % 80) - 39.5, 2) + Math.Pow((i / size % 80) - 39.5, 2) < 1000 ? particle : away))];
        var r = MapAnalysis.Analyse([new("Nb", size, size, Counts(2.5, 0.1)), new("Ta", size, size, Counts(2.5, 0.1)), new("Ni", size, size, Counts(10, 0.2))], Options);
        Assert.False(r.Ratio!.Ratio.HasValue);
        Assert.Contains(r.Warnings, w => w.Path == "ratio.value");
    }

    [Fact]
    public void A_powder_without_coating_is_not_called_covered()
    {
        const int size = 120;
        var random = new Random(9_700_000);
        int[] Counts(double particle, double away) => [.. Enumerable.Range(0, size * size).Select(i => Poisson.Sample(random, Math.Pow((i % size % 60) - 29.5, 2) + Math.Pow((i / size % 60) - 29.5, 2) < 500 ? particle : away))];
        // Continuum under Nb, and Ni's own line under Ta.
        var r = MapAnalysis.Analyse([new("Nb", size, size, Counts(0.7, 0.2)), new("Ta", size, size, Counts(4, 0.2)), new("Ni", size, size, Counts(10, 0.2))], Options);
        Assert.False(r.Coverage.HasValue);
        Assert.Contains(r.Warnings, w => w.Path == "coverage.value" && w.Text.Contains("bare all over", StringComparison.Ordinal));
        Assert.All(r.Particles, p => Assert.Null(p.Coated));
    }

    /// <summary>Maps as they are sent: each is read as the same counts, or refused for what is wrong with it.</summary>
    [Fact]
    public void What_was_done_to_counts_is_undone_or_refused()
    {
        var (maps, _, _) = Field(7, 0.25, bare: false, second: 1);
        var random = new Random(9_900_000);
        var plain = MapAnalysis.Analyse(maps, Options);
        MapResult Of(Func<int, int, int> count) => MapAnalysis.Analyse([.. maps.Select((m, k) => m with { Counts = [.. Enumerable.Range(0, m.Counts.Length).Select(i => count(k, i))] })], Options);
        int At(int k, int i, int dx, int dy) => maps[k].Counts[(Math.Clamp((i / 160) + dy, 0, 159) * 160) + Math.Clamp((i % 160) + dx, 0, 159)];

        var times = Of((k, i) => 7 * maps[k].Counts[i]);
        Assert.Equal(plain.Coverage, times.Coverage);
        Assert.Equal(3, times.Warnings.Count(w => w.Path == "counts"));

        // Nb two pixels to the right and one up, Ta three down.
        var drifted = Of((k, i) => At(k, i, k == 0 ? -2 : 0, k == 0 ? 1 : k == 1 ? -3 : 0));
        Assert.Equal(plain.Coverage.Value, drifted.Coverage.Value, plain.Coverage.StandardError);
        Assert.True(drifted.Ratio!.Constant);
        Assert.Equal(maps[0].Counts.Length, drifted.Labels.Count);
        Assert.Contains(drifted.Warnings, w => w.Path == "drift" && w.Text.Contains("Nb had drifted by 2 pixels across and -1 down", StringComparison.Ordinal));
        Assert.Contains(drifted.Warnings, w => w.Path == "drift" && w.Text.Contains("Ta had drifted by 0 pixels across and 3 down", StringComparison.Ordinal));
        Assert.DoesNotContain(plain.Warnings, w => w.Path is "drift" or "counts");

        // A long count: particle and surroundings lie so far apart that no pixel has what is between.
        foreach (var longer in new[] { 5, 25 }) { Assert.True(Of((k, i) => k == 2 ? Poisson.Sample(random, longer * (plain.Labels[i] > 0 ? 10 : 0.2)) : maps[k].Counts[i]).Coverage.HasValue); }

        void Refused(string why, Func<int, int, int> count) => Assert.Contains(why, Assert.Throws<InputException>(() => Of(count)).Message, StringComparison.Ordinal);
        foreach (var stretched in new[] { 1.4, 2.7, 6.3 }) { Refused("leave numbers out", (k, i) => (int)Math.Round(stretched * maps[k].Counts[i])); }
        Refused("cut off", (k, i) => Math.Min(maps[k].Counts[i], k == 2 ? 9 : 99));
        Refused("more alike", (k, i) => (At(k, i, 0, 0) + At(k, i, 1, 0) + At(k, i, 0, 1) + At(k, i, 1, 1)) / 4);
        Refused("no particle stands out", (_, _) => Poisson.Sample(random, 10));
    }

    [Fact]
    public void Lines_that_lie_on_others_are_told()
    {
        LineOverlap[] Of(string[] coating, string[] particle, string[] grown, params string[] others) => [.. LineOverlap.Of(new() { Coating = coating, Particle = particle, Interphase = grown }, [.. coating, .. particle, .. grown, .. others])];
        var r = Of(["Nb", "Ta"], ["Ni"], ["P", "S"], "Cu");
        Assert.Contains(r, o => o is { Element: "Ta", Other: "Ni", Mapped: true, TakenUp: true });
        Assert.Contains(r, o => o is { Element: "Ta", Other: "Cu", Mapped: true, TakenUp: false });
        Assert.Contains(r, o => o is { Element: "Ta", Other: "Si", Mapped: false });
        foreach (var grown in new[] { "P", "S" })
        {
            Assert.Contains(r, o => o.Element == grown && o is { Other: "Nb", TakenUp: true });
            Assert.Contains(r, o => o.Other == grown && o is { Element: "Nb", TakenUp: false });
        }
        // Without sulphur and phosphorus in view they may still be there; aluminium lies on nothing.
        Assert.Contains(Of(["Nb"], ["Ni"], []), o => o is { Element: "Nb", Other: "S", Mapped: false });
        Assert.Empty(Of(["Al"], ["Ni", "Co"], []));
    }

    [Fact]
    public void A_bare_particle_is_named_in_spite_of_the_overlapping_line()
    {
        var (maps, _, bare) = Field(5, 0.1, bare: true, second: 1);
        var r = MapAnalysis.Analyse(maps, Options);
        Assert.Equal(4, r.Particles.Count);
        Assert.Equal(bare, Assert.Single(r.Particles, p => p.Coated == false).Index);
    }

    /// <summary>A hundred times the counts: the shares are those of the field, and the time does not grow with them.</summary>
    [Fact]
    public void Many_counts_give_the_same_coverage()
    {
        var (maps, coverage, _) = Field(3, 0.25, bare: false, second: 1, times: 100);
        var r = MapAnalysis.Analyse(maps, Options);
        Assert.Equal(coverage, r.Coverage.Value, 0.03);
    }

    [Fact]
    public void Two_compositions_are_no_constant_ratio()
    {
        var (maps, _, _) = Field(6, 0.1, bare: false, second: 2);
        Assert.False(MapAnalysis.Analyse(maps, Options).Ratio!.Constant);
    }

    private static (ElementMap[] Maps, double Coverage, int Bare) Field(int seed, double holes, bool bare, double second, double times = 1)
    {
        const int size = 160, radius = 30;
        var random = new Random(seed);
        (int X, int Y)[] centres = [(40, 40), (120, 40), (40, 120), (120, 120)];
        var hole = new bool[20 * 20];
        for (var i = 0; i < hole.Length; i++) { hole[i] = random.NextDouble() < holes; }
        int[] nb = new int[size * size], ta = new int[size * size], ni = new int[size * size];
        int covered = 0, inside = 0;
        var normal = new Normal(0, 1, random);
        for (var i = 0; i < nb.Length; i++)
        {
            var (x, y) = (i % size, i / size);
            var particle = Array.FindIndex(centres, c => ((x - c.X) * (x - c.X)) + ((y - c.Y) * (y - c.Y)) < radius * radius);
            var coated = particle >= 0 && !hole[(y / 8 * 20) + (x / 8)] && !(bare && particle == 2);
            var sigma = Math.Sqrt(Math.Log(1.09));
            var coating = coated ? Math.Exp((sigma * normal.Sample()) - (sigma * sigma / 2)) : 0;
            var part = particle == 0 ? second : 1;
            nb[i] = Poisson.Sample(random, times * ((particle >= 0 ? 0.35 : 0.1) + (2.2 * coating / part)));
            ta[i] = Poisson.Sample(random, times * ((particle >= 0 ? 0.35 + 0.4 : 0.1) + (1.8 * coating * part)));
            ni[i] = Poisson.Sample(random, particle >= 0 ? 10 : 0.2);
            if (particle >= 0 && ((x - centres[particle].X) * (x - centres[particle].X)) + ((y - centres[particle].Y) * (y - centres[particle].Y)) < (radius - 2) * (radius - 2))
            {
                inside++;
                covered += coated ? 1 : 0;
            }
        }
        return ([new("Nb", size, size, nb), new("Ta", size, size, ta), new("Ni", size, size, ni)], covered / (double)inside, 3);
    }
}
