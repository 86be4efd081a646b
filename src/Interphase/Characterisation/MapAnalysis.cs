using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Characterisation;

/// <summary>How element maps are analysed.</summary>
public sealed record MapOptions
{
    /// <summary>Elements of the coating.</summary>
    public required IReadOnlyList<string> Coating { get; init; }

    /// <summary>Elements of the particle.</summary>
    public required IReadOnlyList<string> Particle { get; init; }

    /// <summary>Elements of a layer grown on cycling; empty where none is asked for.</summary>
    public IReadOnlyList<string> Interphase { get; init; } = [];

    /// <summary>Size of a pixel, m; overrides the files.</summary>
    public double? PixelSize { get; init; }

    /// <summary>What makes counts of the two coating elements a composition; null where not known.</summary>
    public CliffLorimer? KFactor { get; init; }
}

/// <summary>One particle: its number from the top left, the covered share of its pixels, and whether it is coated at all; null where its counts do not tell.</summary>
public sealed record MappedParticle(int Index, Estimate Coverage, bool? Coated, int Pixels)
{
    /// <summary>Thickness of its coating, m; withheld where it does not stand alone.</summary>
    public Estimate Shell { get; init; } = Estimate.Withheld("not measured");

    /// <summary>Thickness of the layer grown on it, m.</summary>
    public Estimate Interphase { get; init; } = Estimate.Withheld("not measured");
}

/// <summary>Whether two coating elements keep one ratio: the p-value of that, and the ratio of the second to the first.</summary>
public sealed record RatioVerdict(bool Constant, double PValue, Estimate Ratio)
{
    /// <summary>Share of the second element in the atoms of both; null without a Cliff–Lorimer factor.</summary>
    public (string Element, Estimate Share)? Composition { get; init; }
}

/// <summary>What element maps say.</summary>
public sealed record MapResult(Estimate Coverage, Estimate Variation, IReadOnlyList<MappedParticle> Particles, RatioVerdict? Ratio, Shell? Shell, Estimate Interphase, IReadOnlyList<Warning> Warnings)
{
    /// <summary>Patches of the coating; null for a single particle or too few pixels.</summary>
    public MapTexture? Texture { get; init; }

    /// <summary>Standard deviation of the layer's thickness between particles, m, freed of the error of measuring each; NaN for a single one.</summary>
    public double InterphaseBetween { get; init; } = double.NaN;

    /// <summary>Mean thickness of the coating over particles that stand alone, m, and their standard deviation.</summary>
    public (Estimate Mean, double Between) Shells { get; init; } = (Estimate.Withheld("a single particle"), double.NaN);

    /// <summary>How far elements lie in the same places on the particles, pair by pair; none for a single particle, where places are depths.</summary>
    public IReadOnlyList<Colocalisation> Together { get; init; } = [];

    /// <summary>X-ray lines that lie on others in these maps.</summary>
    public IReadOnlyList<LineOverlap> Overlaps { get; init; } = [];

    /// <summary>The particle each pixel belongs to, row by row from the top left; 0 for none.</summary>
    public IReadOnlyList<int> Labels { get; init; } = [];

    /// <summary>Size of a pixel, m; null where unknown.</summary>
    public double? PixelSize { get; init; }
}

/// <summary>Element maps: coverage, uniformity, uncoated particles, constancy of composition, and the shell of a single particle.</summary>
public static class MapAnalysis
{
    private const int MostCounts = 250;

    /// <summary>A particle has so many times the counts of its surroundings: what noise alone parts in two has not.</summary>
    private const double Stands = 1.5;

    /// <summary>Analyses maps of one field of view.</summary>
    /// <exception cref="InputException">Sizes differ, an element has two maps or serves for coating and particle, one that is asked for has none, values were stretched, cut off or filtered, or no particle stands out.</exception>
    public static MapResult Analyse(IReadOnlyList<ElementMap> maps, MapOptions options)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(options);
        var (width, height) = (maps[0].Width, maps[0].Height);
        foreach (var m in maps.Where(m => (m.Width, m.Height) != (width, height)))
        {
            throw new InputException($"the map is {m.Width} × {m.Height}, another is {width} × {height}", m.File, "give maps of one field of view");
        }
        if (maps.GroupBy(m => m.Element, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new InputException($"there are {twice.Count()} maps of {twice.Key}", string.Join(", ", twice.Select(m => m.File)), "give one map an element, all of one field of view");
        }
        if (options.Coating.Intersect(options.Particle, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } both)
        {
            throw new InputException($"{both} is named for the coating and for the particle", "--coating, --particle", "name elements that one of them has and the other has not");
        }
        var warnings = new List<Warning>();
        bool Named(ElementMap m) => options.Coating.Concat(options.Particle).Concat(options.Interphase).Contains(m.Element, StringComparer.OrdinalIgnoreCase);
        maps = [.. maps.Select(m => Named(m) ? MapCounts.Of(m, warnings) : m)];
        ElementMap Find(string element) => maps.FirstOrDefault(m => m.Element.Equals(element, StringComparison.OrdinalIgnoreCase))
            ?? throw new InputException($"there is no map of {element}", string.Join(", ", maps.Select(m => m.Element)), $"add its file, as in {element}=FILE");
        var particle = options.Particle.Select(Find).ToArray();
        var mask = ParticleMask.Of(width, height, particle);
        double Particles(bool inside) => Enumerable.Range(0, width * height).Where(i => mask.Labels[i] > 0 == inside).Select(i => particle.Sum(m => m.Counts[i])).DefaultIfEmpty(0).Average();
        if (mask.Count == 0 || Particles(true) < Stands * Particles(false)) { throw new InputException("no particle stands out from its surroundings in the map of its elements", options.Particle[0], "name elements of the particle alone, and map it with free space around it"); }
        (maps, var left, var top) = MapDrift.Correct(maps, [.. maps.Where(m => Named(m) && !options.Particle.Contains(m.Element, StringComparer.OrdinalIgnoreCase))], options.Particle[0], mask, warnings);
        var (wholeWidth, wholeHeight) = (width, height);
        if ((maps[0].Width, maps[0].Height) != (width, height))
        {
            (width, height) = (maps[0].Width, maps[0].Height);
            particle = [.. options.Particle.Select(Find)];
            mask = ParticleMask.Of(width, height, particle);
        }
        var coating = options.Coating.Select(Find).ToArray();
        var pixel = options.PixelSize ?? maps.Select(m => m.PixelSize).FirstOrDefault(p => p is not null);

        var inside = mask.Labels;
        var outside = mask.Outside(width, height, 3);
        var counts = new int[width * height];
        foreach (var map in coating)
        {
            for (var i = 0; i < counts.Length; i++) { counts[i] += map.Counts[i]; }
        }
        var brightest = counts.Max();
        if (brightest > MostCounts)
        {
            // Of Poisson counts, those that are kept by chance with one probability are Poisson counts again: fewer, and quick to compare.
            var random = new Random(1);
            counts = Array.ConvertAll(counts, c => Kept(c, (double)MostCounts / brightest, random));
        }
        var away = Enumerable.Range(0, counts.Length).Where(i => outside[i]).Select(i => (double)counts[i]).DefaultIfEmpty(0).Average();
        var most = Enumerable.Range(0, counts.Length).Where(i => inside[i] > 0).Max(i => counts[i]);
        double[] Histogram(IEnumerable<int> pixels)
        {
            var h = new double[most + 2];
            foreach (var i in pixels) { h[counts[i]]++; }
            return h;
        }

        // The outermost pixels hold partly the surroundings; they would pass for bare.
        var blur = ProbeBlur.Of(width, height, particle, inside);
        var deep = mask.Inside(width, height, mask.Count > 1 && blur <= ProbeBlur.Widest ? Math.Max(2, 2 * blur) : 2);
        var members = Enumerable.Range(0, mask.Count + 1).Select(_ => new List<int>()).ToArray();
        var all = new List<int>();
        for (var i = 0; i < inside.Length; i++)
        {
            if (inside[i] == 0 || !deep[i]) { continue; }
            members[inside[i]].Add(i);
            all.Add(i);
        }
        Estimate coverage, variation;
        var particles = new List<MappedParticle>();
        var single = mask.Count == 1;
        if (all.Count < 200) { throw new InputException("the particles cover too few pixels", options.Particle[0], "map at higher magnification"); }
        if (single)
        {
            // One particle seen in projection: its rim is bright and its middle dark however even the shell is.
            coverage = Estimate.Withheld("a single particle is judged by its rim: see shell.uncoveredArcs_deg");
            variation = Estimate.Withheld("a single particle shows its shell in projection, which is not even by itself");
        }
        else
        {
            // Lines that lie on one of the particle's do not tell a covered particle from a bare one.
            var own = coating.Where(m => !LineOverlap.Of(options, []).Any(o => o.Element.Equals(m.Element, StringComparison.OrdinalIgnoreCase) && options.Particle.Contains(o.Other, StringComparer.OrdinalIgnoreCase))).ToArray();
            // What continuum makes of a bare particle is only known where no line of the particle lies there too.
            var mostBare = own.Length == coating.Length && away > 0 ? CoverageInterval.Continuum * away : double.PositiveInfinity;
            var (edges, each) = HoleEdges.Of(Histogram(all), away, counts, inside, deep, width, height, blur <= ProbeBlur.Widest ? blur : 0);
            double Level(Func<int, double> of, Func<int, double> weight) => Enumerable.Range(0, counts.Length).Sum(i => weight(i) * of(i)) / Math.Max(1e-9, Enumerable.Range(0, counts.Length).Sum(weight));
            double Own(int i) => own.Sum(m => m.Counts[i]);
            var mostOwn = CoverageInterval.Continuum * Level(Own, i => outside[i] ? 1 : 0);
            double ExcessOfBare(CoverageMixture m)
            {
                var bareness = m.Bareness(most + 2);
                return mostOwn > 0 ? Level(Own, i => inside[i] > 0 && deep[i] ? bareness[counts[i]] : 0) / mostOwn : 0;
            }

            (var mixture, coverage, variation, var alike) = CoverageInterval.Of(Histogram(all), away, MapTexture.Patch(counts, inside, deep, width, height), mostBare, edges, ExcessOfBare);
            var contrast = (mixture.Mean - mixture.Bare) / Math.Sqrt(Math.Max(mixture.Bare, 0.1));
            var reason = contrast < 1 || mixture.Mean < 1.5 * Math.Max(away, 0.02) ? "the coating's lines hardly exceed the background: count longer"
                : alike && Level(Own, i => inside[i] > 0 && deep[i] ? 1 : 0) < mostOwn ? "all pixels are of one kind, and no line that is the coating's alone exceeds what continuum makes of a bare particle: covered all over or bare all over is not told"
                : null;
            if (reason is not null) { (coverage, variation) = (Estimate.Withheld(reason), Estimate.Withheld(reason)); }
            else if (alike)
            {
                warnings.Add(new("coverage.value", FormattableString.Invariant($"covered pixels of one kind explain the counts; thin places may hide bare ones: at least {coverage.Lower95:0.00}")));
                if (own.Length < coating.Length) { variation = Estimate.Withheld("a line of the coating lies on one of the particle, and no bare pixel tells how much of it is the particle's"); }
            }
            else if (!(blur <= ProbeBlur.Widest))
            {
                warnings.Add(new("coverage.value", double.IsNaN(blur) ? "the particles show too little outline to tell how wide the probe is: what it blurs over the edges of holes counts as covered"
                    : FormattableString.Invariant($"the particles' outlines run out over {blur:0.0} pixels (standard deviation), by a wide probe or by their shape: what the probe blurs over the edges of holes counts as covered")));
            }
            else if (mixture.AllMixed)
            {
                warnings.Add(new("coverage.value", FormattableString.Invariant($"holes or islands of the coating are hardly wider than the probe (standard deviation {blur:0.0} pixels): map more finely")));
            }
            foreach (var k in Enumerable.Range(1, mask.Count).Where(k => members[k].Count > 0))
            {
                // Each has its own length of edges.
                var (c, e) = (edges.Share > 0 ? mixture with { Edges = mixture.Edges / edges.Share * each[k].Share } : mixture).Share(Histogram(members[k]));
                var error = Math.Sqrt((e * e) + (coverage.HasValue ? coverage.StandardError * coverage.StandardError : 0));
                particles.Add(new(k, coverage.HasValue ? Estimate.Of(c, error) : Estimate.Withheld("see coverage"), !coverage.HasValue ? null : c > 0.15 && c > 2 * error ? true : c + (2 * error) < 0.4 ? false : null, members[k].Count));
            }
        }
        if (!coverage.HasValue) { warnings.Add(new("coverage.value", coverage.Reason!)); }
        if (!variation.HasValue) { warnings.Add(new("uniformity.coefficientOfVariation", variation.Reason!)); }

        RatioVerdict? ratio = null;
        if (coating.Length == 2) { ratio = CompositionTest.Of(coating[0], coating[1], particle, inside, width, height); }
        if (ratio is null) { warnings.Add(new("ratio", coating.Length == 2 ? "too few counts to test whether the ratio is constant" : "a ratio needs two coating elements")); }
        else if (options.KFactor is { } factor) { ratio = ratio with { Composition = (coating[1].Element, factor.Share(coating[0].Element, coating[1].Element, ratio.Ratio)) }; }
        if (ratio is { Ratio.HasValue: false }) { warnings.Add(new("ratio.value", ratio.Ratio.Reason!)); }

        Shell? shell = null;
        var grown = Estimate.Withheld("no interphase elements were named (--interphase)");
        (Estimate Mean, double Between) shells = (Estimate.Withheld("a single particle"), double.NaN);
        var between = double.NaN;
        if (!single)
        {
            warnings.Add(new("shell", "this map has several particles: see particles[].shell_nm"));
            if (pixel is { } length)
            {
                var layers = ParticleLayers.Of(width, height, mask, particle, coating, [.. options.Interphase.Select(Find)], length);
                particles = [.. particles.Select(p => layers[p.Index - 1] is var l ? p with { Shell = l.Shell?.Thickness ?? Estimate.Withheld(l.Reason ?? "no coating stands out from its rim"), Interphase = l.Layer } : p)];
                shells = ParticleLayers.Mean([.. layers.Select(l => (l.Shell?.Thickness ?? Estimate.Withheld(""), l.Shell?.CoreRadius.Value ?? 0))]);
                if (options.Interphase.Count > 0) { (grown, between) = ParticleLayers.Mean([.. layers.Select(l => (l.Layer, l.LayerRadius))]); }
                var alone = layers.Count(l => l.Reason is null);
                if (alone < layers.Count) { warnings.Add(new("particles", $"{layers.Count - alone} of {layers.Count} particles have no thickness: {string.Join("; ", layers.Where(l => l.Reason is not null).GroupBy(l => l.Reason).Select(g => $"{string.Join(", ", g.Select(l => l.Index))}: {g.Key}"))}")); }
            }
            else if (options.Interphase.Count > 0) { grown = Estimate.Withheld("the files do not say the size of a pixel; state it with --scale"); }
        }
        else if (pixel is not { } size) { warnings.Add(new("shell", "the files do not say the size of a pixel; state it with --scale")); }
        else
        {
            shell = Shell.Fit(width, height, particle, coating, size, out var reason);
            if (shell is null) { warnings.Add(new("shell", reason!)); }
            if (options.Interphase.Count > 0)
            {
                // Nb L lies under S K and P K: the coating's own profile may leak into the layer's maps.
                var layer = Shell.Fit(width, height, particle, [.. options.Interphase.Select(Find)], size, out var why, coating, shell);
                grown = layer is null ? Estimate.Withheld(why!) : layer.Thickness;
            }
        }
        if (options.Interphase.Count > 0 && !grown.HasValue) { warnings.Add(new("interphase.thickness_nm", grown.Reason ?? "state the size of a pixel with --scale")); }
        var overlaps = LineOverlap.Of(options, [.. maps.Select(m => m.Element)]);
        foreach (var o in overlaps.Where(o => o is { Mapped: true, TakenUp: false })) { warnings.Add(new("overlaps", $"{o.Lines} keV: {o.Text}")); }
        var texture = single ? null : MapTexture.Of(counts, inside, deep, width, height);
        if (!single && texture is null) { warnings.Add(new("texture", "too few pixels to tell patches from counting noise")); }
        else if (texture is { } t && double.IsNaN(t.Corrected)) { warnings.Add(new("texture.corrected", "the counts vary no more than counting noise makes them")); }
        ElementMap[] named = [.. coating, .. particle, .. options.Interphase.Select(Find)];
        Colocalisation[] together = single ? [] : [.. named.SelectMany((a, i) => named.Skip(i + 1).Where(b => !particle.Contains(a) || !particle.Contains(b)).Select(b => Colocalisation.Of(a, b, all)))];
        foreach (var why in together.Select(t => t.Pearson.Reason).OfType<string>().Distinct()) { warnings.Add(new("colocalisation", why)); }
        var labels = new int[wholeWidth * wholeHeight];
        for (var i = 0; i < inside.Length; i++) { labels[((top + (i / width)) * wholeWidth) + left + (i % width)] = inside[i]; }
        return new(coverage, variation, particles, ratio, shell, grown, warnings) { Together = together, Texture = texture, Labels = labels, PixelSize = pixel, Shells = shells, InterphaseBetween = between, Overlaps = overlaps };
    }

    /// <summary>How many of the counts are kept with a probability; the normal distribution where it is as good.</summary>
    private static int Kept(int counts, double probability, Random random) => counts * probability < 30
        ? Enumerable.Range(0, counts < 1000 ? counts : 0).Count(_ => random.NextDouble() < probability) + (counts < 1000 ? 0 : MathNet.Numerics.Distributions.Poisson.Sample(random, counts * probability))
        : Math.Clamp((int)Math.Round(MathNet.Numerics.Distributions.Normal.Sample(random, counts * probability, Math.Sqrt(counts * probability * (1 - probability)))), 0, counts);

    /// <summary>The contract's keys and units.</summary>
    public static object Contract(this MapResult r)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new
        {
            coverage = new { value = r.Coverage.Value, standardError = r.Coverage.StandardError, lower95 = r.Coverage.Lower95, upper95 = r.Coverage.Upper95 },
            uniformity = new { coefficientOfVariation = r.Variation.Value, standardError = r.Variation.StandardError, lower95 = r.Variation.Lower95, upper95 = r.Variation.Upper95 },
            particles = r.Particles.Select(p => new { index = p.Index, coverage = p.Coverage.Value, standardError = p.Coverage.StandardError, coated = p.Coated, pixels = p.Pixels, shell_nm = p.Shell.Value * 1e9, shellStandardError = p.Shell.StandardError * 1e9, interphase_nm = p.Interphase.Value * 1e9, interphaseStandardError = p.Interphase.StandardError * 1e9 }),
            texture = r.Texture is not { } x ? null : new { moransI = x.MoransI, pValue = x.PValue, corrected = x.Corrected },
            ratio = r.Ratio is not { } q ? null : new { constant = q.Constant, pValue = q.PValue, value = q.Ratio.Value, standardError = q.Ratio.StandardError, composition = q.Composition is not { } at ? null : new { element = at.Element, atomicShare = at.Share.Value, standardError = at.Share.StandardError, lower95 = at.Share.Lower95, upper95 = at.Share.Upper95 } },
            colocalisation = r.Together.Select(t => new { first = t.First, second = t.Second, pearson = t.Pearson.Value, standardError = t.Pearson.StandardError, lower95 = t.Pearson.Lower95, upper95 = t.Pearson.Upper95 }),
            shell = r.Shell is not { } s ? null : new
            {
                thickness_nm = s.Thickness.Value * 1e9, standardError = s.Thickness.StandardError * 1e9, coreRadius_nm = s.CoreRadius.Value * 1e9,
                uncoveredArcs_deg = s.Uncovered.Select(a => new[] { a.From, a.To }),
            },
            shells = new { thickness_nm = r.Shells.Mean.Value * 1e9, standardError = r.Shells.Mean.StandardError * 1e9, betweenParticles_nm = r.Shells.Between * 1e9 },
            interphase = new { thickness_nm = r.Interphase.Value * 1e9, standardError = r.Interphase.StandardError * 1e9, betweenParticles_nm = r.InterphaseBetween * 1e9 },
            overlaps = r.Overlaps.Select(o => new { element = o.Element, other = o.Other, lines_keV = o.Lines, mapped = o.Mapped, takenUp = o.TakenUp, text = o.Text }),
            warnings = r.Warnings,
        };
    }
}
