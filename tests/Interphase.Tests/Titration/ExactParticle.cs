using Interphase.Measurements;
using Interphase.Tests.Cycling;
using MathNet.Numerics.LinearAlgebra;

namespace Interphase.Tests.Titration;

/// <summary>
/// A particle under any sequence of constant currents, by two ways that share nothing with the analysis or with
/// <see cref="MadeTitration"/>: for constant diffusivity the eigenmodes of the sphere, each advanced exactly; for a diffusivity
/// that depends on composition collocation in Chebyshev points of the radius. Stoichiometry x; <paramref name="j"/> is d x̄/dt.
/// </summary>
internal abstract class ExactParticle
{
    public abstract double Mean { get; }

    public abstract double Surface { get; }

    public abstract void Advance(double j, double dt);

    public static ExactParticle Constant(double diffusionTime, double x0) => new Modes(diffusionTime, x0);

    public static ExactParticle Varying(Func<double, double> inverseDiffusionTime, double x0) => new Collocation(inverseDiffusionTime, x0);

    /// <summary>Surface − mean = Σ a_n with da_n/dt = −λ_n² a_n/τ + (2/3) j, tan λ = λ; Σ 2/(3λ²) = 1/15. What the modes left out would add is instantaneous.</summary>
    private sealed class Modes(double tau, double x0) : ExactParticle
    {
        private const int Count = 600;
        private static readonly double[] Square = Enumerable.Range(1, Count).Select(n =>
        {
            var root = (n + 0.5) * Math.PI;
            for (var k = 0; k < 40; k++) { root -= (Math.Sin(root) - (root * Math.Cos(root))) / (root * Math.Sin(root)); }
            return root * root;
        }).ToArray();

        private readonly double[] a = new double[Count];
        private readonly double rest = (1.0 / 15) - Square.Sum(s => 2 / (3 * s));
        private double mean = x0, flux;

        public override double Mean => mean;

        public override double Surface => mean + a.Sum() + (rest * flux * tau);

        public override void Advance(double j, double dt)
        {
            flux = j;
            mean += j * dt;
            for (var n = 0; n < Count; n++)
            {
                var decay = Math.Exp(-Square[n] * dt / tau);
                a[n] = (a[n] * decay) + (2.0 / 3 * j * tau / Square[n] * (1 - decay));
            }
        }
    }

    /// <summary>∂x/∂t = ρ⁻² ∂(ρ² D(x) ∂x/∂ρ)/∂ρ on even Chebyshev points, D ∂x/∂ρ = j/3 at ρ = 1; implicit Euler, extrapolated once.</summary>
    private sealed class Collocation : ExactParticle
    {
        private const int Half = 24;
        private static readonly double[] Rho = [.. Enumerable.Range(0, Half).Select(k => Math.Cos(Math.PI * k / ((2 * Half) - 1)))];
        private static readonly Matrix<double> First = EvenDerivative();
        private static readonly Matrix<double> Weights = Quadrature();
        private readonly Func<double, double> d;
        private Vector<double> x;

        public Collocation(Func<double, double> d, double x0)
        {
            this.d = d;
            x = Vector<double>.Build.Dense(Half, x0);
        }

        public override double Mean => (Weights * x)[0];

        public override double Surface => x[0];

        public override void Advance(double j, double dt)
        {
            var full = Step(x, j, dt);
            var half = Step(Step(x, j, 0.5 * dt), j, 0.5 * dt);
            x = (2 * half) - full;
        }

        private Vector<double> Step(Vector<double> from, double j, double dt)
        {
            var y = from.Clone();
            for (var pass = 0; pass < 4; pass++)
            {
                // D is taken from the last pass; the flux ρ² D x' is differentiated as an odd function over ρ².
                var flux = Matrix<double>.Build.DenseOfDiagonalArray([.. y.Select(d)]) * First;
                var matrix = Matrix<double>.Build.DenseIdentity(Half) - (dt * OddDivergence(flux));
                var right = from.Clone();
                matrix.SetRow(0, flux.Row(0));
                right[0] = j / 3;
                var next = matrix.Solve(right);
                var change = (next - y).InfinityNorm();
                y = next;
                if (change < 1e-12) { break; }
            }
            return y;
        }

        /// <summary>Chebyshev differentiation of the full interval (L. N. Trefethen, Spectral Methods in MATLAB, ch. 6), folded for even functions.</summary>
        private static Matrix<double> Full()
        {
            const int n = (2 * Half) - 1;
            var p = Enumerable.Range(0, n + 1).Select(k => Math.Cos(Math.PI * k / n)).ToArray();
            var m = Matrix<double>.Build.Dense(n + 1, n + 1);
            for (var i = 0; i <= n; i++)
            {
                double row = 0;
                for (var k = 0; k <= n; k++)
                {
                    if (i == k) { continue; }
                    m[i, k] = (i is 0 or n ? 2.0 : 1) / (k is 0 or n ? 2.0 : 1) * ((i + k) % 2 == 0 ? 1 : -1) / (p[i] - p[k]);
                    row += m[i, k];
                }
                m[i, i] = -row;
            }
            return m;
        }

        private static Matrix<double> EvenDerivative() => Fold(+1);

        private static Matrix<double> Fold(int parity)
        {
            var full = Full();
            return Matrix<double>.Build.Dense(Half, Half, (i, k) => full[i, k] + (parity * full[i, (2 * Half) - 1 - k]));
        }

        private static readonly Matrix<double> OddFirst = Fold(-1);

        private static Matrix<double> OddDivergence(Matrix<double> flux)
        {
            // ρ⁻² d(ρ² f)/dρ = f' + 2 f/ρ for odd f.
            var over = Matrix<double>.Build.DenseOfDiagonalArray([.. Rho.Select(r => 2 / r)]);
            return (OddFirst * flux) + (over * flux);
        }

        /// <summary>3 ∫ ρ² x dρ by the even polynomial through the points.</summary>
        private static Matrix<double> Quadrature()
        {
            var powers = Matrix<double>.Build.Dense(Half, Half, (i, k) => Math.Cos(2 * k * Math.Acos(Rho[i])));
            var moments = Vector<double>.Build.Dense(Half, k =>
            {
                // 3 ∫₀¹ ρ² T_2k dρ with ρ = cos θ.
                double sum = 0;
                const int n = 4000;
                for (var i = 0; i < n; i++) { var t = 0.5 * Math.PI * (i + 0.5) / n; sum += 3 * Math.Pow(Math.Cos(t), 2) * Math.Sin(t) * Math.Cos(2 * k * t) * 0.5 * Math.PI / n; }
                return sum;
            });
            return powers.Transpose().Solve(moments).ToRowMatrix();
        }
    }
}

/// <summary>A titration of such a particle as an instrument would record it.</summary>
internal sealed record ExactTitration
{
    public const double Mass = 7e-6, MolarMass = 96.55e-3, MolarVolume = 20.73e-6, Radius = 2.5e-6, Faraday = 96485.33212;

    public required Func<double, double> Curve { get; init; }

    /// <summary>D at a stoichiometry, m²/s.</summary>
    public required Func<double, double> D { get; init; }
    public bool IsConstant { get; init; } = true;
    public double X0 { get; init; } = 0.45;
    public double Current { get; init; } = 1e-4;

    /// <summary>Signed share of the current, duration and rest of each pulse.</summary>
    public required IReadOnlyList<(double Sign, double Duration, double Pause)> Program { get; init; }
    public double Resistance { get; init; } = 100;
    public double ExchangeCurrent { get; init; } = double.PositiveInfinity;
    public double SlowResistance { get; init; }
    public double SlowTime { get; init; } = 60;
    public double Noise { get; init; }
    public double Quantum { get; init; }
    public double Drift { get; init; }

    /// <summary>Seconds between rows, by the time since the switch.</summary>
    public Func<double, double> Sampling { get; init; } = t => t < 30 ? 1 : t < 600 ? 10 : 60;
    public double FirstRest { get; init; } = 3600;
    public int Seed { get; init; } = 1;

    public static double Amount => Mass / MolarMass;

    public static string Facts => "{ area: 0.785 cm2, activeMass: 7 mg, molarMass: 96.55 g/mol, molarVolume: 20.73 cm3/mol, particleRadius: 2.5 um, interfaceArea: spheres, initialStoichiometry: 0.45 }";

    public static Electrode Electrode => Interphase.Measurements.Electrode.Read(Interphase.Files.Yaml.Parse(Facts, "electrode.yaml"));

    /// <summary>The series and D at the middle of every pulse, m²/s.</summary>
    public (TimeSeries Series, double[] Truth) Run()
    {
        var particle = IsConstant ? ExactParticle.Constant(Radius * Radius / D(X0), X0) : ExactParticle.Varying(x => D(x) / (Radius * Radius), X0);
        var random = new Random(Seed);
        double Gauss() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var (t, c, e) = (new List<double>(), new List<double>(), new List<double>());
        double now = 0, slow = 0;

        void Record(double i)
        {
            var kinetic = double.IsInfinity(ExchangeCurrent) ? 0 : 2 * 0.025693 * Math.Asinh(i / (2 * ExchangeCurrent));
            var v = Curve(particle.Surface) + (i * Resistance) + kinetic + slow + (Drift * now) + (Noise * Gauss());
            t.Add(now);
            c.Add(i);
            e.Add(Quantum > 0 ? Math.Round(v / Quantum) * Quantum : v);
        }

        void Hold(double i, double duration)
        {
            var j = -i / (Faraday * Amount);
            double passed = 0;
            while (passed < duration - 1e-9)
            {
                var end = Math.Min(duration, passed + Sampling(passed));
                while (passed < end - 1e-9)
                {
                    var dt = IsConstant ? end - passed : Math.Min(Math.Max(0.05, 0.08 * passed), end - passed);
                    particle.Advance(j, dt);
                    slow += (i * SlowResistance - slow) * (1 - Math.Exp(-dt / SlowTime));
                    passed += dt;
                    now += dt;
                }
                Record(i);
            }
        }

        Record(0);
        Hold(0, FirstRest);
        var truth = new List<double>();
        foreach (var (sign, duration, rest) in Program)
        {
            truth.Add(D(particle.Mean - (0.5 * sign * Current * duration / (Faraday * Amount))));
            Hold(sign * Current, duration);
            Hold(0, rest);
        }
        return (MadeSeries.Make([.. t], [.. c], [.. e], new PotentialReference("Li-In", 0.62)), [.. truth]);
    }
}
