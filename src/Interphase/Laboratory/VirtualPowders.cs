using System.Globalization;
using System.Text;
using Interphase.Characterisation;
using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Units;

namespace Interphase.Laboratory;

/// <summary>
/// What a diffractometer and a simultaneous thermal analyser record of powders: lines of known cells with the breadth of grains,
/// a halo, counting noise; steps of mass, heats of nucleation and growth, lag of the sensor, drift of the baseline.
/// </summary>
internal static class VirtualPowders
{
    /// <summary>Radius of the goniometer, m.</summary>
    public const double Radius = 0.2175;

    private const double From = 10, To = 80, Step = 0.02;

    /// <summary>A phase in a powder: its lines' share of the scattering, grain size (m; infinite for none of its breadth), cell.</summary>
    public sealed record Grains(CrystalPhase Phase, double Area, double Size, double A, double C);

    /// <summary>A scan from 10 to 80° with copper radiation; areas in counts × degree.</summary>
    /// <param name="grains">Crystalline phases.</param>
    /// <param name="halo">Area of what is amorphous.</param>
    /// <param name="displacement">Of the sample below the axis, m.</param>
    /// <param name="background">Counts.</param>
    /// <param name="noise">Counting noise; null: none.</param>
    public static Diffractogram Scan(IReadOnlyList<Grains> grains, double halo, double displacement, double background, Gauss? noise)
    {
        const double k = 0.94, ratio = 0.497;
        var n = (int)Math.Round((To - From) / Step) + 1;
        var angle = new double[n];
        var counts = new double[n];
        for (var i = 0; i < n; i++)
        {
            angle[i] = Math.Round(From + (i * Step), 4);
            var x = angle[i];
            counts[i] = background * (1 + (0.8 * Math.Exp(-(x - From) / 6))) + (halo * ((0.7 * Bell(x, 28.5, 8.5)) + (0.3 * Bell(x, 51.5, 13))));
        }
        foreach (var g in grains)
        {
            var whole = g.Phase.Lines.Sum(l => l.Intensity);
            foreach (var (h, kk, l, intensity) in g.Phase.Lines)
            {
                foreach (var (wavelength, share) in new[] { (Diffractogram.CopperAlpha1, 1 / (1 + ratio)), (Diffractogram.CopperAlpha2, ratio / (1 + ratio)) })
                {
                    var sine = wavelength / (2 * g.Phase.Spacing(h, kk, l, g.A, g.C));
                    if (sine >= 1) { continue; }
                    var theta = Math.Asin(sine);
                    var centre = (360 / Math.PI * theta) - (2 * displacement * Math.Cos(theta) / Radius * 180 / Math.PI);
                    var (gauss, lorentz) = InstrumentProfile.Usual.At(centre);
                    lorentz += k * wavelength / (g.Size * Math.Cos(theta)) * 180 / Math.PI;
                    for (var i = Math.Max(0, (int)((centre - 12 - From) / Step)); i < n && angle[i] < centre + 12; i++)
                    {
                        counts[i] += g.Area * share * intensity / whole * Faddeeva.Voigt(angle[i] - centre, gauss, lorentz);
                    }
                }
            }
        }
        return new(angle, noise is null ? counts : [.. counts.Select(c => Math.Max(0, Math.Round(c + (Math.Sqrt(c) * noise.Next()))))]) { Radius = Radius };
    }

    /// <summary>A heat set free by nucleation and growth: peak temperature at the heating rate (K), enthalpy (J/kg), activation energy (J/mol), exponent.</summary>
    public sealed record Heat(double Peak, double Enthalpy, double Activation, double Exponent);

    /// <summary>A step of mass: its middle and width (K), share of the initial mass lost, and heat (J/kg, exothermic positive).</summary>
    public sealed record Loss(double Middle, double Width, double Share, double Enthalpy);

    /// <summary>A heating from 30 to 650 °C.</summary>
    /// <param name="losses">Steps of mass.</param>
    /// <param name="heats">Heats without loss.</param>
    /// <param name="rate">K/s.</param>
    /// <param name="mass">Initial mass, kg.</param>
    /// <param name="noise">Null: none.</param>
    public static ThermalCurve Heating(IReadOnlyList<Loss> losses, IReadOnlyList<Heat> heats, double rate, double mass, Gauss? noise)
    {
        const double lag = 7, start = 303.15, end = 923.15, interval = 3;
        var n = (int)((end - start) / rate / interval) + 1;
        double[] time = new double[n], temperature = new double[n], remaining = new double[n], heat = new double[n];
        double[] integral = new double[heats.Count], before = new double[heats.Count];
        var read = double.NaN;
        for (var i = 0; i < n; i++)
        {
            time[i] = i * interval;
            var t = start + (rate * time[i]);
            temperature[i] = t;
            remaining[i] = 1 + (2e-7 * (t - start));
            var flow = -30 - (0.06 * (t - start)) + (4e-5 * (t - start) * (t - start));
            foreach (var l in losses)
            {
                var z = (t - l.Middle) / l.Width;
                var done = 0.5 * (1 + Math.Tanh(z));
                remaining[i] -= l.Share * done;
                flow += l.Enthalpy * rate * 0.5 / l.Width / (Math.Cosh(z) * Math.Cosh(z));
            }
            for (var k = 0; k < heats.Count; k++)
            {
                var h = heats[k];
                // A so that the rate of conversion peaks at the stated temperature (Kissinger): k(Tp) = β Ea/(R Tp²).
                var constant = rate * h.Activation / (Constants.Gas * h.Peak * h.Peak) * Math.Exp(h.Activation / Constants.Gas * ((1 / h.Peak) - (1 / t)));
                integral[k] += constant * interval;
                var converted = 1 - Math.Exp(-Math.Pow(integral[k], h.Exponent));
                flow += h.Enthalpy * (converted - before[k]) / interval;
                before[k] = converted;
            }
            read = double.IsNaN(read) ? flow : flow + ((read - flow) * Math.Exp(-interval / lag));
            heat[i] = read + (noise is null ? 0 : 0.15 * noise.Next());
            if (noise is not null) { remaining[i] += 2e-5 * noise.Next(); }
        }
        return new(time, temperature) { Mass = remaining, HeatFlow = heat, InitialMass = mass, ExothermUp = false };
    }

    /// <summary>XRDML of a scan.</summary>
    public static string Xrdml(Diffractogram d, string what)
    {
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xrdMeasurements xmlns=\"http://www.xrdml.com/XRDMeasurement/1.5\" status=\"Completed\">\n");
        text.Append(CultureInfo.InvariantCulture, $"<comment><entry>{RawFiles.Mark}</entry><entry>{what}</entry></comment>\n<xrdMeasurement measurementType=\"Scan\" status=\"Completed\">\n<usedWavelength intended=\"K-Alpha\"><kAlpha1 unit=\"Angstrom\">{d.Wavelength * 1e10:0.0000000}</kAlpha1><kAlpha2 unit=\"Angstrom\">{d.Wavelength2 * 1e10:0.0000000}</kAlpha2><ratioKAlpha2KAlpha1>{d.Ratio:0.000}</ratioKAlpha2KAlpha1></usedWavelength>\n<incidentBeamPath><radius unit=\"mm\">{Radius * 1e3:0.0}</radius></incidentBeamPath>\n<scan appendNumber=\"0\" mode=\"Continuous\" scanAxis=\"Gonio\" status=\"Completed\">\n<dataPoints><positions axis=\"2Theta\" unit=\"deg\"><startPosition>{d.TwoTheta[0]:0.0000}</startPosition><endPosition>{d.TwoTheta[^1]:0.0000}</endPosition></positions>\n<intensities unit=\"counts\">");
        text.AppendJoin(' ', d.Counts.Select(c => c.ToString("0.###", CultureInfo.InvariantCulture)));
        return text.Append("</intensities></dataPoints>\n</scan>\n</xrdMeasurement>\n</xrdMeasurements>\n").ToString();
    }

    /// <summary>Two columns, 2θ and counts, after a line of words.</summary>
    public static string Columns(Diffractogram d, string what)
    {
        var text = new StringBuilder($"# {RawFiles.Mark}; {what}\n");
        for (var i = 0; i < d.Count; i++) { text.Append(CultureInfo.InvariantCulture, $"{d.TwoTheta[i]:0.0000} {d.Counts[i]:0.###}\n"); }
        return text.ToString();
    }

    /// <summary>NETZSCH text of a heating; exothermic is negative, as the header says.</summary>
    public static string Netzsch(ThermalCurve c, string sample, DateTime start)
    {
        var rate = (c.Temperature[^1] - c.Temperature[0]) / (c.Time[^1] - c.Time[0]) * 60;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"#EXPORTTYPE:DATA ALL\n#FORMAT:NETZSCH5\n#FTYPE:ASCII\n#IDENTITY:{sample}\n#DECIMAL:POINT\n#SEPARATOR:SEMICOLON\n#MTYPE:DSC/TG\n#INSTRUMENT:virtual simultaneous thermal analyser\n#DATE/TIME:{start:dd.MM.yyyy HH:mm}\n#REMARK:{RawFiles.Mark}\n#SAMPLE:{sample}\n#SAMPLE MASS /mg:{c.InitialMass * 1e6:0.00}\n#EXO:-1\n#RANGE:{c.Temperature[0] - 273.15:0}C/{rate:0.0}(K/min)/{c.Temperature[^1] - 273.15:0}C\n##Temp./C;Time/min;DSC/(mW/mg);Mass/%\n");
        for (var i = 0; i < c.Count; i++) { text.Append(CultureInfo.InvariantCulture, $"{c.Temperature[i] - 273.15:0.000};{c.Time[i] / 60:0.0000};{-c.HeatFlow![i] * 1e-3:0.000000};{100 * c.Mass![i]:0.00000}\n"); }
        return text.ToString();
    }

    private static double Bell(double x, double centre, double width) => Math.Sqrt(4 * Math.Log(2) / Math.PI) / width * Math.Exp(-4 * Math.Log(2) * (x - centre) * (x - centre) / (width * width));
}
