using System.Reflection;
using Interphase.Cells;
using Interphase.Files;
using Interphase.Impedance;
using Interphase.Measurements;
using Interphase.Simulation;

namespace Interphase.Laboratory;

/// <summary>
/// The paper's experiments in a virtual laboratory: the shipped cells are simulated under its protocols, and instruments write
/// the raw files the study <c>examples/lnto/study.yaml</c> names. What the paper does not say about a protocol is assumed here
/// and told in <see cref="Assumptions"/>.
/// </summary>
public static class PaperLaboratory
{
    private static readonly (string Sample, string Cell, double Conductivity)[] Coated =
        [("350", "lnto-350", 13.2e-4), ("450", "lnto-450", 38.7e-4), ("550", "lnto-550", 2.43e-4)];

    /// <summary>mV/s; the paper gives none, it is fitted.</summary>
    internal const double ScanRate = 0.0263;

    /// <summary>What the liquid cell's potentials, versus lithium, lie above those versus Li-In, V.</summary>
    private const double LithiumIndium = 0.62;

    private static readonly double[] PulseSamples = [0.1, 0.5, 1, 2, 5, .. Enumerable.Range(1, 30).Select(i => 10.0 * i), 360, 480, 600, 900, 1200, 1800, 2400, 3000, 3600, 4200, 4800, 5400, 6000, 6600, 7000];

    /// <summary>What the paper leaves open and this laboratory assumes.</summary>
    public static readonly IReadOnlyList<string> Assumptions =
    [
        "Formation and cycling: constant current to 3.8 V and 2.2 V versus Li-In, at 0.1C, without rests.",
        "Rate test: discharges at 0.1, 0.2, 0.5 and 1C, each after a 0.1C charge of the freshly formed cell.",
        "Impedance while charging: first charge at 0.1C, interrupted at 3.3 … 3.8 V for 2 h before each spectrum, and as long after 100 cycles; 1 MHz to 10 mHz.",
        "Voltammetry: first cycle from rest at 0.0263 mV/s between 2.2 V and 3.8 V; the rate is fitted, the paper gives none.",
        "GITT: on discharge after a 0.1C charge and 2 h of rest; pulses of 5 min at 0.1C and rests of 2 h.",
        "Powders: the share of crystals (none, 55 % and 94 % of the scattering), the grains (12 and 40 nm), the gel's losses of mass and the heats are assumed; the paper gives the temperatures of the exotherms and says the states in words.",
        "Microscopes: a coating of 7.5 nm on 97 % of the powder's surface; grains of 2.2 and 4 nm radius at 450 and 550 °C; a layer of 60 nm with phosphorus and sulfur on the cycled particle. The paper says 5 to 10 nm, covered, and 50 to 70 nm.",
        "The ageing per cycle is put in from the paper's impedance after 100 cycles and its capacity after 200.",
    ];

    /// <summary>The study file of the paper's study, as it stands under <c>examples/lnto</c>.</summary>
    public static string StudyText => Resource("study.yaml");

    private static string Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Interphase.lnto.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Simulates every experiment and writes the raw files and <c>study.yaml</c> below a folder.</summary>
    /// <param name="folder">Where <c>study.yaml</c> and <c>raw/</c> go.</param>
    /// <param name="seed">Of the instruments' noise.</param>
    /// <param name="ideal">True gives noiseless instruments, to see what the analysis alone does.</param>
    /// <param name="only">Which of the raw files to make, by their path below <c>raw/</c>; null: all.</param>
    /// <param name="progress">Told each experiment as it begins.</param>
    /// <param name="cancellation">Stops between experiments.</param>
    public static void Write(string folder, int seed, bool ideal = false, Func<string, bool>? only = null, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        AtomicFile.WriteText(Path.Combine(folder, "study.yaml"), StudyText);
        AtomicFile.WriteText(Path.Combine(folder, "literature.csv"), Resource("literature.csv"));
        var experiments = new List<(string File, Action Do)>();
        foreach (var (sample, name, conductivity) in Coated)
        {
            var bench = new Bench(Path.Combine(folder, "raw", sample), name, 0, seed, ideal, progress, cancellation);
            (string File, Action Do)[] own =
            [
                ("pellet.z", () => bench.Pellet(conductivity)), ("formation.mpt", bench.Formation), ("rate.csv", bench.Rate), ("cycling.bdf.csv.gz", bench.Cycling), ("charging.mpt", bench.Charging), ("cv.mpt", bench.Voltammetry),
                ("gitt.mpt", bench.Gitt),
            ];
            experiments.AddRange(own.Select(o => ($"{sample}/{o.File}", o.Do)));
        }
        var liquid = new Bench(Path.Combine(folder, "raw", "liquid"), "nmc532-liquid", LithiumIndium, seed, ideal, progress, cancellation);
        experiments.AddRange([("liquid/formation.mpt", liquid.Formation), ("liquid/gitt.mpt", liquid.Gitt)]);
        experiments.AddRange(PaperPowders.Experiments(folder, file => ideal ? null : new(SeedOf("powder", file, seed))));
        experiments.AddRange(PaperMicroscopes.Experiments(folder, file => SeedOf("microscope", file, seed)));
        Parallel.ForEach(experiments.Where(e => only?.Invoke(e.File) ?? true), new ParallelOptions { CancellationToken = cancellation }, e => e.Do());
    }

    /// <summary>One cell on the bench. Every experiment starts from its own fresh cell, so that they are independent.</summary>
    private sealed class Bench(string folder, string name, double shift, int seed, bool ideal, IProgress<string>? progress, CancellationToken cancellation)
    {
        private static readonly DateTime Begin = new(2026, 1, 5, 9, 0, 0);
        // The slow polarisation was calibrated on GITT alone; the other numbers were fitted without it.
        private readonly Cell titrated = Cell.Load(name), cell = shift == 0 ? Cell.Load(name, "positive.interface.slow.share=0") : Cell.Load(name);
        private readonly string upper = FormattableString.Invariant($"{3.8 + shift:0.##} V"), lower = FormattableString.Invariant($"{2.2 + shift:0.##} V");

        public void Pellet(double conductivity)
        {
            const double thickness = 0.8e-3, diameter = 10e-3, permittivity = 40 * 8.8541878128e-12;
            var area = Math.PI / 4 * diameter * diameter;
            var resistance = thickness / (conductivity * area);
            var frequency = Frequencies(1e6, 0.1, 10);
            // Pellet with its geometric capacitance, blocked by the metal at both faces.
            var impedance = Circuit.Parse("R0-p(R1,C1)-CPE1").Impedance(frequency, [1.0, resistance, permittivity * area / thickness, 2e-6, 0.88]);
            WriteSpectrum("pellet.z", new ImpedanceSpectrum(frequency, impedance) { Temperature = 298.15 });
        }

        public void Formation()
        {
            var run = Run("formation", Loop, new() { SampleInterval = 30, SampleAfterStart = [0.1, 1, 5] });
            WriteSeries("formation.mpt", "Galvanostatic Cycling with Potential Limitation", run.Series);
        }

        public void Rate()
        {
            var formed = Run("formation before the rate test", Loop, new() { Record = false });
            var series = new[] { "0.1C", "0.2C", "0.5C", "1C" }
                .Select(rate => Run($"rate test, {rate}", $"Charge at C/10 until {upper}\nDischarge at {rate} until {lower}", new() { SampleInterval = 20, SampleAfterStart = [0.1, 1, 5], From = formed.State }).Series)
                .Aggregate(Joined);
            WriteSeries("rate.csv", "", series);
        }

        public void Cycling()
        {
            var options = new SimulationOptions { SampleInterval = 600, SampleAfterStart = [1] };
            var first = Run("100 cycles", $"repeat 100:\n  Charge at C/10 until {upper}\n  Discharge at C/10 until {lower}", options);
            var after = Run("impedance after 100 cycles", $"Charge at C/10 until {upper}\nRest for 2 h\nImpedance from 1 MHz to 10 mHz, 10 per decade", new() { From = first.State, Record = false });
            var second = Run("100 more cycles", $"repeat 100:\n  Charge at C/10 until {upper}\n  Discharge at C/10 until {lower}", options with { From = first.State });
            WriteSpectra("after100.mpt", after);
            Bdf.Write(Path.Combine(folder, "cycling.bdf.csv.gz"), new Measurement
            {
                File = "cycling.bdf.csv.gz", Format = "bdf", Technique = "cycling", Series = Record(Joined(first.Series, second.Series), VirtualInstrument.Cycler, "cycling"),
                Metadata = [new(MetadataNames.Comments, RawFiles.Mark), new(MetadataNames.Instrument, $"virtual {VirtualInstrument.Cycler.Name}")],
            });
        }

        public void Charging()
        {
            var text = string.Join('\n', new[] { "3.3", "3.4", "3.5", "3.6", "3.7", "3.8" }.Select(v => $"Charge at C/10 until {v} V\nRest for 2 h\nImpedance from 1 MHz to 10 mHz, 10 per decade"));
            WriteSpectra("charging.mpt", Run("impedance while charging", text, new() { Record = false }));
        }

        public void Voltammetry()
        {
            var run = Run("voltammetry", FormattableString.Invariant($"Sweep to {upper} at {ScanRate} mV/s\nSweep to {lower} at {ScanRate} mV/s"), new() { SampleInterval = 60 });
            WriteSeries("cv.mpt", "Cyclic Voltammetry", run.Series);
        }

        public void Gitt()
        {
            var formation = Run(titrated, "capacity before GITT", Loop, new() { Record = false });
            var pulse = 0.1 * titrated.OneC * 300;
            var pulses = Math.Max(1, (int)(0.95 * Math.Abs(formation.Steps[^1].Charge) / pulse));
            var charged = Run(titrated, "charge before GITT", $"Charge at C/10 until {upper}\nRest for 2 h", new() { Record = false });
            var run = Run(titrated, "GITT", $"repeat {pulses}:\n  Discharge at C/10 for 5 min or until {lower}\n  Rest for 2 h", new() { SampleAfterStart = PulseSamples, From = charged.State });
            WriteSeries("gitt.mpt", "Galvanostatic Intermittent Titration Technique", run.Series);
        }

        private string Loop => $"Charge at C/10 until {upper}\nDischarge at C/10 until {lower}";

        private SimulationResult Run(string what, string protocol, SimulationOptions options) => Run(cell, what, protocol, options);

        private SimulationResult Run(Cell on, string what, string protocol, SimulationOptions options)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report($"{name}: {what}");
            return Simulator.Run(on, ProtocolText.Parse(protocol, what), options, null, cancellation);
        }

        private TimeSeries Record(TimeSeries truth, VirtualInstrument instrument, string file) => (ideal ? VirtualInstrument.Ideal : instrument).Record(truth, SeedOf(file));

        private void WriteSeries(string file, string technique, TimeSeries truth)
        {
            var cycler = file.EndsWith(".csv", StringComparison.Ordinal);
            var record = Record(truth, cycler ? VirtualInstrument.Cycler : VirtualInstrument.Potentiostat, file);
            // A flat csv has no room for words.
            if (cycler) { AtomicFile.WriteText(Path.Combine(folder, Path.ChangeExtension(file, ".metadata.json")), RawFiles.Beside(file, VirtualInstrument.Cycler.Name)); }
            AtomicFile.WriteText(Path.Combine(folder, file), cycler ? RawFiles.CyclerCsv(record) : RawFiles.Mpt(technique, record, Begin, VirtualInstrument.Potentiostat.Name));
        }

        private void WriteSpectra(string file, SimulationResult run) =>
            AtomicFile.WriteText(Path.Combine(folder, file), RawFiles.Mpt([.. run.Spectra.Select((s, i) => (ideal ? VirtualInstrument.Ideal : VirtualInstrument.Potentiostat).Record(s.Spectrum, SeedOf($"{file}{i}")))], Begin, VirtualInstrument.Potentiostat.Name));

        private void WriteSpectrum(string file, ImpedanceSpectrum truth) =>
            AtomicFile.WriteText(Path.Combine(folder, file), RawFiles.ZPlot((ideal ? VirtualInstrument.Ideal : VirtualInstrument.Analyser).Record(truth, SeedOf(file)), Begin));

        private int SeedOf(string file) => PaperLaboratory.SeedOf(name, file, seed);
    }

    /// <summary>Its own noise for every file (FNV-1a of cell and file).</summary>
    private static int SeedOf(string name, string file, int seed)
    {
        var hash = 2166136261u ^ (uint)seed;
        foreach (var c in name + file) { hash = (hash ^ c) * 16777619; }
        return (int)hash;
    }

    private static TimeSeries Joined(TimeSeries a, TimeSeries b)
    {
        var end = a.Time[^1];
        return new(a.Columns.Where(c => b.Find(c.Name) is not null).Select(c => c with
        {
            Values = c.Name switch
            {
                ColumnNames.Time => [.. c.Values, .. b.Find(c.Name)!.Values.Select(t => end + t)],
                ColumnNames.Step or ColumnNames.Cycle => [.. c.Values, .. b.Find(c.Name)!.Values.Select(s => c.Values[^1] + 1 + s - b.Find(c.Name)!.Values[0])],
                _ => [.. c.Values, .. b.Find(c.Name)!.Values],
            },
        }));
    }

    private static double[] Frequencies(double from, double to, int perDecade)
    {
        var n = (int)Math.Round(perDecade * Math.Log10(from / to));
        return [.. Enumerable.Range(0, n + 1).Select(i => from * Math.Pow(to / from, (double)i / n))];
    }
}
