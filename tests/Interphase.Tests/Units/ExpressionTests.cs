using FsCheck;
using FsCheck.Fluent;
using Interphase.Cells;
using Interphase.Units;

namespace Interphase.Tests.Units;

public class ExpressionTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261121, 3);

    [Theory]
    [InlineData("1 + 2*3", 7)]
    [InlineData("-2**2", -4)]
    [InlineData("(-2)**2", 4)]
    [InlineData("(-2)**3", -8)]
    [InlineData("(-3)**-3", -1.0 / 27)]
    [InlineData("2**3**2", 512)]
    [InlineData("2**-1", 0.5)]
    [InlineData("-2**-2", -0.25)]
    [InlineData("8/4/2", 1)]
    [InlineData("8 - 4 - 2", 2)]
    [InlineData("6/2*3", 9)]
    [InlineData("2*-3", -6)]
    [InlineData("--3", 3)]
    [InlineData("+-3", -3)]
    [InlineData("1e-3*1.5E3", 1.5)]
    [InlineData(".5 + 2.", 2.5)]
    [InlineData("pow(2, 3)", 8)]
    [InlineData("pow(-2, 3) + sqrt(9)", -5)]
    [InlineData("exp(0) + log(1) + tanh(0) + cosh(0) + sinh(0)", 2)]
    [InlineData("x + 10*c + 100*ce + 1000*T", 4321)]
    [InlineData("1 - -1", 2)]
    public void Reads_as_Python_does(string text, double expected)
    {
        Assert.Equal(expected, Expression.Parse(text).Value(1, 2, 3, 4), 1e-15 * Math.Abs(expected));
        Assert.Equal(expected, MaterialFunction.Of(Expression.Parse(text), 2).Value(1, 3, 4), 1e-14 * Math.Abs(expected));
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("1 +", 4)]
    [InlineData("1 + * 2", 5)]
    [InlineData("exp x", 1)]
    [InlineData("2x", 2)]
    [InlineData("(1 + 2", 1)]
    [InlineData("1 + 2)", 6)]
    [InlineData("x^2", 2)]
    [InlineData("1,5", 2)]
    [InlineData("1 + tahn(x)", 5)]
    [InlineData("pow(2)", 1)]
    [InlineData("1e999", 1)]
    [InlineData("__import__('os')", 1)]
    [InlineData("x.real", 1)]
    public void An_error_names_the_column(string text, int column)
    {
        var e = Assert.Throws<InputException>(() => Expression.Parse(text));
        Assert.StartsWith($"column {column} of", e.Where, StringComparison.Ordinal);
        Assert.NotEmpty(e.Mend);
    }

    [Fact]
    public void A_misspelt_function_is_answered_with_the_nearest_name() =>
        Assert.Contains("'tanh'", Assert.Throws<InputException>(() => Expression.Parse("tahn(x)")).Mend, StringComparison.Ordinal);

    [Fact]
    public void Hostile_nesting_is_refused()
    {
        Assert.Throws<InputException>(() => Expression.Parse(new string('(', 4000) + "1" + new string(')', 3999)));
        Assert.Throws<InputException>(() => Expression.Parse(new string('-', 7000) + "1"));
        Assert.Throws<InputException>(() => Expression.Parse(new string('1', 9000)));
        Assert.Equal(3500, Expression.Parse(string.Join('+', Enumerable.Repeat("1", 3500))).Value());
    }

    [Fact]
    public void Printing_and_reading_give_the_same_formula() =>
        Check.One(Fixed, Prop.ForAll(Formulas().ToArbitrary(), text =>
        {
            var formula = Expression.Parse(text);
            Assert.Equal(formula, Expression.Parse(formula.ToString()));
            return true;
        }));

    /// <summary>The tree is evaluated by the mathematical library, the program by vector instructions: they must agree.</summary>
    [Fact]
    public void The_compiled_program_gives_the_value_of_the_tree() =>
        Check.One(Fixed, Prop.ForAll(Formulas().ToArbitrary(), Points(), (text, p) =>
        {
            var formula = Expression.Parse(text);
            var expected = formula.Value(p.X, p.X * 5, p.Ce, p.T);
            var actual = MaterialFunction.Of(formula, 5).Value(p.X, p.Ce, p.T);
            // cancellation inside the formula magnifies round-off, so compare with the sensitivity to round-off in x
            var shifted = formula.Value(p.X * (1 + 1e-13), p.X * 5 * (1 + 1e-13), p.Ce * (1 - 1e-13), p.T * (1 + 1e-13));
            return !double.IsFinite(expected) || Math.Abs(expected) > 1e100 || Math.Abs(actual - expected) <= (1e-11 * Math.Abs(expected)) + (100 * Math.Abs(shifted - expected)) + 1e-12;
        }));

    [Fact]
    public void Derivatives_agree_with_finite_differences() =>
        Check.One(Fixed, Prop.ForAll(Formulas().ToArbitrary(), Points(), (text, p) =>
        {
            var formula = Expression.Parse(text);
            var f = MaterialFunction.Of(formula, 5);
            var value = f.Value(p.X, p.Ce, p.T, out var dx, out var dce);
            var dt = f.TemperatureDerivative(p.X, p.Ce, p.T);
            return Agrees(dx, h => formula.Value(p.X + h, (p.X + h) * 5, p.Ce, p.T), p.X)
                && Agrees(dce, h => formula.Value(p.X, p.X * 5, p.Ce + h, p.T), p.Ce)
                && Agrees(dt, h => formula.Value(p.X, p.X * 5, p.Ce, p.T + h), p.T);
        }));

    private static bool Agrees(double derivative, Func<double, double> f, double at)
    {
        double Central(double h) => (f(h) - f(-h)) / (2 * h);
        var coarse = Central(2e-4 * at);
        var fine = Central(1e-4 * at);
        var expected = fine + ((fine - coarse) / 3);
        // where the difference quotient itself has not settled it proves nothing
        var trust = Math.Abs(fine - coarse) + (1e-7 * Math.Abs(expected)) + (1e-9 * Math.Abs(f(0)) / (1e-4 * at));
        return !double.IsFinite(expected) || Math.Abs(expected) > 1e60 || Math.Abs(derivative - expected) <= trust + 1e-9;
    }

    [Fact]
    public void A_derivative_is_exact_where_calculus_says_so()
    {
        var f = MaterialFunction.Of(Expression.Parse("3*x**4 - exp(-2*x)*ce + ce**1.5"));
        f.Value(0.7, 2, 300, out var dx, out var dce);
        Assert.Equal((12 * Math.Pow(0.7, 3)) + (4 * Math.Exp(-1.4)), dx, 1e-13);
        Assert.Equal((1.5 * Math.Sqrt(2)) - Math.Exp(-1.4), dce, 1e-14);
    }

    [Fact]
    public void A_steep_step_neither_overflows_nor_loses_its_slope()
    {
        var f = MaterialFunction.Of(Expression.Parse("1e-19 + 4e-15/(1 + exp((x - 0.5)/0.0005))"));
        Assert.Equal(1e-19, f.Value(0.95, 0, 298, out var slope, out _), 1e-33);
        Assert.Equal(0, slope);
        f.Value(0.5, 0, 298, out slope, out _);
        Assert.Equal(-4e-15 / 4 / 0.0005, slope, 1e-24);
    }

    /// <summary>Vector lanes and lengths do not matter: every point gets the bits it would get alone.</summary>
    [Fact]
    public void Many_points_at_once_give_the_same_bits_as_one()
    {
        var f = MaterialFunction.Of(Expression.Parse("tanh(8*(x - 0.4)) + sinh(x)*cosh(x) + log(x/(1 - x)) + x**41.48 + sqrt(x)*exp(-x*ce/1000)"));
        var x = Enumerable.Range(1, 101).Select(i => i / 102.0).ToArray();
        foreach (var n in new[] { 1, 2, 3, 4, 7, 31, 32, 33, 101 })
        {
            double[] values = new double[n], dx = new double[n], dce = new double[n];
            f.OverBoth(x.AsSpan(0, n), [1000], 300, values, dx, dce);
            for (var i = 0; i < n; i++)
            {
                Assert.Equal(f.Value(x[i], 1000, 300, out var d, out var e), values[i]);
                Assert.Equal(d, dx[i]);
                Assert.Equal(e, dce[i]);
            }
        }
    }

    [Fact]
    public void Vector_functions_are_accurate_to_a_few_units_in_the_last_place()
    {
        foreach (var (text, exact) in new (string, Func<double, double>)[] { ("tanh(x)", Math.Tanh), ("sinh(x)", Math.Sinh), ("cosh(x)", Math.Cosh), ("exp(x)", Math.Exp), ("log(x)", Math.Log) })
        {
            var f = MaterialFunction.Of(Expression.Parse(text));
            for (var u = 1e-9; u < 600; u *= 1.01)
            {
                Assert.Equal(exact(u), f.Value(u, 0, 0), Math.Abs(exact(u)) * 3e-15);
                if (text != "log(x)") { Assert.Equal(exact(-u), f.Value(-u, 0, 0), Math.Abs(exact(-u)) * 3e-15); }
            }
        }
    }

    private static Arbitrary<(double X, double Ce, double T)> Points() =>
        (from x in Gen.Choose(1, 999) from ce in Gen.Choose(1, 3000) from t in Gen.Choose(250, 350) select (x / 1000.0, ce / 1000.0, t / 300.0)).ToArbitrary();

    private static Gen<string> Formulas() => Gen.Sized(size => Formula(Math.Min(5, size / 8)));

    private static Gen<string> Formula(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Elements("x", "c", "ce", "T", "x", "x"),
            Gen.Choose(0, 400).Select(i => (i / 100.0).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        if (depth <= 0) { return leaf; }
        var inner = Formula(depth - 1);
        return Gen.OneOf(
            leaf,
            from a in inner from b in inner from o in Gen.Elements(" + ", " - ", "*", "/", " * ") select $"{a}{o}{b}",
            from a in inner from b in inner from o in Gen.Elements("*", "/", "-") select $"({a}){o}({b})",
            from a in inner from n in Gen.Choose(-3, 5) select $"({a})**{n}",
            from a in inner select $"-{a}",
            from a in inner from f in Gen.Elements("exp", "log", "tanh", "cosh", "sinh", "sqrt") select $"{f}({a})",
            from a in inner from b in Gen.Elements("0.5", "1.7", "-0.3", "x", "2*T - c", "tanh(ce)") select $"pow(0.1 + ({a})**2, {b})");
    }
}
