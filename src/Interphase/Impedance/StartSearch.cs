using System.Numerics;
using Interphase.Measurements;

namespace Interphase.Impedance;

/// <summary>
/// Starting values from the data alone. Every top-level part is given shapes on a grid of time constants; for each choice
/// of shapes the sizes that fit best follow from a small non-negative linear problem. The best and most different choices
/// are the starts of the descent.
/// </summary>
internal static class StartSearch
{
    private const int MostChoices = 4000;
    private const int GridPoints = 14;
    private const int MostShapes = 900;
    private const int NestedVariants = 10;

    private sealed record Shape(int Block, int Step, double[] Parameters, Complex[] Z, bool Scales);

    /// <summary>Full sets of parameters, the most promising first.</summary>
    public static List<double[]> Starts(Circuit circuit, ImpedanceSpectrum spectrum, FitOptions options, int most)
    {
        var grid = new FrequencyGrid(spectrum.Frequency);
        var (weightReal, weightImaginary) = LeastSquares.RootWeights(spectrum, options.Weighting);
        var random = new Random(options.Seed);
        var blocks = circuit.Blocks;
        var shapes = new List<Shape>();
        var byBlock = new List<int>[blocks.Count];
        for (var b = 0; b < blocks.Count; b++)
        {
            var block = blocks[b];
            var part = circuit.Without(other => !ReferenceEquals(other, block), out var kept)!;
            byBlock[b] = [];
            foreach (var (step, parameters) in ShapesOf(part, grid, random, Math.Min(NestedVariants, MostShapes / blocks.Count / GridPoints)))
            {
                var model = new CircuitModel(part, grid);
                model.Evaluate(parameters, false);
                var z = model.Impedance.ToArray();
                if (!z.All(Complex.IsFinite)) { continue; }
                byBlock[b].Add(shapes.Count);
                var full = new double[circuit.Parameters.Count];
                Array.Fill(full, double.NaN);
                for (var i = 0; i < kept.Length; i++) { full[kept[i]] = parameters[i]; }
                var scales = part.Parameters.All(p => p.Value is null || p.Definition.OhmPower == 0);
                shapes.Add(new(b, step, full, z, scales));
            }
        }
        if (byBlock.Any(b => b.Count == 0)) { return []; }

        var n = grid.Count;
        var vectors = shapes.Select(s => Weighted(s.Z)).ToArray();
        var target = Weighted(spectrum.Impedance);
        var gram = new double[shapes.Count, shapes.Count];
        var right = new double[shapes.Count];
        for (var a = 0; a < shapes.Count; a++)
        {
            right[a] = Dot(vectors[a], target);
            for (var b = 0; b <= a; b++) { gram[a, b] = gram[b, a] = Dot(vectors[a], vectors[b]); }
        }

        var total = Dot(target, target);
        var scored = Choices(circuit, blocks, byBlock, shapes, random)
            .Select(choice => (choice, fit: Sizes(choice, shapes, gram, right, total)))
            .OrderBy(c => c.fit.Cost).ToList();
        var chosen = new List<(int[] Choice, double[] Sizes)>();
        foreach (var distance in (int[])[2, 1])
        {
            foreach (var (choice, fit) in scored)
            {
                if (chosen.Count >= most) { break; }
                if (chosen.All(c => Distance(c.Choice, choice, shapes) >= distance)) { chosen.Add((choice, fit.Sizes)); }
            }
        }
        var size = spectrum.Impedance.Max(z => z.Magnitude);
        return [.. chosen.Select(c => Assemble(circuit, c.Choice, c.Sizes, shapes, size))];

        double[] Weighted(Complex[] z) => [.. z.Select((c, i) => c.Real * weightReal[i]), .. z.Select((c, i) => c.Imaginary * weightImaginary[i])];
        double Dot(double[] a, double[] b)
        {
            double sum = 0;
            for (var i = 0; i < 2 * n; i++) { sum += a[i] * b[i]; }
            return sum;
        }
    }

    /// <summary>Sets of parameters of about one ohm, with their place on the grid of time constants.</summary>
    private static IEnumerable<(int Step, double[] Parameters)> ShapesOf(Circuit part, FrequencyGrid grid, Random random, int variants)
    {
        double fastest = 0.3 / grid.Omega.Max(), slowest = 3 / grid.Omega.Min();
        var leaves = Circuit.Leaves(part.Root).ToArray();
        var dynamic = leaves.Count(l => l is not ElementNode { Element.Symbol: "R" });
        double TimeAt(int i) => fastest * Math.Pow(slowest / fastest, i / (GridPoints - 1.0));
        if (leaves is [ElementNode { Element: var only }] && only.Parameters.All(p => p.OhmPower != 0 || p.Unit == "1"))
        {
            if (only.Parameters.Count == 1) { yield return (0, Fill(_ => (1, 1), null)); yield break; }
            foreach (var exponent in (double[])[0.3, 0.55, 0.75, 0.92])
            {
                yield return ((int)(exponent * 10), Fill(_ => (1, Math.Sqrt(fastest * slowest)), exponent));
            }
            yield break;
        }
        for (var i = 0; i < GridPoints; i++)
        {
            var time = TimeAt(i);
            yield return (i, Fill(_ => (1, time), null));
            if (dynamic < 2 && !leaves.Any(l => l is LineNode)) { continue; }
            for (var v = 0; v < variants; v++)
            {
                yield return (i, Fill(leaf => leaf == 0 ? (1, time) : (Math.Pow(10, (2 * random.NextDouble()) - 1), time * Math.Pow(10, (4 * random.NextDouble()) - 1)), null));
            }
        }

        double[] Fill(Func<int, (double Resistance, double Time)> at, double? exponent)
        {
            var p = new double[part.Parameters.Count];
            for (var l = 0; l < leaves.Length; l++)
            {
                var (resistance, time) = at(l);
                if (leaves[l] is ElementNode e)
                {
                    var own = p.AsSpan(e.Offset, e.Element.Parameters.Count);
                    e.Element.Typical(resistance, time, own);
                    if (exponent is { } x) { own[1] = x; }
                }
                else if (leaves[l] is LineNode line) { (p[line.Offset], p[line.Offset + 1]) = (resistance, resistance / 3); }
            }
            for (var i = 0; i < p.Length; i++) { p[i] = part.Parameters[i].Value ?? p[i]; }
            return p;
        }
    }

    /// <summary>One shape a part; parts of one form take time constants in one order only. At most a few thousand, evenly drawn.</summary>
    private static List<int[]> Choices(Circuit circuit, IReadOnlyList<CircuitNode> blocks, List<int>[] byBlock, List<Shape> shapes, Random random)
    {
        var twin = blocks.Select((b, i) => Enumerable.Range(0, i).LastOrDefault(j => ArcOrder.AreInterchangeable(circuit, blocks[j], b), -1)).ToArray();
        var all = byBlock.Aggregate(1.0, (product, b) => product * b.Count);
        if (all > 1e6)
        {
            var drawn = new List<int[]>();
            for (var i = 0; i < MostChoices; i++)
            {
                var choice = byBlock.Select(b => b[random.Next(b.Count)]).ToArray();
                for (var b = 0; b < blocks.Count; b++)
                {
                    for (var c = b; twin[c] >= 0 && shapes[choice[twin[c]]].Step > shapes[choice[c]].Step; c = twin[c])
                    {
                        // keep the order of twins by exchanging their places on the grid
                        var (first, second) = (byBlock[twin[c]].IndexOf(choice[twin[c]]), byBlock[c].IndexOf(choice[c]));
                        (choice[twin[c]], choice[c]) = (byBlock[twin[c]][second], byBlock[c][first]);
                    }
                }
                drawn.Add(choice);
            }
            return drawn;
        }
        var choices = new List<int[]>();
        var current = new int[blocks.Count];
        void Extend(int b)
        {
            if (b == blocks.Count) { choices.Add([.. current]); return; }
            foreach (var s in byBlock[b])
            {
                if (twin[b] >= 0 && shapes[s].Step <= shapes[current[twin[b]]].Step) { continue; }
                current[b] = s;
                Extend(b + 1);
            }
        }
        Extend(0);
        if (choices.Count > MostChoices)
        {
            random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(choices));
            choices.RemoveRange(MostChoices, choices.Count - MostChoices);
        }
        return choices;
    }

    /// <summary>Non-negative sizes by coordinate descent.</summary>
    private static (double[] Sizes, double Cost) Sizes(int[] choice, List<Shape> shapes, double[,] gram, double[] right, double total)
    {
        var k = choice.Length;
        var x = new double[k];
        for (var i = 0; i < k; i++) { x[i] = shapes[choice[i]].Scales ? 0 : 1; }
        for (var sweep = 0; sweep < 40; sweep++)
        {
            double change = 0;
            for (var i = 0; i < k; i++)
            {
                if (!shapes[choice[i]].Scales) { continue; }
                var residual = right[choice[i]];
                for (var j = 0; j < k; j++) { residual -= gram[choice[i], choice[j]] * x[j]; }
                var next = Math.Max(0, x[i] + (residual / gram[choice[i], choice[i]]));
                change = Math.Max(change, Math.Abs(next - x[i]) / (Math.Abs(next) + 1e-300));
                x[i] = next;
            }
            if (change < 1e-3) { break; }
        }
        var cost = total;
        for (var i = 0; i < k; i++)
        {
            cost -= 2 * x[i] * right[choice[i]];
            for (var j = 0; j < k; j++) { cost += x[i] * x[j] * gram[choice[i], choice[j]]; }
        }
        return (x, cost);
    }

    private static int Distance(int[] a, int[] b, List<Shape> shapes)
    {
        var largest = 0;
        for (var i = 0; i < a.Length; i++) { largest = Math.Max(largest, a[i] == b[i] ? 0 : Math.Max(1, Math.Abs(shapes[a[i]].Step - shapes[b[i]].Step))); }
        return largest;
    }

    private static double[] Assemble(Circuit circuit, int[] choice, double[] sizes, List<Shape> shapes, double largest)
    {
        var p = new double[circuit.Parameters.Count];
        for (var b = 0; b < choice.Length; b++)
        {
            var shape = shapes[choice[b]];
            var typical = shape.Z.Max(z => z.Magnitude);
            var size = shape.Scales ? Math.Max(sizes[b], 1e-4 * largest / typical) : 1;
            for (var i = 0; i < p.Length; i++)
            {
                if (double.IsNaN(shape.Parameters[i])) { continue; }
                var parameter = circuit.Parameters[i];
                p[i] = parameter.Value ?? Math.Clamp(shape.Parameters[i] * Math.Pow(size, parameter.Definition.OhmPower), parameter.Lower, parameter.Upper);
            }
        }
        return p;
    }
}
