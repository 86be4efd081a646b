using System.Globalization;
using System.Text.RegularExpressions;
using Interphase.Instruments;
using Interphase.Units;

namespace Interphase.Simulation;

/// <summary>Reads one step (or the head of a repeat) of a line.</summary>
internal sealed partial class StepReader
{
    private static readonly string[] Verbs = ["charge", "discharge", "hold", "rest", "sweep", "impedance", "replay", "repeat"];
    private static readonly string[] Joints = ["at", "for", "until", "or", "to", "from", "per"];
    private static readonly Dimension Ampere = Unit.Parse("A").Dimension, Metre = Unit.Parse("m").Dimension, Kilogram = Unit.Parse("kg").Dimension,
        Second = Unit.Parse("s").Dimension, Volt = Unit.Parse("V").Dimension, Watt = Unit.Parse("W").Dimension, Hertz = Unit.Parse("Hz").Dimension;

    private readonly string text;
    private readonly string place;
    private readonly string name;
    private readonly List<(string Word, int At)> words = [];
    private int next;

    /// <summary>Reads <paramref name="text"/> from <paramref name="start"/> on.</summary>
    public StepReader(string text, int start, int line, string name)
    {
        this.text = text;
        this.name = name;
        place = $"{name}:{line.ToString(CultureInfo.InvariantCulture)}:";
        foreach (Match m in Word().Matches(text, start)) { words.Add((m.Value, m.Index)); }
    }

    /// <summary>Whether a repeat begins at a place.</summary>
    public static bool IsRepeat(string text, int start) => RepeatHead().IsMatch(text[start..]);

    /// <summary>Reads <c>repeat N [until capacity below 80 %]:</c>; its items are still to come.</summary>
    public Repeat Repeat(out int end)
    {
        var colon = text.IndexOf(':', words[0].At);
        if (colon < 0) { throw Error(words[0].At, "the repeat has no colon", "write 'repeat 200:'"); }
        end = colon + 1;
        words.RemoveAll(w => w.At > colon);
        if (words[^1].Word is ":") { words.RemoveAt(words.Count - 1); }
        else if (words[^1].Word.EndsWith(':')) { words[^1] = (words[^1].Word.TrimEnd(':'), words[^1].At); }
        next = 1;
        if (next == words.Count || !int.TryParse(words[next].Word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
        {
            throw Error(next == words.Count ? colon : words[next].At, "the repeat has no count", "write how often, as in 'repeat 200:'");
        }
        next++;
        var below = double.NaN;
        if (Is(",")) { next++; }
        if (next < words.Count)
        {
            foreach (var word in new[] { "until", "capacity", "below" }) { Expect(word, "a repeat may go on 'until capacity below 80 %'"); }
            below = Quantity("1", "a share, as in 80 %").Value;
            if (below is not (> 0 and < 1)) { throw Error(words[^1].At, "the share must lie between 0 and 100 %", "write it as in 'until capacity below 80 %'"); }
        }
        if (next < words.Count) { throw Unexpected(); }
        return new(count, [], below) { Text = text[words[0].At..(colon + 1)], Where = place + (words[0].At + 1).ToString(CultureInfo.InvariantCulture) };
    }

    /// <summary>Reads a step.</summary>
    public ProtocolStep Step()
    {
        var (verb, at) = words[0];
        next = 1;
        StepAction action = verb.ToLowerInvariant() switch
        {
            "charge" => Drive(1),
            "discharge" => Drive(-1),
            "hold" => new HoldPotential(After("at", "V", "a potential, as in 3.8 V").Value),
            "rest" => new RestStep(),
            "sweep" => Sweep(),
            "impedance" => Impedance(),
            "replay" => Replay(),
            _ => throw Error(at, $"'{verb}' is not a step", NearestName.Suggest(verb.ToLowerInvariant(), Verbs)),
        };
        var ends = Ends();
        if (next < words.Count) { throw Unexpected(); }
        if (ends.Count == 0 && action is RestStep or HoldPotential)
        {
            throw Error(at, "the step has no end", "add 'for 1 h' or 'until …'");
        }
        if (ends.Count > 0 && action is MeasureImpedance) { throw Error(at, "an impedance spectrum has no end of its own", "leave 'for' and 'until' out"); }
        return new(action, ends) { Text = text[at..].TrimEnd(), Where = place + (at + 1).ToString(CultureInfo.InvariantCulture) };
    }

    private StepAction Drive(int sign)
    {
        Expect("at", "say how fast, as in 'at C/10', 'at 130 uA/cm2' or 'at 5 W'");
        var from = next;
        var value = Value("a current or a power");
        if (Rate(value) is { } rate) { return new HoldCurrent(new(sign * rate, AmountBasis.Nominal)); }
        var q = Parse(value, from);
        if (q.Value <= 0) { throw Error(words[from].At, "the current is not positive", "'Charge' and 'Discharge' give the sign; use 'Rest' for none"); }
        if (q.Unit.Dimension == Watt) { return new HoldPower(sign * q.Value); }
        return q.Unit.Dimension == Volt ? throw Error(words[from].At, $"'{value}' is a potential", "write 'Hold at', or 'until' for where the step ends")
            : new HoldCurrent(new(sign * q.Value, Basis(q, Ampere) ?? throw Error(words[from].At, $"'{value}' is neither a current nor a power", "give it in A, mA/cm2, mA/g, W or as a C-rate")));
    }

    private SweepPotential Sweep()
    {
        var to = After("to", "V", "a potential, as in 3.8 V").Value;
        var at = next < words.Count ? words[next].At : text.Length;
        var rate = After("at", "V/s", "a rate, as in 0.1 mV/s").Value;
        return rate > 0 ? new(to, rate) : throw Error(at, "the rate of a sweep is positive", "its direction follows from where it goes");
    }

    private MeasureImpedance Impedance()
    {
        var start = words[0].At;
        var from = After("from", "Hz", "a frequency, as in 1 MHz").Value;
        var to = After("to", "Hz", "a frequency, as in 10 mHz").Value;
        var density = 10;
        if (Is(",")) { next++; }
        if (next < words.Count && !Is("for", "until", "or"))
        {
            var at = words[next].At;
            if (!int.TryParse(words[next].Word, NumberStyles.None, CultureInfo.InvariantCulture, out density) || density is < 1 or > 1000) { throw Error(at, $"'{words[next].Word}' is not a number of points", "write '10 per decade'"); }
            next++;
            foreach (var word in new[] { "per", "decade" }) { Expect(word, "write '10 per decade'"); }
        }
        return from > 0 && to > 0 ? new(from, to, density) : throw Error(start, "a frequency is not positive", "give both in Hz");
    }

    /// <summary>A current profile from any instrument file with time and current; relative names are beside the protocol.</summary>
    private ReplayCurrent Replay()
    {
        var at = next < words.Count ? words[next].At : text.Length;
        var file = Value("a file").Trim('"', '\'');
        var path = File.Exists(file) ? file : Path.Combine(Path.GetDirectoryName(name) ?? "", file);
        if (!File.Exists(path)) { throw Error(at, $"the profile '{file}' does not exist", "name a file with time and current, such as a .bdf.csv"); }
        var series = InstrumentFile.Read(path).Series
            ?? throw Error(at, $"'{file}' holds no time series", "name a file with time and current");
        var time = series.Time.ToArray();
        var current = series.Current.ToArray();
        for (var i = 1; i < time.Length; i++)
        {
            if (!(time[i] >= time[i - 1]) || !double.IsFinite(current[i])) { throw Error(at, $"the profile '{file}' is not in order at row {i + 1}", "its times must rise and its currents be numbers"); }
        }
        return time.Length >= 2 ? new(time, current) : throw Error(at, $"the profile '{file}' has fewer than two rows", "give at least two points");
    }

    /// <summary><c>for TIME</c> and <c>until …</c>, parted by <c>or</c>; the first that happens ends the step.</summary>
    private List<StepEnd> Ends()
    {
        var ends = new List<StepEnd>();
        while (next < words.Count && Is("for", "until", "or"))
        {
            var joint = words[next].Word.ToLowerInvariant();
            if (joint == "or" && ends.Count == 0) { throw Unexpected(); }
            next++;
            if (joint == "or" && Is("for", "until")) { joint = words[next++].Word.ToLowerInvariant(); }
            ends.Add(joint == "for" ? new AfterTime(Duration()) : End());
        }
        return ends;
    }

    private double Duration()
    {
        var at = next < words.Count ? words[next].At : text.Length;
        var t = Quantity("s", "a time, as in 2 h").Value;
        return t > 0 ? t : throw Error(at, "the time is not positive", "write it as in 'for 2 h'");
    }

    private StepEnd End()
    {
        var from = next;
        if (Is("stoichiometry", "capacity", "potential", "current")) { next++; }
        var kind = next > from ? words[from].Word.ToLowerInvariant() : "";
        var first = next;
        var value = Value("where the step ends, as in 3.8 V, C/50, 0.1 mV/h, 2 mAh or 1 h");
        var at = words[first].At;
        if (kind == "stoichiometry")
        {
            var x = Parse(value, first);
            return x.Unit.Dimension == Dimension.None && x.Value is >= 0 and <= 1 ? new AtStoichiometry(x.Value) : throw Error(at, $"'{value}' is not a stoichiometry", "write a number between 0 and 1");
        }
        if (Nominal().Match(value) is { Success: true } n) { return new AfterCharge(new(Parse(n.Groups[1].Value, first).Value, AmountBasis.Nominal)); }
        if (Rate(value) is { } rate) { return new AtCurrent(new(rate, AmountBasis.Nominal)); }
        var q = Parse(value, first);
        var dimension = q.Unit.Dimension;
        if (dimension == Volt) { return new AtPotential(q.Value); }
        if (q.Value <= 0) { throw Error(at, $"'{value}' is not positive", "a time, charge, current or drift that ends a step is positive"); }
        if (dimension == Second) { return new AfterTime(q.Value); }
        if (dimension == Volt / Second) { return new AtDrift(q.Value); }
        if (Basis(q, Ampere) is { } current) { return new AtCurrent(new(q.Value, current)); }
        return Basis(q, Ampere * Second) is { } charge ? new AfterCharge(new(q.Value, charge))
            : throw Error(at, $"'{value}' cannot end a step", "write a potential, current, C-rate, time, charge, drift (mV/h) or 'stoichiometry 0.5'");
    }

    private static AmountBasis? Basis(Quantity q, Dimension whole) => q.Unit.Dimension == whole ? AmountBasis.Cell
        : q.Unit.Dimension == whole / Metre.Power(2) ? AmountBasis.Area : q.Unit.Dimension == whole / Kilogram ? AmountBasis.Mass : null;

    /// <summary>The value of <c>0.5C</c>, <c>C/10</c> or <c>2 C/5</c>; null for anything else.</summary>
    private static double? Rate(string value)
    {
        var m = CRate().Match(value);
        if (!m.Success) { return null; }
        double Number(Group g) => g.Success ? double.Parse(g.Value, NumberStyles.Float, CultureInfo.InvariantCulture) : 1;
        var rate = Number(m.Groups["n"]) / Number(m.Groups["d"]);
        return rate > 0 && double.IsFinite(rate) ? rate : null;
    }

    private Quantity After(string joint, string unit, string expected)
    {
        Expect(joint, $"write '{joint}' and {expected}");
        return Quantity(unit, expected);
    }

    private Quantity Quantity(string unit, string expected)
    {
        var from = next;
        var value = Value(expected);
        try { return Units.Quantity.Parse(value, unit); }
        catch (InputException e) { throw Misspelt(from) ?? e.At(place + (words[from].At + 1).ToString(CultureInfo.InvariantCulture)); }
    }

    private Quantity Parse(string value, int from)
    {
        try { return Units.Quantity.Parse(value); }
        catch (InputException e) { throw Misspelt(from) ?? e.At(place + (words[from].At + 1).ToString(CultureInfo.InvariantCulture)); }
    }

    /// <summary>A joining word written almost right among the words read last, which made them no quantity.</summary>
    private InputException? Misspelt(int from)
    {
        for (var i = from + 1; i < next; i++)
        {
            var word = words[i].Word.ToLowerInvariant();
            if (word.Length > 2 && word.All(char.IsAsciiLetter) && Joints.Any(j => j.Length > 2 && NearestName.Distance(j, word) is 1 or 2 && j[0] == word[0]))
            {
                return Error(words[i].At, $"'{words[i].Word}' is not understood", NearestName.Suggest(word, Joints));
            }
        }
        return null;
    }

    /// <summary>The text up to the next joining word or comma.</summary>
    private string Value(string expected)
    {
        var from = next;
        while (next < words.Count && words[next].Word != "," && !Joints.Contains(words[next].Word, StringComparer.OrdinalIgnoreCase)) { next++; }
        if (next == from) { throw Error(from < words.Count ? words[from].At : text.Length, $"{expected.Split(',')[0]} is expected", $"write {expected}"); }
        var (last, at) = words[next - 1];
        return text[words[from].At..(at + last.Length)];
    }

    private bool Is(params string[] any) => next < words.Count && any.Contains(words[next].Word, StringComparer.OrdinalIgnoreCase);

    private void Expect(string word, string mend)
    {
        if (next == words.Count) { throw Error(text.Length, $"'{word}' is missing", mend); }
        if (!Is(word)) { throw Error(words[next].At, $"'{words[next].Word}' stands where '{word}' is expected", mend); }
        next++;
    }

    private InputException Unexpected() => Error(words[next].At, $"'{words[next].Word}' is not understood", NearestName.Suggest(words[next].Word.ToLowerInvariant(), Joints));

    private InputException Error(int at, string what, string mend) => new(what, place + (at + 1).ToString(CultureInfo.InvariantCulture), mend);

    [GeneratedRegex(@",|[^\s,]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"^repeat\b", RegexOptions.IgnoreCase)]
    private static partial Regex RepeatHead();

    [GeneratedRegex(@"^(?<n>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)?\s*C(?:\s*/\s*(?<d>\d+\.?\d*|\.\d+))?$")]
    private static partial Regex CRate();

    [GeneratedRegex(@"^(.+?)\s+of\s+nominal(?:\s+capacity)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Nominal();
}
