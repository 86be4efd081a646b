using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Interphase.Impedance;

namespace Interphase.Tests.Impedance;

public class CircuitElementTests
{
    private static readonly double[] Frequencies = [1e6, 3.3e4, 1e3, 47, 1, 0.03, 1e-3];

    public static TheoryData<string> Symbols => new(CircuitElements.All.Select(e => e.Symbol).Concat(TransmissionLine.All.Select(l => l.Symbol)));

    [Theory]
    [MemberData(nameof(Symbols))]
    public void Derivatives_agree_with_differences_for_any_parameters(string symbol)
    {
        // An element of its own, and the same one deep inside a circuit, where sensitivities pass series and parallel parts.
        var own = symbol.StartsWith("TLM", StringComparison.Ordinal) && symbol != "TLMQ" ? $"{symbol}1[p(R2,CPE2)]" : $"{symbol}1";
        foreach (var text in new[] { own, $"R5-p(R6-{own},CPE6)" })
        {
            var circuit = Circuit.Parse(text);
            var property = Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
            {
                var p = RandomParameters(circuit, new Random(seed));
                var grid = new FrequencyGrid(Frequencies);
                var model = new CircuitModel(circuit, grid);
                model.Evaluate(p, withDerivatives: true);
                var z = model.Impedance.ToArray();
                var slopes = model.Derivatives.ToArray();
                for (var k = 0; k < p.Length; k++)
                {
                    // Richardson's extrapolation of central differences
                    Complex Difference(double h, int i)
                    {
                        double[] up = [.. p], down = [.. p];
                        up[k] += h;
                        down[k] -= h;
                        return (circuit.Impedance(Frequencies, up)[i] - circuit.Impedance(Frequencies, down)[i]) / (2 * h);
                    }
                    for (var i = 0; i < Frequencies.Length; i++)
                    {
                        var h = 2e-4 * p[k];
                        var expected = ((4 * Difference(h, i)) - Difference(2 * h, i)) / 3;
                        var error = (slopes[(k * Frequencies.Length) + i] - expected).Magnitude;
                        // rounding of Z itself limits what a difference can show
                        var allowed = (1e-6 * expected.Magnitude) + (1e-11 * z[i].Magnitude / h);
                        if (error > allowed) { return false; }
                    }
                }
                return true;
            });
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(2104, 99), property);
        }
    }

    [Theory]
    [MemberData(nameof(Symbols))]
    public void Impedance_scales_with_the_resistances(string symbol)
    {
        var text = symbol.StartsWith("TLM", StringComparison.Ordinal) && symbol != "TLMQ" ? $"{symbol}1[p(R2,CPE2)]" : $"{symbol}1";
        var circuit = Circuit.Parse(text);
        var p = RandomParameters(circuit, new Random(5));
        var scaled = p.Select((v, i) => v * Math.Pow(7, circuit.Parameters[i].Definition.OhmPower)).ToArray();
        var z = circuit.Impedance(Frequencies, p);
        var larger = circuit.Impedance(Frequencies, scaled);
        for (var i = 0; i < z.Length; i++) { Assert.True((larger[i] - (7 * z[i])).Magnitude <= 1e-11 * larger[i].Magnitude); }
    }

    [Fact]
    public void Impedances_are_those_of_the_formulas()
    {
        const double F = 12.5;
        var jw = new Complex(0, 2 * Math.PI * F);
        Complex Z(string circuit, params double[] p) => Circuit.Parse(circuit).Impedance([F], p)[0];
        void Same(Complex expected, Complex actual) => Assert.True((expected - actual).Magnitude < 1e-12 * expected.Magnitude, $"{expected} is not {actual}");
        Same(3, Z("R1", 3));
        Same(1 / (jw * 2e-3), Z("C1", 2e-3));
        Same(jw * 4e-3, Z("L1", 4e-3));
        Same(1 / (2e-4 * Complex.Pow(jw, 0.8)), Z("CPE1", 2e-4, 0.8));
        Same(3e-2 * Complex.Pow(jw, 0.7), Z("La1", 3e-2, 0.7));
        Same(5 * new Complex(1, -1) / Math.Sqrt(2 * Math.PI * F), Z("W1", 5));
        var x = Complex.Sqrt(jw * 0.3);
        Same(2 / (Complex.Tanh(x) * x), Z("Wo1", 2, 0.3));
        Same(2 * Complex.Tanh(x) / x, Z("Ws1", 2, 0.3));
        var u = Complex.Sqrt(1 + (jw * 0.2));
        Same(6 / u, Z("G1", 6, 0.2));
        Same(6 / (u * Complex.Tanh(0.4 * u)), Z("Gs1", 6, 0.2, 0.4));
        Same(7 / (1 + (jw * 0.01)), Z("K1", 7, 0.01));
        Same(7 / (1 + Complex.Pow(jw * 0.01, 0.8)), Z("Zarc1", 7, 0.01, 0.8));
        Same(7 / Complex.Pow(1 + Complex.Pow(jw * 0.01, 0.8), 0.6), Z("HN1", 7, 0.01, 0.8, 0.6));
        var zs = 1 / (1e-3 * Complex.Pow(jw, 0.9));
        Same(Complex.Sqrt(20 * zs) / Complex.Tanh(Complex.Sqrt(20 / zs)), Z("TLMQ1", 20, 1e-3, 0.9));
        var beta = Complex.Sqrt(0.5 + (jw * 0.04));
        Same((3 / (Complex.Tanh(beta) * beta)) + (2 / (beta * Complex.Sinh(beta))), Z("T1", 3, 2, 0.5, 0.04));
    }

    [Fact]
    public void A_transmission_line_is_the_limit_of_a_ladder()
    {
        // 2000 cells of R_ion/n and R_el/n joined by n ζ, solved as a tridiagonal network; the line is its limit with error ~ 1/n².
        const int Cells = 2000;
        const double Ionic = 40, Electronic = 15;
        double[] f = [0.1, 3, 200, 1e4];
        var zeta = Circuit.Parse("p(R2,CPE2)").Impedance(f, [8, 2e-3, 0.9]);
        foreach (var (symbol, kind) in new[] { ("TLM", 0), ("TLMe", 1), ("TLMi", 2) })
        {
            var line = Circuit.Parse($"{symbol}1[p(R2,CPE2)]").Impedance(f, [Ionic, Electronic, 8, 2e-3, 0.9]);
            for (var i = 0; i < f.Length; i++)
            {
                var expected = Ladder(Cells, Ionic, Electronic, zeta[i], kind);
                Assert.True((line[i] - expected).Magnitude < 1e-4 * expected.Magnitude, $"{symbol} at {f[i]} Hz: {line[i]}, ladder {expected}");
            }
        }
    }

    [Fact]
    public void A_line_without_electronic_resistance_is_the_blocking_pore()
    {
        double[] f = [1e-2, 1, 100, 1e4];
        var line = Circuit.Parse("TLM1[CPE2]").Impedance(f, [30, 1e-9, 1e-3, 0.85]);
        var pore = Circuit.Parse("TLMQ1").Impedance(f, [30, 1e-3, 0.85]);
        for (var i = 0; i < f.Length; i++) { Assert.True((line[i] - pore[i]).Magnitude < 1e-8 * pore[i].Magnitude); }
    }

    [Fact]
    public void Evaluation_allocates_nothing()
    {
        var circuit = Circuit.Parse("L0-R0-p(R1,CPE1)-p(R2-Wo2,C2)-TLM3[p(R4,CPE4)]-HN5");
        var model = new CircuitModel(circuit, new FrequencyGrid(Frequencies));
        var p = RandomParameters(circuit, new Random(3));
        model.Evaluate(p, true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) { model.Evaluate(p, true); }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    /// <summary>Current distribution in two rails: unknown is the ionic current at each node; Kirchhoff's voltage law around each cell.</summary>
    private static Complex Ladder(int n, double ionic, double electronic, Complex zeta, int kind)
    {
        // Ionic current I_k in segment k (1…n), electronic current 1 − I_k; through the interface at node k: I_k − I_{k+1}.
        // Loop k: ri I_k − re (1 − I_k) + n ζ[(I_{k-1} − I_k)·(−1) + (I_k − I_{k+1})] = 0 with I_0, I_{n+1} set by the contacts.
        double ri = ionic / n, re = electronic / n;
        Complex z = zeta * n;
        Complex first = kind switch { 1 => 0, _ => 1 }, last = kind switch { 2 => 1, _ => 0 };
        // (interfaces at both end nodes carry half a cell; with n + 1 nodes of nζ each the difference is of order 1/n², with half weights)
        var c = new Complex[n];
        var d = new Complex[n];
        for (var k = 0; k < n; k++)
        {
            // end nodes stand for half a cell: twice the impedance
            Complex before = k == 0 ? 2 * z : z, after = k == n - 1 ? 2 * z : z;
            Complex left = k == 0 ? 0 : -before, right = k == n - 1 ? 0 : -after;
            Complex middle = ri + re + before + after;
            Complex value = re + (k == 0 ? before * first : 0) + (k == n - 1 ? after * last : 0);
            var m = k == 0 ? middle : middle - (left * c[k - 1]);
            c[k] = right / m;
            d[k] = (k == 0 ? value : value - (left * d[k - 1])) / m;
        }
        var current = new Complex[n];
        current[n - 1] = d[n - 1];
        for (var k = n - 2; k >= 0; k--) { current[k] = d[k] - (c[k] * current[k + 1]); }
        // Voltage from the contact at the left to the one at the right, along a path.
        Complex voltage = 0;
        if (kind == 2) { foreach (var i in current) { voltage += ri * i; } return voltage; }
        foreach (var i in current) { voltage += re * (1 - i); }
        return kind == 1 ? voltage : voltage + (2 * z * (first - current[0]));
    }

    internal static double[] RandomParameters(Circuit circuit, Random random) => [.. circuit.Parameters.Select(p => p.Definition switch
    {
        { Upper: 1 } => 0.2 + (0.75 * random.NextDouble()),
        { Unit: "s" } => Math.Pow(10, (6 * random.NextDouble()) - 5),
        { OhmPower: 1 } => Math.Pow(10, (4 * random.NextDouble()) - 1),
        { OhmPower: -1 } => Math.Pow(10, (5 * random.NextDouble()) - 7),
        _ => Math.Pow(10, (2 * random.NextDouble()) - 1),
    })];
}
