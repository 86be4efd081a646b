using System.Numerics;
using Interphase.Numerics;

namespace Interphase.Impedance;

/// <summary>
/// A composite electrode: an ionic and an electronic rail joined all along by an interface whose impedance ζ is any circuit
/// (that of the whole interface). With S = R_ion + R_el, P = R_ion R_el/S and ν = √(S/ζ); Göhr 1997, Bisquert et al. 2000.
/// Which rail is contacted on which side decides the three kinds.
/// </summary>
public sealed class TransmissionLine
{
    private enum Contacts { Opposite, Electronic, Ionic }

    private readonly Contacts contacts;

    private TransmissionLine(string symbol, string name, string formula, Contacts contacts)
    {
        Symbol = symbol;
        Name = name;
        Formula = formula;
        this.contacts = contacts;
    }

    /// <summary>The three kinds.</summary>
    public static readonly IReadOnlyList<TransmissionLine> All =
    [
        new("TLM", "composite electrode: ions enter on one side, electrons on the other", "P + (R_ion² + R_el²)/S coth ν/ν + 2P/(ν sinh ν)", Contacts.Opposite),
        new("TLMe", "composite between ion-blocking contacts: both sides on the electronic rail", "P + R_el²/S tanh(ν/2)/(ν/2)", Contacts.Electronic),
        new("TLMi", "composite between electron-blocking contacts: both sides on the ionic rail", "P + R_ion²/S tanh(ν/2)/(ν/2)", Contacts.Ionic),
    ];

    /// <summary>Its letters in a circuit: <c>TLM1[p(R2,CPE2)]</c>.</summary>
    public string Symbol { get; }

    /// <summary>What it describes.</summary>
    public string Name { get; }

    /// <summary>Its impedance.</summary>
    public string Formula { get; }

    /// <summary>The resistances of the two rails, each along the whole electrode.</summary>
    public static readonly IReadOnlyList<ElementParameter> Parameters =
    [
        new("Ri", "resistance of the ionic rail", "ohm", 1), new("Re", "resistance of the electronic rail", "ohm", 1),
    ];

    /// <summary>Impedance of the line, and its derivatives to both resistances and to ζ, at one frequency.</summary>
    internal Complex Evaluate(double ionic, double electronic, Complex zeta, out Complex dIonic, out Complex dElectronic, out Complex dZeta)
    {
        var sum = ionic + electronic;
        var parallel = ionic * electronic / sum;
        double parallelIonic = electronic * electronic / (sum * sum), parallelElectronic = ionic * ionic / (sum * sum);
        var inverse = 1 / zeta;
        var s = sum * inverse;
        if (contacts == Contacts.Opposite)
        {
            var squares = ((ionic * ionic) + (electronic * electronic)) / sum;
            var coth = HyperbolicRatios.Coth(s, out var cothSlope);
            var csch = HyperbolicRatios.Csch(s, out var cschSlope);
            var slope = ((squares * cothSlope) + (2 * parallel * cschSlope)) * inverse;
            dIonic = parallelIonic + (((2 * ionic) - squares) / sum * coth) + (2 * parallelIonic * csch) + slope;
            dElectronic = parallelElectronic + (((2 * electronic) - squares) / sum * coth) + (2 * parallelElectronic * csch) + slope;
            dZeta = -slope * s;
            return parallel + (squares * coth) + (2 * parallel * csch);
        }
        var contacted = contacts == Contacts.Electronic ? electronic : ionic;
        var tanh = HyperbolicRatios.Tanh(s / 4, out var tanhSlope);
        var weight = contacted * contacted / sum;
        var common = (-weight / sum * tanh) + (weight * tanhSlope * inverse / 4);
        var own = 2 * contacted / sum * tanh;
        dIonic = parallelIonic + common + (contacts == Contacts.Ionic ? own : 0);
        dElectronic = parallelElectronic + common + (contacts == Contacts.Electronic ? own : 0);
        dZeta = -weight * tanhSlope * s * inverse / 4;
        return parallel + (weight * tanh);
    }
}
