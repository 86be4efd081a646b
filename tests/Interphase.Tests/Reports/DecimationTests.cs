using FsCheck;
using FsCheck.Fluent;
using Interphase.Reports;

namespace Interphase.Tests.Reports;

public class DecimationTests
{
    [Fact]
    public void A_million_points_become_few_and_keep_their_extremes_and_every_spike()
    {
        var x = Enumerable.Range(0, 1_000_000).Select(i => i * 1e-3).ToArray();
        var y = x.Select(v => Math.Sin(v / 40)).ToArray();
        (y[123_457], y[654_321]) = (7.5, -9.25);
        var series = new XY("", x, y);
        var view = PanelView.Of(new(new("x"), new("y"), [series]));
        var kept = Decimation.Kept(series, view.X, view.Y, PlotlyWriter.MostPoints);
        Assert.InRange(kept.Length, 1000, PlotlyWriter.MostPoints);
        Assert.Contains(123_457, kept);
        Assert.Contains(654_321, kept);
        Assert.Contains(0, kept);
        Assert.Contains(999_999, kept);
        Assert.Equal(kept.Order().Distinct(), kept);
    }

    [Fact]
    public void Any_series_keeps_its_extremes_and_in_every_column_of_pixels_its_own() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(3, 9),
        Prop.ForAll(Gen.Choose(0, 1000).Two().ArrayOf(400).ToArbitrary(), pairs =>
        {
            var x = pairs.Select(p => p.Item1 / 1000.0).Order().ToArray();
            var y = pairs.Select(p => p.Item2 / 1000.0).ToArray();
            var kept = Decimation.Line(x, y, 20);
            Assert.True(kept.Length <= 4 * 21 + 4);
            foreach (var column in Enumerable.Range(0, x.Length).GroupBy(i => Math.Floor(x[i] * 20)))
            {
                var left = kept.Where(i => Math.Floor(x[i] * 20) == column.Key).Select(i => y[i]).ToArray();
                Assert.Equal(column.Min(i => y[i]), left.Min());
                Assert.Equal(column.Max(i => y[i]), left.Max());
            }
        }));

    [Fact]
    public void A_gap_stays_a_gap()
    {
        double[] x = [0, 0.1, 0.2, double.NaN, double.NaN, 0.6, 0.7];
        var kept = Decimation.Line(x, x, 4);
        Assert.Single(kept, i => double.IsNaN(x[i]));
    }

    [Fact]
    public void A_loop_keeps_both_branches()
    {
        var angle = Enumerable.Range(0, 100_000).Select(i => 2 * Math.PI * i / 100_000).ToArray();
        var series = new XY("", [.. angle.Select(Math.Cos)], [.. angle.Select(Math.Sin)]);
        var view = PanelView.Of(new(new("x"), new("y"), [series]));
        var kept = Decimation.Kept(series, view.X, view.Y, 8000);
        // Between neighbours that are kept the loop is never left by more than a pixel or two of 2000.
        for (var k = 1; k < kept.Length; k++)
        {
            var (a, b) = (kept[k - 1], kept[k]);
            var middle = (a + b) / 2;
            var (mx, my) = ((series.X[a] + series.X[b]) / 2, (series.Y[a] + series.Y[b]) / 2);
            Assert.True(Math.Abs(Math.Sqrt((mx * mx) + (my * my)) - 1) < 2.0 / 1000, $"at {middle}");
        }
    }
}
