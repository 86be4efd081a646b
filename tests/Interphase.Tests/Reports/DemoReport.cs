using System.Numerics;
using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Tests.Reports;

/// <summary>A report with every kind of figure and block, from formulas with a fixed seed; it says nothing about any real cell.</summary>
internal static class DemoReport
{
    internal static readonly string[] Samples = ["LNTO-350", "LNTO-450", "LNTO-550"];
    private static readonly double[] Arc = [369, 124, 672], Capacity = [120.9, 152.0, 73.2], Polarisation = [0.38, 0.20, 0.80];

    internal static IReadOnlyList<Figure> Figures => [Nyquist(), Voltage(), Cycling(), Voltammogram(), Titration(), Diffusivity(), Arrhenius(), RelaxationTimes(), Rates(), Map(), Micrograph()];

    internal static Report Create() => new("Interfacial ionic conductivity of LNTO coatings")
    {
        Subtitle = "Three annealing temperatures of one coating on NMC532, compared by conductivity, impedance, cycling, voltammetry and titration.",
        Facts = [new("Study", "study.yaml"), new("Inputs", "27 files"), new("Software", "interphase 0.1.0"), new("Analysed", "2026-01-01 12:00")],
        Overview =
        [
            Comparison(),
            new Heading("Findings"),
            new Findings(
            [
                new("d-flat", Severity.Note, "The liquid cell and the 450 °C cell begin to charge at the same potential within 4 mV.", []),
                new("area", Severity.Contradiction, "IR drop and impedance agree only if the electrode area is 1.7–1.9 cm²; the study says 0.785 cm².", [new("samples.LNTO-450.gitt.irDropStart", 31.8, "mV"), new("samples.LNTO-450.eis.R1", 124, "ohm")]),
                new("tau", Severity.Caution, "41 of 60 pulses are longer than the time in which lithium crosses a particle (Dτ/R² > 0.05): Eq. (1) does not hold there, and no diffusivity is given.", [new("samples.LNTO-450.gitt.pulses", 41, "1")]),
            ]),
        ],
        Sections =
        [
            new("impedance", "Impedance", [Nyquist(), Resistances(), RelaxationTimes(), Map(), new Methods(
            [
                new Paragraph("Complex non-linear least squares with modulus weighting; Kramers–Kronig residuals below 1 % kept 41 of 46 points."),
                new Equation(@"Z(\omega) = R_0 + \frac{R_1}{1 + (j \omega R_1 Q_1)^{\alpha_1}}") { Source = "Brug et al. 1984, Eq. (2), as a circuit R0-p(R1,CPE1).", Where = [new("R_0", "electrolyte layer, Ω"), new(@"\alpha_1", "exponent of the constant-phase element")] },
                new Facts([new("Circuit", "R0-p(R1,CPE1)-p(R2,CPE2)"), new("Weighting", "modulus"), new("Stopped because", "the step fell below 1e-8")]),
            ])]) { Intro = "The interface arc of the 450 °C coating is three times smaller than at 350 °C and five times smaller than at 550 °C." },
            new("cycling", "Charge and discharge", [Voltage(), Cycling(), Rates(), Cycles()]) { Intro = "First discharge follows the order of the interface resistances." },
            new("voltammetry", "Cyclic voltammetry", [Voltammogram()]),
            new("titration", "Titration", [Titration(), Diffusivity(), new Methods([new Paragraph("Each pulse is read by every recognised form and audited."), new Equation(@"D = \frac{4}{\pi \tau} \left( \frac{m_B V_M}{M_B S} \right)^2 \left( \frac{\Delta E_s}{\Delta E_t} \right)^2") { Source = "Weppner and Huggins 1977, Eq. (27).", Where = [new(@"\tau", "duration of the pulse, s"), new("S", "interface area, cm²")] }])]),
            new("conductivity", "Conductivity and structure", [Arrhenius(), Micrograph()]),
        ],
    };

    internal static Table Comparison() => new("comparison", "The samples beside each other.",
        [new("Sample"), new("Coating conductivity", "uS/cm"), new("Interface resistance", "ohm"), new("First discharge", "mAh/g"), new("First efficiency", "%"), new("CV separation", "V"), new("D_{app}", "cm2/s")],
        [
            ["LNTO-350", Estimate.Of(13.2, 0.31), Estimate.Of(369, 4.2), Estimate.Of(120.9, 0.6), Estimate.Of(87.14, 0.12), Estimate.Of(0.38, 0.012), Estimate.Of(4.55e-11, 3e-12)],
            ["LNTO-450", Estimate.Of(38.7, 0.42), Estimate.Of(124, 1.8), Estimate.Of(152.0, 0.7), Estimate.Of(86.68, 0.11), Estimate.Of(0.203, 0.009), Estimate.Withheld("Dτ/R² exceeds 0.05 in 41 of 60 pulses, so that Eq. (1) does not hold.")],
            ["LNTO-550", Estimate.Of(2.43, 0.09), Estimate.Of(672, 31), Estimate.Of(73.2, 0.9), Estimate.WithoutError(85.98, "One cell: no scatter between replicates is known."), Estimate.Withheld("The cathodic wave has no peak inside the window."), Estimate.Of(1.11e-11, 2.2e-12)],
        ]) { Note = "Value ± one standard error of the fit; 95 % intervals are in the csv file." };

    internal static Figure Nyquist()
    {
        var series = new List<Series>();
        var residuals = new List<Series>();
        for (var s = 0; s < 3; s++)
        {
            var random = new Random(s + 1);
            var f = Enumerable.Range(0, 46).Select(i => 1e6 * Math.Pow(10, -i / 6.0)).ToArray();
            var model = f.Select(v => Impedance(v, Arc[s])).ToArray();
            var z = model.Select(m => m * new Complex(1 + (0.006 * Gauss(random)), 0.006 * Gauss(random))).ToArray();
            series.Add(new XY(Samples[s], [.. z.Select(v => v.Real)], [.. z.Select(v => -v.Imaginary)]) { Colour = s, Draw = Draw.Markers, PointText = [.. f.Select(v => NumberText.Print(v, 3) + " Hz")] });
            series.Add(new XY("", [.. model.Select(v => v.Real)], [.. model.Select(v => -v.Imaginary)]) { Colour = s });
            residuals.Add(new XY(Samples[s], f, [.. z.Zip(model, (a, b) => 100 * (a.Real - b.Real) / b.Magnitude)]) { Colour = s, Draw = Draw.Both });
        }
        return new("nyquist", "Impedance at 3.8 V vs Li-In", "Points: measured; lines: R0-p(R1,CPE1)-p(R2,CPE2). Below: residuals of the real part relative to |Z|.",
        [
            new(new("Z′", "ohm") { FromZero = true }, new("−Z″", "ohm") { FromZero = true }, series) { EqualAspect = true, Title = "Spectra", Annotations = [new Note(360, 255, "1 kHz")] },
            new(new("Frequency", "Hz") { Log = true, Reversed = true }, new("Residual of Z′", "%"), residuals) { Legend = false, RelativeHeight = 0.45, Title = "Residuals", Annotations = [new Rule(Along.Y, 0), new Region(Along.Y, -1, 1, "±1 %")] },
        ]) { Width = FigureWidth.Single };
    }

    internal static Figure Voltage()
    {
        var series = new List<Series>();
        for (var s = 0; s < 3; s++)
        {
            var q = Enumerable.Range(0, 20001).Select(i => Capacity[s] / 0.87 * i / 20000).ToArray();
            series.Add(new XY(Samples[s], q, [.. q.Select(v => 2.95 + (0.5 * v / 160) + (0.08 * Math.Tanh((v - 20) / 10)) + (Polarisation[s] / 2))]) { Colour = s });
            var d = q.Where(v => v <= Capacity[s]).ToArray();
            series.Add(new XY("", d, [.. d.Select(v => 3.65 - (0.4 * v / Capacity[s]) - (Polarisation[s] / 2) - (0.5 * Math.Exp((v - Capacity[s]) / 6)))]) { Colour = s });
        }
        return new("voltage", "First cycle at 0.1C", "Potential against specific capacity; on the right versus Li⁺/Li.",
            [new(new("Specific capacity", "mAh/g") { FromZero = true }, new("Potential vs Li-In", "V"), series) { RightY = SecondScale.VersusLithium(0.62) }]) { Width = FigureWidth.Single };
    }

    internal static Figure Cycling()
    {
        var n = Enumerable.Range(1, 200).Select(i => (double)i).ToArray();
        XY Fade(int s, double end) => new(Samples[s], n, [.. n.Select(i => Capacity[s] * (1 - ((1 - end) * Math.Sqrt(i / 200))))]) { Colour = s, Draw = Draw.Markers };
        XY Efficiency(int s) => new(Samples[s], n, [.. n.Select(i => 99.2 - (13 * Math.Exp(-(i - 1) / 1.5)) + (0.1 * Math.Sin(i * (s + 1))))]) { Colour = s, Draw = Draw.Markers, Hollow = true };
        return new("cycling", "Capacity and coulombic efficiency", "Charge and discharge at 0.5C after two cycles at 0.1C.",
        [
            new(new("Cycle"), new("Efficiency", "%") { Min = 85, Max = 101 }, [Efficiency(0), Efficiency(1), Efficiency(2)]) { RelativeHeight = 0.5, Legend = false },
            new(new("Cycle"), new("Discharge capacity", "mAh/g") { FromZero = true }, [Fade(0, 0.582), Fade(1, 0.703), Fade(2, 0.387)]),
        ]) { SharedX = true };
    }

    internal static Figure Voltammogram()
    {
        var e = Enumerable.Range(0, 400).Select(i => 2.4 + (1.4 * i / 399)).ToArray();
        XY Scan(int s, double tone)
        {
            var half = Polarisation[1] / 2 * (0.6 + tone);
            var up = e.Select(v => (20 + (60 * tone)) * Math.Exp(-Math.Pow((v - 3.15 - half) / 0.12, 2)));
            var down = e.Reverse().Select(v => -(20 + (50 * tone)) * Math.Exp(-Math.Pow((v - 3.15 + half) / 0.12, 2)));
            return new($"{(s + 1) * 0.05:0.00} mV/s", [.. e, .. e.Reverse()], [.. up, .. down]) { Tone = tone };
        }
        return new("cv", "Cyclic voltammetry of LNTO-450", "Third cycle at four rates; the distance is the separation of the peaks at the fastest.",
            [new(new("Potential vs Li-In", "V"), new("Current", "uA"), [Scan(0, 0), Scan(1, 0.33), Scan(2, 0.67), Scan(3, 1)]) { Annotations = [new Distance(2.99, 0, 3.31, 0, "0.32 V"), new Rule(Along.Y, 0)] }]) { Width = FigureWidth.Single };
    }

    internal static Figure Titration()
    {
        var t = new List<double>();
        var v = new List<double>();
        for (var i = 0; i < 3000; i++)
        {
            var time = i * 10.0 - 1800;
            t.Add(time / 3600);
            double p = 3.40;
            if (time is >= 0 and < 300) { p = 3.40 - 0.0318 - (0.020 * Math.Sqrt(time / 300)); }
            if (time >= 300) { p = 3.392 - (0.022 * Math.Exp(-Math.Sqrt((time - 300) / 900))); }
            v.Add(p);
        }
        return new("gitt-pulse", "One titration pulse and what is read from it", "Discharge pulse of 5 min at 0.13 mA/cm², then rest.",
            [new(new("Time", "h"), new("Potential vs Li-In", "V"), [new XY("", [.. t], [.. v]) { Colour = 1 }])
            {
                Annotations = [new Region(Along.X, 0, 300.0 / 3600, "pulse"), new Distance(-0.1, 3.40, -0.1, 3.3682, "IR drop 31.8 mV"), new Distance(0.5, 3.3682, 0.5, 3.3482, "ΔE_{t}"), new Distance(6, 3.40, 6, 3.392, "ΔE_{s}")],
            }]);
    }

    internal static Figure Diffusivity()
    {
        var dod = Enumerable.Range(1, 19).Select(i => i * 5.0).ToArray();
        XY Of(int s, double d) => new(Samples[s], dod, [.. dod.Select(x => d * Math.Exp(-Math.Pow(x / 70, 3)))])
        {
            Colour = s, Draw = Draw.Both,
            YLower = [.. dod.Select(x => 0.8 * d * Math.Exp(-Math.Pow(x / 70, 3)))], YUpper = [.. dod.Select(x => 1.3 * d * Math.Exp(-Math.Pow(x / 70, 3)))],
        };
        return new("diffusivity", "Apparent diffusivity against depth of discharge", "Bars: 95 % intervals. Pulses with Dτ/R² above 0.05 are shaded.",
            [new(new("Depth of discharge", "%") { Min = 0, Max = 100 }, new("D_{app}", "cm2/s") { Log = true }, [Of(0, 4.55e-11), Of(1, 1.36e-10), Of(2, 1.11e-11)]) { Annotations = [new Region(Along.X, 0, 22, "Dτ/R² > 0.05")] }]) { Width = FigureWidth.Single };
    }

    internal static Figure Arrhenius()
    {
        double[] celsius = [25, 35, 45, 55, 65, 75];
        var x = celsius.Select(c => 1000 / (c + 273.15)).ToArray();
        var fine = Enumerable.Range(0, 30).Select(i => 2.85 + (0.52 * i / 29)).ToArray();
        double Sigma(double inverse, double at25) => at25 * Math.Exp(-4.2 * (inverse - (1000 / 298.15)));
        return new("arrhenius", "Ionic conductivity of the coating", "Error bars: one standard error. The band is the 95 % interval of the line.",
            [new(new("1000/T", "K-1"), new("σ", "uS/cm") { Log = true },
            [
                new Band("95 %", fine, [.. fine.Select(i => Sigma(i, 38.7) * 0.9)], [.. fine.Select(i => Sigma(i, 38.7) * 1.1)]) { Colour = 1 },
                new XY("fit", fine, [.. fine.Select(i => Sigma(i, 38.7))]) { Colour = 1, Dash = Dash.Dashed },
                new XY("LNTO-450", x, [.. x.Select(i => Sigma(i, 38.7))]) { Colour = 1, Draw = Draw.Markers, YError = [.. x.Select(i => Sigma(i, 38.7) * 0.08)] },
                new XY("LNTO-350", x, [.. x.Select(i => Sigma(i, 13.2))]) { Colour = 0, Draw = Draw.Both, YError = [.. x.Select(i => Sigma(i, 13.2) * 0.08)] },
            ])]) { Width = FigureWidth.Single };
    }

    internal static Figure RelaxationTimes()
    {
        var tau = Enumerable.Range(0, 121).Select(i => Math.Pow(10, -7 + (i / 15.0))).ToArray();
        double Peak(double t, double at, double r) => r * Math.Exp(-Math.Pow(Math.Log10(t / at) / 0.35, 2));
        var series = new List<Series>();
        for (var s = 0; s < 3; s++)
        {
            var g = tau.Select(t => Peak(t, 1e-4 * (s + 1), Arc[s]) + Peak(t, 0.05, 90)).ToArray();
            series.Add(new Band("", tau, [.. g.Select(v => v * 0.88)], [.. g.Select(v => v * 1.12)]) { Colour = s });
            series.Add(new XY(Samples[s], tau, g) { Colour = s });
        }
        return new("drt", "Distribution of relaxation times", "Bands: 95 % intervals.", [new(new("τ", "s") { Log = true }, new("γ", "ohm") { FromZero = true }, series)]) { Width = FigureWidth.Single };
    }

    internal static Figure Rates()
    {
        double[][] at = [[120.9, 101, 74, 41], [152, 141, 126, 107.5], [73.2, 51, 24, 8.6]];
        return new("rates", "Capacity at four rates", "Mean of three cells; error bars: standard deviation between cells.",
            [new(new("Rate") { Categories = ["0.1C", "0.2C", "0.5C", "1C"] }, new("Discharge capacity", "mAh/g") { FromZero = true }, [.. Samples.Select((n, s) => new Bars(n, [0, 1, 2, 3], at[s]) { Colour = s, YError = [3, 3, 4, 4] })])]) { Width = FigureWidth.Single };
    }

    internal static Figure Map()
    {
        var tau = Enumerable.Range(0, 80).Select(i => Math.Pow(10, -6 + (i / 12.0))).ToArray();
        var potential = Enumerable.Range(0, 24).Select(i => 3.3 + (i * 0.5 / 23)).ToArray();
        var z = new double[potential.Length, tau.Length];
        for (var r = 0; r < potential.Length; r++)
        {
            for (var c = 0; c < tau.Length; c++) { z[r, c] = 2 + (120 * Math.Exp(-Math.Pow(Math.Log10(tau[c] / 1e-4) / 0.5, 2))) + (60 * (3.8 - potential[r]) * 2 * Math.Exp(-Math.Pow(Math.Log10(tau[c] / 0.08) / 0.5, 2))); }
        }
        return new("drt-map", "Relaxation times while charging", "LNTO-450, 24 spectra.", [new(new("τ", "s") { Log = true }, new("Potential vs Li-In", "V"), [new HeatMap("γ", tau, potential, z, "ohm")])]) { Width = FigureWidth.Single };
    }

    internal static Figure Micrograph()
    {
        const int n = 192;
        var random = new Random(4);
        Picture Grain(string name, double period)
        {
            var grey = new byte[n * n];
            for (var i = 0; i < grey.Length; i++) { grey[i] = (byte)Math.Clamp(120 + (50 * Math.Sin(2 * Math.PI * ((i % n) + (0.4 * (i / n))) / period)) + (18 * Gauss(random)), 0, 255); }
            return new(name, grey, n, n, 0.05);
        }
        Panel Panel(string title, double period) => new(new("x", "nm") { Visible = false }, new("y", "nm") { Visible = false }, [Grain(title, period)]) { EqualAspect = true, Title = title };
        return new("micrograph", "Fringes of the coating", "Filtered micrographs.", [Panel("LNTO-450", 9), Panel("LNTO-550", 6)]) { Columns = 2 };
    }

    internal static Table Resistances() => new("resistances", "Fitted resistances.", [new("Sample"), new("R_{0}", "ohm"), new("R_{1}", "ohm"), new("τ_{1}", "s"), new("Circuit")],
        [.. Samples.Select((s, i) => (IReadOnlyList<Cell>)[s, Estimate.Of(38.1 + i, 0.3), Estimate.Of(Arc[i], Arc[i] * 0.015), Estimate.Of(1.1e-5 * (i + 1), 3e-7), "R0-p(R1,CPE1)-p(R2,CPE2)"])]);

    internal static Table Cycles() => new("cycles", "Every tenth cycle of LNTO-450.", [new("Cycle"), new("Charge", "mAh/g"), new("Discharge", "mAh/g"), new("Efficiency", "%")],
        [.. Enumerable.Range(0, 25).Select(i => (IReadOnlyList<Cell>)[(i * 10) + 1.0, 154.2 - i, 152.1 - i, 98.6 + (i * 0.02)])]);

    private static Complex Impedance(double f, double arc)
    {
        Complex Arc(double r, double tau, double alpha) => r / (1 + Complex.Pow(new Complex(0, 2 * Math.PI * f * tau), alpha));
        return 40 + Arc(arc, 3e-5, 0.85) + Arc(90, 0.04, 0.9);
    }

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
