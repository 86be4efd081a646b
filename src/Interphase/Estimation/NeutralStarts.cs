namespace Interphase.Estimation;

/// <summary>Where a search begins when nothing is known but the bounds.</summary>
public static class NeutralStarts
{
    /// <summary>
    /// Places spread over the whole box between the bounds: a Latin hypercube (McKay, Beckman and Conover 1979), every parameter in
    /// every one of its equal slices once.
    /// </summary>
    /// <param name="parameters">Whose bounds span the box.</param>
    /// <param name="count">Number of places.</param>
    /// <param name="seed">Of the shuffle.</param>
    /// <returns>Values of all parameters for each place.</returns>
    public static double[][] Design(IReadOnlyList<FreeParameter> parameters, int count, int seed)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var random = new Random(seed);
        var design = new double[count][];
        for (var s = 0; s < count; s++) { design[s] = new double[parameters.Count]; }
        for (var i = 0; i < parameters.Count; i++)
        {
            var slices = Enumerable.Range(0, count).ToArray();
            random.Shuffle(slices);
            for (var s = 0; s < count; s++) { design[s][i] = parameters[i].Value((slices[s] + random.NextDouble()) / count); }
        }
        return design;
    }

    /// <summary>The best places of a design that lie apart from each other.</summary>
    /// <param name="parameters">Whose bounds span the box.</param>
    /// <param name="design">The places.</param>
    /// <param name="sums">Their sums of squares.</param>
    /// <param name="count">How many to pick.</param>
    /// <param name="apart">Least distance in at least one parameter, as a share of its range.</param>
    public static double[][] Best(IReadOnlyList<FreeParameter> parameters, double[][] design, double[] sums, int count, double apart = 0.2)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(sums);
        var picked = new List<double[]>();
        foreach (var k in Enumerable.Range(0, design.Length).OrderBy(k => double.IsNaN(sums[k]) ? double.PositiveInfinity : sums[k]))
        {
            if (picked.Count == count) { break; }
            if (picked.All(p => Distance(parameters, p, design[k]) >= apart)) { picked.Add(design[k]); }
        }
        return [.. picked];
    }

    /// <summary>The largest difference of two places in any parameter, as a share of its range.</summary>
    internal static double Distance(IReadOnlyList<FreeParameter> parameters, double[] a, double[] b) =>
        parameters.Select((p, i) => Math.Abs(p.Place(a[i]) - p.Place(b[i]))).DefaultIfEmpty(0).Max();
}
