using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Interphase.Units;

/// <summary>
/// Formulas with their derivatives as a flat list of instructions that work on many points at once with the processor's vectors.
/// A single point goes through the same instructions, so that a value does not depend on how many were asked for together.
/// </summary>
internal sealed class ExpressionProgram
{
    private const int Lanes = 32;
    private readonly Instruction[] instructions;
    private readonly (int Register, double Constant)[] outputs;
    private readonly int registers;

    private ExpressionProgram(Instruction[] instructions, (int, double)[] outputs, int registers) =>
        (this.instructions, this.outputs, this.registers) = (instructions, outputs, registers);

    private readonly record struct Instruction(GraphOperation Operation, bool SecondIsConstant, bool FirstIsConstant, int A, int B, int Target, double Constant);

    /// <summary>A program that gives the listed nodes, in this order.</summary>
    public static ExpressionProgram Compile(ExpressionGraph graph, params int[] wanted)
    {
        var lastUse = new int[graph.Count];
        Array.Fill(lastUse, -1);
        foreach (var w in wanted) { lastUse[w] = int.MaxValue; }
        for (var i = graph.Count - 1; i >= 0; i--)
        {
            if (lastUse[i] < 0) { continue; }
            var (_, a, b, _) = graph[i];
            if (a >= 0) { lastUse[a] = Math.Max(lastUse[a], i); }
            if (b >= 0) { lastUse[b] = Math.Max(lastUse[b], i); }
        }
        var register = new int[graph.Count];
        var free = new Stack<int>();
        var count = 0;
        var code = new List<Instruction>();
        for (var i = 0; i < graph.Count; i++)
        {
            if (lastUse[i] < 0 || graph.IsConstant(i, out _)) { continue; }
            var (operation, a, b, _) = graph[i];
            var first = 0.0;
            var second = 0.0;
            var firstConstant = a >= 0 && graph.IsConstant(a, out first);
            var secondConstant = b >= 0 && graph.IsConstant(b, out second);
            if (a >= 0 && !firstConstant && lastUse[a] == i) { free.Push(register[a]); }
            if (b >= 0 && b != a && !secondConstant && lastUse[b] == i) { free.Push(register[b]); }
            register[i] = free.Count > 0 ? free.Pop() : count++;
            code.Add(new(operation, secondConstant, firstConstant, a >= 0 && !firstConstant ? register[a] : 0, b >= 0 && !secondConstant ? register[b] : 0, register[i], firstConstant ? first : second));
        }
        return new([.. code], [.. wanted.Select(w => graph.IsConstant(w, out var v) ? (-1, v) : (register[w], 0.0))], count);
    }

    /// <summary>The constant an output always has, or null.</summary>
    public double? ConstantOutput(int index) => outputs[index].Register < 0 ? outputs[index].Constant : null;

    /// <summary>Runs for <paramref name="count"/> points; a span of length 1 stands for the same value at every point. Outputs that are not wanted may be empty.</summary>
    public void Run(int count, ReadOnlySpan<double> x, ReadOnlySpan<double> ce, double temperature, Span<double> first, Span<double> second = default, Span<double> third = default)
    {
        var width = Math.Min(Lanes, (count + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count);
        var size = registers * width;
        double[]? rented = null;
        Span<double> memory = size <= 1024 ? stackalloc double[size] : (rented = ArrayPool<double>.Shared.Rent(size)).AsSpan(0, size);
        for (var start = 0; start < count; start += Lanes)
        {
            var n = Math.Min(Lanes, count - start);
            var padded = (n + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
            foreach (ref readonly var i in instructions.AsSpan())
            {
                var target = memory.Slice(i.Target * width, padded);
                switch (i.Operation)
                {
                    case GraphOperation.X: Load(x, start, n, target); break;
                    case GraphOperation.Ce: Load(ce, start, n, target); break;
                    case GraphOperation.T: target.Fill(temperature); break;
                    default: Apply(in i, memory.Slice(i.A * width, padded), memory.Slice(i.B * width, padded), target); break;
                }
            }
            Store(0, first, start, n, memory, width);
            if (outputs.Length > 1) { Store(1, second, start, n, memory, width); }
            if (outputs.Length > 2) { Store(2, third, start, n, memory, width); }
        }
        if (rented is not null) { ArrayPool<double>.Shared.Return(rented); }
    }

    private static void Load(ReadOnlySpan<double> from, int start, int n, Span<double> target)
    {
        if (from.Length == 1) { target.Fill(from[0]); return; }
        from.Slice(start, n).CopyTo(target);
        target[n..].Fill(target[n - 1]);
    }

    private void Store(int index, Span<double> to, int start, int n, ReadOnlySpan<double> memory, int width)
    {
        if (to.IsEmpty) { return; }
        var (register, constant) = outputs[index];
        if (register < 0) { to.Slice(start, n).Fill(constant); }
        else { memory.Slice(register * width, n).CopyTo(to[start..]); }
    }

    private static void Apply(in Instruction i, Span<double> first, Span<double> second, Span<double> result)
    {
        var a = MemoryMarshal.Cast<double, Vector<double>>(first);
        var b = MemoryMarshal.Cast<double, Vector<double>>(second);
        var r = MemoryMarshal.Cast<double, Vector<double>>(result);
        var c = new Vector<double>(i.Constant);
        switch (i.Operation)
        {
            case GraphOperation.Negate: for (var k = 0; k < r.Length; k++) { r[k] = -a[k]; } break;
            case GraphOperation.Add when i.SecondIsConstant: for (var k = 0; k < r.Length; k++) { r[k] = a[k] + c; } break;
            case GraphOperation.Add: for (var k = 0; k < r.Length; k++) { r[k] = a[k] + b[k]; } break;
            case GraphOperation.Multiply when i.SecondIsConstant: for (var k = 0; k < r.Length; k++) { r[k] = a[k] * c; } break;
            case GraphOperation.Multiply: for (var k = 0; k < r.Length; k++) { r[k] = a[k] * b[k]; } break;
            case GraphOperation.Divide when i.SecondIsConstant: for (var k = 0; k < r.Length; k++) { r[k] = a[k] / c; } break;
            case GraphOperation.Divide when i.FirstIsConstant: for (var k = 0; k < r.Length; k++) { r[k] = c / b[k]; } break;
            case GraphOperation.Divide: for (var k = 0; k < r.Length; k++) { r[k] = a[k] / b[k]; } break;
            case GraphOperation.Exp: for (var k = 0; k < r.Length; k++) { r[k] = Vector.Exp(a[k]); } break;
            case GraphOperation.Log: for (var k = 0; k < r.Length; k++) { r[k] = Vector.Log(a[k]); } break;
            case GraphOperation.Tanh: for (var k = 0; k < r.Length; k++) { r[k] = Tanh(a[k]); } break;
            case GraphOperation.Cosh: for (var k = 0; k < r.Length; k++) { var e = Vector.Exp(a[k]); r[k] = (e + (Vector<double>.One / e)) * 0.5; } break;
            case GraphOperation.Sinh: for (var k = 0; k < r.Length; k++) { r[k] = Sinh(a[k]); } break;
            case GraphOperation.Sqrt: for (var k = 0; k < r.Length; k++) { r[k] = Vector.SquareRoot(a[k]); } break;
            case GraphOperation.Fermi: for (var k = 0; k < r.Length; k++) { r[k] = Vector<double>.One / (Vector<double>.One + Vector.Exp(a[k])); } break;
            default:
                for (var k = 0; k < result.Length; k++)
                {
                    result[k] = Math.Pow(i.FirstIsConstant ? i.Constant : first[k], i.SecondIsConstant ? i.Constant : second[k]);
                }
                break;
        }
    }

    /// <summary>Below ½ Lambert's continued fraction (the exponential form loses digits there), above it 1 − 2/(exp(2a) + 1).</summary>
    private static Vector<double> Tanh(Vector<double> a)
    {
        var large = Vector<double>.One - (new Vector<double>(2) / (Vector.Exp(a + a) + Vector<double>.One));
        var isSmall = Vector.LessThan(Vector.Abs(a), new Vector<double>(0.5));
        if (!Vector.EqualsAny(isSmall, Vector<long>.AllBitsSet)) { return large; }
        var s = a * a;
        var f = new Vector<double>(15);
        for (var n = 13; n >= 1; n -= 2) { f = new Vector<double>(n) + (s / f); }
        return Vector.ConditionalSelect(isSmall, a / f, large);
    }

    /// <summary>Below ½ the power series, above it ½(exp(a) − exp(−a)).</summary>
    private static Vector<double> Sinh(Vector<double> a)
    {
        var e = Vector.Exp(a);
        var large = (e - (Vector<double>.One / e)) * 0.5;
        var isSmall = Vector.LessThan(Vector.Abs(a), new Vector<double>(0.5));
        if (!Vector.EqualsAny(isSmall, Vector<long>.AllBitsSet)) { return large; }
        var s = a * a;
        var f = Vector<double>.One;
        for (var n = 14; n >= 2; n -= 2) { f = Vector<double>.One + (f * s / new Vector<double>(n * (n + 1))); }
        return Vector.ConditionalSelect(isSmall, a * f, large);
    }
}
