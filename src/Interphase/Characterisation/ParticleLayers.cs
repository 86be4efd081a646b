using Interphase.Measurements;
using Interphase.Results;
using MathNet.Numerics.Statistics;

namespace Interphase.Characterisation;

/// <summary>Shell and grown layer of each particle of a map that stands alone.</summary>
internal static class ParticleLayers
{
    /// <summary>Free pixels that a particle needs around it, and the share of them that coating and layer together may fill.</summary>
    private const int Margin = 8;
    private const double Filled = 0.75;

    /// <summary>Coating and layer of every particle that neither touches another nor the border; the reason for the others.</summary>
    public static IReadOnlyList<(int Index, Shell? Shell, Estimate Layer, double LayerRadius, string? Reason)> Of(int width, int height, ParticleMask mask, IReadOnlyList<ElementMap> particle, IReadOnlyList<ElementMap> coating, IReadOnlyList<ElementMap> interphase, double pixel) =>
        [.. Enumerable.Range(1, mask.Count).AsParallel().AsOrdered().Select(k => One(k, width, height, mask, particle, coating, interphase, pixel))];

    private static (int Index, Shell? Shell, Estimate Layer, double LayerRadius, string? Reason) One(int index, int width, int height, ParticleMask mask, IReadOnlyList<ElementMap> particle, IReadOnlyList<ElementMap> coating, IReadOnlyList<ElementMap> interphase, double pixel)
    {
        (int, Shell?, Estimate, double, string?) None(string why) => (index, null, Estimate.Withheld(why), 0, why);
        var (left, right, top, bottom) = (width, -1, height, -1);
        for (var i = 0; i < mask.Labels.Length; i++)
        {
            if (mask.Labels[i] != index) { continue; }
            (left, right, top, bottom) = (Math.Min(left, i % width), Math.Max(right, i % width), Math.Min(top, i / width), Math.Max(bottom, i / width));
        }
        var free = Math.Min(Math.Min(left, width - 1 - right), Math.Min(top, height - 1 - bottom));
        for (var i = 0; i < mask.Labels.Length && free >= Margin; i++)
        {
            if (mask.Labels[i] == 0 || mask.Labels[i] == index) { continue; }
            var (x, y) = (i % width, i / width);
            // The other particle has a layer too: half of the way is its own.
            free = Math.Min(free, Math.Max(Math.Max(left - x, x - right), Math.Max(top - y, y - bottom)) / 2);
        }
        if (free < Margin) { return None("it touches another particle or the border of the map, or leaves less than eight pixels to them"); }
        var (x0, y0, w, h) = (left - free, top - free, right - left + 1 + (2 * free), bottom - top + 1 + (2 * free));
        ElementMap Cut(ElementMap m) => m with { Width = w, Height = h, Counts = [.. Enumerable.Range(0, w * h).Select(i => m.Counts[((y0 + (i / w)) * width) + x0 + (i % w)])] };
        ElementMap[] cutParticle = [.. particle.Select(Cut)], cutCoating = [.. coating.Select(Cut)];
        var shell = Shell.Fit(w, h, cutParticle, cutCoating, pixel, out var reason);
        if (interphase.Count == 0) { return shell is null ? None(reason!) : (index, shell, Estimate.Withheld("no interphase elements were named (--interphase)"), 0, null); }
        var layer = Shell.Fit(w, h, cutParticle, [.. interphase.Select(Cut)], pixel, out var why, cutCoating, shell);
        if (layer is null) { return (index, shell, Estimate.Withheld(why!), 0, why); }
        var all = (shell?.Thickness.Value ?? 0) + layer.Thickness.Value;
        return all > Filled * free * pixel ? None("its layer reaches too near to the next particle") : (index, shell, layer.Thickness, layer.CoreRadius.Value + (shell?.Thickness.Value ?? 0), null);
    }

    /// <summary>Mean over particles, weighted by the surface they lie on (the square of its radius), with what they differ by; the error is that of the particles mapped.</summary>
    public static (Estimate Mean, double Between) Mean(IReadOnlyList<(Estimate Value, double Radius)> layers)
    {
        var given = layers.Where(l => l.Value.HasValue).ToArray();
        if (given.Length == 0) { return (Estimate.Withheld("no particle that stands alone shows a layer"), double.NaN); }
        var total = given.Sum(l => l.Radius * l.Radius);
        double[] weight = [.. given.Select(l => l.Radius * l.Radius / total)];
        var mean = given.Zip(weight, (l, w) => w * l.Value.Value).Sum();
        var error = Math.Sqrt(given.Zip(weight, (l, w) => Math.Pow(w * l.Value.StandardError, 2)).Sum());
        // The scatter of the particles less that of measuring them.
        var between = given.Length < 2 ? double.NaN : Math.Sqrt(Math.Max(0, given.Select(l => l.Value.Value).Variance() - given.Average(l => l.Value.StandardError * l.Value.StandardError)));
        return (Estimate.Of(mean, error), between);
    }
}
