using System.Numerics;

namespace Interphase.Impedance;

/// <summary>
/// A circuit at given frequencies, evaluated again and again: it owns its workspace and allocates nothing after construction.
/// Impedances go up the circuit; sensitivities go down: a part in parallel is felt with the factor (Z/Z_part)².
/// </summary>
internal sealed class CircuitModel
{
    private readonly FrequencyGrid grid;
    private readonly Part root;
    private readonly Complex[] derivatives;

    public CircuitModel(Circuit circuit, FrequencyGrid grid)
    {
        this.grid = grid;
        ParameterCount = circuit.Parameters.Count;
        derivatives = new Complex[ParameterCount * grid.Count];
        root = new Part(circuit.Root, grid.Count);
    }

    public int ParameterCount { get; }

    public int Count => grid.Count;

    /// <summary>Impedance of the last evaluation.</summary>
    public ReadOnlySpan<Complex> Impedance => root.Z;

    /// <summary>∂Z/∂p of the last evaluation with derivatives, parameter after parameter.</summary>
    public ReadOnlySpan<Complex> Derivatives => derivatives;

    public void Evaluate(ReadOnlySpan<double> parameters, bool withDerivatives)
    {
        Up(root, parameters, withDerivatives);
        if (!withDerivatives) { return; }
        Array.Clear(derivatives);
        Down(root, []);
    }

    private void Up(Part part, ReadOnlySpan<double> p, bool withDerivatives)
    {
        var z = part.Z;
        switch (part.Node)
        {
            case ElementNode e:
                e.Element.Evaluate(grid, p.Slice(e.Offset, e.Element.Parameters.Count), z, withDerivatives ? part.Slopes : []);
                break;
            case SeriesNode:
                for (var k = 0; k < part.Children.Length; k++)
                {
                    Up(part.Children[k], p, withDerivatives);
                    var child = part.Children[k].Z;
                    if (k == 0) { child.CopyTo(z, 0); continue; }
                    for (var i = 0; i < z.Length; i++) { z[i] = new(z[i].Real + child[i].Real, z[i].Imaginary + child[i].Imaginary); }
                }
                break;
            case ParallelNode:
                for (var k = 0; k < part.Children.Length; k++)
                {
                    Up(part.Children[k], p, withDerivatives);
                    var child = part.Children[k].Z;
                    for (var i = 0; i < z.Length; i++)
                    {
                        var y = Reciprocal(child[i]);
                        part.Children[k].Factor[i] = y;
                        z[i] = k == 0 ? y : new(z[i].Real + y.Real, z[i].Imaginary + y.Imaginary);
                    }
                }
                for (var i = 0; i < z.Length; i++) { z[i] = Reciprocal(z[i]); }
                break;
            case LineNode l:
                var inner = part.Children[0];
                Up(inner, p, withDerivatives);
                var n = z.Length;
                for (var i = 0; i < n; i++)
                {
                    z[i] = l.Line.Evaluate(p[l.Offset], p[l.Offset + 1], inner.Z[i], out part.Slopes[i], out part.Slopes[n + i], out part.Slopes[(2 * n) + i]);
                }
                break;
        }
    }

    /// <summary>Adds factor × slopes to the derivatives; an empty factor is 1.</summary>
    private void Down(Part part, ReadOnlySpan<Complex> factor)
    {
        var n = grid.Count;
        switch (part.Node)
        {
            case ElementNode e:
                Add(e.Offset, e.Element.Parameters.Count, part.Slopes, factor);
                break;
            case SeriesNode:
                foreach (var child in part.Children) { Down(child, factor); }
                break;
            case ParallelNode:
                foreach (var child in part.Children)
                {
                    var own = child.Factor;
                    for (var i = 0; i < n; i++)
                    {
                        // holds the part's admittance until here
                        var ratio = Product(part.Z[i], own[i]);
                        var square = Product(ratio, ratio);
                        own[i] = factor.IsEmpty ? square : Product(square, factor[i]);
                    }
                    Down(child, own);
                }
                break;
            case LineNode l:
                Add(l.Offset, 2, part.Slopes, factor);
                var inner = part.Children[0];
                for (var i = 0; i < n; i++) { inner.Factor[i] = factor.IsEmpty ? part.Slopes[(2 * n) + i] : Product(part.Slopes[(2 * n) + i], factor[i]); }
                Down(inner, inner.Factor);
                break;
        }
    }

    private void Add(int offset, int count, Complex[] slopes, ReadOnlySpan<Complex> factor)
    {
        var n = grid.Count;
        var target = derivatives.AsSpan(offset * n, count * n);
        for (var k = 0; k < count; k++)
        {
            for (var i = 0; i < n; i++)
            {
                var j = (k * n) + i;
                var d = factor.IsEmpty ? slopes[j] : Product(slopes[j], factor[i]);
                target[j] = new(target[j].Real + d.Real, target[j].Imaginary + d.Imaginary);
            }
        }
    }

    private static Complex Reciprocal(Complex z)
    {
        var d = 1 / ((z.Real * z.Real) + (z.Imaginary * z.Imaginary));
        return new(z.Real * d, -z.Imaginary * d);
    }

    private static Complex Product(Complex a, Complex b) =>
        new((a.Real * b.Real) - (a.Imaginary * b.Imaginary), (a.Real * b.Imaginary) + (a.Imaginary * b.Real));

    /// <summary>A node with its buffers.</summary>
    private sealed class Part
    {
        public Part(CircuitNode node, int count)
        {
            Node = node;
            Z = new Complex[count];
            Factor = new Complex[count];
            Slopes = node switch
            {
                ElementNode e => new Complex[e.Element.Parameters.Count * count],
                LineNode => new Complex[3 * count],
                _ => [],
            };
            Children = node switch
            {
                SeriesNode s => [.. s.Parts.Select(p => new Part(p, count))],
                ParallelNode s => [.. s.Parts.Select(p => new Part(p, count))],
                LineNode l => [new Part(l.Interface, count)],
                _ => [],
            };
        }

        public CircuitNode Node { get; }

        public Complex[] Z { get; }

        public Complex[] Factor { get; }

        public Complex[] Slopes { get; }

        public Part[] Children { get; }
    }
}
