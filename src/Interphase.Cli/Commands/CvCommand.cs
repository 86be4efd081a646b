using System.CommandLine;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Units;
using Interphase.Voltammetry;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase cv</c>.</summary>
internal static class CvCommand
{
    public static Command Create()
    {
        var input = new ElectrodeInput();
        var resistance = new Option<string?>("--resistance") { Description = "Series resistance for the iR-corrected polarisation, for example 124ohm or \"124 +- 5 ohm\"", HelpName = "R" };
        var concentration = new Option<string?>("--concentration") { Description = "Concentration of the redox species, for Randles–Ševčík, for example \"10 mol/m3\"", HelpName = "C" };
        var electrons = new Option<int>("--electrons") { Description = "Electrons per formula, for Randles–Ševčík", DefaultValueFactory = _ => 1 };
        return Frame.Command("cv", "Cyclic voltammetry: peaks, polarisation, charge balance; over several scan rates the b value",
            """
            interphase cv cv.mpr --area 0.785cm2
            interphase cv cv_10mVs.DTA cv_50mVs.DTA cv_100mVs.DTA --json
            """,
            (parse, _) =>
            {
                var stated = input.Stated(parse);
                var measurements = parse.GetValue(input.Files)!.Select(InstrumentFile.Read).ToArray();
                foreach (var m in measurements) { if (m.Series is null) { throw new InputException("the file holds no rows over time", m.File, "name a file with potential and current"); } }
                if (parse.GetValue(electrons) < 1) { throw new InputException("the number of electrons is not positive", "--electrons", "write 1 or more"); }
                var r = ElectrodeInput.Positive(parse.GetValue(resistance), "--resistance", "ohm");
                var c = ElectrodeInput.Positive(parse.GetValue(concentration), "--concentration", "mol/m3");
                var cv = CyclicVoltammetry.Analyse([.. measurements.Select(m => (m.File, m.Series!))], stated.Over(Interphase.Measurements.Electrode.Of(measurements[0])), new()
                {
                    Resistance = r?.Value,
                    ResistanceStandardError = r?.StandardError ?? 0,
                    Concentration = c?.Value,
                    ConcentrationStandardError = c?.StandardError ?? 0,
                    Electrons = parse.GetValue(electrons),
                });
                return new(cv.Contract(), output => Write(output, cv));
            },
            input.Files, input.Electrode, input.Area, resistance, concentration, electrons);
    }

    private static void Write(TextWriter output, CyclicVoltammetry v)
    {
        string P(VoltammetryPeak? p) => p is null ? "–" : Quantity.Print(p.Potential.Value, p.Potential.StandardError) + (p.Kind == PeakKind.Peak ? "" : $" ({(p.Kind == PeakKind.Plateau ? "plateau" : "edge")})");
        string I(VoltammetryPeak? p) => p is null ? "–" : Quantity.Print(p.Current.Value * 1e3, p.Current.StandardError * 1e3);
        var table = new TextTable("cycle", "scan rate mV/s", "anodic V", "mA", "cathodic V", "mA", "polarisation V", "iR-corr. V", "midpoint V", "cath./anod. charge", "peaks");
        foreach (var c in v.Cycles)
        {
            table.Row(c.Index.ToString(), (c.ScanRate * 1e3).ToString("G4"), P(c.MainAnodic), I(c.MainAnodic), P(c.MainCathodic), I(c.MainCathodic), Quantity.Print(c.Polarisation.Value, c.Polarisation.StandardError),
                Quantity.Print(c.PolarisationIrCorrected.Value, c.PolarisationIrCorrected.StandardError), Quantity.Print(c.Midpoint.Value, c.Midpoint.StandardError), ElectrodeInput.Number(c.ChargeRatio, "G3"), $"{c.Anodic.Count}+{c.Cathodic.Count}");
        }
        table.Write(output);
        output.WriteLine();
        output.WriteLine($"Potentials {v.Reference}; currents above the baseline");
        if (v.RateDependence.B.HasValue)
        {
            output.WriteLine($"Peak current ~ (scan rate)^b: b = {Quantity.Print(v.RateDependence.Anodic.Value, v.RateDependence.Anodic.StandardError)} anodic, {Quantity.Print(v.RateDependence.Cathodic.Value, v.RateDependence.Cathodic.StandardError)} cathodic");
            output.WriteLine(v.RateDependence.Diffusivity.HasValue ? $"Randles–Ševčík: D = {Quantity.Print(v.RateDependence.Diffusivity.Value * 1e4, v.RateDependence.Diffusivity.StandardError * 1e4)} cm2/s" : $"Randles–Ševčík: no D, {v.RateDependence.Diffusivity.Reason}");
        }
        // What was not asked for needs no word here; the JSON says why it is null.
        ElectrodeInput.Write(output, v.Warnings.Where(w => w.Path is not "cycles[].polarisationIrCorrected" && (w.Path != "rateDependence.b" || v.Cycles.Select(c => c.File).Distinct().Count() > 1)));
    }
}
