using System.Globalization;
using Interphase.Cells;
using Interphase.Simulation;
using Interphase.Units;

namespace Interphase.Tests.Simulation;

/// <summary>Cells of the reference solutions, built in code, and short words for protocols.</summary>
internal static class ReferenceCells
{
    public const double Faraday = Constants.Faraday;

    private static readonly double[] A = [3.9939, -0.4647, 0.2653, 0.79, 2.0155, -2.3635, -5.4056, 4.2616, 5.5145, -4.2822];

    /// <summary>U = Σ A_k (2x−1)^k + S RT/F ln((1−x)/x): NMC532, diverging at both ends.</summary>
    public static readonly MaterialFunction Nmc = Formula(
        string.Join(" + ", A.Select((a, k) => string.Create(CultureInfo.InvariantCulture, $"({a})*(2*x - 1)**{k}"))) + " + 7.2572*0.025692579121493725*log((1-x)/x)");

    /// <summary>The paper cell's diffusivity, collapsing at full lithiation.</summary>
    public static readonly MaterialFunction NmcDiffusivity = Formula("1e-19 + 4e-15/(1 + exp((x - 0.9238884483035062)/0.0071))");

    /// <summary>Lattice gas: U = 4 V + RT/F ln((1−x)/x).</summary>
    public static readonly MaterialFunction LatticeGas = Formula("4 + 0.025692579121493725*log((1-x)/x)");

    public static MaterialFunction Formula(string text) => MaterialFunction.Of(Expression.Parse(text));

    public static MaterialFunction Number(double value) => MaterialFunction.Constant(value);

    /// <summary>The single-ion cell of the reference solutions A, C and E: against lithium, unit area, R_0 at the foil.</summary>
    public static Cell Reference(double interfaceResistance = 0.0097389352, double chargeTransferShare = 0, double start = 0.9, int points = 16, int shells = 20, double tolerance = 1e-5) => new()
    {
        Name = "reference",
        Area = 1,
        Initial = new(start),
        NominalCapacity = 13 * 3600,
        Positive = new PorousElectrode
        {
            Thickness = 4.35e-5,
            ActiveMaterial = new() { VolumeFraction = 0.44, ParticleRadius = 2e-6, MaximumConcentration = 48239.2667631452, Density = 4660, Diffusivity = Number(4e-15), OpenCircuitPotential = Nmc },
            Electrolyte = new(0.44, 3, Number(0.041 * 3 / 0.44)),
            ElectronicConductivity = Number(0.1),
            Interface = new() { ArealResistance = interfaceResistance, ChargeTransferShare = chargeTransferShare },
        },
        Separator = new(1e-9, new(1, 1, Number(1e9))),
        Electrolyte = new() { Kind = ElectrolyteKind.SingleIon, Conductivity = Number(1) },
        Negative = new FoilElectrode { Potential = 0, ArealResistance = 0.0042 },
        Numerics = new() { ElectrodePoints = points, ParticlePoints = shells, RelativeTolerance = tolerance, AbsoluteTolerance = 1e-6 },
    };

    /// <summary>The calibrated paper cell: Ω cm² of the interface, and for 550 its two populations.</summary>
    public static Cell Paper(double arealResistance, bool parallelPath = false, int classes = 48, int points = 2, int shells = 16, double tolerance = 1e-3) => new()
    {
        Name = "paper",
        Area = 1.7222753090162533e-4,
        Initial = new(0.985),
        NominalCapacity = 13 * 3600 * 1.7222753090162533e-4,
        Limits = new(2.2, 3.8),
        Positive = new PorousElectrode
        {
            Thickness = 4.35e-5,
            ActiveMaterial = new() { VolumeFraction = 0.44, ParticleRadius = 2e-6, MaximumConcentration = 48239, Density = 8.917e-2 / (4.35e-5 * 0.44), Diffusivity = NmcDiffusivity, OpenCircuitPotential = Nmc },
            Electrolyte = new(0.44, 3, Number(0.041 * 3 / 0.44)),
            ElectronicConductivity = Number(0.1),
            Interface = new()
            {
                ArealResistance = arealResistance * 1e-4,
                ChargeTransferShare = 0.38070101895361547,
                DoubleLayerCapacitance = 0.06,
                Contact = new(1.1424145643666255, classes, 0.0883635229916985),
                Populations = parallelPath ? [new("intact", 0.7816709827, 0.34012), new("parallelPath", 0.2183290173, (1 - (0.7816709827 * 0.34012)) / 0.2183290173)] : [],
            },
        },
        Separator = new(764e-6, new(1, 1, Number(0.28))),
        Electrolyte = new() { Kind = ElectrolyteKind.SingleIon, Conductivity = Number(0.28) },
        Negative = new FoilElectrode { Potential = 0.62, ArealResistance = 6.600827403985029e-4, ArealCapacitance = 10, Inventory = 360000 },
        Numerics = new() { ElectrodePoints = points, ParticlePoints = shells, RelativeTolerance = tolerance, AbsoluteTolerance = 1e-6 },
    };

    /// <summary>The set of Marquis et al. (2019) as in the COMSOL reference, unit area.</summary>
    public static Cell Marquis(int electrodePoints = 20, int separatorPoints = 20, int shells = 20, double relative = 1e-4, double absolute = 1e-6)
    {
        var salt = Formula("0.0911 + 1.9101*(ce/1000) - 1.052*(ce/1000)**2 + 0.1554*(ce/1000)**3");
        PorousElectrode Side(double active, double sigma, double start, double most, double d, double m, string u) => new()
        {
            Thickness = 100e-6,
            ActiveMaterial = new() { VolumeFraction = active, ParticleRadius = 10e-6, MaximumConcentration = most, Diffusivity = Number(d), OpenCircuitPotential = Formula(u) },
            Electrolyte = new(0.3, 1 / Math.Sqrt(0.3), salt),
            ElectronicConductivity = Number(sigma * Math.Pow(active, 1.5)),
            Interface = new() { ExchangeCurrentDensity = Formula(string.Create(CultureInfo.InvariantCulture, $"{m}*ce**0.5*{most}*x**0.5*(1-x)**0.5")) },
        };
        return new()
        {
            Name = "marquis2019",
            Area = 1,
            Initial = new(0.6, 0.8),
            NominalCapacity = 24 * 3600,
            Positive = Side(0.5, 16.6, 0.6, 51217.9257309275, 1e-13, 6e-7,
                "2.16216 + 0.07645*tanh(30.834 - 54.4806*1.062*x) + 2.1581*tanh(52.294 - 50.294*1.062*x) - 0.14169*tanh(11.0923 - 19.8543*1.062*x) + 0.2051*tanh(1.4684 - 5.4888*1.062*x) + 0.2531*tanh((0.56478 - 1.062*x)/0.1316) - 0.02167*tanh((1.062*x - 0.525)/0.006)"),
            Negative = Side(0.6, 126, 0.8, 24983.2619938437, 3.9e-14, 2e-5,
                "0.194 + 1.5*exp(-120*x) + 0.0351*tanh((x - 0.286)/0.083) - 0.0045*tanh((x - 0.849)/0.119) - 0.035*tanh((x - 0.9233)/0.05) - 0.0147*tanh((x - 0.5)/0.034) - 0.102*tanh((x - 0.194)/0.142) - 0.022*tanh((x - 0.9)/0.0164) - 0.011*tanh((x - 0.124)/0.0226) + 0.0155*tanh((x - 0.105)/0.029)"),
            Separator = new(25e-6, new(1, 1, salt)),
            Electrolyte = new()
            {
                Kind = ElectrolyteKind.BinarySalt,
                Conductivity = salt,
                Concentration = 1000,
                Diffusivity = Formula("5.34e-10*exp(-0.65*ce/1000)"),
                TransferenceNumber = Number(0.4),
                ThermodynamicFactor = Number(1),
            },
            Limits = new(1.0, 5.0),
            Numerics = new() { ElectrodePoints = electrodePoints, SeparatorPoints = separatorPoints, ParticlePoints = shells, RelativeTolerance = relative, AbsoluteTolerance = absolute },
        };
    }

    public static CurrentAmount Rate(double c) => new(c, AmountBasis.Nominal);

    /// <summary>Charge (positive rate) or discharge until a potential.</summary>
    public static ProtocolStep Until(double rate, double potential) => new(new HoldCurrent(Rate(rate)), [new AtPotential(potential)]) { Text = $"{rate}C until {potential} V" };

    public static ProtocolStep For(double rate, double seconds) => new(new HoldCurrent(Rate(rate)), [new AfterTime(seconds)]) { Text = $"{rate}C for {seconds} s" };

    public static ProtocolStep Rest(double seconds) => new(new RestStep(), [new AfterTime(seconds)]) { Text = $"rest for {seconds} s" };

    public static ProtocolStep Hold(double potential, double seconds) => new(new HoldPotential(potential), [new AfterTime(seconds)]) { Text = $"hold {potential} V" };

    public static ProtocolStep Sweep(double to, double rate) => new(new SweepPotential(to, rate), []) { Text = $"sweep to {to} V" };

    public static ProtocolStep Spectrum(double from = 1e6, double to = 1e-2, int perDecade = 10) => new(new MeasureImpedance(from, to, perDecade), []) { Text = "impedance" };

    public static SimulationResult Run(Cell cell, params ProtocolItem[] items) => Simulator.Run(cell, new(items));

    public static SimulationResult RunAt(Cell cell, double[] at, params ProtocolItem[] items) => Simulator.Run(cell, new(items), new() { At = at });
}
