using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>
/// The immittances EC-Lab derives from an impedance: admittance Y = 1/Z, complex capacitance C = Y/(jω) printed as
/// Re(C) = Im(Y)/ω and Im(C) = Re(Y)/ω, and modulus, permittivity, resistivity and conductivity, which are 0 without a
/// geometry of the sample while their phases are not.
/// </summary>
internal static class BiologicImmittance
{
    public static void Derive(List<NativeColumn> columns, int rows, double version)
    {
        double[]? Find(string name) => columns.Find(c => c.Name == name)?.Values;
        void Add(string name, Func<int, double> value)
        {
            if (Find(name) is not null) { return; }
            var values = new double[rows];
            for (var i = 0; i < rows; i++) { values[i] = value(i); }
            columns.Add(new(name, values));
        }
        if (Find("freq/Hz") is not { } f) { return; }
        if (Find("|Z|/Ohm") is { } size && Find("Phase(Z)/deg") is { } angle)
        {
            Add("Re(Z)/Ohm", i => size[i] * Math.Cos(angle[i] * Math.PI / 180));
            Add("-Im(Z)/Ohm", i => -size[i] * Math.Sin(angle[i] * Math.PI / 180));
        }
        if (Find("Re(Z)/Ohm") is not { } re || Find("-Im(Z)/Ohm") is not { } minusIm) { return; }
        double Square(int i) => (re[i] * re[i]) + (minusIm[i] * minusIm[i]);
        bool Is(int i) => f[i] > 0 && Square(i) > 0;
        double ReY(int i) => Is(i) ? re[i] / Square(i) : 0;
        double ImY(int i) => Is(i) ? minusIm[i] / Square(i) : 0;
        var stored = Find("Phase(Z)/deg");
        double PhaseY(int i) => stored is not null ? (Is(i) ? -stored[i] : 0) : Is(i) ? Math.Atan2(minusIm[i], re[i]) * 180 / Math.PI : 0;
        double Nano(int i) => Is(i) ? 1e9 / (2 * Math.PI * f[i]) : 0;
        Add("Re(Y)/Ohm-1", ReY);
        Add("Im(Y)/Ohm-1", ImY);
        Add("|Y|/Ohm-1", i => Is(i) ? 1 / Math.Sqrt(Square(i)) : 0);
        Add("Phase(Y)/deg", PhaseY);
        if (Find("|Zce|/Ohm") is not null) { return; }
        // The export keeps this phase in single precision, which shows where the real part nearly vanishes.
        double PhaseC(int i) => (float)(PhaseY(i) - 90);
        Add("Re(C)/nF", i => Is(i) ? Nano(i) / Math.Sqrt(Square(i)) * Math.Cos(PhaseC(i) * Math.PI / 180) : 0);
        Add("Im(C)/nF", i => ReY(i) * Nano(i));
        Add("|C|/nF", i => Is(i) ? Nano(i) / Math.Sqrt(Square(i)) : 0);
        Add("Phase(C)/deg", i => PhaseY(i) - 90);
        foreach (var (name, unit, phase) in new (string, string, Func<int, double>)[]
        {
            ("M", "", i => 90 - PhaseY(i)), ("Permittivity", "", i => PhaseY(i) - 90),
            ("Resistivity", "/Ohm.cm", i => -PhaseY(i)), ("Conductivity", "/mS/cm", PhaseY),
        })
        {
            Add($"Re({name}){unit}", _ => 0);
            Add($"Im({name}){unit}", _ => 0);
            Add($"|{name}|{unit}", _ => 0);
            Add($"Phase({name})/deg", phase);
        }
        Add("Tan(Delta)", i => ImY(i) != 0 ? Math.Abs(ReY(i) / ImY(i)) : 0);
        Add("Loss Angle(Delta)/deg", i => version >= 11.5 ? 90 - Math.Abs(PhaseY(i)) : Math.Abs(PhaseY(i)));
    }
}
