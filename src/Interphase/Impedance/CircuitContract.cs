using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>The keys and units of fitted circuits in JSON.</summary>
public static class CircuitContract
{
    /// <summary>One fitted spectrum; <paramref name="area"/> in m² adds each value times (resistances) or per (capacitances) area.</summary>
    public static object Contract(this CircuitFitResult r, double? area = null, SeparatorCheck? separator = null)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new
        {
            r.Spectrum.File, r.Spectrum.Index, Time = r.Spectrum.Time, Start = r.Spectrum.Start?.ToString(), Potential = r.Spectrum.Potential, Temperature = r.Spectrum.Temperature,
            Circuit = r.Circuit.ToString(), Weighting = r.Options.Weighting,
            Parameters = r.Parameters.Select(p => new
            {
                p.Name,
                Value = Told(p, p.Value),
                StandardError = Told(p, p.Estimate.StandardError),
                Lower95 = Told(p, p.Estimate.Lower95),
                Upper95 = Told(p, p.Estimate.Upper95),
                p.Unit,
                PerArea = area is { } a && p.OhmPower != 0 ? Told(p, p.Value * Math.Pow(a, p.OhmPower)) : double.NaN,
                PerAreaUnit = area is null || p.OhmPower == 0 ? null : p.OhmPower > 0 ? $"{p.Unit} m2" : $"{p.Unit} m-2",
                p.IsFixed,
                p.Identifiable,
            }),
            Arcs = ArcAssignment.Of(r, area).Select(a => new { a.Name, a.Resistance, a.Capacitance, a.TimeConstant, a.Origin, a.Reason }),
            Correlation = Enumerable.Range(0, r.Parameters.Count).Select(i => Enumerable.Range(0, r.Parameters.Count).Select(j => r.Correlation[i, j])),
            Separator = separator is null ? null : new { Intercept_ohm_m2 = separator.Intercept.Value, separator.Intercept.StandardError, Expected_ohm_m2 = separator.Expected.Value, ExpectedStandardError = separator.Expected.StandardError, Ratio = separator.Ratio.Value, RatioStandardError = separator.Ratio.StandardError, separator.Agrees },
            r.ChiSquared, r.ReducedChiSquared, r.Points, r.FreeParameters, r.Bic, r.Aic, r.Iterations, StopReason = r.Reason,
            r.Warnings,
        };
    }

    /// <summary>Several fitted spectra; <c>file</c> is that of all of them, or null where they come from several.</summary>
    public static object Contract(this IReadOnlyList<CircuitFitResult> results, double? area = null, IReadOnlyList<Warning>? warnings = null, Func<CircuitFitResult, SeparatorCheck?>? separator = null) => new
    {
        File = results.Select(r => r.Spectrum.File).Distinct().Count() == 1 ? results[0].Spectrum.File : null,
        Spectra = results.Select(r => r.Contract(area, separator?.Invoke(r))),
        Warnings = warnings ?? [],
    };

    /// <summary>A linked series: as several fitted spectra, with the link and what it gives.</summary>
    public static object Contract(this LinkedSeriesResult r, double? area = null, IReadOnlyList<Warning>? warnings = null, Func<CircuitFitResult, SeparatorCheck?>? separator = null)
    {
        ArgumentNullException.ThrowIfNull(r);
        return new
        {
            File = r.Fits.Select(f => f.Spectrum.File).Distinct().Count() == 1 ? r.Fits[0].Spectrum.File : null,
            Spectra = r.Fits.Select(f => f.Contract(area, separator?.Invoke(f))),
            Link = new
            {
                Kind = r.Link, r.Axis,
                Form = r.Link == SeriesLink.Arrhenius ? r.Form : (ArrheniusForm?)null,
                Activation = r.Activations.Select(a => new
                {
                    a.Parameter, Energy_eV = a.Energy.Value, a.Energy.StandardError, a.Energy.Lower95, a.Energy.Upper95,
                    ResistanceAt25degC = a.At25.Value, ResistanceStandardError = a.At25.StandardError, a.Scatter,
                }),
                r.ChiSquared, r.AloneChiSquared, r.EffectiveParameters, r.AloneParameters, r.Iterations, StopReason = r.Reason,
            },
            Warnings = r.Warnings.Concat(warnings ?? []),
        };
    }

    private static double Told(FittedParameter p, double value) => p.IsAbsent ? double.NaN : value;
}
