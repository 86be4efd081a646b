using FsCheck;
using FsCheck.Fluent;
using Interphase.Files;
using Interphase.Simulation;
using Interphase.Tests.Support;

namespace Interphase.Tests.Simulation;

public class ProtocolTextTests
{
    [Theory]
    [InlineData("Charge at C/10 until 3.8 V", "Charge at 0.1C until 3.8 V")]
    [InlineData("Hold at 3.8 V until C/50 or for 1 h", "Hold at 3.8 V until 0.02C or for 3600 s")]
    [InlineData("Rest for 2 h or until 0.1 mV/h", "Rest for 7200 s or until 2.7777777777777777E-08 V/s")]
    [InlineData("Discharge at 130 uA/cm2 for 5 min or until 2.2 V", "Discharge at 1.3 A/m2 for 300 s or until 2.2 V")]
    [InlineData("Sweep to 3.8 V at 0.1 mV/s", "Sweep to 3.8 V at 0.0001 V/s")]
    [InlineData("Impedance from 1 MHz to 10 mHz, 10 per decade", "Impedance from 1000000 Hz to 0.01 Hz, 10 per decade")]
    [InlineData("impedance from 1 MHz to 1 Hz", "Impedance from 1000000 Hz to 1 Hz, 10 per decade")]
    [InlineData("discharge AT 0.5 C until 3 V", "Discharge at 0.5C until 3 V")]
    [InlineData("Charge at 2C/5 for 10 minutes", "Charge at 0.4C for 600 s")]
    [InlineData("Charge at 15 mA/g until 2 mAh", "Charge at 15 A/kg until 7.2 A.s")]
    [InlineData("Charge at 5 mA until 150 mAh/g", "Charge at 0.005 A until 540000 A.s/kg")]
    [InlineData("Charge at 5 mA until capacity 1 mAh/cm2", "Charge at 0.005 A until 36000 A.s/m2")]
    [InlineData("Discharge at 3 W until 50 % of nominal capacity", "Discharge at 3 W until 0.5 of nominal capacity")]
    [InlineData("Charge at 1C until stoichiometry 0.5 or 4 V or 1 h", "Charge at 1C until stoichiometry 0.5 or until 4 V or for 3600 s")]
    [InlineData("Discharge at 1C", "Discharge at 1C")]
    public void Words_of_the_laboratory_become_steps(string text, string printed) =>
        Assert.Equal(printed + "\n", Printed(text));

    [Fact]
    public void Repeats_nest_and_may_have_a_condition()
    {
        var protocol = ProtocolText.Parse("""
            # formation
            Charge at C/10 until 3.8 V   # first charge
            repeat 200 until capacity below 80 %:
                repeat 2:
                    Charge at C/2 until 3.8 V; Rest for 10 min
                Discharge at C/2 until 2.2 V
            Rest for 1 h
            """, "p");
        Assert.Equal(3, protocol.Items.Count);
        var outer = Assert.IsType<Repeat>(protocol.Items[1]);
        Assert.Equal((200, 0.8), (outer.Count, outer.UntilCapacityBelow));
        var inner = Assert.IsType<Repeat>(outer.Items[0]);
        Assert.Equal(2, inner.Items.Count);
        Assert.Equal("p:5:36", inner.Items[1].Where);
        Assert.Equal("Rest for 10 min", inner.Items[1].Text);
        Assert.IsType<ProtocolStep>(outer.Items[1]);
        Assert.IsType<RestStep>(Assert.IsType<ProtocolStep>(protocol.Items[2]).Action);
    }

    [Theory]
    [InlineData("repeat 3: Charge at 1C until 4 V; Discharge at 1C until 3 V")]
    [InlineData("repeat 3:\n  Charge at 1C until 4 V\n  Discharge at 1C until 3 V\n")]
    [InlineData("- repeat 3:\n    - Charge at 1C until 4 V\n    - Discharge at 1C until 3 V\n")]
    [InlineData("- repeat 3:\n    - \"Charge at 1C until 4 V\"\n    - 'Discharge at 1C until 3 V'\n")]
    [InlineData("[ repeat 3: [ Charge at 1C until 4 V, Discharge at 1C until 3 V ] ]")]
    [InlineData("repeat 3:\r\n    Charge at 1C until 4 V\r\n    Discharge at 1C until 3 V\r\n")]
    public void One_protocol_has_many_spellings(string text) =>
        Assert.Equal("repeat 3:\n    Charge at 1C until 4 V\n    Discharge at 1C until 3 V\n", Printed(text));

    [Fact]
    public void A_list_of_a_study_file_is_a_protocol()
    {
        var list = Yaml.Parse("protocols: [ \"Charge at C/10 until 3.8 V\", repeat 2: [ Rest for 1 h ] ]", "study.yaml").Required("protocols");
        Assert.Equal("Charge at 0.1C until 3.8 V\nrepeat 2:\n    Rest for 3600 s\n", ProtocolPrint.Text(ProtocolText.Parse(list, "study.yaml")));
    }

    [Theory]
    [InlineData("Dicharge at C/10", "p:1:1", "discharge")]
    [InlineData("Charge at C/10\nRest", "p:2:1", "for 1 h")]
    [InlineData("Charge at C/10 for 3.8 V", "p:1:20", "s")]
    [InlineData("Charge C/10", "p:1:8", "at C/10")]
    [InlineData("Charge at 10 degC", "p:1:11", "C-rate")]
    [InlineData("Charge at -1 A", "p:1:11", "sign")]
    [InlineData("Charge at 1C until 3 apples", "p:1:20", "write it as")]
    [InlineData("Charge at 1C until", "p:1:19", "3.8 V")]
    [InlineData("Sweep to 3.8 V", "p:1:15", "0.1 mV/s")]
    [InlineData("Sweep to 3.8 V at -1 mV/s", "p:1:16", "direction")]
    [InlineData("Impedance from 1 MHz to 0 Hz", "p:1:1", "Hz")]
    [InlineData("Impedance from 1 MHz to 1 Hz for 1 h", "p:1:1", "leave")]
    [InlineData("repeat:\n  Rest for 1 h", "p:1:7", "repeat 200")]
    [InlineData("repeat 3\n  Rest for 1 h", "p:1:1", "repeat 200:")]
    [InlineData("repeat 3:\nRest for 1 h", "p:1:1", "indent")]
    [InlineData("Rest for 1 h\n  Rest for 1 h", "p:2:3", "below")]
    [InlineData("Rest for 1 h;\n\tRest for 1 h", "p:2:1", "spaces")]
    [InlineData("Rest for 1 h or", "p:1:16", "3.8 V")]
    [InlineData("Rest for 1,5 h", "p:1:10", "")]
    [InlineData("Replay nowhere.bdf.csv", "p:1:8", "bdf")]
    [InlineData("Charge at C/10 untill 3.8 V", "p:1:16", "until")]
    [InlineData("Rest for 1 h\nDischarge at 1 mA unti 2 V", "p:2:19", "until")]
    [InlineData("", "p", "write a step")]
    [InlineData("repeat 3 until capacity below 180 %:\n  Rest for 1 h", "p:1:35", "80 %")]
    public void An_error_points_at_line_and_column(string text, string where, string mend)
    {
        var e = Assert.Throws<InputException>(() => ProtocolText.Parse(text, "p"));
        Assert.Equal(where, e.Where);
        Assert.Contains(mend, e.Mend, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_nesting_is_refused() =>
        Assert.Throws<InputException>(() => ProtocolText.Parse(string.Concat(Enumerable.Repeat("repeat 2: ", 500)) + "Rest for 1 h", "p"));

    [Fact]
    public void A_line_without_end_is_refused() =>
        Assert.Throws<InputException>(() => ProtocolText.Parse(string.Concat(Enumerable.Repeat("Rest for 1 h; ", 100_000)), "p"));

    /// <summary>Any typed protocol, printed and read again, prints the same: nothing is lost on the way, to the last bit.</summary>
    [Fact]
    public void Printing_and_reading_give_the_same_protocol() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261121, 5), Prop.ForAll(Items(3).ToArbitrary(), items =>
        {
            var text = ProtocolPrint.Text(new(items));
            var read = ProtocolText.Parse(text, "p");
            Assert.Equal(Flat(items), Flat(read.Items));
            return ProtocolPrint.Text(read) == text;
        }));

    [Fact]
    public void Whatever_is_written_is_read_or_refused_with_a_reason() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20261121, 7), Prop.ForAll(
            (from n in Gen.Choose(1, 14) from w in Gen.Elements("Charge", "at", "C/10", "until", "3.8 V", "or", "for", "1 h", ";", "\n", "  ", "repeat 2:", "repeat", ":", ",", "Rest", "- ", "Hold", "Impedance", "from", "1 Hz", "to", "per", "decade", "10", "stoichiometry", "0.5", "%", "1e999", "mAh/g", "\t", "#", "[", "]", "{", "\"", "-", "of nominal", "Sweep", "C").ListOf(n) select string.Join(' ', w)).ToArbitrary(),
            text =>
            {
                try { return ProtocolText.Parse(text, "p").Items.Count > 0; }
                catch (InputException e) { return e.Mend.Length > 0; }
            }));

    [Fact]
    public void A_recorded_current_profile_is_replayed()
    {
        var folder = SampleData.TemporaryFolder();
        File.WriteAllText(Path.Combine(folder, "drive.bdf.csv"), "Test Time / s,Voltage / V,Current / A\n0,3.5,0.001\n10,3.5,-0.002\n20,3.5,0\n");
        File.WriteAllText(Path.Combine(folder, "protocol.txt"), "Replay drive.bdf.csv until 3 V\nRest for 1 min\n");
        var step = Assert.IsType<ProtocolStep>(ProtocolText.Read(Path.Combine(folder, "protocol.txt")).Items[0]);
        var replay = Assert.IsType<ReplayCurrent>(step.Action);
        Assert.Equal([0, 10, 20], replay.Time);
        Assert.Equal([0.001, -0.002, 0], replay.Current);
        Assert.Equal([new AtPotential(3)], step.Ends);
    }

    [Fact]
    public void The_examples_of_the_documentation_are_read()
    {
        var page = File.ReadAllText(Path.Combine(SampleData.Repository, "docs", "protocol.md"));
        Assert.Equal(5, ProtocolText.Parse(page.Split("```")[1], "docs/protocol.md").Items.Count);
        var ends = page.Split('\n').SkipWhile(l => !l.StartsWith("| end |", StringComparison.Ordinal)).Where(l => l.StartsWith('|')).SelectMany(l => l.Split('`').Where((_, i) => i % 2 == 1)).ToArray();
        Assert.True(ends.Length > 8);
        foreach (var end in ends) { Assert.Single(ProtocolText.Parse($"Charge at C/10 {end}", "docs/protocol.md").Items); }
    }

    private static string Printed(string text) => ProtocolPrint.Text(ProtocolText.Parse(text, "p"));

    private static IEnumerable<object> Flat(IReadOnlyList<ProtocolItem> items) => items.SelectMany<ProtocolItem, object>(i => i switch
    {
        Repeat r => [(r.Count, r.UntilCapacityBelow), .. Flat(r.Items), "end"],
        ProtocolStep s => [s.Action, .. s.Ends],
        _ => [],
    });

    private static Gen<List<ProtocolItem>> Items(int depth)
    {
        var one = depth == 0 ? Step() : Gen.Frequency((5, Step()), (1, Gen.OneOf(
            from n in Gen.Choose(1, 500) from below in Gen.Elements(double.NaN, 0.8, 0.123456789) from inner in Items(depth - 1) select (ProtocolItem)new Repeat(n, inner, below))));
        return from n in Gen.Choose(1, 4) from list in one.ListOf(n) select list.ToList();
    }

    private static Gen<double> Size() => from m in Gen.Choose(1, 999_999_999) from e in Gen.Choose(-12, 2) select m * Math.Pow(10, e);

    private static Gen<ProtocolItem> Step()
    {
        var basis = Gen.Elements(Enum.GetValues<AmountBasis>());
        var end = Gen.OneOf(
            from v in Size() select (StepEnd)new AfterTime(v),
            from v in Size() from sign in Gen.Elements(-1, 1) select (StepEnd)new AtPotential(sign * v),
            from v in Size() from b in basis select (StepEnd)new AtCurrent(new(v, b)),
            from v in Size() select (StepEnd)new AtDrift(v),
            from v in Size() from b in basis select (StepEnd)new AfterCharge(new(v, b)),
            from v in Gen.Choose(0, 1000) select (StepEnd)new AtStoichiometry(v / 1000.0));
        var ends = from n in Gen.Choose(1, 3) from list in end.ListOf(n) select list;
        return Gen.OneOf(
            from v in Size() from sign in Gen.Elements(-1, 1) from b in basis from e in ends select (ProtocolItem)new ProtocolStep(new HoldCurrent(new(sign * v, b)), [.. e]),
            from v in Size() from sign in Gen.Elements(-1, 1) from e in ends select (ProtocolItem)new ProtocolStep(new HoldPower(sign * v), [.. e]),
            from v in Size() from e in ends select (ProtocolItem)new ProtocolStep(new HoldPotential(v), [.. e]),
            from e in ends select (ProtocolItem)new ProtocolStep(new RestStep(), [.. e]),
            from v in Size() from r in Size() select (ProtocolItem)new ProtocolStep(new SweepPotential(v, r), []),
            from v in Size() from w in Size() from n in Gen.Choose(1, 50) select (ProtocolItem)new ProtocolStep(new MeasureImpedance(v, w, n), []));
    }
}
