using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Instruments;

/// <summary>What the names of a BioLogic export mean: from its columns to a time series and spectra in SI.</summary>
internal static class BiologicQuantities
{
    /// <summary>A column as the vendor names it, read on demand and multiplied.</summary>
    public sealed record Source(string Name, string Origin, Func<double, double[]> Read);

    private static readonly Dictionary<string, (string Name, string Unit, double Scale)> Known = new(StringComparer.Ordinal)
    {
        ["time/s"] = (ColumnNames.Time, "s", 1), ["step time/s"] = (ColumnNames.StepTime, "s", 1),
        ["Ewe/V"] = (ColumnNames.Potential, "V", 1), ["<Ewe>/V"] = (ColumnNames.Potential, "V", 1), ["<Ewe/V>"] = (ColumnNames.Potential, "V", 1),
        ["Ecell/V"] = (ColumnNames.Potential, "V", 1), ["<Ecell>/V"] = (ColumnNames.Potential, "V", 1), ["Ewe/mV"] = (ColumnNames.Potential, "V", 1e-3),
        ["Ece/V"] = (ColumnNames.CounterPotential, "V", 1), ["<Ece>/V"] = (ColumnNames.CounterPotential, "V", 1), ["<Ece/V>"] = (ColumnNames.CounterPotential, "V", 1),
        ["Ewe-Ece/V"] = (ColumnNames.CellVoltage, "V", 1),
        ["I/mA"] = (ColumnNames.Current, "A", 1e-3), ["<I>/mA"] = (ColumnNames.Current, "A", 1e-3), ["I/A"] = (ColumnNames.Current, "A", 1),
        ["<I>/A"] = (ColumnNames.Current, "A", 1), ["I/µA"] = (ColumnNames.Current, "A", 1e-6), ["-I/mA"] = (ColumnNames.Current, "A", -1e-3),
        ["control/V"] = (ColumnNames.ControlPotential, "V", 1), ["control/mA"] = (ColumnNames.ControlCurrent, "A", 1e-3),
        ["(Q-Qo)/mA.h"] = (ColumnNames.NetCharge, "C", 3.6), ["(Q-Qo)/C"] = (ColumnNames.NetCharge, "C", 1), ["(Q-Qo)/mC"] = (ColumnNames.NetCharge, "C", 1e-3),
        ["cycle number"] = (ColumnNames.Cycle, "1", 1), ["Ns"] = (ColumnNames.ProgramStep, "1", 1),
        ["Q charge/mA.h"] = (ColumnNames.ChargeCapacity, "C", 3.6), ["Q discharge/mA.h"] = (ColumnNames.DischargeCapacity, "C", 3.6),
        ["Energy charge/W.h"] = (ColumnNames.ChargeEnergy, "J", 3600), ["Energy discharge/W.h"] = (ColumnNames.DischargeEnergy, "J", 3600),
        ["Energy we charge/W.h"] = (ColumnNames.ChargeEnergy, "J", 3600), ["Energy we discharge/W.h"] = (ColumnNames.DischargeEnergy, "J", 3600),
        ["Temperature/°C"] = (ColumnNames.Temperature, "K", 1),
        ["freq/Hz"] = (ColumnNames.Frequency, "Hz", 1), ["Re(Z)/Ohm"] = (ColumnNames.RealImpedance, "ohm", 1),
        ["-Im(Z)/Ohm"] = (ColumnNames.ImaginaryImpedance, "ohm", -1), ["Im(Z)/Ohm"] = (ColumnNames.ImaginaryImpedance, "ohm", 1),
    };

    /// <summary>Builds what a measurement holds from the file's columns.</summary>
    public static (TimeSeries? Series, ImpedanceSpectrum[] Spectra, List<Warning> Warnings) Build(
        IReadOnlyList<Source> sources, PotentialReference reference, int rows, IReadOnlyList<int> loopStarts)
    {
        var warnings = new List<Warning>();
        var columns = new List<Column>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var s in sources)
        {
            if (Known.TryGetValue(s.Name, out var known) && taken.Add(known.Name))
            {
                var values = s.Read(known.Scale);
                if (known.Name == ColumnNames.Temperature) { values = Map(values, c => c + 273.15); }
                columns.Add(new(known.Name, known.Unit, values, s.Origin,
                    known.Name is ColumnNames.Potential or ColumnNames.CounterPotential or ColumnNames.ControlPotential ? reference : null));
            }
            else if (taken.Add(s.Name))
            {
                columns.Add(new(s.Name, UnitOf(s.Name), s.Read(1), s.Origin));
            }
            else
            {
                warnings.Add(new(s.Name, "a second column of this name is left out"));
            }
        }
        double[]? Values(string name) => columns.Find(c => c.Name == name)?.Values;
        Derive(columns, Values, reference, loopStarts, rows);

        var spectra = Array.Empty<ImpedanceSpectrum>();
        if (Values(ColumnNames.Frequency) is { } f && Values(ColumnNames.RealImpedance) is { } re && Values(ColumnNames.ImaginaryImpedance) is { } im)
        {
            spectra = ImpedanceRows.Split(f, re, im, Values("z cycle"), Values(ColumnNames.Time), Values(ColumnNames.Potential), reference, Values(ColumnNames.Temperature));
        }
        if (rows == 0) { warnings.Add(new("series", "the file holds no rows")); }
        var series = taken.Contains(ColumnNames.Time) && rows > 0 ? new TimeSeries(columns) : null;
        if (series is not null && BackwardSteps(series.Time) is { } back) { warnings.Add(back); }
        if (series is null && rows > 0 && spectra.Length == 0) { warnings.Add(new("series", "the file has no time column, so its rows are no time series")); }
        return (series, spectra, warnings);
    }

    /// <summary>A warning where time runs backwards.</summary>
    public static Warning? BackwardSteps(ReadOnlySpan<double> time)
    {
        var count = 0;
        var first = -1;
        for (var i = 1; i < time.Length; i++)
        {
            if (time[i] < time[i - 1] && count++ == 0) { first = i; }
        }
        return count == 0 ? null : new(ColumnNames.Time, $"time runs backwards {count} times, first at row {first + 1}");
    }

    private static void Derive(List<Column> columns, Func<string, double[]?> values, PotentialReference reference, IReadOnlyList<int> loopStarts, int rows)
    {
        void AddIfMissing(string name, string unit, string origin, Func<double[]?> make, PotentialReference? r = null)
        {
            if (values(name) is null && make() is { } v) { columns.Add(new(name, unit, v, origin, r)); }
        }

        if (values("control/V/mA") is { } control && values("mode") is { } mode)
        {
            AddIfMissing(ColumnNames.ControlPotential, "V", "control/V/mA where mode is 2", () => Where(control, mode, 2, 1), reference);
            AddIfMissing(ColumnNames.ControlCurrent, "A", "control/V/mA where mode is 1", () => Where(control, mode, 1, 1e-3));
        }
        AddIfMissing(ColumnNames.Current, "A", "dq over the time between rows; 0 in the first", () =>
            values("dq/mA.h") is { } dq && values(ColumnNames.Time) is { } t ? MeanCurrent(dq, t, 3.6) : null);
        AddIfMissing(ColumnNames.Current, "A", "change of (Q-Qo) over the time between rows; 0 in the first", () =>
            values(ColumnNames.NetCharge) is { } net && values(ColumnNames.Time) is { } t ? MeanCurrent([.. net.Select((q, i) => i == 0 ? 0 : q - net[i - 1])], t, 1) : null);
        AddIfMissing(ColumnNames.Current, "A", "the cell is at rest in every row", () =>
            values("mode") is { } m && m.All(x => x == 3) ? new double[rows] : null);
        AddIfMissing(ColumnNames.Cycle, "1", "half cycle / 2, rounded down", () => values("half cycle") is { } half ? Map(half, h => Math.Floor(h / 2)) : null);
        AddIfMissing(ColumnNames.Step, "1", "counts the changes of Ns", () => values(ColumnNames.ProgramStep) is { } ns ? Steps(ns, values("Ns changes")) : null);
        if (values("Q charge/discharge/mA.h") is { } q)
        {
            AddIfMissing(ColumnNames.ChargeCapacity, "C", "positive part of Q charge/discharge", () => Map(q, x => Math.Max(x, 0) * 3.6));
            AddIfMissing(ColumnNames.DischargeCapacity, "C", "negative part of Q charge/discharge", () => Map(q, x => Math.Max(-x, 0) * 3.6));
        }
        if (values("|Z|/Ohm") is { } size && values("Phase(Z)/deg") is { } phase)
        {
            AddIfMissing(ColumnNames.RealImpedance, "ohm", "|Z| cos Phase(Z)", () => Combine(size, phase, (z, p) => z * Math.Cos(p * Math.PI / 180)));
            AddIfMissing(ColumnNames.ImaginaryImpedance, "ohm", "|Z| sin Phase(Z)", () => Combine(size, phase, (z, p) => z * Math.Sin(p * Math.PI / 180)));
        }
        if (values(ColumnNames.Frequency) is { } f)
        {
            foreach (var name in new[] { ColumnNames.RealImpedance, ColumnNames.ImaginaryImpedance, ColumnNames.Frequency })
            {
                if (columns.FindIndex(c => c.Name == name) is >= 0 and var at) { columns[at] = columns[at] with { Values = WherePositive(columns[at].Values, f) }; }
            }
        }
        if (loopStarts.Count > 1)
        {
            var loop = new double[rows];
            var n = 0;
            for (var i = 0; i < rows; i++)
            {
                while (n + 1 < loopStarts.Count && loopStarts[n + 1] <= i) { n++; }
                loop[i] = n;
            }
            columns.Add(new("loop", "1", loop, "loop indexes of the file"));
        }
    }

    /// <summary>The vendor's mean current: charge of a row over the time since the row before, 0 in the first row.</summary>
    public static double[] MeanCurrent(double[] dq, double[] time, double scale)
    {
        var current = new double[dq.Length];
        for (var i = 1; i < current.Length; i++)
        {
            var dt = time[i] - time[i - 1];
            current[i] = dt > 0 ? dq[i] * scale / dt : 0;
        }
        return current;
    }

    private static double[] Steps(double[] ns, double[]? changes)
    {
        var step = new double[ns.Length];
        var n = 0;
        for (var i = 1; i < ns.Length; i++)
        {
            if (ns[i] != ns[i - 1] || (changes is not null && changes[i] == 1 && changes[i - 1] == 0)) { n++; }
            step[i] = n;
        }
        return step;
    }

    private static double[] Where(double[] values, double[] mode, double wanted, double scale)
    {
        var result = new double[values.Length];
        for (var i = 0; i < result.Length; i++) { result[i] = mode[i] == wanted ? values[i] * scale : double.NaN; }
        return result;
    }

    private static double[] Map(double[] a, Func<double, double> f)
    {
        var result = new double[a.Length];
        for (var i = 0; i < result.Length; i++) { result[i] = f(a[i]); }
        return result;
    }

    private static double[] Combine(double[] a, double[] b, Func<double, double, double> f)
    {
        var result = new double[a.Length];
        for (var i = 0; i < result.Length; i++) { result[i] = f(a[i], b[i]); }
        return result;
    }

    private static double[] WherePositive(double[] values, double[] frequency)
    {
        var result = new double[values.Length];
        for (var i = 0; i < result.Length; i++) { result[i] = frequency[i] > 0 ? values[i] : double.NaN; }
        return result;
    }

    private static string UnitOf(string name)
    {
        var slash = name.LastIndexOf('/');
        return slash > 0 && slash < name.Length - 1 && name is not ("ox/red" or "Acir/Dcir Control") ? name[(slash + 1)..] : "1";
    }
}
