using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Impedance;

/// <summary>What touches a composite electrode on its two sides.</summary>
public enum CompositeContacts
{
    /// <summary>Electronic conductors on both sides: ions are blocked.</summary>
    IonBlocking,

    /// <summary>Ionic conductors on both sides: electrons are blocked.</summary>
    ElectronBlocking,

    /// <summary>Two equal composites on both sides of a separator, without charge transfer; the electrons' rail counts as ideal.</summary>
    Symmetric,
}

/// <summary>Effective conductivities of a composite from one spectrum.</summary>
/// <param name="Fit">The fit they come from.</param>
/// <param name="IonicResistance">Of the ionic rail of one composite, ohm.</param>
/// <param name="ElectronicResistance">Of the electronic rail, ohm; withheld for symmetric cells.</param>
/// <param name="Ionic">Effective ionic conductivity, S/m, with the errors of fit and geometry.</param>
/// <param name="Electronic">Effective electronic conductivity, S/m.</param>
/// <param name="Warnings">What is doubtful.</param>
public sealed record CompositeSpectrum(CircuitFitResult Fit, Estimate IonicResistance, Estimate ElectronicResistance, Estimate Ionic, Estimate Electronic, IReadOnlyList<Warning> Warnings);

/// <summary>Options of <see cref="CompositeConductivity"/>.</summary>
public sealed record CompositeOptions
{
    /// <summary>Contacts.</summary>
    public CompositeContacts Contacts { get; init; } = CompositeContacts.IonBlocking;

    /// <summary>Resistance of leads and contacts, ohm. It cannot be told from the rails in parallel and is not fitted.</summary>
    public double Series { get; init; }

    /// <summary>Options of the fits.</summary>
    public FitOptions Fit { get; init; } = new();
}

/// <summary>
/// Effective ionic and electronic conductivity of a composite by the transmission line of two rails (<see cref="TransmissionLine"/>;
/// Kaiser et al., J. Power Sources 396 (2018) 175): between ion-blocking contacts the slow limit is the electronic rail and the
/// fast one both in parallel; between electron-blocking ones the other way round. In a symmetric cell a line of 45° and a blocking line
/// give the ionic rail.
/// </summary>
public static class CompositeConductivity
{
    /// <summary>Analyses one spectrum; the interface between the rails is a constant phase element, with charge transfer beside it where the evidence asks for it.</summary>
    /// <param name="spectrum">The spectrum.</param>
    /// <param name="geometry">Thickness of one composite and its area.</param>
    /// <param name="options">Options.</param>
    /// <exception cref="InputException">The spectrum cannot be fitted.</exception>
    public static CompositeSpectrum Analyse(ImpedanceSpectrum spectrum, PelletGeometry geometry, CompositeOptions options)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        ArgumentNullException.ThrowIfNull(geometry);
        ArgumentNullException.ThrowIfNull(options);
        var symmetric = options.Contacts == CompositeContacts.Symmetric;
        string[] circuits = options.Contacts switch
        {
            CompositeContacts.IonBlocking => ["TLMe1[CPE2]", "TLMe1[p(R2,CPE2)]"],
            CompositeContacts.ElectronBlocking => ["TLMi1[CPE2]", "TLMi1[p(R2,CPE2)]"],
            _ => ["R0-TLMQ1"],
        };
        var warnings = new List<Warning>();
        if (options.Series > 0) { spectrum = spectrum with { Impedance = [.. spectrum.Impedance.Select(z => z - options.Series)] }; }
        else if (!symmetric) { warnings.Add(new("series", "leads and contacts are taken to have no resistance; if they have, give it, or both rails come out too resistive")); }
        var fit = circuits.Select(c => CircuitFit.Fit(spectrum, Circuit.Parse(c), options.Fit)).MinBy(f => f.Bic)!;
        warnings.AddRange(fit.Warnings);
        Estimate Rail(string name, double share)
        {
            var p = fit[name];
            return p.Identifiable ? p.Estimate.Scaled(share) : Estimate.Withheld($"the window does not hold what tells this rail: {name} of {fit.Circuit} is not identifiable");
        }
        var ionic = Rail(symmetric ? "TLMQ1_0" : fit.Circuit.Parameters[0].Name, symmetric ? 0.5 : 1);
        var electronic = symmetric ? Estimate.Withheld("a symmetric cell shows the ionic rail only") : Rail(fit.Circuit.Parameters[1].Name, 1);
        Estimate Conductivity(Estimate r)
        {
            if (!r.HasValue) { return r; }
            var value = geometry.Factor / r.Value;
            return Estimate.Of(value, value * Math.Sqrt(Math.Pow(r.StandardError / r.Value, 2) + Math.Pow(geometry.RelativeError, 2)));
        }
        if (!ionic.HasValue) { warnings.Add(new("ionicConductivity_S_cm", ionic.Reason!)); }
        if (!electronic.HasValue && !symmetric) { warnings.Add(new("electronicConductivity_S_cm", electronic.Reason!)); }
        return new(fit, ionic, electronic, Conductivity(ionic), Conductivity(electronic), warnings);
    }

    /// <summary>The keys and units of the command's JSON.</summary>
    public static object Contract(this IReadOnlyList<CompositeSpectrum> results, CompositeOptions options) => new
    {
        Spectra = results.Select(r => new
        {
            r.Fit.Spectrum.File, r.Fit.Spectrum.Index, r.Fit.Spectrum.Temperature,
            contacts = Words(options.Contacts),
            Circuit = r.Fit.Circuit.ToString(),
            ionicResistance = r.IonicResistance.Value, ionicResistanceStandardError = r.IonicResistance.StandardError,
            electronicResistance = r.ElectronicResistance.Value, electronicResistanceStandardError = r.ElectronicResistance.StandardError,
            ionicConductivity_S_cm = r.Ionic.Value / 100, ionicStandardError = r.Ionic.StandardError / 100, ionicLower95 = r.Ionic.Lower95 / 100, ionicUpper95 = r.Ionic.Upper95 / 100,
            electronicConductivity_S_cm = r.Electronic.Value / 100, electronicStandardError = r.Electronic.StandardError / 100, electronicLower95 = r.Electronic.Lower95 / 100, electronicUpper95 = r.Electronic.Upper95 / 100,
            r.Fit.ReducedChiSquared, r.Warnings,
        }),
    };

    /// <summary>The contacts as commands and studies write them.</summary>
    public static string Words(CompositeContacts contacts) => contacts switch { CompositeContacts.IonBlocking => "ion-blocking", CompositeContacts.ElectronBlocking => "electron-blocking", _ => "symmetric" };

    /// <summary>The contacts of a word; null where it is none.</summary>
    public static CompositeContacts? Of(string word) => Enum.GetValues<CompositeContacts>().Cast<CompositeContacts?>().FirstOrDefault(c => Words(c!.Value) == word);
}
