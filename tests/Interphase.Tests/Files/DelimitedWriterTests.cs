using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Interphase.Files;

namespace Interphase.Tests.Files;

/// <summary>Numbers written as text: the same double when read back, and never longer than the shortest text the library gives.</summary>
public class DelimitedWriterTests
{
    private static string Text(double value)
    {
        Span<byte> to = stackalloc byte[32];
        return Encoding.ASCII.GetString(to[..DelimitedWriter.Number(value, to)]);
    }

    /// <summary>Digits that count: none of the exponent, no zeros before or after.</summary>
    private static string Significant(string text) => new string([.. text.Split('E')[0].Where(char.IsAsciiDigit)]).Trim('0');

    private static bool IsShortest(double value)
    {
        var text = Text(value);
        if (!double.IsFinite(value)) { return text.Length == 0; }
        return double.Parse(text, CultureInfo.InvariantCulture) == value && Significant(text) == Significant(value.ToString("R", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Every_double_reads_back_the_same()
    {
        var bits = Gen.Choose(int.MinValue, int.MaxValue).SelectMany(_ => Gen.Choose(int.MinValue, int.MaxValue), (a, b) => BitConverter.Int64BitsToDouble(((long)a << 32) | (uint)b));
        var decimals = Gen.Choose(-2_000_000_000, 2_000_000_000).SelectMany(_ => Gen.Choose(0, 12), (n, d) => n / Math.Pow(10, d));
        var singles = Gen.Choose(int.MinValue, int.MaxValue).Select(n => (double)BitConverter.Int32BitsToSingle(n));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30_000).WithReplay(20260102, 3), Prop.ForAll(Arb.From(Gen.OneOf(bits, decimals, singles)), IsShortest));
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(1.5, "1.5")]
    [InlineData(-1234.567, "-1234.567")]
    [InlineData(999999999999999, "999999999999999")]
    [InlineData(1e-9, "0.000000001")]
    [InlineData(1e22, "1E+22")]
    [InlineData(1.234e-12, "1.234E-12")]
    [InlineData(double.NaN, "")]
    [InlineData(double.PositiveInfinity, "")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    [InlineData(3.4123f, "3.4123001098632812")]
    public void Examples(double value, string text) => Assert.Equal(text, Text(value));

    [Fact]
    public void Many_rows_stand_in_their_order_whatever_formats_them()
    {
        const int rows = 50_001;
        var a = Enumerable.Range(0, rows).Select(i => i * 0.1).ToArray();
        var stream = new MemoryStream();
        DelimitedWriter.Write(stream, [new("a", a), new("b, c", [], [.. a.Select((_, i) => i % 2 == 0 ? "x" : "say \"y\"")])]);
        var lines = Encoding.UTF8.GetString(stream.ToArray()).Split('\n');
        Assert.Equal(rows + 2, lines.Length);
        Assert.Equal("a,\"b, c\"", lines[0]);
        Assert.Equal("", lines[^1]);
        for (var i = 0; i < rows; i++) { Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{a[i]:R},{(i % 2 == 0 ? "x" : "\"say \"\"y\"\"\"")}"), lines[i + 1]); }
    }
}
