using Interphase.Files;
using Interphase.Measurements;
using Interphase.Tests.Cycling;

namespace Interphase.Tests.Titration;

/// <summary>
/// Titrations with known truth. The particle is solved by finite volumes, independently of the closed forms under test (they
/// are exact for constant D only), with a smooth or stepped equilibrium curve, linear or Butler–Volmer kinetics and faults.
/// </summary>
internal sealed record MadeTitration
{
    public const double Mass = 6.4e-6, MolarMass = 91.66e-3, MolarVolume = 20.73e-6, Radius = 2e-6, Faraday = 96485.33212, Current = 1.02e-4;

    public double D { get; init; } = 1e-15;
    public ParticleGeometry Geometry { get; init; } = ParticleGeometry.Sphere;
    public double Resistance { get; init; } = 150;
    public double ExchangeCurrent { get; init; } = double.PositiveInfinity;
    public double Pulse { get; init; } = 300;
    public double Rest { get; init; } = 7200;
    public int Pulses { get; init; } = 20;
    public double Noise { get; init; }
    public double Quantum { get; init; }
    public double Drift { get; init; }
    public double Sampling { get; init; } = 1;
    public double SlowResistance { get; init; }
    public double SlowTime { get; init; } = 100;
    public Func<double, double> Curve { get; init; } = Smooth;
    public Func<int, (double Sign, double Duration)>? Vary { get; init; }
    public int Seed { get; init; } = 11;
    public double InitialStoichiometry { get; init; } = 0.4;

    /// <summary>A layered oxide's curve versus Li-In, V.</summary>
    public static double Smooth(double x) => 3.35 - (1.1 * (x - 0.5)) + (0.12 * Math.Tanh((0.45 - x) / 0.06)) + (0.05 * Math.Sin(9 * x));

    /// <summary>Two phases: flat between two steep ends.</summary>
    public static double TwoPhase(double x) => 3.4 - (0.01 * (x - 0.5)) + (0.4 * Math.Exp(-(x - 0.3) / 0.01)) - (0.4 * Math.Exp((x - 0.8) / 0.01));

    public static double Amount => Mass / MolarMass;

    public static Electrode Electrode(string more = "") => Interphase.Measurements.Electrode.Read(Yaml.Parse(
        "{ area: 0.785 cm2, activeMass: 6.4 mg, molarMass: 91.66 g/mol, molarVolume: 20.73 cm3/mol, particleRadius: 2 um, interfaceArea: spheres, initialStoichiometry: 0.4" + more + " }", "electrode.yaml"));

    public TimeSeries Series()
    {
        const int n = 100;
        // Cells refined towards the surface; volumes and faces of a sphere or a slab of unit radius.
        var face = new double[n + 1];
        for (var i = 0; i <= n; i++) { face[i] = 1 - Math.Pow(1 - ((double)i / n), 1.8); }
        var sphere = Geometry == ParticleGeometry.Sphere;
        double Volume(double a, double b) => sphere ? (Math.Pow(b, 3) - Math.Pow(a, 3)) / 3 : b - a;
        double Area(double r) => sphere ? r * r : 1;
        var volume = new double[n];
        var centre = new double[n];
        for (var i = 0; i < n; i++) { volume[i] = Volume(face[i], face[i + 1]); centre[i] = 0.5 * (face[i] + face[i + 1]); }
        var x = new double[n];
        Array.Fill(x, InitialStoichiometry);
        var random = new Random(Seed);
        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var (t, c, e) = (new List<double>(), new List<double>(), new List<double>());
        double now = 0, slow = 0;

        void Record(double i, double surface)
        {
            var kinetic = double.IsInfinity(ExchangeCurrent) ? 0 : 2 * 0.025693 * Math.Asinh(i / (2 * ExchangeCurrent));
            var v = Curve(surface) + (i * Resistance) + kinetic + slow + (Drift * now) + (Noise * Gauss());
            t.Add(now);
            c.Add(i);
            e.Add(Quantum > 0 ? Math.Round(v / Quantum) * Quantum : v);
        }

        double Advance(double i, double dt)
        {
            // Flux of stoichiometry through the unit surface: the mean changes by −i dt/(F n) (charge takes lithium out).
            var total = sphere ? 1.0 / 3 : 1;
            var j = -i / (Faraday * Amount) * total;
            var k = D / (Radius * Radius);
            Span<double> lower = stackalloc double[n], diagonal = stackalloc double[n], upper = stackalloc double[n], right = stackalloc double[n];
            for (var a = 0; a < n; a++)
            {
                var (left, rightFlux) = (a > 0 ? k * Area(face[a]) / (centre[a] - centre[a - 1]) : 0, a < n - 1 ? k * Area(face[a + 1]) / (centre[a + 1] - centre[a]) : 0);
                lower[a] = -dt * left;
                upper[a] = -dt * rightFlux;
                diagonal[a] = volume[a] + (dt * (left + rightFlux));
                right[a] = (volume[a] * x[a]) + (a == n - 1 ? dt * j * Area(1) : 0);
            }
            for (var a = 1; a < n; a++) { var m = lower[a] / diagonal[a - 1]; diagonal[a] -= m * upper[a - 1]; right[a] -= m * right[a - 1]; }
            x[n - 1] = right[n - 1] / diagonal[n - 1];
            for (var a = n - 2; a >= 0; a--) { x[a] = (right[a] - (upper[a] * x[a + 1])) / diagonal[a]; }
            slow += (i * SlowResistance - slow) * (1 - Math.Exp(-dt / SlowTime));
            return x[n - 1] + (j / k * (1 - centre[n - 1]));
        }

        void Hold(double i, double duration)
        {
            double passed = 0, recorded = 0;
            while (passed < duration - 1e-9)
            {
                // Implicit steps that grow with the time since the switch; records at 1 s, 10 s and 60 s as cyclers do.
                var interval = Sampling * (passed < 60 ? 1 : passed < 1200 ? 10 : 60);
                interval = Math.Min(interval, duration - recorded);
                var end = recorded + interval;
                double surface = 0;
                while (passed < end - 1e-9)
                {
                    var dt = Math.Min(Math.Max(0.01, 0.04 * passed), end - passed);
                    surface = Advance(i, dt);
                    passed += dt;
                    now += dt;
                }
                recorded = end;
                passed = end;
                Record(i, surface);
            }
        }

        Record(0, InitialStoichiometry);
        Hold(0, 1800);
        for (var k = 0; k < Pulses; k++)
        {
            var (sign, duration) = Vary?.Invoke(k) ?? (-1, Pulse);
            Hold(sign * Current, duration);
            Hold(0, Rest);
        }
        return MadeSeries.Make([.. t], [.. c], [.. e], new PotentialReference("Li-In", 0.62));
    }
}
