using Interphase.Measurements;
using Interphase.Results;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>Electron diffraction: centre and ellipse, rings and spots with their spacings, amorphous or crystalline.</summary>
public static class DiffractionAnalysis
{
    /// <summary>Rise of the smooth part over its own envelope that is a halo; rings and spots that overlap leave less.</summary>
    private const double Halo = 0.7;

    /// <summary>Share of the spots that two vectors, or two pairs of them, have to explain, and what a spot has to have of the fifth strongest to count: where hardly any electron comes, two are a maximum.</summary>
    private const double Explained = 0.7, Counts = 0.05;

    /// <summary>Standard error of both components of an ellipse that nothing tells: cameras are stretched by about as much.</summary>
    private const double Unknown = 0.01;

    /// <summary>Error of a centre that nothing but the symmetry tells, pixels; of 200 made halos half are within 0.2 and one in twenty is off by more than 1.</summary>
    private const double Symmetric = 0.5;

    /// <summary>Share of the spots that have an opposite, for their middle to be the centre before a halo is asked.</summary>
    private const double Opposite = 0.3;

    /// <summary>Where the halo may begin, in parts of a lattice's shortest vector: atoms of a glass are hardly further apart than planes of a crystal, and the rim of a beam stop is no halo.</summary>
    private const double Nearest = 0.6;

    /// <summary>Analyses a pattern.</summary>
    /// <exception cref="InputException">It is no pattern, a coloured one, or its centre is not in the image.</exception>
    public static DiffractionResult Analyse(Measurement measurement, DiffractionOptions options)
    {
        ArgumentNullException.ThrowIfNull(measurement);
        ArgumentNullException.ThrowIfNull(options);
        var image = measurement.Micrograph ?? throw new InputException("the file holds no image", measurement.File, "name a diffraction pattern");
        if (image.Coloured > 0.05) { throw new InputException("brightness was turned into colours in this image", measurement.File, "export it in grey, best with 16 bits"); }
        if (!image.IsReciprocal && image.PixelSize is not null && options.PixelSize is null) { throw new InputException("this image is scaled in lengths: it is no diffraction pattern", measurement.File, "analyse it with the command micrograph, or state the reciprocal length of a pixel with --scale, as in '0.02 nm-1'"); }
        if (image.Width < 64 || image.Height < 64 || image.Pixels.Min() == image.Pixels.Max()) { throw new InputException("the image is too small or has one value only", measurement.File, "give the whole pattern"); }
        var warnings = new List<Warning>();
        if (image.IsColour || image.Bits <= 8) { warnings.Add(new("class", "the pattern has 8 bits: weak rings and the shares of intensity are doubtful")); }
        var (x, y, correlation) = PatternCentre.Find(image);
        var refuse = new InputException("the pattern's centre is not in the image, or it has no symmetry about one", measurement.File, "give the whole pattern with its centre");
        if (correlation < 0.15) { throw refuse; }
        // A ring fixes the centre far better than the symmetry does; its ellipse is that of the camera.
        var known = Known(options);
        EllipseFit Fit(double cx, double cy, double error = double.NaN) => new(cx, cy, known?.Cos ?? 0, known?.Sin ?? 0, error, double.NaN);
        var fit = Fit(x, y).Refined(image, halo: false).With(known);
        var profile = RadialProfile.Of(image, fit.X, fit.Y, fit.Cos, fit.Sin);
        var spots = SpotLattice.Find(image, fit.X, fit.Y, profile);
        if (double.IsNaN(fit.Error))
        {
            // Opposite spots tell the centre better than the symmetry of all pixels, most of which hold noise, and than a halo; of what noise makes few are opposite.
            var middle = SpotLattice.Middle([.. Strong(spots)]);
            fit = middle is { } m && m.Share > Opposite ? fit with { X = fit.X + m.X, Y = fit.Y + m.Y, Error = m.Error } : (fit with { EllipseError = double.NaN }).Refined(image, halo: true);
            // Spots on a halo displace parts of it as an ellipse would.
            if (middle is not null) { fit = Fit(fit.X, fit.Y, fit.Error); }
            fit = fit.With(known);
            profile = RadialProfile.Of(image, fit.X, fit.Y, fit.Cos, fit.Sin);
            spots = SpotLattice.Find(image, fit.X, fit.Y, profile);
        }
        var (strong, lattices) = Placed(spots, fit);
        var onLattice = lattices.Sum(l => l.Spots.Count(s => strong.Contains(s.Spot))) > Explained * strong.Count;
        if (onLattice && double.IsFinite(fit.EllipseError) && fit.EllipseError != known?.EllipseError && Filled(profile.Peaks()) <= 0.5 && SpotLattice.Middle([.. Strong(spots)]) is { } own)
        {
            // Where crystals explain what is sharp, what seemed a ring was the top of a halo.
            fit = Fit(fit.X + own.X, fit.Y + own.Y, own.Error).With(known);
            profile = RadialProfile.Of(image, fit.X, fit.Y, fit.Cos, fit.Sin);
            spots = SpotLattice.Find(image, fit.X, fit.Y, profile);
            (strong, lattices) = Placed(spots, fit);
            onLattice = lattices.Sum(l => l.Spots.Count(s => strong.Contains(s.Spot))) > Explained * strong.Count;
        }
        // A few spots on nearly nothing agree little with themselves turned by half; that they are whole numbers of two vectors from the centre tells it.
        if ((correlation < 0.3 || profile.Lopsided > 0.5) && !onLattice) { throw refuse; }
        // Half of the way between two spots a lattice is as symmetric as about its centre.
        if (onLattice && lattices[0].Spots.Where(s => strong.Contains(s.Spot)).ToArray() is var on && (on.All(s => s.H % 2 != 0) || on.All(s => s.K % 2 != 0) || on.All(s => (s.H + s.K) % 2 != 0)))
        {
            throw new InputException("the pattern is as symmetric about a place between its spots as about its centre, and which is the centre is not told", measurement.File, "give a pattern that shows the central beam, or crop it about its centre");
        }
        var pixel = options.PixelSize ?? (image.IsReciprocal ? image.PixelSize : null);
        if (pixel is null) { warnings.Add(new("rings.d_nm", "the file does not say the scale of the pattern; state the reciprocal length of a pixel with --scale, as in '0.02 nm-1'")); }
        // Whether anything is sharp is asked of what stands over the smooth part; where it does, every maximum is listed.
        var sharp = profile.Peaks();
        IReadOnlyList<RadialPeak> peaks = sharp.Count == 0 ? [] : profile.Lines();
        var spread = double.IsNaN(fit.Error) ? Symmetric : fit.Error;
        var bent = double.IsNaN(fit.EllipseError) ? Unknown : fit.EllipseError;
        double Error(RadialPeak p) => Math.Sqrt((p.Error * p.Error) + Math.Pow(spread * profile.Unevenness(p.Radius, 1), 2) + Math.Pow(0.5 * p.Radius * bent * profile.Unevenness(p.Radius, 2), 2));
        var radii = peaks.Select(p => Estimate.Of(p.Radius, Error(p))).ToArray();
        var spacings = radii.Select(r => pixel is { } k ? Estimate.Of(1 / (r.Value * k), r.StandardError / (r.Value * r.Value * k)) : Estimate.Withheld("the pattern has no scale")).ToArray();
        var told = spacings.Where(s => s.HasValue).ToArray();
        var filled = Filled(sharp);
        onLattice &= sharp.Count > 0 && filled <= 0.5;
        DiffractionLattice[] zones = onLattice ? [.. lattices.Select((l, i) => DiffractionLattice.Of(l, i, fit, pixel, bent, options.Phases, warnings))] : [];
        // Spots of a crystal that is named are its own, those too that no powder of it shows.
        string[] named = [.. zones.Select(z => z.Zone?.Phase).OfType<string>()];
        var matches = SpacingMatch.Of(told, 0.01, options.Phases.Where(p => named.Length == 0 || named.Contains(p.Name)));
        var rings = new List<DiffractionRing>();
        for (var (i, m) = (0, 0); i < peaks.Count; i++)
        {
            var match = spacings[i].HasValue ? matches[m++] : new(spacings[i], null, null);
            if (Indexed(zones, fit, radii[i].Value) is var (phase, line)) { match = match with { Phase = phase, Line = line }; }
            rings.Add(new(radii[i], match, peaks[i].Width, peaks[i].Angular));
        }
        // Many spots leave no gap between them: whether there is a halo is asked without them.
        var state = sharp.Count == 0 ? "amorphous" : filled > 0.5 ? "rings" : (onLattice ? Without(image, fit, spots).Halo([], Nearest * lattices.Min(l => Math.Min(l.A, l.B))) : profile.Halo(sharp)) > Halo ? "mixed" : "spots";
        if (sharp.Count == 0) { warnings.Add(new("rings", "no ring or spot is sharper than the halo")); }
        if (spots.Count(s => s.Clipped) is > 0 and var cut) { warnings.Add(new("lattices", $"{cut} of {spots.Count} spots are cut at {image.Pixels.Max():0}: the detector was saturated, and their intensities are lost; expose for a shorter time, and compare lattices with such a pattern before they are believed")); }
        var (ellipticity, direction) = Ellipse(fit, known, options, warnings);
        return new(state, Estimate.Of(fit.X, spread), Estimate.Of(fit.Y, spread), ellipticity, direction, rings, profile.Radius, profile.Median, pixel, warnings) { Lattices = zones };
    }

    /// <summary>Long over short axis less one, and the direction of the long one where it is told.</summary>
    private static (Estimate Ellipticity, Estimate Degrees) Ellipse(EllipseFit fit, EllipseFit? known, DiffractionOptions options, List<Warning> warnings)
    {
        if (known is { } k && fit.EllipseError == k.EllipseError) { return (options.Ellipticity!.Value, options.Ellipticity.Value.Value > 0 ? Estimate.Of(options.EllipseDegrees, Math.Min(90, k.EllipseError / Math.Sqrt((k.Cos * k.Cos) + (k.Sin * k.Sin)) * 90 / Math.PI)) : Estimate.Withheld("the camera is round")); }
        if (known is not null && Math.Sqrt(Math.Pow(fit.Cos - known.Cos, 2) + Math.Pow(fit.Sin - known.Sin, 2)) > 3.5 * WilliamsonHall.Both(fit.EllipseError, known.EllipseError)) { warnings.Add(new("ellipticity", "this pattern's own ellipse is taken, and it is not the one that was given: the camera was another, or set otherwise")); }
        if (double.IsNaN(fit.EllipseError))
        {
            const string none = "no ring is continuous enough to tell an ellipse";
            warnings.AddRange([new("ellipticity", $"{none}: the camera is taken to be round within ± 1 %, and spacings and angles of spots carry that; give what a pattern of rings of the same camera says with --ellipticity"), new("ellipse_deg", none)]);
            return (Estimate.Withheld(none), Estimate.Withheld(none));
        }
        var log = VectorLength.Of(Math.Sqrt((fit.Cos * fit.Cos) + (fit.Sin * fit.Sin)), fit.EllipseError);
        var ellipticity = new Estimate(Math.Exp(log.Value) - 1, log.StandardError * Math.Exp(log.Value), Math.Exp(log.Lower95) - 1, Math.Exp(log.Upper95) - 1);
        if (log.Lower95 > 0) { return (ellipticity, Estimate.Of(Math.Atan2(fit.Sin, fit.Cos) * 90 / Math.PI, fit.EllipseError / log.Value * 90 / Math.PI)); }
        const string round = "within its error the pattern is round, so that nothing has a direction";
        warnings.Add(new("ellipse_deg", round));
        return (ellipticity, Estimate.Withheld(round));
    }

    /// <summary>An ellipse that was given, as components.</summary>
    private static EllipseFit? Known(DiffractionOptions options)
    {
        if (options.Ellipticity is not { } e) { return null; }
        var (log, twice) = (Math.Log(1 + e.Value), options.EllipseDegrees * Math.PI / 90);
        return new(0, 0, log * Math.Cos(twice), log * Math.Sin(twice), double.NaN, Math.Max(e.StandardError / (1 + e.Value), 1e-5));
    }

    private static IEnumerable<DiffractionSpot> Strong(IReadOnlyList<DiffractionSpot> spots) => spots.Where(s => s.Intensity > Counts * spots[Math.Min(4, spots.Count - 1)].Intensity);

    /// <summary>Strong spots where a round camera would have them, and the lattices that enough of them lie on.</summary>
    private static (HashSet<DiffractionSpot> Strong, SpotLattice[] Lattices) Placed(IReadOnlyList<DiffractionSpot> seen, EllipseFit fit)
    {
        DiffractionSpot[] spots = [.. seen.Select(s => fit.Round(s.X, s.Y) is var (x, y) ? s with { X = x, Y = y } : s)];
        var strong = Strong(spots).ToHashSet();
        return (strong, [.. SpotLattice.Of(spots).Where(l => l.Spots.Count(s => strong.Contains(s.Spot)) >= SpotLattice.Fewest)]);
    }

    /// <summary>How evenly the strongest lines fill their circles: the median over the angle sees continuous rings as the mean does; single grains it does not see.</summary>
    private static double Filled(IReadOnlyList<RadialPeak> sharp) => sharp.Count == 0 ? 0 : sharp.OrderByDescending(p => p.Height).Take(5).Select(p => p.Filled).Median();

    /// <summary>Phase and indices of the spot of a named zone that lies at a radius (pixels); null where none does. Of two opposite spots the one with l above zero is named.</summary>
    private static (string Phase, string Line)? Indexed(IReadOnlyList<DiffractionLattice> zones, EllipseFit fit, double radius)
    {
        var near = zones.Where(z => z.Zone is not null).SelectMany(z => z.Spots.Select(s => (z.Zone!.Phase, Line: s.Indices!.Value, Off: fit.Round(s.X, s.Y) is var (x, y) ? Math.Abs(Math.Sqrt((x * x) + (y * y)) - radius) : 0)))
            .Where(s => s.Off < 1).OrderBy(s => s.Off).ToArray();
        return near is not [var (phase, (h, k, l), _), ..] ? null : (phase, l < 0 || (l == 0 && h < 0) ? SpacingMatch.Indices(-h, -k, -l) : SpacingMatch.Indices(h, k, l));
    }

    /// <summary>The pattern by radius without its spots.</summary>
    private static RadialProfile Without(Micrograph image, EllipseFit fit, IReadOnlyList<DiffractionSpot> spots)
    {
        const int reach = 4;
        var hidden = new bool[image.Pixels.Length];
        foreach (var s in spots)
        {
            int cx = (int)Math.Round(fit.X + s.X), cy = (int)Math.Round(fit.Y + s.Y);
            for (var y = Math.Max(0, cy - reach); y <= Math.Min(image.Height - 1, cy + reach); y++)
            {
                for (var x = Math.Max(0, cx - reach); x <= Math.Min(image.Width - 1, cx + reach); x++) { hidden[(y * image.Width) + x] = true; }
            }
        }
        return RadialProfile.Of(image, fit.X, fit.Y, fit.Cos, fit.Sin, hidden);
    }
}
