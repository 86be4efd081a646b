using System.Globalization;
using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>
/// The table EC-Lab exports: every stored column, then the ones it derives, by the rules found on the vendor's own exports.
/// Where EC-Lab itself is odd (the counter electrode's energy repeats the working electrode's; step time counts from the start
/// of the acquisition in the first half cycle) this table is odd alike: it reproduces, it does not judge.
/// </summary>
internal sealed class BiologicExport
{
    private static readonly byte[] ImpedanceTechniques = [0x1D, 0x1E, 0x32], InsertionTechniques = [0x04, 0x0C, 0x77, 0x7F];
    private const byte ModuloBat = 0x7F;
    private const double Faraday = 26.8015 * 3600; // the value EC-Lab computes with

    private readonly BiologicMpr.Rows rows;
    private readonly List<NativeColumn> columns;

    private BiologicExport(BiologicMpr.Rows rows)
    {
        this.rows = rows;
        columns = [.. rows.Columns.Select(c => new NativeColumn(c.Name, rows.Decode(c, 1)))];
    }

    /// <summary>Every stored and derived column.</summary>
    public static NativeTable Of(BiologicMpr.Rows rows, BiologicSettings? settings, string? software, IReadOnlyList<int> loopStarts)
    {
        var export = new BiologicExport(rows);
        export.Derive(settings, Version(software, rows.NewForm), loopStarts);
        return new(export.columns);
    }

    private static double Version(string? software, bool newForm) =>
        double.TryParse(software?.Split(' ')[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var v) ? v : newForm ? 11.5 : 11.3;

    private double[]? Find(string name) => columns.Find(c => c.Name == name)?.Values;

    private double[]? Any(params string[] names) => names.Select(Find).FirstOrDefault(v => v is not null);

    private void Add(string name, Func<double[]?> make)
    {
        if (Find(name) is null && make() is { } values) { columns.Add(new(name, values)); }
    }

    private double[] Each(Func<int, double> value)
    {
        var result = new double[rows.Count];
        for (var i = 0; i < result.Length; i++) { result[i] = value(i); }
        return result;
    }

    private void Derive(BiologicSettings? settings, double version, IReadOnlyList<int> loopStarts)
    {
        var technique = settings?.TechniqueCode ?? 0;
        var impedance = Array.IndexOf(ImpedanceTechniques, technique) >= 0;
        var potential = Any("Ewe/V", "<Ewe>/V", "<Ewe/V>", "Ecell/V");
        var counter = Any("Ece/V", "<Ece>/V");
        var time = Find("time/s");
        var half = Find("half cycle");
        var charge = Find("Q charge/discharge/mA.h");
        var step = ChargeSteps();

        var (ch, dis) = EnergyNames();
        if (charge is not null && half is not null && potential is not null && step is not null) { Accumulated(ch, dis, potential, step, half); }
        if (version >= 11.5 && !impedance && time is not null && potential is not null && (step is not null || Find("control/V") is not null) && Find("control changes") is not null)
        {
            Add("step time/s", () => StepTime(time, half, step));
        }
        BiologicImmittance.Derive(columns, rows.Count, version);
        Add("<I>/mA", () => Find("I/mA") is null && Find("dq/mA.h") is { } dq && time is not null ? BiologicQuantities.MeanCurrent(dq, time, 3600) : null);
        var current = Any("I/mA", "<I>/mA");
        if (settings is not null && Array.IndexOf(InsertionTechniques, technique) >= 0 && HasInsertion(settings)) { Add("x", () => Find("(Q-Qo)/mA.h") is { } q ? Stoichiometry(q, settings) : null); }
        if (charge is not null)
        {
            Add("Q discharge/mA.h", () => Each(i => Math.Max(-charge[i], 0)));
            Add("Q charge/mA.h", () => Each(i => Math.Max(charge[i], 0)));
            Add("Capacity/mA.h", () => Each(i => Math.Abs(charge[i])));
            Add("Efficiency/%", () => half is null ? null : Efficiency(charge, half));
        }
        if (Find("control/V/mA") is { } control && Find("mode") is { } mode)
        {
            Add("control/V", () => Each(i => mode[i] == 2 ? control[i] : 0));
            Add("control/mA", () => Each(i => mode[i] == 1 ? control[i] : 0));
        }
        Add("cycle number", () => half is null ? null : Each(i => Math.Floor(half[i] / 2)));
        Electrical(technique, version, impedance, potential, counter, current);
        var starts = loopStarts.ToHashSet();
        if (impedance) { Add("dq/mA.h", () => Find("(Q-Qo)/mA.h") is { } q ? Each(i => i == 0 ? q[0] : starts.Contains(i) ? 0 : q[i] - q[i - 1]) : null); }
        if (impedance && version >= 11.5 && potential is not null && current is not null && Find("Pwe/W") is not null) { Add("Rwe/Ohm", () => Resistance(potential, current)); }

        (string, string) EnergyNames() => version >= 11.52 && counter is not null ? ("Energy we charge/W.h", "Energy we discharge/W.h") : ("Energy charge/W.h", "Energy discharge/W.h");
    }

    /// <summary>Power, resistance and differences of potential, whose names carry the electrode since EC-Lab 11.52.</summary>
    private void Electrical(byte technique, double version, bool impedance, double[]? potential, double[]? counter, double[]? current)
    {
        if (impedance || potential is null) { return; }
        double[] Power(Func<int, double> e) => Each(i => e(i) * current![i] / 1000);
        if (version < 11.52)
        {
            if (current is not null) { Add("P/W", () => Power(i => potential[i])); }
            if (counter is not null) { Add("Ewe-Ece/V", () => Each(i => potential[i] - counter[i])); }
            if (technique == ModuloBat && current is not null) { Add("R/Ohm", () => Resistance(potential, current)); }
            return;
        }
        if (current is not null) { Add("Pwe/W", () => Power(i => potential[i])); }
        if (counter is not null)
        {
            if (current is not null)
            {
                Add("Pce/W", () => Power(i => counter[i]));
                Add("Pwe-ce/W", () => Power(i => potential[i] - counter[i]));
            }
            Add("Ewe-Ece/V", () => Each(i => potential[i] - counter[i]));
        }
        if (current is null) { return; }
        Add("Rwe/Ohm", () => Resistance(potential, current));
        if (counter is null) { return; }
        Add("Rce/Ohm", () => Resistance(counter, current));
        Add("Rwe-ce/Ohm", () => Resistance(Each(i => potential[i] - counter[i]), current));
        if (Find("Energy we charge/W.h") is not null)
        {
            Add("Energy we-ce charge/W.h", () => new double[rows.Count]);
            Add("Energy we-ce discharge/W.h", () => new double[rows.Count]);
        }
    }

    private double[] Resistance(double[] potential, double[] current) => Each(i => current[i] == 0 ? 0 : Math.Abs(potential[i] / (current[i] / 1000)));

    /// <summary>Charge of each row, mA·h: stored, or the difference of the charge so far.</summary>
    private double[]? ChargeSteps()
    {
        if (Find("dq/mA.h") is { } dq) { return dq; }
        return (Find("(Q-Qo)/mA.h"), Find("(Q-Qo)/C")) switch
        {
            ({ } q, _) => Each(i => i == 0 ? 0 : q[i] - q[i - 1]),
            (_, { } q) => Each(i => i == 0 ? 0 : (q[i] - q[i - 1]) / 3.6),
            _ => null,
        };
    }

    /// <summary>
    /// Energy and capacitance of charge and discharge, from 0 in each cycle of two half cycles. Energy adds |E·dq|, or what the
    /// instrument's own energy adds. Capacitance is the charge of the half cycle over the change of potential since its first
    /// row with charge.
    /// </summary>
    private void Accumulated(string chargeName, string dischargeName, double[] potential, double[] dq, double[] half)
    {
        var energies = new[] { new double[rows.Count], new double[rows.Count] };
        var capacitances = new[] { new double[rows.Count], new double[rows.Count] };
        var stored = Find("|Energy|/W.h");
        double[] energy = [0, 0], capacitance = [0, 0];
        double passed = 0;
        var origin = double.NaN;
        for (var i = 0; i < rows.Count; i++)
        {
            if (i > 0 && half[i] != half[i - 1])
            {
                (passed, origin) = (0, double.NaN);
                if (half[i] % 2 == 0) { Array.Clear(energy); Array.Clear(capacitance); }
            }
            if (dq[i] != 0)
            {
                var kind = dq[i] > 0 ? 0 : 1;
                energy[kind] += stored is null ? Math.Abs(potential[i] * dq[i]) / 1000 : Math.Abs(stored[i] - (i > 0 ? stored[i - 1] : 0));
                passed += dq[i];
                if (double.IsNaN(origin)) { origin = potential[i]; }
                if (potential[i] != origin) { capacitance[kind] = Math.Abs(passed * 3.6 / (potential[i] - origin)) * 1e6; }
            }
            for (var k = 0; k < 2; k++)
            {
                energies[k][i] = energy[k];
                capacitances[k][i] = capacitance[k];
            }
        }
        Add(chargeName, () => energies[0]);
        Add(dischargeName, () => energies[1]);
        if (chargeName.Contains("we", StringComparison.Ordinal))
        {
            Add("Energy ce charge/W.h", () => (double[])Find(chargeName)!.Clone());
            Add("Energy ce discharge/W.h", () => (double[])Find(dischargeName)!.Clone());
        }
        Add("Capacitance charge/µF", () => capacitances[0]);
        Add("Capacitance discharge/µF", () => capacitances[1]);
    }

    /// <summary>Time since the half cycle began (since the acquisition began in the first one), 0 without charge; in sweeps since the direction changed.</summary>
    private double[] StepTime(double[] time, double[]? half, double[]? dq)
    {
        var result = new double[rows.Count];
        if (half is not null && dq is not null)
        {
            double origin = 0;
            for (var i = 0; i < result.Length; i++)
            {
                if (i > 0 && half[i] != half[i - 1]) { origin = time[i]; }
                result[i] = dq[i] == 0 ? 0 : time[i] - origin;
            }
            return result;
        }
        var direction = Find("ox/red");
        var start = rows.Count > 1 ? time[1] : 0;
        for (var i = 1; i < result.Length; i++)
        {
            if (i > 1 && direction is not null && direction[i] != direction[i - 1]) { start = time[i]; }
            result[i] = time[i] - start;
        }
        return result;
    }

    private static bool HasInsertion(BiologicSettings settings) =>
        settings.Entries.Any(e => e.Name is MetadataNames.NominalCapacity or MetadataNames.ActiveMass && !e.IsDefault);

    /// <summary>x = x₀ − (Q − Q₀)/DQ with DQ = m·F·z/(3.6·(M + x_m·A)), m in g.</summary>
    private double[] Stoichiometry(double[] q, BiologicSettings settings)
    {
        var s = settings.Insertion;
        var capacity = s.Mass * Faraday * s.Electrons / (3.6 * (s.MolecularWeight + (s.AtX * s.IonWeight)));
        return Each(i => s.StartX - (q[i] / capacity));
    }

    /// <summary>On the last row of every second half cycle, its charge over that of the one before, %; 0 elsewhere.</summary>
    private double[] Efficiency(double[] charge, double[] half)
    {
        var result = new double[rows.Count];
        var previous = double.NaN;
        for (var i = 0; i < result.Length; i++)
        {
            if (i + 1 < result.Length && half[i + 1] == half[i]) { continue; }
            if (half[i] % 2 == 1 && previous != 0 && double.IsFinite(previous)) { result[i] = 100 * Math.Abs(charge[i]) / Math.Abs(previous); }
            previous = charge[i];
        }
        return result;
    }
}
