using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>High-resolution micrographs: amorphous or crystalline, spacings, and the thickness of a coating.</summary>
public static class MicrographAnalysis
{
    // 0.13–0.6 nm: where the spacings of oxides lie and lenses still pass them.
    private const double Longest = 0.6e-9, Shortest = 0.13e-9;

    /// <summary>Analyses an image.</summary>
    /// <exception cref="InputException">It is no image, a coloured one, has no scale, or is too coarse or too small for fringes.</exception>
    public static MicrographResult Analyse(Measurement measurement, MicrographOptions options)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        ArgumentNullException.ThrowIfNull(options);
        var warnings = new List<Warning>();
        var (image, pixel, core) = Checked(measurement, options, warnings);
        var size = 32;
        while (size * pixel < 2.5e-9) { size *= 2; }
        if (image.Width < 2 * size || image.Height < 2 * size) { throw new InputException($"an image of {image.Width} × {image.Height} pixels of {pixel * 1e9:0.###} nm is too small", measurement.File, $"at this scale at least {2 * size} × {2 * size} pixels are needed{(CoreScale.Otherwise(measurement.Micrograph!, options) is { } hint ? $"; {hint}" : "")}"); }

        var grid = new FringeGrid(image, pixel);
        var test = new SpeckleTest(size, pixel / Longest, pixel / Shortest);
        var place = core ?? FringeSearch.Opposite(image, grid, size);
        var reflections = FringeSearch.Reflections(grid, test, place);
        var lattice = FringeSearch.Lattice(reflections);
        var reason = "no lattice with two directions was found where the core should be; state where it is with --core";
        var edges = lattice.Count < 2 && core is null ? null : CoatingEdges.Find(grid, lattice, out reason);
        var hasCore = edges is not null || core is not null;
        var exact = !hasCore ? [] : edges?.Lattice ?? CoatingEdges.Exact(grid, lattice, place);
        var scale = CoreScale.Of(options.CorePhase, [.. exact.Select(s => (s.Kx / pixel, s.Ky / pixel))], options.PixelSize ?? measurement.Micrograph!.PixelSize!.Value);
        var thickness = edges is null ? null : Thickness(edges, scale);
        if (edges is not null && thickness is null)
        {
            (edges, reason) = (null, "the edges found in neighbouring strips do not join: the lattice may not be the core's; state where the core is with --core");
            // Then it is a crystal of the coating, and its reflections must not be left out of it.
            if (core is null) { (hasCore, exact, scale) = (false, [], CoreScale.Of(options.CorePhase, [], options.PixelSize ?? measurement.Micrograph!.PixelSize!.Value)); }
        }
        if (edges is null) { warnings.Add(new("thickness_nm", CoreScale.Otherwise(measurement.Micrograph!, options) is { } hint ? $"{reason}; {hint}" : reason)); }
        if (scale.Verdict == ScaleVerdict.Contradicted)
        {
            thickness = null;
            warnings.Add(new("thickness_nm", scale.Reason!));
            foreach (var path in new[] { "spacings", "halo_nm" }) { warnings.Add(new(path, "the core's fringes contradict the scale")); }
            if (core is not null) { warnings.Add(new("class", "the scale of the image is doubtful, so that frequencies of other lengths than meant were tested")); }
        }
        else if (hasCore && (scale.Verdict == ScaleVerdict.Unchecked || Math.Abs(scale.Factor.Value - 1) > 2 * scale.Factor.StandardError)) { warnings.Add(new("core.scaleFactor", scale.Reason!)); }
        var inCore = new bool[grid.Width * grid.Height];
        var (inside, thick) = (new bool[inCore.Length], new bool[inCore.Length]);
        Parallel.For(0, grid.Height, y =>
        {
            for (var x = 0; x < grid.Width; x++)
            {
                var i = (y * grid.Width) + x;
                inCore[i] = core is { } c && x * grid.Cell >= c.X && x * grid.Cell < c.X + c.Width && y * grid.Cell >= c.Y && y * grid.Cell < c.Y + c.Height;
                (inside[i], thick[i]) = (!inCore[i], !inCore[i]);
                if (edges is null) { continue; }
                var (inner, outer) = edges.Depths(x, y) ?? (double.NegativeInfinity, 0);
                (inCore[i], inside[i], thick[i]) = (inner <= Leaked, inner > Leaked && outer > 0, inner > Leaked && outer > Thins);
            }
        });
        Estimate[] coreSpacings = [.. exact.Select(s => Spacing(s, pixel, 0.02 / size))];
        MicrographResult Untested(string why)
        {
            foreach (var path in new[] { "class", "pValue", "crystallineFraction.value" }) { warnings.Add(new(path, why)); }
            return new(null, double.NaN, Estimate.Withheld(why), [], Estimate.Withheld(why), thickness, 0, 0, coreSpacings, scale, Picture(grid, scale.Applied, edges, [.. inside.Select(v => v ? (byte)1 : (byte)0)], [], [], test), warnings);
        }

        if (core is null && scale.Verdict == ScaleVerdict.Contradicted) { return Untested("the lattice taken for the core's may be the coating's own, as it is not that of the core's phase: correct the scale, or state where the core is with --core"); }
        if (thickness is { Coverage: 0 }) { return Untested("no coating thicker than 1 nm was found"); }
        var windows = FringeSearch.Windows(grid, inside, test);
        if (windows.Count == 0) { return Untested("no window fits into the coating"); }
        var (judged, halo) = test.Judge([.. windows.Select(w => (w.X, w.Y, w.Power))], hasCore ? reflections : [], options.Level);
        // Windows half a window apart are nearly independent; Bonferroni is on the safe side.
        var pValue = Math.Min(1, judged.Length * judged.Min(w => w.PValue));
        var flagged = Flagged(judged, options.Level);
        var noise = halo.Where(double.IsFinite).DefaultIfEmpty(0).Min() / windows.Average(w => w.Weight);
        var (fraction, map, spacings) = CrystallineArea.Find(grid, inside, inCore, thick, [.. edges?.Beside(Leaked) ?? []], judged, flagged, size, noise);
        var state = flagged.Length == 0 || fraction.Value < 0.03 ? "amorphous" : fraction.Value < 0.2 ? "sparse" : fraction.Value > 0.85 ? "crystalline" : "polycrystalline";
        if (hasCore && fraction.Value is > 0 and < 1)
        {
            fraction = (fraction with { Upper95 = fraction.Upper95 / Beside }).Within(0, 1);
            warnings.Add(new("crystallineFraction", "crystals whose fringes lie in the directions of the core's, which are left out, or which the lens does not pass, look amorphous: the upper limit holds that; standardError is that of the area that shows a lattice"));
        }
        var known = scale.Verdict != ScaleVerdict.Contradicted;
        if (known && spacings.Count == 0) { warnings.Add(new("spacings", "no reflection stands out of the halo of the coating")); }
        // What is known to less than 5 % names nothing.
        var matched = !known ? [] : SpacingMatch.Of(SpacingMatch.Merge(spacings.Where(s => s.Error < 0.05 * s.Value)).Select(s => scale.Calibrate(s)).ToList(), Math.Max(0.005, scale.RelativeError), CrystalPhase.OfSpecimens.Where(p => !hasCore || p.Name != (scale.Phase ?? "NMC532")));
        var middle = known ? HaloSpacing(halo, test, pixel).Scaled(scale.Applied) : Estimate.Withheld(scale.Reason!);
        return new(state, pValue, fraction, matched, middle, thickness, judged.Length, flagged.Length, coreSpacings, scale, Picture(grid, scale.Applied, edges, map, halo, windows, test), warnings);
    }

    /// <summary>Share of the crystalline area of a coating that is seen at least beside a core, whose reflections are left out: in computed images of lenses from −30 to −70 nm nine tenths are seen on average.</summary>
    private const double Beside = 0.6;

    /// <summary>How far the core's fringes reach over the coating.</summary>
    private const double Leaked = 0.4e-9;

    /// <summary>How far from vacuum a specimen that begins as a wedge is even.</summary>
    private const double Thins = 3e-9;

    private static (Micrograph Image, double Pixel, ImageArea? Core) Checked(Measurement measurement, MicrographOptions options, List<Warning> warnings)
    {
        var image = measurement.Micrograph ?? throw new InputException("the file holds no image", measurement.File, "name a micrograph");
        if (image.IsReciprocal && options.PixelSize is null) { throw new InputException("this is a diffraction pattern, not a micrograph", measurement.File, "analyse it with the command diffraction, or state the length of a pixel with --scale"); }
        if (image.Coloured > 0.05) { throw new InputException("brightness was turned into colours in this image", measurement.File, "export it in grey, best with 16 bits"); }
        var pixel = options.PixelSize ?? image.PixelSize ?? throw new InputException("the file does not say the length of a pixel", measurement.File, "state it: --scale 0.02nm, in a study scale: 0.02 nm");
        if (!(pixel > 0) || pixel > 0.5 * Shortest * 1.6) { throw new InputException($"a pixel of {pixel * 1e9:0.###} nm shows no lattice fringes", measurement.File, "give an image with at most 0.1 nm a pixel, or correct --scale"); }
        if (options.PixelSize is null && image.PixelHeight is { } tall && Math.Abs((tall / pixel) - 1) > 0.005) { throw new InputException($"pixels of {pixel * 1e9:0.####} by {tall * 1e9:0.####} nm are not square", measurement.File, "resample the image to square pixels, or state one length with --scale"); }
        if (!image.Pixels.AsSpan().ContainsAnyExcept(image.Pixels[0])) { throw new InputException("all pixels have one value", measurement.File, "export the image again"); }
        if (image.IsColour || image.Bits <= 8) { warnings.Add(new("pValue", "the image is an 8-bit or colour export: a burnt-in scale bar or compression may pass for a lattice")); }
        var core = options.Core;
        if (core is { } c && (c.X + c.Width > image.Width || c.Y + c.Height > image.Height)) { throw new InputException("the core lies outside the image", "core", $"the image has {image.Width} × {image.Height} pixels"); }
        var bin = (int)((0.05e-9 / pixel) + 1e-6);
        return bin < 2 ? (image, pixel, core) : (Binned(image, bin), bin * pixel, core is { } a ? new(a.X / bin, a.Y / bin, Math.Max(1, a.Width / bin), Math.Max(1, a.Height / bin)) : null);
    }

    /// <summary>Pixels far finer than any fringe cost time and tell nothing.</summary>
    private static Micrograph Binned(Micrograph image, int bin)
    {
        var (width, height) = (image.Width / bin, image.Height / bin);
        var pixels = new float[width * height];
        Parallel.For(0, height, y =>
        {
            for (var row = y * bin; row < (y + 1) * bin; row++)
            {
                for (var x = 0; x < width * bin; x++) { pixels[(y * width) + (x / bin)] += image.Pixels[(row * image.Width) + x]; }
            }
            for (var x = 0; x < width; x++) { pixels[(y * width) + x] /= bin * bin; }
        });
        return image with { Width = width, Height = height, Pixels = pixels };
    }

    private static Estimate Spacing(Spot s, double pixel, double error) => Estimate.Of(pixel / s.Frequency, pixel / s.Frequency * error / s.Frequency);

    private static CoatingThickness? Thickness(CoatingEdges edges, CoreScale scale)
    {
        var all = Array.ConvertAll(edges.Thickness, t => t * scale.Applied);
        var coated = all.Where(t => t >= 1e-9).ToArray();
        if (coated.Length < Math.Max(2, all.Length / 10.0)) { return new(Estimate.Of(0, edges.CommonError), 0, 0, 0, 0, all); }
        var (scatter, known) = Scatter(coated);
        if (Math.Sqrt(scatter) > Math.Max(0.6e-9, 0.12 * Statistics.Median(coated))) { return null; }
        var median = Statistics.Median(coated);
        (scatter, known) = (((known * scatter) + (UsualFreedom * Usual * Usual)) / (known + UsualFreedom), known + UsualFreedom);
        var own = OfMedian(coated, scatter);
        var error = Math.Sqrt((own * own) + Math.Pow(edges.CommonError * scale.Applied, 2) + Math.Pow(scale.RelativeError * median, 2));
        // The scatter is itself known from few strips: Student's t, degrees of freedom after Welch and Satterthwaite.
        var share = own * own / (error * error);
        var freedom = share > 0 ? known / (share * share) : 1e6;
        var half = error * StudentsT.Reach(Math.Min(1e6, freedom));
        return new(new Estimate(median, error, median - half, median + half), Math.Sqrt(Math.Max(0, Statistics.Variance(coated) - scatter)), coated.Min(), coated.Max(), coated.Length / (double)all.Length, all);
    }

    /// <summary>
    /// Standard error of a median whose strips have this variance of measurement. Where the thickness itself varies by more than that, few
    /// strips decide on the median, and it is less certain than that of even ones; so the strips are measured again by chance, neighbours alike.
    /// </summary>
    private static double OfMedian(double[] strips, double scatter)
    {
        const int repeats = 500;
        // A moving mean of two has this correlation of neighbours.
        var share = (1 - Math.Sqrt(1 - (4 * Neighbours * Neighbours))) / (2 * Neighbours);
        var spread = Math.Sqrt(scatter / (1 + (share * share)));
        var random = new Random(1);
        var (again, medians) = (new double[strips.Length], new double[repeats]);
        for (var k = 0; k < repeats; k++)
        {
            var last = MathNet.Numerics.Distributions.Normal.Sample(random, 0, spread);
            for (var i = 0; i < again.Length; i++)
            {
                var next = MathNet.Numerics.Distributions.Normal.Sample(random, 0, spread);
                again[i] = strips[i] + next + (share * last);
                last = next;
            }
            medians[k] = Statistics.Median(again);
        }
        return Statistics.StandardDeviation(medians);
    }

    /// <summary>Correlation of what is measured wrong in neighbouring strips: the core's amplitude is smoothed over σ = 0.3 nm, so that strips of 1 nm share a part of it.</summary>
    private const double Neighbours = 0.18;

    /// <summary>In computed images one strip is measured to 0.07 nm, within a quarter of it for all lenses, doses and specimens tried, which is what deviations from sixteen degrees of freedom scatter.</summary>
    private const double Usual = 0.07e-9, UsualFreedom = 16;

    /// <summary>
    /// Variance of measuring one strip, and the degrees of freedom it is known with, from differences of the highest order that the number of
    /// strips allows: the edges' own course cancels best there. Of order p they hold C(2p, p) − 2ρ·C(2p, p − 1) times the variance, ρ being
    /// the correlation of neighbours, and repeat each other C(4p, 2p)/C(2p, p)² times.
    /// </summary>
    private static (double Variance, double Freedom) Scatter(double[] strips)
    {
        var order = strips.Length < 6 ? 1 : strips.Length < 8 ? 3 : strips.Length < 14 ? 4 : 5;
        var differences = strips;
        for (var p = 0; p < order; p++) { differences = [.. differences.Skip(1).Zip(differences, (b, a) => b - a)]; }
        double Choose(int n, int k) => MathNet.Numerics.SpecialFunctions.Binomial(n, k);
        var variance = differences.Sum(d => d * d) / differences.Length / (Choose(2 * order, order) - (2 * Neighbours * Choose(2 * order, order - 1)));
        var freedom = Math.Max(1, differences.Length / (Choose(4 * order, 2 * order) / Math.Pow(Choose(2 * order, order), 2)));
        return (variance, freedom);
    }

    /// <summary>Benjamini and Hochberg, J. R. Stat. Soc. B 57 (1995) 289: at most this share of the flagged is false.</summary>
    private static TestedWindow[] Flagged(TestedWindow[] windows, double share)
    {
        var sorted = windows.Select(w => w.PValue).Order().ToArray();
        var limit = -1.0;
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i] <= share * (i + 1) / sorted.Length) { limit = sorted[i]; }
        }
        return [.. windows.Where(w => w.PValue <= limit)];
    }

    /// <summary>Where frequency times power is greatest.</summary>
    private static Estimate HaloSpacing(double[] halo, SpeckleTest test, double pixel)
    {
        var known = Enumerable.Range(1, halo.Length - 2).Where(r => double.IsFinite(halo[r - 1]) && double.IsFinite(halo[r]) && double.IsFinite(halo[r + 1])).ToArray();
        if (known.Length == 0) { return Estimate.Withheld("the spectrum is too narrow"); }
        var at = known.MaxBy(r => r * halo[r]);
        double l = (at - 1) * halo[at - 1], c = at * halo[at], right = (at + 1) * halo[at + 1];
        var centre = at + (l + right - (2 * c) < 0 ? 0.5 * (l - right) / (l + right - (2 * c)) : 0);
        var d = test.Size * pixel / centre;
        return Estimate.Of(d, d * 0.3 / centre);
    }

    private static MicrographPicture Picture(FringeGrid grid, double scale, CoatingEdges? edges, byte[] map, double[] halo, List<SpectrumWindow> windows, SpeckleTest test)
    {
        var rings = Enumerable.Range(0, halo.Length).Where(r => double.IsFinite(halo[r])).ToArray();
        var highest = windows.Count == 0 ? [] : test.Highest([.. windows.Select(w => w.Power)]);
        var points = edges?.Points.Select(p => (scale * p.InnerX, scale * p.InnerY, scale * p.OuterX, scale * p.OuterY)).ToArray() ?? [];
        return new(scale * grid.Pixel, points, scale * grid.Length, grid.Width, map, [.. rings.Select(r => r / (test.Size * scale * grid.Pixel))], [.. rings.Select(r => halo[r])], [.. rings.Select(r => highest[r])]);
    }
}
