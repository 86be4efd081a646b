using System.Text;
using Interphase.Characterisation;
using Interphase.Laboratory;
using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Tests.Characterisation;
using Interphase.Tests.Instruments;
using Interphase.Tests.Support;

namespace Interphase.Tests.Studies;

/// <summary>A folder with a study and the raw files of its samples, each made from a truth that the test states.</summary>
internal sealed class MadeStudy
{
    public string Folder { get; } = SampleData.TemporaryFolder();


    /// <summary>A pattern of LiNb0.5Ta0.5O3 (15 nm) on a halo: the share of the area in lines is the crystallinity.</summary>
    public string Pattern(string name, double crystallinity)
    {
        var phase = CrystalPhase.Find("LiNb0.5Ta0.5O3");
        var random = new Random(name.Length);
        var total = phase.Lines.Sum(l => l.Intensity);
        var text = new StringBuilder();
        for (var x = 10.0; x <= 80; x += 0.05)
        {
            var y = 60 + (120 * Math.Exp(-(x - 10) / 6));
            // Both have an area of 3500 counts × degrees.
            y += (1 - crystallinity) * 3500 * ((0.61 * Math.Exp(-2.772588722 * Math.Pow((x - 28.5) / 8.5, 2)) / (8.5 * 1.0645)) + (0.39 * Math.Exp(-2.772588722 * Math.Pow((x - 51.5) / 13, 2)) / (13 * 1.0645)));
            foreach (var (h, k, l, i) in crystallinity > 0 ? phase.Lines : [])
            {
                foreach (var (wave, weight) in new[] { (1.5405929e-10, 1 / 1.497), (1.5444274e-10, 0.497 / 1.497) })
                {
                    var theta = Math.Asin(wave / 2 / phase.Spacing(h, k, l, phase.A, phase.C));
                    y += crystallinity * 3500 * i / total * weight * Faddeeva.Voigt(x - (360 / Math.PI * theta), 0.07, 0.012 + (0.55 / Math.Cos(theta)));
                }
            }
            text.Append(FormattableString.Invariant($"{x:0.00} {MathNet.Numerics.Distributions.Poisson.Sample(random, y)}\n"));
        }
        File.WriteAllText(Path.Combine(Folder, name), text.ToString());
        return name;
    }

    /// <summary>TG-DSC of a gel: a loss near 310 °C, crystallisation at 395 and 425 °C.</summary>
    public string Gel()
    {
        var noise = new MathNet.Numerics.Distributions.Normal(0, 1, new Random(3));
        var text = new StringBuilder("Time (s),Temperature (degC),Mass (%),Heat Flow (W/g)\n");
        for (var t = 40.0; t <= 600; t += 0.5)
        {
            var step = 1 / (1 + Math.Exp(-(t - 300) / 8));
            var heat = (0.9 * step * (1 - step)) + (0.25 * Math.Exp(-Math.Pow((t - 395) / 6, 2))) + (0.2 * Math.Exp(-Math.Pow((t - 425) / 6, 2)));
            text.Append(FormattableString.Invariant($"{(t - 40) * 6:0},{t},{100 - (14 * step) + (0.01 * noise.Sample()):0.0000},{heat + (0.002 * noise.Sample()):0.00000}\n"));
        }
        File.WriteAllText(Path.Combine(Folder, "gel.csv"), text.ToString());
        return "gel.csv";
    }

    /// <summary>Pellet of 1 mm on 0.785 cm²: an arc and a blocking line; σ = 0.1 cm/(R·A).</summary>
    public string Pellet(string name, double siemensPerCentimetre) => Spectrum(name, 0.1 / (siemensPerCentimetre * 0.785), 20, 1e-10, true);

    public string Spectrum(string name, double resistance, double series, double capacitance, bool blocking)
    {
        var random = new Random(5);
        var noise = new MathNet.Numerics.Distributions.Normal(0, 0.002, random);
        var text = new StringBuilder("freq_Hz,Zre_ohm,Zim_ohm\n");
        for (var k = 0; k <= 60; k++)
        {
            var f = Math.Pow(10, 6.5 - (k / 10.0));
            var w = 2 * Math.PI * f;
            var z = series + (resistance / (1 + (System.Numerics.Complex.ImaginaryOne * w * resistance * capacitance)));
            if (blocking) { z += 1 / (1e-6 * System.Numerics.Complex.Pow(System.Numerics.Complex.ImaginaryOne * w, 0.95)); }
            var size = z.Magnitude;
            text.Append(FormattableString.Invariant($"{f:R},{z.Real + (size * noise.Sample()):R},{z.Imaginary + (size * noise.Sample()):R}\n"));
        }
        File.WriteAllText(Path.Combine(Folder, name), text.ToString());
        return name;
    }

    /// <summary>A single particle of 400 nm radius in maps of 5 nm pixels, with a coating of 10 nm and a layer of P and S around it; niobium leaks into the map of S.</summary>
    public void Cycled(double layer)
    {
        var random = new Random(11);
        const int n = 200;
        var maps = new Dictionary<string, StringBuilder> { ["Ni"] = new(), ["Nb"] = new(), ["P"] = new(), ["S"] = new() };
        double Chord(double r, double radius) => 2 * Math.Sqrt(Math.Max((radius * radius) - (r * r), 0));
        for (var y = 0; y < n; y++)
        {
            foreach (var map in maps.Values) { if (y > 0) { map.Append('\n'); } }
            for (var x = 0; x < n; x++)
            {
                var r = 5 * Math.Sqrt(Math.Pow(x - 99.5, 2) + Math.Pow(y - 99.5, 2));
                var (core, coat, grown) = (Chord(r, 400), Chord(r, 410) - Chord(r, 400), Chord(r, 410 + layer) - Chord(r, 410));
                void Put(string e, double mean) => maps[e].Append(x > 0 ? "," : "").Append(MathNet.Numerics.Distributions.Poisson.Sample(random, mean));
                Put("Ni", 0.1 + (core * 0.02));
                Put("Nb", 0.1 + (coat * 0.05) + (core * 0.0005));
                Put("P", 0.1 + (grown * 0.015) + (core * 0.0005));
                Put("S", 0.1 + (grown * 0.03) + (core * 0.0005) + (coat * 0.02));
            }
        }
        foreach (var (element, text) in maps) { File.WriteAllText(Path.Combine(Folder, $"cycled_{element}.csv"), text.ToString()); }
    }

    /// <summary>A study of the given samples, on electrodes of 2 µm particles.</summary>
    public string Study(string samples)
    {
        var path = Path.Combine(Folder, "study.yaml");
        File.WriteAllText(path, "name: Coatings\nelectrode: { area: 0.785 cm2, activeMass: 7 mg, molarVolume: 20.73 cm3/mol, molarMass: 96.55 g/mol, particleRadius: 2 um, interfaceArea: spheres, reference: { name: Li-In, potential: 0.62 V } }\nsamples:\n" + samples + "compare: { by: annealing }\n");
        return path;
    }

    /// <summary>A micrograph as a TIFF that does not say its scale (0.05 nm a pixel).</summary>
    public (string File, VirtualCoating Truth) Micrograph(string name, VirtualMicrograph made, int seed)
    {
        var (image, truth) = made.Make(seed);
        Tiff(name, image.Micrograph!);
        return (name, truth);
    }

    /// <summary>A diffraction pattern as a TIFF that does not say its scale (0.05 per nm a pixel).</summary>
    public string ElectronPattern(string name, VirtualPattern made, int seed)
    {
        Tiff(name, made.Measure(new Random(seed)).Micrograph!);
        return name;
    }

    private void Tiff(string name, Micrograph image) => File.WriteAllBytes(Path.Combine(Folder, name), new MadeTiff(image.Width, image.Height, [.. image.Pixels.Select(p => (double)p)]).Bytes());

    /// <summary>Maps of nine particles whose coating has holes; the covered share of the particles' inner pixels.</summary>
    public double Maps(string stem, double hole, int seed)
    {
        const int n = 150;
        var random = new Random(seed);
        var maps = new Dictionary<string, StringBuilder> { ["Ni"] = new(), ["Nb"] = new() };
        double covered = 0, all = 0;
        for (var y = 0; y < n; y++)
        {
            foreach (var map in maps.Values) { if (y > 0) { map.Append('\n'); } }
            for (var x = 0; x < n; x++)
            {
                var r = Math.Sqrt(Math.Pow((x % 50) - 24.5, 2) + Math.Pow((y % 50) - 24.5, 2));
                var bare = Math.Sqrt(Math.Pow((x % 50) - 24.5 - 6, 2) + Math.Pow((y % 50) - 24.5, 2)) < hole;
                // The outermost pixels are not judged.
                if (r < 18.5) { all++; covered += bare ? 0 : 1; }
                void Put(string e, double mean) => maps[e].Append(x > 0 ? "," : "").Append(MathNet.Numerics.Distributions.Poisson.Sample(random, mean));
                Put("Ni", r < 20 ? 8 : 0.2);
                Put("Nb", r < 20 ? (bare ? 0.3 : 0.3 + (12 * Math.Exp((0.25 * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1)) - 0.03))) : 0.2);
            }
        }
        foreach (var (element, text) in maps) { File.WriteAllText(Path.Combine(Folder, $"{stem} {element.ToLowerInvariant()}.csv"), text.ToString()); }
        return covered / all;
    }

    /// <summary>Heatings of a gel with one exotherm (300 kJ/mol) at 5, 10 and 20 K/min, as a thermal analyser writes them; the last has its peak at 395 °C at 10 K/min.</summary>
    public string Heatings(string stem, double energy = 300e3, double order = 2.5)
    {
        foreach (var kelvins in new[] { 5, 10, 20 })
        {
            var (ten, rate) = (10 / 60.0, kelvins / 60.0);
            var peak = 668.15;
            // The same rate law at another rate (Kissinger): β/T² · exp(E/RT) is one number.
            for (var i = 0; i < 200; i++) { peak = energy / 8.314462618 / ((energy / 8.314462618 / 668.15) + Math.Log(ten / rate * peak * peak / (668.15 * 668.15))); }
            var curve = VirtualPowders.Heating([new(383, 14, 0.052, -1.4e5), new(560, 10, 0.13, 3.5e5)], [new(peak, 2e4, energy, order)], rate, 12e-6, new Gauss(kelvins));
            File.WriteAllText(Path.Combine(Folder, $"{stem}-{kelvins:00}.txt"), VirtualPowders.Netzsch(curve, $"gel at {kelvins} K/min", new DateTime(2026, 1, 5, 9, 0, 0).AddDays(kelvins)), Encoding.Latin1);
        }
        return $"{stem}-*.txt";
    }

    /// <summary>Particles of NMC532 with a share of the scattering in crystals of the coating.</summary>
    public string CoatedPowder(string name, double coating)
    {
        var (cathode, film) = (CrystalPhase.Find("NMC532"), CrystalPhase.Find("LiNb0.5Ta0.5O3"));
        File.WriteAllText(Path.Combine(Folder, name), VirtualPowders.Columns(VirtualPowders.Scan([new(cathode, 40_000, 4e-7, cathode.A, cathode.C), new(film, 40_000 * coating, 1e-8, film.A, film.C)], 0, 1e-5, 150, new Gauss(3)), "coated powder"));
        return name;
    }
}
