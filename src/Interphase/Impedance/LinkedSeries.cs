using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>How the spectra of a series are tied together.</summary>
public enum SeriesLink
{
    /// <summary>Every parameter varies smoothly along the axis, as strongly as the data say.</summary>
    Smooth,

    /// <summary>Resistances follow exp(Ea/kT) with a scatter that the data decide; everything else varies smoothly with temperature.</summary>
    Arrhenius,
}

/// <summary>Activation of a resistance over a linked series.</summary>
/// <param name="Parameter">The resistance (<c>R1</c>).</param>
/// <param name="Energy">Activation energy, eV; its error holds the scatter about the law.</param>
/// <param name="At25">Resistance at 25 °C by the law, ohm.</param>
/// <param name="Scatter">Standard deviation of ln R about the law beyond the errors of the spectra; 0 where there is none.</param>
public sealed record LinkedActivation(string Parameter, Estimate Energy, Estimate At25, double Scatter);

/// <summary>A series fitted at once.</summary>
/// <param name="Fits">One a spectrum, with the linked values and their errors.</param>
/// <param name="Link">The link.</param>
/// <param name="Axis">What the spectra are ordered along: potential, time, temperature, cycle or order.</param>
/// <param name="Form">σT or σ, for <see cref="SeriesLink.Arrhenius"/>.</param>
/// <param name="Activations">One a resistance, for <see cref="SeriesLink.Arrhenius"/>.</param>
/// <param name="ChiSquared">Σ of the spectra's χ² over the variance that each shows when it is fitted alone.</param>
/// <param name="AloneChiSquared">The same of the spectra fitted alone.</param>
/// <param name="EffectiveParameters">Parameters that the link leaves free in effect.</param>
/// <param name="AloneParameters">Parameters of the spectra fitted alone.</param>
/// <param name="Iterations">Of the joint descent.</param>
/// <param name="Reason">Why it stopped.</param>
/// <param name="Warnings">What is doubtful.</param>
public sealed record LinkedSeriesResult(
    IReadOnlyList<CircuitFitResult> Fits, SeriesLink Link, string Axis, ArrheniusForm Form, IReadOnlyList<LinkedActivation> Activations,
    double ChiSquared, double AloneChiSquared, double EffectiveParameters, double AloneParameters, int Iterations, StopReason Reason, IReadOnlyList<Warning> Warnings);

/// <summary>One circuit fitted to all spectra of a series at once.</summary>
public static class LinkedSeries
{
    /// <summary>Fewest spectra that show a course.</summary>
    public const int Fewest = 3;

    /// <summary>Fits a series whose parameters vary smoothly along an axis.</summary>
    /// <param name="spectra">In the order of the series.</param>
    /// <param name="circuit">The circuit.</param>
    /// <param name="places">Place of each spectrum on the axis (V, s, K, cycle).</param>
    /// <param name="axis">Its name.</param>
    /// <param name="options">Options of the fits.</param>
    /// <exception cref="InputException">Fewer than <see cref="Fewest"/> places, or as <see cref="CircuitFit.Fit(ImpedanceSpectrum, Circuit, FitOptions?)"/>.</exception>
    public static LinkedSeriesResult Smooth(IReadOnlyList<ImpedanceSpectrum> spectra, Circuit circuit, IReadOnlyList<double> places, string axis, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(spectra);
        ArgumentNullException.ThrowIfNull(places);
        return Fit(spectra, circuit, SeriesLink.Smooth, [.. places], axis, ArrheniusForm.SigmaT, options ?? new FitOptions());
    }

    /// <summary>Fits a series along temperature, whose resistances are activated: R ∝ T exp(Ea/kT) or R ∝ exp(Ea/kT).</summary>
    /// <param name="spectra">Spectra with their temperatures.</param>
    /// <param name="circuit">The circuit.</param>
    /// <param name="form">The law, that of the conductivity.</param>
    /// <param name="options">Options of the fits.</param>
    /// <exception cref="InputException">A temperature is missing, or as <see cref="Smooth"/>.</exception>
    public static LinkedSeriesResult Arrhenius(IReadOnlyList<ImpedanceSpectrum> spectra, Circuit circuit, ArrheniusForm form = ArrheniusForm.SigmaT, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(spectra);
        double[] x = [.. spectra.Select(s => s.Temperature is { } t && t > 0 ? 1 / (ArrheniusLaw.Boltzmann * t) : throw new InputException("the spectrum has no temperature, which an Arrhenius link needs", s.File, "give --temperature 25degC,40degC,… in the order of the spectra, or --temperature name"))];
        return Fit(spectra, circuit, SeriesLink.Arrhenius, x, "temperature", form, options ?? new FitOptions());
    }

    private static LinkedSeriesResult Fit(IReadOnlyList<ImpedanceSpectrum> spectra, Circuit circuit, SeriesLink link, double[] x, string axis, ArrheniusForm form, FitOptions options)
    {
        if (x.Any(v => !double.IsFinite(v))) { throw new InputException($"a spectrum has no {axis} to link by", "", "link along something every file says, or along the order"); }
        if (x.Distinct().Count() < Fewest) { throw new InputException($"too few places on the axis {axis} show a course: {x.Distinct().Count()}", "", $"a linked fit needs {Fewest} or more"); }
        var order = Enumerable.Range(0, spectra.Count).OrderBy(i => x[i]).ToArray();
        var inOrder = CircuitSeries.Fit([.. order.Select(i => spectra[i])], circuit, options with { Profile = false });
        var alone = new CircuitFitResult[spectra.Count];
        for (var k = 0; k < order.Length; k++) { alone[order[k]] = inOrder[k]; }

        LeastSquares[] problems = [.. alone.Select(f => new LeastSquares(circuit, f.Spectrum, options.Weighting))];
        double[] variance = [.. alone.Select(Evidence.Variance)];
        double[][] start = [.. alone.Select((f, i) => problems[i].ThetaOf(f.Values))];
        var count = problems[0].Count;
        // Where an arc is missing, the others may have taken its place.
        bool Lacks(CircuitFitResult f) => link == SeriesLink.Arrhenius && f.Parameters.Any(p => p.IsAbsent);
        double[][] trust = [.. alone.Select((f, i) => Enumerable.Range(0, count).Select(j => Lacks(f) ? 0 : Trust(f.Parameters[problems[i].ParameterOf(j)], problems[i].IsLogarithmic(j))).ToArray())];
        CircuitParameter ParameterOf(int j) => circuit.Parameters[problems[0].ParameterOf(j)];
        bool IsActivated(int j) => link == SeriesLink.Arrhenius && ParameterOf(j).Definition is { Unit: "ohm", OhmPower: 1 } && problems[0].IsLogarithmic(j);

        var courses = new LinkedCourse[count];
        for (var j = 0; j < count; j++)
        {
            // An arc that a law must carry through the whole series is not left out where one spectrum alone does not need it.
            bool[] absent = [.. alone.Select((f, i) => link == SeriesLink.Smooth && f.Parameters[problems[i].ParameterOf(j)].IsAbsent)];
            double[] offset = [.. Enumerable.Range(0, x.Length).Select(i => absent[i] ? start[i][j] : IsActivated(j) && form == ArrheniusForm.SigmaT ? Math.Log(spectra[i].Temperature!.Value) : 0)];
            courses[j] = LinkedCourse.Of(x, offset, smooth: !IsActivated(j), absent);
        }
        var descent = new LinkedDescent(problems, variance, courses, start, trust, fromLine: link == SeriesLink.Arrhenius);
        descent.Run(options.MostIterations);

        var freedom = alone.Sum(f => 2.0 * f.Points) - descent.EffectiveParameters;
        var joint = descent.ChiSquared.Select((c, i) => c / variance[i]).Sum();
        var scatter = Math.Max(1, joint / freedom);
        var warnings = new List<Warning>();
        if (descent.Reason == StopReason.IterationLimit) { warnings.Add(new("link", "the joint descent used up its iterations and may not be at the minimum")); }
        if (scatter > 1.2) { warnings.Add(new("link", $"the linked parameters describe the spectra worse than parameters of their own: residuals are {Math.Sqrt(scatter):F2} times as large; errors are enlarged by that")); }
        var activations = new List<LinkedActivation>();
        for (var j = 0; j < count; j++)
        {
            if (!IsActivated(j)) { continue; }
            var a = Activation(ParameterOf(j).Name, descent, j, x, form, scatter);
            activations.Add(a);
            if (a.Scatter > 0.02) { warnings.Add(new($"link.activation.{a.Parameter}", $"{a.Parameter} scatters by {100 * a.Scatter:F0} % about the law beyond the errors of the spectra; the error of Ea holds that")); }
        }
        CircuitFitResult[] fits = [.. alone.Select((f, i) => Linked(f, problems[i], descent, i, courses, scatter))];
        return new(fits, link, axis, form, activations, joint, alone.Select((f, i) => f.ChiSquared / variance[i]).Sum(), descent.EffectiveParameters, alone.Sum(f => f.FreeParameters), descent.Iterations, descent.Reason, warnings);
    }

    private static double Trust(FittedParameter p, bool logarithmic)
    {
        var error = logarithmic ? p.Estimate.StandardError / p.Value : p.Estimate.StandardError;
        return p.IsAbsent || !(error > 0) ? 0 : 1 / ((error * error) + 1e-8);
    }

    private static LinkedActivation Activation(string name, LinkedDescent descent, int j, double[] x, ArrheniusForm form, double scatter)
    {
        const double Room = 298.15;
        var line = descent.Line(j);
        double middle = (x.Min() + x.Max()) / 2, half = (x.Max() - x.Min()) / 2;
        var at = ((1 / (ArrheniusLaw.Boltzmann * Room)) - middle) / half;
        var ln = line.Level + (at * line.Slope) + (form == ArrheniusForm.SigmaT ? Math.Log(Room) : 0);
        var error = Math.Sqrt(scatter * Math.Max(0, line.LevelVariance + (at * at * line.SlopeVariance) + (2 * at * line.Covariance)));
        var value = Math.Exp(ln);
        var (deviation, inUse) = descent.Deviation[j];
        return new(name, Estimate.Of(line.Slope / half, Math.Sqrt(scatter * line.SlopeVariance) / half),
            new(value, value * error, value * Math.Exp(-1.96 * error), value * Math.Exp(1.96 * error)), inUse < 0.5 ? 0 : deviation);
    }

    private static CircuitFitResult Linked(CircuitFitResult alone, LeastSquares problem, LinkedDescent descent, int i, LinkedCourse[] courses, double scatter)
    {
        const double Vague = 0.5;
        var theta = descent.Theta(i);
        var covariance = descent.CovarianceOf(i);
        var values = problem.ParametersAt(theta);
        var k = problem.Count;
        var parameters = alone.Parameters.ToArray();
        var correlation = new double[parameters.Length, parameters.Length];
        for (var a = 0; a < parameters.Length; a++)
        {
            for (var b = 0; b < parameters.Length; b++) { correlation[a, b] = double.NaN; }
        }
        var warnings = alone.Warnings.Where(w => w.Path == "points").ToList();
        for (var j = 0; j < k; j++)
        {
            var at = problem.ParameterOf(j);
            var error = Math.Sqrt(scatter * covariance[(j * k) + j]);
            var v = values[at];
            double Limit(double x) => problem.IsLogarithmic(j) ? Math.Exp(x) : Math.Clamp(x, problem.Lower[j], problem.Upper[j]);
            var estimate = new Estimate(v, problem.IsLogarithmic(j) ? v * error : error, Limit(theta[j] - (1.96 * error)), Limit(theta[j] + (1.96 * error)));
            var absent = parameters[at].IsAbsent && courses[j].Own > 0;
            var known = error < (problem.IsLogarithmic(j) ? Vague : 0.25);
            parameters[at] = parameters[at] with { Estimate = estimate, Identifiable = known && !absent, IsAbsent = absent };
            if (absent) { warnings.AddRange(alone.Warnings.Where(w => w.Path == $"parameters.{parameters[at].Name}")); }
            else if (!known) { warnings.Add(new($"parameters.{parameters[at].Name}", $"not identifiable, also with the link: {v:G4} with a standard error of {estimate.StandardError:G2}")); }
            for (var l = 0; l < k; l++)
            {
                correlation[at, problem.ParameterOf(l)] = covariance[(j * k) + l] / Math.Sqrt(covariance[(j * k) + j] * covariance[(l * k) + l]);
            }
        }
        return alone with { Parameters = parameters, Correlation = correlation, ChiSquared = descent.ChiSquared[i], Iterations = descent.Iterations, Reason = descent.Reason, Starts = alone.Starts, Warnings = warnings };
    }
}
