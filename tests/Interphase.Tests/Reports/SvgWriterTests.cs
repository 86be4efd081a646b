using System.Globalization;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Interphase.Reports;
using Interphase.Tests.Support;

namespace Interphase.Tests.Reports;

public class SvgWriterTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private static IEnumerable<(double X, double Y)> Circles(string svg) =>
        XDocument.Parse(svg).Descendants(Svg + "circle").Where(c => c.Attribute("r")!.Value == "2.1").Select(c => (Number(c, "cx"), Number(c, "cy")));

    private static double Number(XElement e, string name) => double.Parse(e.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    private static Figure One(Panel panel) => new("one", "Title", "Caption", [panel]) { Width = FigureWidth.Single };

    private static XY Points(double[] x, double[] y) => new("points", x, y) { Draw = Draw.Markers, Marker = Marker.Circle };

    [Fact]
    public void Every_kind_of_figure_is_well_formed_with_a_title_and_a_description_and_keeps_its_column_width()
    {
        foreach (var figure in DemoReport.Figures)
        {
            var root = XDocument.Parse(SvgWriter.Text(figure)).Root!;
            Assert.Equal(figure.Title, root.Element(Svg + "title")!.Value);
            Assert.Contains(figure.Caption, root.Element(Svg + "desc")!.Value, StringComparison.Ordinal);
            Assert.Equal(figure.Width == FigureWidth.Single ? "85mm" : "178mm", root.Attribute("width")!.Value);
            Assert.NotEmpty(root.Descendants(Svg + "text"));
        }
    }

    [Fact]
    public void Points_lie_inside_their_panel_and_map_linearly_to_the_page() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(11, 23),
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(-1000, 1000).Two(), 12).ToArbitrary(), pairs =>
        {
            var x = pairs.Select(p => p.Item1 * 1e-3).ToArray();
            var y = pairs.Select(p => p.Item2 * 1e4).ToArray();
            var figure = One(new(new("x"), new("y"), [Points(x, y)]));
            var area = SvgLayout.Of(figure).Panels[0].Area;
            var drawn = Circles(SvgWriter.Text(figure)).ToArray();
            Assert.Equal(x.Length, drawn.Length);
            Assert.All(drawn, p => Assert.True(area.Holds(p.X, p.Y)));
            Linear(x, [.. drawn.Select(p => p.X)], rising: true);
            Linear(y, [.. drawn.Select(p => p.Y)], rising: false);
        }));

    private static void Linear(double[] values, double[] places, bool rising)
    {
        var (low, high) = (Array.IndexOf(values, values.Min()), Array.IndexOf(values, values.Max()));
        if (values[low] == values[high]) { Assert.True(places.Max() - places.Min() < 0.02); return; }
        Assert.Equal(rising, places[high] > places[low]);
        for (var i = 0; i < values.Length; i++)
        {
            var expected = places[low] + ((places[high] - places[low]) * (values[i] - values[low]) / (values[high] - values[low]));
            Assert.Equal(expected, places[i], 0.021); // printed with two decimals
        }
    }

    [Fact]
    public void Equal_aspect_is_equal_to_a_tenth_of_a_percent()
    {
        foreach (var (width, height) in new[] { (1000.0, 30.0), (30.0, 1000.0), (400.0, 400.0) })
        {
            var figure = One(new(new("x"), new("y"), [Points([0, width, 0], [0, 0, height])]) { EqualAspect = true });
            var placed = SvgLayout.Of(figure).Panels[0];
            var perX = (placed.X(width) - placed.X(0)) / width;
            var perY = (placed.Y(0) - placed.Y(height)) / height;
            Assert.Equal(1, perX / perY, 0.001);
            Assert.All(Circles(SvgWriter.Text(figure)), p => Assert.True(placed.Area.Holds(p.X, p.Y)));
        }
    }

    [Fact]
    public void A_decade_has_one_length_on_a_logarithmic_axis_and_what_is_not_positive_is_left_out()
    {
        var figure = One(new(new("x"), new("y") { Log = true }, [Points([1, 2, 3, 4, 5], [1e-12, 1e-11, 1e-10, 0, -3])]));
        var y = Circles(SvgWriter.Text(figure)).Select(p => p.Y).ToArray();
        Assert.Equal(3, y.Length);
        Assert.Equal(y[0] - y[1], y[1] - y[2], 0.03);
    }

    [Fact]
    public void Logarithmic_ticks_are_decades_with_eight_small_ones_between()
    {
        var ticks = new AxisScale(-12, -9, Log: true, Reversed: false).Ticks(5);
        Assert.Equal(["10⁻¹²", "10⁻¹¹", "10⁻¹⁰", "10⁻⁹"], ticks.Major.Select(t => t.Label));
        Assert.Equal(24, ticks.Minor.Count);
        Assert.Equal(["1", "2", "5", "10", "20"], new AxisScale(0, Math.Log10(20), Log: true, Reversed: false).Ticks(5).Major.Select(t => t.Label));
    }

    [Fact]
    public void Linear_ticks_are_round_inside_the_axis_and_labelled_by_their_value() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(5, 7),
        Prop.ForAll(Gen.Choose(-100000, 100000).Two().Where(p => p.Item1 < p.Item2).ToArbitrary(), Gen.Choose(-9, 9).ToArbitrary(), (ends, power) =>
        {
            var unit = Math.Pow(10, power);
            var scale = new AxisScale(ends.Item1 * unit, ends.Item2 * unit, Log: false, Reversed: false);
            // Narrow panels want few, and still show a length.
            Assert.InRange(scale.Ticks(3).Major.Count, 2, 9);
            var ticks = scale.Ticks(6);
            Assert.InRange(ticks.Major.Count, 2, 9);
            foreach (var (value, label) in ticks.Major)
            {
                Assert.InRange(scale.Place(value), -1e-6, 1 + 1e-6);
                var read = double.Parse(label.Replace('−', '-'), CultureInfo.InvariantCulture) * Math.Pow(10, ticks.Power);
                Assert.Equal(value, read, 1e-6 * (scale.To - scale.From));
            }
        }));

    [Fact]
    public void The_second_scale_stands_at_the_shifted_values()
    {
        var placed = SvgLayout.Of(DemoReport.Voltage()).Panels[0];
        Assert.Equal(placed.View.Y.Place(3.1), placed.Right!.Value.Place(3.72), 1e-12);
    }

    [Fact]
    public void A_legend_covers_no_data()
    {
        foreach (var placed in DemoReport.Figures.SelectMany(f => SvgLayout.Of(f).Panels))
        {
            if (placed.Legend is not { } legend) { continue; }
            foreach (var s in placed.View.Panel.Series.OfType<XY>())
            {
                for (var i = 0; i < s.X.Length; i++) { Assert.False(legend.Holds(placed.X(s.X[i]), placed.Y(s.Y[i]))); }
            }
        }
    }

    [Fact]
    public void Labels_of_lines_and_regions_cover_no_other_and_stay_inside() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(3, 9),
        Prop.ForAll(Gen.Choose(0, 1000).NonEmptyListOf().Where(l => l.Count < 9).ToArbitrary(), places =>
        {
            Annotation[] lines = [.. places.Select((p, i) => i % 3 == 2 ? (Annotation)new Region(Along.X, p, p + 40, $"region {p}") : new Rule(Along.X, p, $"{p} °C"))];
            var placed = SvgLayout.Of(new("one", "Title", "Caption", [new Panel(new Axis("x"), new Axis("y"), [new XY("line", [0, 1000], [0, 1])]) { Annotations = lines }])).Panels[0];
            var boxes = SvgPanel.Labels(placed).Select(l => (l.X, l.Y, Half: SvgText.Width(l.Text, SvgText.Small) / 2)).ToArray();
            Assert.Equal(places.Count, boxes.Length);
            Assert.All(boxes, b => Assert.True(placed.Area.Holds(b.X - b.Half, b.Y) && placed.Area.Holds(b.X + b.Half, b.Y)));
            for (var i = 0; i < boxes.Length; i++)
            {
                for (var j = 0; j < i; j++) { Assert.True(Math.Abs(boxes[i].Y - boxes[j].Y) >= 8 || Math.Abs(boxes[i].X - boxes[j].X) >= boxes[i].Half + boxes[j].Half); }
            }
        }));

    [Fact]
    public void Hostile_texts_stay_texts_and_control_characters_do_not_break_the_file()
    {
        const string hostile = "<script>alert('x')</script> & \u0000\u000b\ud800 \"q\"";
        var root = XDocument.Parse(SvgWriter.Text(new("one", hostile, hostile, [new(new(hostile), new(hostile), [Points([1], [1]) with { Name = hostile }, Points([1], [2])])]))).Root!;
        Assert.Empty(root.Descendants(Svg + "script"));
        Assert.Contains("<script>", root.Element(Svg + "title")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Degenerate_series_draw_an_empty_or_single_panel_without_fault()
    {
        foreach (var (x, y) in new (double[], double[])[] { ([], []), ([double.NaN], [1]), ([5], [5]), ([1, 1], [double.PositiveInfinity, 2]), ([0, 1e300], [-1e300, 1e300]) })
        {
            foreach (var log in new[] { false, true })
            {
                var text = SvgWriter.Text(One(new(new("x") { Log = log }, new("y") { Log = log, FromZero = true }, [Points(x, y), new XY("line", x, y)])));
                Assert.DoesNotContain("NaN", text.Replace("Caption", "", StringComparison.Ordinal), StringComparison.Ordinal);
                Assert.DoesNotContain("∞", text, StringComparison.Ordinal);
                XDocument.Parse(text);
            }
        }
    }

    [Fact]
    public void An_id_that_leaves_the_folder_is_refused()
    {
        var folder = SampleData.TemporaryFolder();
        Assert.Throws<ArgumentException>(() => SvgWriter.Write(DemoReport.Voltage() with { Id = "../out" }, folder));
        Assert.Throws<ArgumentException>(() => CsvTable.Write(DemoReport.Cycles() with { Id = "a/b" }, folder));
        Assert.Equal("lnto-nmc-450-c", Slug.Of("LNTO@NMC 450 °C"));
        Assert.Equal("x", Slug.Of("…/.."));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_image_of_a_picture_holds_its_pixels()
    {
        byte[] grey = [0, 64, 128, 255, 7, 9];
        var png = Png.Encode(3, 2, grey, colour: false);
        var data = png.AsSpan(8 + 12 + 13 + 8)[..^(4 + 12)].ToArray(); // after signature, IHDR and the head of IDAT; before its checksum and IEND
        using var zlib = new System.IO.Compression.ZLibStream(new MemoryStream(data), System.IO.Compression.CompressionMode.Decompress);
        var rows = new MemoryStream();
        zlib.CopyTo(rows);
        Assert.Equal([0, 0, 64, 128, 0, 255, 7, 9], rows.ToArray());
        Assert.Equal([0xAE, 0x42, 0x60, 0x82], png[^4..]); // the checksum of an empty IEND, ISO/IEC 15948
    }
}
