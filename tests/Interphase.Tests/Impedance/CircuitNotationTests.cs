using FsCheck;
using FsCheck.Fluent;
using Interphase.Impedance;

namespace Interphase.Tests.Impedance;

public class CircuitNotationTests
{
    [Theory]
    [InlineData("R0-p(R1,CPE1)-Wo1", "R(RQ)Wo")]
    [InlineData("R0-p(R1,C1)-p(R2-Wo2,C2)", "R(RC)([RWo]C)")]
    [InlineData("L0-R0-p(R1,CPE1)-p(R2,CPE2)-CPE3", "LR(RQ)(RQ)Q")]
    [InlineData("R0-TLM1[p(R1,CPE1)]", "RTLM<(RQ)>")]
    public void Both_notations_say_the_same(string impedancePy, string boukamp)
    {
        Assert.Equal(boukamp, Circuit.Parse(impedancePy).ToDescription());
        Assert.Equal(impedancePy, Circuit.Parse(boukamp).ToString());
    }

    [Fact]
    public void Parameters_are_named_as_impedance_py_names_them() =>
        Assert.Equal(["R0", "R1", "CPE1_0", "CPE1_1", "Wo1_0", "Wo1_1", "Gs2_0", "Gs2_1", "Gs2_2"], Circuit.Parse("R0-p(R1,CPE1)-Wo1-Gs2").Parameters.Select(p => p.Name));

    [Fact]
    public void Any_circuit_survives_printing_and_reading_in_both_notations()
    {
        var property = Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue - 1)), seed =>
        {
            var random = new Random(seed);
            var counter = 0;
            var text = RandomCircuit(random, 0, ref counter);
            if (counter > 40) { return true; }
            var circuit = Circuit.Parse(text);
            foreach (var p in circuit.Parameters)
            {
                // limits enclose the value, and an exponent stays below 1
                var value = p.Definition.Upper == 1 ? random.NextDouble() : Math.Pow(10, (6 * random.NextDouble()) - 4);
                if (random.Next(3) == 0) { circuit = circuit.WithGuess(p.Name, value); }
                if (random.Next(4) == 0) { circuit = circuit.WithLimits(p.Name, value / 2, p.Definition.Upper == 1 ? (value + 1) / 2 : value * 3); }
                if (random.Next(5) == 0) { circuit = circuit.WithFixed(p.Name, value); }
            }
            return Circuit.Parse(circuit.ToString()).ToString() == circuit.ToString() && Same(circuit, Circuit.Parse(circuit.ToDescription()));
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(77, 123), property);
    }

    [Fact]
    public void A_name_used_twice_shares_its_parameters()
    {
        var circuit = Circuit.Parse("p(R1,CPE1)-p(R2,CPE1)");
        Assert.Equal(["R1", "CPE1_0", "CPE1_1", "R2"], circuit.Parameters.Select(p => p.Name));
        double[] f = [10, 1000];
        var shared = circuit.Impedance(f, [10, 1e-5, 0.9, 30]);
        var apart = Circuit.Parse("p(R1,CPE1)-p(R2,CPE2)").Impedance(f, [10, 1e-5, 0.9, 30, 1e-5, 0.9]);
        Assert.Equal(apart, shared);
        Assert.Equal(4, Circuit.Parse("(RQ{:a})(RQ{:a})").Parameters.Count);
    }

    [Fact]
    public void Braces_give_values_limits_and_fixed_values()
    {
        var circuit = Circuit.Parse("R{R=100/10/1000}(RQ{Y=1e-6,n=0.9F})");
        Assert.Equal((100, 10, 1000, false), (circuit.Parameters[0].Value!.Value, circuit.Parameters[0].Lower, circuit.Parameters[0].Upper, circuit.Parameters[0].IsFixed));
        Assert.Equal((0.9, true), (circuit.Parameters[3].Value!.Value, circuit.Parameters[3].IsFixed));
        // Boukamp's Y0 of a Warburg: A = 1/(sqrt(2) Y0)
        Assert.Equal(1 / (Math.Sqrt(2) * 4e-4), Circuit.Parse("RW{Y=4e-4}").Parameters[1].Value!.Value, 9);
    }

    [Theory]
    [InlineData("", "the circuit is empty")]
    [InlineData("R0-p(R1,CPE1", "column 13")]
    [InlineData("R0-p(R1,CPE1)-X3", "column 15")]
    [InlineData("R0-p(R1,CPE)", "column 9")]
    [InlineData("R0--R1", "column 4")]
    [InlineData("R0-(R1,C1)", "column 7")]
    [InlineData("R0+R1|C1", "side by side")]
    [InlineData("(R1|W1+C1)", "side by side")]
    [InlineData("R0-[R1,P1", "missing at the end")]
    [InlineData("p(R1)", "in parallel")]
    [InlineData("R0)", "column 3")]
    [InlineData("R(RQ)(RQ", "column 9")]
    [InlineData("R(RB)", "column 4")]
    [InlineData("R0-TLM1", "column 8")]
    [InlineData("R1{R=-5}", "not possible")]
    [InlineData("R1{X=5}", "column 4")]
    [InlineData("CPE1{α=1.5}", "not possible")]
    [InlineData("R1{R=5/7/9}", "outside its limits")]
    [InlineData("__import__('os')-R1", "column 1")]
    public void A_wrong_circuit_is_refused_at_its_column(string text, string expected)
    {
        var e = Assert.Throws<InputException>(() => Circuit.Parse(text));
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("R1-[P2,R3]-[R4-W4,C5]", "R1-p(CPE2,R3)-p(R4-W4,C5)")]
    [InlineData("(R1|Q1)+Q2", "p(R1,CPE1)-CPE2")]
    [InlineData("R0+((R1+W1)|Q1)", "R0-p(R1-W1,CPE1)")]
    [InlineData("[R(RQ)([RW]C)]", "R0-p(R1,CPE1)-p(R2-W2,C2)")]
    [InlineData("!V=1!R{R=5.0E+01/0.0E+00/inf}(RC)", "R0{R=50}-p(R1,C1)")]
    public void Circuits_as_other_programs_write_them_are_read(string theirs, string ours) => Assert.Equal(ours, Circuit.Parse(theirs).ToString());

    [Fact]
    public void Deep_or_endless_circuits_are_refused()
    {
        Assert.Throws<InputException>(() => Circuit.Parse(string.Concat(Enumerable.Repeat("p(R1,", 400)) + "R1" + new string(')', 400)));
        Assert.Throws<InputException>(() => Circuit.Parse(new string('[', 1500) + "R" + new string(']', 1500)));
        Assert.Throws<InputException>(() => Circuit.Parse(string.Join("-", Enumerable.Range(0, 300).Select(i => $"R{i}"))));
        Assert.Throws<InputException>(() => Circuit.Parse(string.Join("-", Enumerable.Range(0, 30000).Select(i => $"R{i}"))));
    }

    [Fact]
    public void An_unknown_parameter_is_answered_with_the_nearest()
    {
        var e = Assert.Throws<InputException>(() => Circuit.Parse("R0-p(R1,CPE1)").WithGuess("CPE_1", 1));
        Assert.Contains("CPE1_1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_drawing_shows_every_element_once_inside_its_frame()
    {
        var circuit = Circuit.Parse("L0-R0-p(R1-Wo1,CPE1,C7)-TLM2[p(R3,C3)]-CPE4");
        var svg = System.Xml.Linq.XDocument.Parse(CircuitDrawing.Svg(circuit)).Root!;
        var frame = svg.Attribute("viewBox")!.Value.Split(' ').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        foreach (var label in new[] { "L0", "R0", "R1", "Wo1", "CPE1", "C7", "TLM2", "R3", "C3", "CPE4" }) { Assert.Single(svg.Elements(), e => e.Name.LocalName == "text" && e.Value == label); }
        foreach (var line in svg.Elements().Where(e => e.Name.LocalName == "line"))
        {
            double Of(string name) => double.Parse(line.Attribute(name)!.Value, System.Globalization.CultureInfo.InvariantCulture);
            Assert.InRange(Of("x1"), 0, frame[2]);
            Assert.InRange(Of("x2"), 0, frame[2]);
            Assert.InRange(Of("y1"), 0, frame[3]);
            Assert.InRange(Of("y2"), 0, frame[3]);
        }
        // the wire enters on the left and leaves on the right, at one height
        Assert.Contains(svg.Elements(), e => e.Attribute("x1")?.Value == "0");
        Assert.Contains(svg.Elements(), e => e.Attribute("x2")?.Value == svg.Attribute("width")!.Value);
    }

    private static bool Same(Circuit a, Circuit b) => a.Parameters.Count == b.Parameters.Count && a.Bare().ToString() == b.Bare().ToString()
        && a.Parameters.Zip(b.Parameters).All(p => Near(p.First.Value, p.Second.Value) && Near(p.First.Lower, p.Second.Lower) && Near(p.First.Upper, p.Second.Upper) && p.First.IsFixed == p.Second.IsFixed);

    private static bool Near(double? a, double? b) => a == b || (a is { } x && b is { } y && Math.Abs(x - y) <= 1e-13 * Math.Abs(x));

    private static string RandomCircuit(Random random, int depth, ref int counter)
    {
        var parts = new List<string>();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            if (depth < 3 && random.Next(2) == 0)
            {
                var branches = new List<string>();
                for (var k = random.Next(2, 4); k > 0; k--) { branches.Add(RandomCircuit(random, depth + 1, ref counter)); }
                parts.Add(random.Next(6) == 0 ? $"TLM{counter++}[{branches[0]}]" : $"p({string.Join(",", branches)})");
            }
            else { parts.Add($"{CircuitElements.All[random.Next(CircuitElements.All.Count)].Symbol}{counter++}"); }
        }
        return string.Join("-", parts);
    }
}
