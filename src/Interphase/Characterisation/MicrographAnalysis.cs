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
    private const int MostWindows = 1500;

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
        if (image.Width < 2 * size || image.Height < 2 * size) { throw new InputException($"an image of {image.Width} × {image.Height} pixels of {pixel * 1e9:0.###} nm is too small", measurement.File, $"at this scale at least {2 * size} × {2 * size} pixels are needed"); }

        var grid = new FringeGrid(image, pixel);
        var test = new SpeckleTest(size, pixel / Longest, pixel / Shortest);
        var place = core ?? Opposite(image, grid, size);
        var reflections = Reflections(grid, test, place);
        var lattice = Lattice(reflections);
        var reason = "no lattice with two directions was found where the core should be; state where it is with --core";
        var edges = lattice.Count < 2 && core is null ? null : CoatingEdges.Find(grid, lattice, out reason);
        var thickness = edges is null ? null : Thickness(edges);
        if (edges is not null && thickness is null) { (edges, reason) = (null, "the edges found in neighbouring strips do not join: the lattice may not be the core's; state where the core is with --core"); }
        if (edges is null) { warnings.Add(new("thickness_nm", reason)); }
        var inCore = new bool[grid.Width * grid.Height];
        var inside = new bool[inCore.Length];
        Parallel.For(0, grid.Height, y =>
        {
            for (var x = 0; x < grid.Width; x++)
            {
                var i = (y * grid.Width) + x;
                inCore[i] = core is { } c && x * grid.Cell >= c.X && x * grid.Cell < c.X + c.Width && y * grid.Cell >= c.Y && y * grid.Cell < c.Y + c.Height;
                inside[i] = edges is null ? !inCore[i] : edges.Inside(x, y, 0.4e-9);
            }
        });
        var hasCore = edges is not null || core is not null;
        Estimate[] coreSpacings = hasCore ? [.. edges is null ? lattice.Select(s => Spacing(s, pixel, 0.1 / size)) : edges.Lattice.Select(s => Spacing(s, pixel, 0.02 / size))] : [];
        var coreScale = CoreScale(coreSpacings);
        MicrographResult Untested(string why)
        {
            foreach (var path in new[] { "class", "pValue", "crystallineFraction.value" }) { warnings.Add(new(path, why)); }
            return new(null, double.NaN, Estimate.Withheld(why), [], Estimate.Withheld(why), thickness, 0, 0, coreSpacings, coreScale, Picture(grid, edges, [.. inside.Select(v => v ? (byte)1 : (byte)0)], [], [], test, 0), warnings);
        }

        if (thickness is { Coverage: 0 }) { return Untested("no coating thicker than 1 nm was found"); }
        var windows = Windows(grid, inside, test);
        if (windows.Count == 0) { return Untested("no window fits into the coating"); }
        var (judged, halo) = test.Judge([.. windows.Select(w => (w.X, w.Y, w.Power))], hasCore ? reflections : [], options.Level);
        // Windows half a window apart are nearly independent; Bonferroni is on the safe side.
        var pValue = Math.Min(1, judged.Length * judged.Min(w => w.PValue));
        var flagged = Flagged(judged, options.Level);
        var noise = halo.Where(double.IsFinite).DefaultIfEmpty(0).Min() / windows.Average(w => w.Weight);
        var (fraction, map, spacings) = CrystallineArea.Find(grid, inside, flagged, size, noise);
        var state = flagged.Length == 0 || fraction.Value < 0.03 ? "amorphous" : fraction.Value < 0.2 ? "sparse" : fraction.Value > 0.85 ? "crystalline" : "polycrystalline";
        if (spacings.Count == 0) { warnings.Add(new("spacings", "no reflection stands out of the halo of the coating")); }
        var scaleError = coreScale.HasValue ? Math.Max(0.005, Math.Abs(coreScale.Value - 1)) : 0.02;
        // What is known to less than 5 % names nothing.
        var matched = SpacingMatch.Of(SpacingMatch.Merge(spacings.Where(s => s.StandardError < 0.05 * s.Value)), scaleError, p => !hasCore || p.Name != "NMC532");
        return new(state, pValue, fraction, matched, HaloSpacing(halo, test, pixel), thickness, judged.Length, flagged.Length, coreSpacings, coreScale, Picture(grid, edges, map, halo, windows, test, pixel), warnings);
    }

    private static (Micrograph Image, double Pixel, ImageArea? Core) Checked(Measurement measurement, MicrographOptions options, List<Warning> warnings)
    {
        var image = measurement.Micrograph ?? throw new InputException("the file holds no image", measurement.File, "name a micrograph");
        if (image.IsReciprocal && options.PixelSize is null) { throw new InputException("this is a diffraction pattern, not a micrograph", measurement.File, "analyse it with the command diffraction, or state the length of a pixel with --scale"); }
        if (image.Coloured > 0.05) { throw new InputException("brightness was turned into colours in this image", measurement.File, "export it in grey, best with 16 bits"); }
        var pixel = options.PixelSize ?? image.PixelSize ?? throw new InputException("the file does not say the length of a pixel", measurement.File, "state it with --scale, as in --scale 0.02nm");
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

    /// <summary>What would make both spacings of the core those of NMC532.</summary>
    private static Estimate CoreScale(Estimate[] core)
    {
        const string unknown = "no two spacings of the core that agree with NMC532";
        if (core.Length < 2) { return Estimate.Withheld(unknown); }
        var nmc = CrystalPhase.Find("NMC532");
        var factors = core.Select(d => nmc.Lines.Select(l => nmc.Spacing(l.H, l.K, l.L, nmc.A, nmc.C) / d.Value).MinBy(f => Math.Abs(f - 1))).ToArray();
        return factors.All(f => Math.Abs(f - 1) < 0.04) && Math.Abs(factors[0] - factors[1]) < 0.02 ? Estimate.Of(factors.Average(), Math.Abs(factors[0] - factors[1]) / 2) : Estimate.Withheld(unknown);
    }

    /// <summary>Reflections of the mean spectrum of an area.</summary>
    private static List<Spot> Reflections(FringeGrid grid, SpeckleTest test, ImageArea a)
    {
        var inside = new bool[grid.Width * grid.Height];
        for (var y = a.Y / grid.Cell; y < Math.Min(grid.Height, (a.Y + a.Height) / grid.Cell); y++)
        {
            for (var x = a.X / grid.Cell; x < Math.Min(grid.Width, (a.X + a.Width) / grid.Cell); x++) { inside[(y * grid.Width) + x] = true; }
        }
        var windows = Windows(grid, inside, test);
        if (windows.Count == 0) { return []; }
        var power = new float[test.Frequencies];
        foreach (var w in windows)
        {
            for (var i = 0; i < power.Length; i++) { power[i] += w.Power[i]; }
        }
        return test.Peaks(power, 12);
    }

    /// <summary>The strongest reflection and the strongest that is not parallel to it.</summary>
    private static List<Spot> Lattice(List<Spot> peaks)
    {
        if (peaks.Count == 0) { return []; }
        var first = peaks[0];
        return [first, .. peaks.Skip(1).Where(s => Math.Abs((s.Kx * first.Ky) - (s.Ky * first.Kx)) > 0.35 * s.Frequency * first.Frequency && s.Height > 0.03 * first.Height).Take(1)];
    }

    /// <summary>The quarter of the image opposite to its quietest side: the core, where the quiet side is vacuum.</summary>
    private static ImageArea Opposite(Micrograph image, FringeGrid grid, int least)
    {
        double Mean(int x0, int x1, int y0, int y1)
        {
            double sum = 0;
            for (var y = y0; y < y1; y++)
            {
                for (var x = x0; x < x1; x++) { sum += grid.Variance[(y * grid.Width) + x]; }
            }
            return sum / ((x1 - x0) * (double)(y1 - y0));
        }
        var (w, h) = (grid.Width, grid.Height);
        var sides = new[] { Mean(0, w / 4, 0, h), Mean(w - (w / 4), w, 0, h), Mean(0, w, 0, h / 4), Mean(0, w, h - (h / 4), h) };
        var (across, down) = (Math.Max(least, image.Width / 4), Math.Max(least, image.Height / 4));
        return Array.IndexOf(sides, sides.Min()) switch
        {
            0 => new(image.Width - across, 0, across, image.Height),
            1 => new(0, 0, across, image.Height),
            2 => new(0, image.Height - down, image.Width, down),
            _ => new(0, 0, image.Width, down),
        };
    }

    private static CoatingThickness? Thickness(CoatingEdges edges)
    {
        var all = edges.Thickness;
        var coated = all.Where(t => t >= 1e-9).ToArray();
        if (coated.Length < Math.Max(2, all.Length / 10.0)) { return new(Estimate.Of(0, edges.CommonError), 0, 0, 0, 0, all); }
        var scatter = Scatter(coated);
        if (Math.Sqrt(scatter) > Math.Max(0.6e-9, 0.12 * Statistics.Median(coated))) { return null; }
        // π/2: a median of so many strips against their mean.
        var error = Math.Sqrt((Math.PI / 2 * scatter / coated.Length) + (edges.CommonError * edges.CommonError));
        // The scatter is itself known from few strips: Student's t, degrees of freedom after Welch and Satterthwaite; third differences repeat each other 2.31 times.
        var share = Math.PI / 2 * scatter / coated.Length / (error * error);
        var freedom = share > 0 ? Math.Max(1, (coated.Length - 3) / 2.31) / (share * share) : 1e6;
        var half = error * MathNet.Numerics.Distributions.StudentT.InvCDF(0, 1, Math.Min(1e6, freedom), 0.975);
        var median = Statistics.Median(coated);
        return new(new Estimate(median, error, median - half, median + half), Math.Sqrt(Math.Max(0, Statistics.Variance(coated) - scatter)), coated.Min(), coated.Max(), coated.Length / (double)all.Length, all);
    }

    /// <summary>Variance of measuring one strip, from third differences (of which it makes up 20 times itself): the edges' own course cancels best there.</summary>
    private static double Scatter(double[] strips)
    {
        double sum = 0;
        if (strips.Length < 6)
        {
            for (var i = 1; i < strips.Length; i++) { sum += Math.Pow(strips[i] - strips[i - 1], 2); }
            return sum / 2 / (strips.Length - 1);
        }
        for (var i = 3; i < strips.Length; i++) { sum += Math.Pow(strips[i] - (3 * strips[i - 1]) + (3 * strips[i - 2]) - strips[i - 3], 2); }
        return sum / 20 / (strips.Length - 3);
    }

    private sealed record Window(int X, int Y, float[] Power, double Weight);

    /// <summary>Spectra of all windows, half a window apart, whose middle lies inside; what lies outside is masked softly.</summary>
    private static List<Window> Windows(FringeGrid grid, bool[] inside, SpeckleTest test)
    {
        var size = test.Size;
        var taper = Enumerable.Range(0, size).Select(i => 0.5 * (1 - Math.Cos(2 * Math.PI * (i + 0.5) / size))).ToArray();
        var soft = grid.Smooth(Array.ConvertAll(inside, v => v ? 1f : 0), 0.2e-9);
        var places = Places(size / 2);
        for (var step = size / 2; places.Count > MostWindows; step += size / 4) { places = Places(step); }
        List<(int X, int Y)> Places(int step) => [.. from y in Steps(grid.Image.Height, step) from x in Steps(grid.Image.Width, step) where Share(x, y) > 0.7 select (x, y)];
        IEnumerable<int> Steps(int length, int step) => Enumerable.Range(0, Math.Max(0, ((length - size) / step) + 1)).Select(k => k * step);
        double Share(int x0, int y0)
        {
            double sum = 0, all = 0;
            for (var y = size / 8; y < size; y += size / 4)
            {
                for (var x = size / 8; x < size; x += size / 4)
                {
                    var weight = taper[x] * taper[y];
                    all += weight;
                    sum += weight * soft[(Math.Min(grid.Height - 1, (y0 + y) / grid.Cell) * grid.Width) + Math.Min(grid.Width - 1, (x0 + x) / grid.Cell)];
                }
            }
            return sum / all;
        }
        var results = new Window[places.Count];
        Parallel.For(0, places.Count, () => (Transform: new PlaneTransform(size), Values: new double[size * size], Power: new double[size * size]), (k, _, w) =>
        {
            var (x0, y0) = places[k];
            double weight = 0;
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++)
                {
                    var cell = (Math.Min(grid.Height - 1, (y0 + y) / grid.Cell) * grid.Width) + Math.Min(grid.Width - 1, (x0 + x) / grid.Cell);
                    var t = taper[x] * taper[y] * soft[cell];
                    weight += t * t;
                    w.Values[(y * size) + x] = t * grid.Fringe(x0 + x, y0 + y);
                }
            }
            results[k] = new(x0, y0, test.Spectrum(w.Transform, w.Values, w.Power), weight);
            return w;
        }, _ => { });
        return [.. results];
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

    private static MicrographPicture Picture(FringeGrid grid, CoatingEdges? edges, byte[] map, double[] halo, List<Window> windows, SpeckleTest test, double pixel)
    {
        var rings = Enumerable.Range(0, halo.Length).Where(r => double.IsFinite(halo[r])).ToArray();
        var highest = windows.Count == 0 ? [] : test.Highest([.. windows.Select(w => w.Power)]);
        return new(grid.Pixel, edges?.Points.ToArray() ?? [], grid.Length, grid.Width, map, [.. rings.Select(r => r / (test.Size * pixel))], [.. rings.Select(r => halo[r])], [.. rings.Select(r => highest[r])]);
    }
}
