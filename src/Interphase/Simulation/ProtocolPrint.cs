using System.Globalization;
using System.Text;

namespace Interphase.Simulation;

/// <summary>Writes a protocol in the language it is read in, in SI; reading it again gives the same steps.</summary>
public static class ProtocolPrint
{
    /// <summary>The text; profiles that are replayed keep the words they were read from.</summary>
    public static string Text(Protocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        var text = new StringBuilder();
        Items(protocol.Items, 0, text);
        return text.ToString();
    }

    private static void Items(IReadOnlyList<ProtocolItem> items, int indent, StringBuilder text)
    {
        foreach (var item in items)
        {
            text.Append(' ', indent);
            switch (item)
            {
                case Repeat r:
                    text.Append(CultureInfo.InvariantCulture, $"repeat {r.Count}");
                    if (!double.IsNaN(r.UntilCapacityBelow)) { text.Append(CultureInfo.InvariantCulture, $" until capacity below {r.UntilCapacityBelow:R}"); }
                    text.Append(":\n");
                    Items(r.Items, indent + 4, text);
                    break;
                case ProtocolStep s:
                    text.Append(s.Action is ReplayCurrent ? s.Text : Action(s.Action) + string.Concat(s.Ends.Select((e, i) => (i == 0 ? " " : " or ") + End(e)))).Append('\n');
                    break;
            }
        }
    }

    private static string Action(StepAction action) => action switch
    {
        HoldCurrent c => $"{(c.Current.Value < 0 ? "Discharge" : "Charge")} at {Current(c.Current)}",
        HoldPower p => $"{(p.Power < 0 ? "Discharge" : "Charge")} at {N(Math.Abs(p.Power))} W",
        HoldPotential h => $"Hold at {N(h.Potential)} V",
        SweepPotential s => $"Sweep to {N(s.To)} V at {N(s.Rate)} V/s",
        MeasureImpedance m => $"Impedance from {N(m.From)} Hz to {N(m.To)} Hz, {N(m.PerDecade)} per decade",
        _ => "Rest",
    };

    private static string End(StepEnd end) => end switch
    {
        AfterTime t => $"for {N(t.Seconds)} s",
        AtPotential p => $"until {N(p.Potential)} V",
        AtCurrent c => $"until {Current(c.Current)}",
        AtDrift d => $"until {N(d.VoltsPerSecond)} V/s",
        AfterCharge { Charge: { Basis: AmountBasis.Nominal } c } => $"until {N(c.Value)} of nominal capacity",
        AfterCharge c => $"until {N(c.Charge.Value)} A.s{Per(c.Charge.Basis)}",
        AtStoichiometry s => $"until stoichiometry {N(s.Stoichiometry)}",
        _ => throw new InvalidOperationException($"no words for {end.GetType().Name}"),
    };

    private static string Current(CurrentAmount c) => c.Basis == AmountBasis.Nominal ? N(Math.Abs(c.Value)) + "C" : $"{N(Math.Abs(c.Value))} A{Per(c.Basis)}";

    private static string Per(AmountBasis basis) => basis switch { AmountBasis.Area => "/m2", AmountBasis.Mass => "/kg", _ => "" };

    private static string N(double v) => v.ToString("R", CultureInfo.InvariantCulture);
}
