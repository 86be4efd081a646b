using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Laboratory;
using Interphase.Measurements;
using Interphase.Tests.Support;
using MathNet.Numerics.Statistics;

namespace Interphase.Tests.Characterisation;

/// <summary>The images of the sample data were made by another program than <see cref="VirtualMicrograph"/>; neither was used to choose a constant of the analysis by its truth.</summary>
public class MicrographAnalysisTests
{
    private static string Data(string file) => SampleData.Path("characterisation/" + file);

    private static MicrographResult Analyse(string file, MicrographOptions? options = null) => MicrographAnalysis.Analyse(InstrumentFile.Read(Data(file)), options ?? new());

    [NeedsDataTheory]
    [InlineData("d01_coat350", "amorphous", 8.412, 0.27, 0.0)]
    [InlineData("d02_coat450", "polycrystalline", 7.181, 0.37, 0.541)]
    [InlineData("d03_coat550", "crystalline", 6.574, 0.207, 1.0)]
    public void Coatings_are_recognised_and_measured(string file, string state, double thickness, double spread, double fraction)
    {
        var r = Analyse($"synthetic/hrtem/{file}.tif");
        Assert.Equal(state, r.State);
        Assert.Equal(thickness, r.Thickness!.Median.Value * 1e9, 0.1);
        Assert.Equal(spread, r.Thickness.StandardDeviation * 1e9, 0.06);
        Assert.Equal(1, r.Thickness.Coverage);
        Assert.InRange(fraction, r.CrystallineFraction.Lower95, r.CrystallineFraction.Upper95);
        foreach (var d in r.CoreSpacings) { Assert.Contains(new[] { 0.4747, 0.24485, 0.23466 }, d0 => Math.Abs((d.Value * 1e9 / d0) - 1) < 0.01); }
        if (state == "amorphous") { Assert.True(r.PValue > 0.01 && r.Flagged == 0 && r.Spacings.Count == 0); }
        else { Assert.Contains(r.Spacings, s => Math.Abs((s.Spacing.Value * 1e9) - 0.3748) < 0.001 && s.Line == "012" && s.Spacing.Lower95 <= 0.37482e-9 && s.Spacing.Upper95 >= 0.37482e-9); }
    }

    [NeedsDataFact]
    public void A_bare_edge_has_no_coating_and_an_image_without_scale_is_asked_for_one()
    {
        var r = Analyse("synthetic/hrtem/d04_bare.png", new() { PixelSize = 0.035e-9 });
        Assert.Equal(0, r.Thickness!.Coverage);
        Assert.Null(r.State);
        Assert.Contains(r.Warnings, w => w.Path == "class");
        Assert.Contains("--scale", Assert.Throws<InputException>(() => Analyse("synthetic/hrtem/d04_bare.png")).Mend, StringComparison.Ordinal);
    }

    [NeedsDataFact]
    public void A_real_crystal_shows_its_spacings_as_its_file_scales_them()
    {
        var r = Analyse("em/STO_stem.ser");
        Assert.Equal("crystalline", r.State);
        // The file's own scale is 3–4 % off the true 0.3905 and 0.2761 nm and differs by 1.3 % between its axes.
        foreach (var d in new[] { 0.4045, 0.284, 0.289 }) { Assert.Contains(r.Spacings, s => Math.Abs((s.Spacing.Value * 1e9) - d) < 0.004); }
        Assert.Contains(r.Warnings, w => w.Path == "thickness_nm");
    }

    [NeedsDataFact]
    public void Real_turbostratic_carbon_has_its_layers()
    {
        var r = Analyse("em/soot_hrtem.tif", new() { PixelSize = 1e-9 / 18.0194 });
        Assert.True(r.PValue < 1e-6);
        // Curved layers: each stack has its own spacing.
        Assert.Contains(r.Spacings, s => Math.Abs((s.Spacing.Value * 1e9) - 0.348) < 0.01);
        Assert.Null(r.Thickness);
        Assert.Contains(r.Warnings, w => w.Path == "pValue");
    }

    /// <summary>Amorphous films by an independent recipe, over lenses, doses and detectors: at most one in a hundred may be called otherwise.</summary>
    [Fact]
    public void Amorphous_films_are_called_amorphous()
    {
        int wrong = 0, windows = 0, flagged = 0, below = 0;
        const int repeats = 100;
        Parallel.For(0, repeats, seed =>
        {
            var made = new VirtualMicrograph
            {
                Defocus = -(25 + (seed * 37 % 120)) * 1e-9, Astigmatism = seed % 4 * 4e-9, Dose = seed % 3 == 0 ? 80 : 700, Transfer = seed % 5 == 0 ? 0.15 : 0.5, Atoms = seed % 2 == 0,
            };
            var r = MicrographAnalysis.Analyse(made.Make(7_500_000 + seed).Image, new());
            Interlocked.Add(ref windows, r.Windows);
            Interlocked.Add(ref flagged, r.Flagged);
            if (r.State != "amorphous") { Interlocked.Increment(ref wrong); }
            if (r.PValue < 0.1) { Interlocked.Increment(ref below); }
        });
        Assert.InRange(wrong, 0, repeats / 100);
        Assert.InRange(flagged, 0, windows / 100);
        // The p-value is a probability: about a tenth lies below a tenth, and not none.
        Assert.InRange(below, 1, 25);
    }

    /// <summary>How weak a lattice is still found: a single disc of 2 nm radius in an amorphous film, its fringes against the film's texture.</summary>
    [Fact]
    public void Weak_lattices_are_found()
    {
        int strong = 0, weak = 0;
        const int repeats = 10;
        Parallel.For(0, repeats, seed =>
        {
            if (Made(0.8).PValue < 1e-3) { Interlocked.Increment(ref strong); }
            if (Made(0.15).PValue < 1e-3) { Interlocked.Increment(ref weak); }
            MicrographResult Made(double lattice) => MicrographAnalysis.Analyse(new VirtualMicrograph { GrainRadius = 2e-9, GrainShare = 0.05, Lattice = lattice }.Make(2000 + seed).Image, new());
        });
        Assert.True(strong >= 9, $"{strong} of {repeats}");
        Assert.True(weak < strong, "fringes of a seventh of the texture are beyond any test of single windows");
    }

    /// <summary>Coatings of known thickness: the interval must hold the truth of the very strips that were measured.</summary>
    [Fact]
    public void Intervals_of_the_thickness_hold_the_truth()
    {
        const int repeats = 200;
        var errors = new double[repeats];
        var held = new bool[repeats];
        Parallel.For(0, repeats, seed =>
        {
            var made = new VirtualMicrograph
            {
                Thickness = (3.5 + (seed * 13 % 7 * 0.3)) * 1e-9, Defocus = -(30 + (seed * 7 % 40)) * 1e-9, Atoms = seed % 3 == 0, NormalDegrees = (seed * 11 % 41) - 20,
                Wedge = (1.5 + (seed % 4 * 0.5)) * 1e-9, Dose = 400 + (100 * (seed % 6)),
            };
            var (image, truth) = made.Make(7_400_000 + seed);
            var r = MicrographAnalysis.Analyse(image, new() { Core = null });
            errors[seed] = double.NaN;
            if (r.Thickness is not { Coverage: > 0 } t) { return; }
            var (ny, nx) = Math.SinCos(made.NormalDegrees * Math.PI / 180);
            var true_ = r.Picture.Edges.Select(e => truth.Thickness((-(e.InnerX + e.OuterX) / 2 * ny) + ((e.InnerY + e.OuterY) / 2 * nx))).Median();
            errors[seed] = t.Median.Value - true_;
            held[seed] = t.Median.Lower95 <= true_ && true_ <= t.Median.Upper95;
        });
        var given = errors.Where(double.IsFinite).ToArray();
        Assert.True(given.Length >= 0.9 * repeats, $"{given.Length} of {repeats} measured");
        Assert.InRange(given.Average() * 1e9, -0.1, 0.1);
        Assert.True(given.Count(e => Math.Abs(e) < 0.3e-9) > 0.95 * given.Length, $"mean {given.Average() * 1e9:0.000} s.d. {given.StandardDeviation() * 1e9:0.000}");
        Assert.InRange(held.Count(h => h) / (double)given.Length, 0.90, 0.98);
    }

    /// <summary>Microscopes off by up to 4 %, cells of the core by 0.3 %: the scale is calibrated, and the interval of the thickness holds the truth.</summary>
    [Fact]
    public void Scales_within_5_percent_are_calibrated_by_the_core()
    {
        const int repeats = 120;
        int given = 0, calibrated = 0, held = 0, near = 0;
        Parallel.For(0, repeats, seed =>
        {
            var random = new Random(7_000_000 + seed);
            var made = new VirtualMicrograph { Thickness = (3.5 + (2 * random.NextDouble())) * 1e-9, Wedge = 2e-9, NormalDegrees = (40 * random.NextDouble()) - 20, ScaleError = 0.96 + (0.08 * random.NextDouble()), CoreSize = 1 + (0.003 * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1)) };
            var (image, truth) = made.Make(7_000_000 + seed);
            var r = MicrographAnalysis.Analyse(image, new());
            if (r.Thickness is not { Coverage: > 0 } t) { return; }
            Interlocked.Increment(ref given);
            if (r.CoreScale.Verdict != ScaleVerdict.Calibrated) { return; }
            Interlocked.Increment(ref calibrated);
            if (Math.Abs((r.CoreScale.Factor.Value * made.ScaleError * made.CoreSize) - 1) < 0.005) { Interlocked.Increment(ref near); }
            var (ny, nx) = Math.SinCos(made.NormalDegrees * Math.PI / 180);
            // Places are in the image's own, calibrated lengths; the truth's in true ones.
            var correct = 1 / (r.CoreScale.Applied * made.ScaleError);
            var thick = r.Picture.Edges.Select(e => truth.Thickness(correct * ((-(e.InnerX + e.OuterX) / 2 * ny) + ((e.InnerY + e.OuterY) / 2 * nx)))).Median();
            if (t.Median.Lower95 <= thick && thick <= t.Median.Upper95) { Interlocked.Increment(ref held); }
        });
        var text = $"{given} given, {calibrated} calibrated, {near} near, {held} held";
        Assert.True(given >= 0.9 * repeats && calibrated >= 0.95 * given && near >= 0.95 * calibrated && held >= 0.9 * calibrated && held <= 0.98 * calibrated, text);
    }

    /// <summary>Binning, magnification and unit mistaken: a thickness is never given.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.85)]
    [InlineData(1.08)]
    [InlineData(2)]
    [InlineData(10)]
    public void A_wrong_scale_gives_no_thickness(double wrong)
    {
        const int repeats = 6;
        var (given, told) = (0, 0);
        var said = new string[repeats];
        Parallel.For(0, repeats, seed =>
        {
            var made = new VirtualMicrograph { Field = 384, Thickness = 4.5e-9, Wedge = 2e-9, NormalDegrees = (seed * 11 % 41) - 20, ScaleError = wrong };
            try
            {
                var r = MicrographAnalysis.Analyse(made.Make(7_100_000 + seed).Image, new());
                said[seed] = r.Warnings.FirstOrDefault(w => w.Path == "thickness_nm")?.Text ?? "";
                if (r.Thickness is not null) { Interlocked.Increment(ref given); }
                if (Right(said[seed])) { Interlocked.Increment(ref told); }
            }
            catch (InputException e)
            {
                said[seed] = e.Message;
                if (wrong > 5 ? e.Mend.Contains("correct --scale", StringComparison.Ordinal) : Right(said[seed])) { Interlocked.Increment(ref told); }
            }
        });
        Assert.Equal(0, given);
        static bool Right(string text) => System.Text.RegularExpressions.Regex.Match(text, @"pixel (?:of|were) ([0-9.]+) nm instead") is { Success: true } m && Math.Abs(double.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) - 0.05) < 0.001;
        Assert.True(told >= 5, $"{told} of {repeats} say what the pixel should be: {string.Join("; ", said)}");
    }

    /// <summary>Without a known core the doubt about the scale is in the interval.</summary>
    [Fact]
    public void A_scale_that_was_not_checked_is_in_the_error()
    {
        var image = new VirtualMicrograph { Thickness = 4.5e-9, Wedge = 2e-9 }.Make(7_200_000).Image;
        var (with, without) = (MicrographAnalysis.Analyse(image, new()), MicrographAnalysis.Analyse(image, new() { CorePhase = null }));
        Assert.Equal(ScaleVerdict.Calibrated, with.CoreScale.Verdict);
        Assert.Equal(ScaleVerdict.Unchecked, without.CoreScale.Verdict);
        Assert.True(without.Thickness!.Median.StandardError >= 0.02 * without.Thickness.Median.Value);
        Assert.True(with.Thickness!.Median.StandardError < without.Thickness.Median.StandardError);
        Assert.Contains(without.Warnings, w => w.Path == "core.scaleFactor");
    }

    /// <summary>A coating of strong crystals without vacuum: what stands out from the film between them is no core, and is not left out of the share.</summary>
    [Fact]
    public void Crystals_of_the_coating_do_not_pass_for_its_core()
    {
        const int repeats = 8;
        int given = 0, held = 0, thick = 0;
        Parallel.For(0, repeats, seed =>
        {
            var (image, truth) = new VirtualMicrograph { Field = 512, GrainRadius = 3e-9, GrainShare = 0.45, Lattice = 1.25 }.Make(7_600_000 + seed);
            var r = MicrographAnalysis.Analyse(image, new());
            if (r.Thickness is not null) { Interlocked.Increment(ref thick); }
            if (!r.CrystallineFraction.HasValue) { return; }
            Interlocked.Increment(ref given);
            if (r.CrystallineFraction.Lower95 <= truth.CrystallineFraction && truth.CrystallineFraction <= r.CrystallineFraction.Upper95) { Interlocked.Increment(ref held); }
        });
        Assert.True(given >= repeats - 2 && held >= given - 1 && thick == 0, $"{held} of {given} held, thickness {thick}");
    }

    /// <summary>Grains under lenses that pass all their fringes, and under one that passes them alike: intervals of share and spacings hold the truth as often as they say.</summary>
    [Fact]
    public void The_crystalline_share_of_the_area_and_the_spacings_are_measured()
    {
        const int repeats = 44;
        int given = 0, held = 0, spacing = 0, spacings = 0;
        var (errors, misses) = (new double[repeats], new List<double>());
        Parallel.For(0, repeats, seed =>
        {
            var random = new Random(7_300_000 + seed);
            var made = new VirtualMicrograph { Field = 512, GrainRadius = 2.2e-9, GrainShare = 0.1 + (0.03 * (seed % 12)), Lattice = 1 };
            if (seed % 2 == 0) { made = made with { GrainRadius = (1.5 + (2.5 * random.NextDouble())) * 1e-9, Defocus = -(new[] { 33, 36, 40, 43, 56, 87 }[random.Next(6)]) * 1e-9, Lattice = 0.7 + (0.6 * random.NextDouble()), Dose = 200 + (700 * random.NextDouble()), Touching = seed % 4 == 0 }; }
            var (image, truth) = made.Make(7_300_000 + seed);
            var r = MicrographAnalysis.Analyse(image, new());
            foreach (var d in truth.Spacings)
            {
                if (r.Spacings.Where(s => Math.Abs(s.Spacing.Value - d) < 0.005e-9).ToArray() is not [var found]) { continue; }
                Interlocked.Increment(ref spacings);
                lock (misses) { misses.Add(Math.Abs(found.Spacing.Value - d)); }
                if (found.Spacing.Lower95 <= d && d <= found.Spacing.Upper95) { Interlocked.Increment(ref spacing); }
            }
            if (!r.CrystallineFraction.HasValue) { return; }
            Interlocked.Increment(ref given);
            errors[seed] = r.CrystallineFraction.Value - truth.CrystallineFraction;
            if (r.CrystallineFraction.Lower95 <= truth.CrystallineFraction && truth.CrystallineFraction <= r.CrystallineFraction.Upper95) { Interlocked.Increment(ref held); }
        });
        var text = $"{held} of {given}, mean error {errors.Average():0.0000}, spacings {spacing} of {spacings}, median error {misses.Median() * 1e9:0.00000} nm";
        Assert.True(given >= 0.9 * repeats && held >= 0.9 * given && Math.Abs(errors.Average()) < 0.006, text);
        Assert.True(spacings > 2 * repeats && spacing >= 0.9 * spacings && spacing <= 0.98 * spacings && misses.Median() < 0.0003e-9, text);
    }

    [Theory]
    [InlineData(0.2e-9, "0.1 nm")]
    [InlineData(0.5e-12, "too small")]
    public void Images_that_cannot_show_fringes_are_refused(double pixel, string word) =>
        Assert.Contains(word, Assert.Throws<InputException>(() => MicrographAnalysis.Analyse(new() { File = "x.tif", Format = "tiff", Micrograph = new(200, 200, [.. Enumerable.Range(0, 40000).Select(i => (float)i)]) }, new() { PixelSize = pixel })).Message, StringComparison.Ordinal);

    [Fact]
    public void Coloured_exports_patterns_and_constant_images_give_no_number()
    {
        static InputException Refused(Micrograph image) => Assert.Throws<InputException>(() => MicrographAnalysis.Analyse(new() { File = "x.tif", Format = "tiff", Micrograph = image }, new()));
        Assert.Contains("colours", Refused(new(200, 200, new float[40000]) { PixelSize = 5e-11, Coloured = 0.9 }).What);
        Assert.Contains("diffraction", Refused(new(200, 200, new float[40000]) { PixelSize = 5e7, IsReciprocal = true }).What);
        Assert.Contains("square", Refused(new(200, 200, new float[40000]) { PixelSize = 5e-11, PixelHeight = 6e-11 }).What);
        Assert.Contains("one value", Refused(new(200, 200, new float[40000]) { PixelSize = 5e-11 }).What);
    }

    [NeedsDataFact]
    public void The_command_answers_by_its_contract()
    {
        var r = CommandResult.Of("micrograph", Data("synthetic/hrtem/d02_coat450.tif"), "--core", "0,0,120,640", "--json");
        Assert.Equal(0, r.ExitCode);
        Assert.Equal("polycrystalline", r.Json.GetProperty("class").GetString());
        foreach (var key in new[] { "median", "standardDeviation", "min", "max", "coverage" }) { Assert.True(r.Json.GetProperty("thickness_nm").GetProperty(key).GetDouble() > 0); }
        foreach (var key in new[] { "d_nm", "standardError", "phase", "hkl" }) { Assert.True(r.Json.GetProperty("spacings")[0].TryGetProperty(key, out _)); }
        Assert.Equal(1, CommandResult.Of("micrograph", Data("synthetic/hrtem/d04_bare.png")).ExitCode);
        Assert.Equal(1, CommandResult.Of("micrograph", Data("synthetic/hrtem/d02_coat450.tif"), "--core", "0,0,9999,640").ExitCode);
    }
}
