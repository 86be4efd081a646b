using System.Runtime.CompilerServices;
using Interphase.Cells;
using Interphase.Numerics;

namespace Interphase.Simulation;

/// <summary>
/// Material functions as tables at one temperature, so that an inner loop costs the same for a constant, an expression and measured
/// points. Over stoichiometry the potential and the exchange current are tabulated against ln(x/(1 − x)), in which they stay
/// smooth where they diverge. Tables of one function are shared by all simulations.
/// </summary>
internal static class MaterialTables
{
    /// <summary>Tables over ln(x/(1−x)) reach from this stoichiometry to 1 less this.</summary>
    internal const double Edge = 1e-9;

    private const double LogitEnd = 20.72326583694641;

    private const int LogitSteps = 4096;
    private const int StoichiometrySteps = 2048;
    private const int ConcentrationSteps = 1024;

    private static readonly ConditionalWeakTable<MaterialFunction, Dictionary<(string What, double Temperature, object? Also), object>> Kept = [];

    /// <summary>U(x) versus lithium at a temperature, over ln(x/(1−x)); without what entropy adds.</summary>
    public static HermiteTable Potential(MaterialFunction potential, double temperature) => Once(potential, ("U", temperature, null), () => Logit(potential, temperature));

    /// <summary>dU/dT over ln(x/(1−x)), V/K.</summary>
    public static HermiteTable Entropic(MaterialFunction entropic, double temperature) => Once(entropic, ("dU/dT", temperature, null), () => Logit(entropic, temperature));

    /// <summary>Φ(x) = ∫ D dx, m²/s; null where D does not depend on x.</summary>
    public static HermiteTable? Kirchhoff(MaterialFunction diffusivity, double temperature) =>
        Once(diffusivity, ("D", temperature, null), () =>
        {
            var n = (2 * StoichiometrySteps) + 1;
            var x = new double[n];
            for (var i = 0; i < n; i++) { x[i] = (double)i / (n - 1); }
            x[0] = Edge;
            x[^1] = 1 - Edge;
            double[] d = new double[n], slope = new double[n];
            diffusivity.OverStoichiometry(x, double.NaN, temperature, d, slope);
            if (Array.TrueForAll(d, v => v == d[0])) { return new Constant(null); }
            double[] sum = new double[StoichiometrySteps + 1], at = new double[StoichiometrySteps + 1];
            at[0] = d[0];
            for (var i = 0; i < StoichiometrySteps; i++)
            {
                sum[i + 1] = sum[i] + ((d[2 * i] + (4 * d[(2 * i) + 1]) + d[(2 * i) + 2]) / (6.0 * StoichiometrySteps));
                at[i + 1] = d[(2 * i) + 2];
            }
            return new Constant(HermiteTable.Of(0, 1, sum, at));
        }).Table;

    /// <summary>A property of the salt concentration; null where it is constant.</summary>
    public static HermiteTable? OverSalt(MaterialFunction function, double rest, double temperature) =>
        Once(function, ("ce", temperature, rest), () =>
        {
            var ce = new double[ConcentrationSteps + 1];
            double from = 1e-3 * rest, to = 8 * rest;
            for (var i = 0; i < ce.Length; i++) { ce[i] = from + ((to - from) * i / ConcentrationSteps); }
            double[] v = new double[ce.Length], d = new double[ce.Length];
            function.OverConcentration(ce, temperature, v, d);
            return new Constant(Array.TrueForAll(v, a => a == v[0]) ? null : HermiteTable.Of(from, to, v, d));
        }).Table;

    /// <summary>ln of an exchange current density over ln(x/(1−x)) at one salt concentration; null where it does not depend on x.</summary>
    public static HermiteTable? LogExchangeCurrent(MaterialFunction function, double ce, double temperature) =>
        Once(function, ("i0x", temperature, ce), () =>
        {
            var (x, v, d) = OverLogit(function, ce, temperature);
            if (Array.TrueForAll(v, a => a == v[0])) { return new Constant(null); }
            for (var i = 0; i < v.Length; i++)
            {
                d[i] /= v[i];
                v[i] = Math.Log(v[i]);
            }
            return new Constant(Logit(x, v, d));
        }).Table;

    /// <summary>ln of an exchange current density over ln(ce/rest) at x = ½; null where it does not depend on ce.</summary>
    public static HermiteTable? LogExchangeOverSalt(MaterialFunction function, double rest, double temperature) =>
        Once(function, ("i0ce", temperature, rest), () =>
        {
            const double from = -9, to = 2.5;
            var ce = new double[ConcentrationSteps + 1];
            for (var i = 0; i < ce.Length; i++) { ce[i] = rest * Math.Exp(from + ((to - from) * i / ConcentrationSteps)); }
            double[] v = new double[ce.Length], d = new double[ce.Length];
            function.OverBoth([0.5], ce, temperature, v, [], d);
            if (Array.TrueForAll(v, a => a == v[0])) { return new Constant(null); }
            for (var i = 0; i < v.Length; i++)
            {
                d[i] *= ce[i] / v[i];
                v[i] = Math.Log(v[i]);
            }
            return new Constant(HermiteTable.Of(from, to, v, d));
        }).Table;

    private static (double[] X, double[] Values, double[] Slopes) OverLogit(MaterialFunction function, double ce, double temperature)
    {
        var x = new double[LogitSteps + 1];
        for (var i = 0; i < x.Length; i++) { x[i] = 1 / (1 + Math.Exp(-LogitEnd + (2 * LogitEnd * i / LogitSteps))); }
        Array.Reverse(x);
        double[] v = new double[x.Length], d = new double[x.Length];
        function.OverStoichiometry(x, ce, temperature, v, d);
        return (x, v, d);
    }

    private static HermiteTable Logit(MaterialFunction function, double temperature)
    {
        var (x, values, slopes) = OverLogit(function, double.NaN, temperature);
        return Logit(x, values, slopes);
    }

    private static HermiteTable Logit(double[] x, double[] values, double[] slopes)
    {
        for (var i = 0; i < x.Length; i++) { slopes[i] *= x[i] * (1 - x[i]); }
        return HermiteTable.Of(-LogitEnd, LogitEnd, values, slopes);
    }

    private static T Once<T>(MaterialFunction function, (string, double, object?) key, Func<T> make)
        where T : class
    {
        var kept = Kept.GetOrCreateValue(function);
        lock (kept)
        {
            if (kept.TryGetValue(key, out var found)) { return (T)found; }
            if (kept.Count > 64) { kept.Clear(); }
            var made = make();
            kept[key] = made;
            return made;
        }
    }

    private sealed record Constant(HermiteTable? Table);
}
