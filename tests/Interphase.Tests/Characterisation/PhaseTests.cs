using Interphase.Characterisation;
using Interphase.Instruments;
using Interphase.Measurements;
using Interphase.Numerics;
using Interphase.Tests.Support;

namespace Interphase.Tests.Characterisation;

/// <summary>The shipped oxides of niobium and tantalum: their structures, and whether they are found where they are and only there.</summary>
public class PhaseTests
{
    private sealed record Oxide(string Metal, int Number, double A, double B, double C, double Mass);

    private static Oxide Of(string name) => name == "Nb2O5" ? new("Nb", 41, 3.6469, 3.930, 6.175, 265.81) : new("Ta", 73, 3.6605, 3.880, 6.199, 441.89);

    /// <summary>Two metals and five oxygens in Pmmm.</summary>
    private static (string Element, double X, double Y, double Z)[] Atoms(Oxide o) =>
        [(o.Metal, 0, 0, 0), (o.Metal, 0.5, 0, 0.5), ("O", 0.5, 0, 0), ("O", 0, 0.5, 0), ("O", 0.5, 0.5, 0.5), ("O", 0, 0, 0.681), ("O", 0, 0, 0.319)];

    [Theory]
    [InlineData("Nb2O5", 4.8, 5.3)]
    [InlineData("Ta2O5", 8.2, 8.4)]
    public void An_oxide_has_its_density_and_sensible_distances(string name, double least, double most)
    {
        var (o, phase) = (Of(name), CrystalPhase.Find(name));
        Assert.Equal(o.Mass * 1660.539 / (o.A * o.B * o.C), phase.Density, 2.0);
        Assert.InRange(phase.Density / 1000, least, most);
        var atoms = Atoms(o);
        for (var i = 0; i < atoms.Length; i++)
        {
            var near = new List<double>();
            for (var j = 0; j < atoms.Length; j++)
            {
                foreach (var (u, v, w) in from u in Enumerable.Range(-1, 3) from v in Enumerable.Range(-1, 3) from w in Enumerable.Range(-1, 3) where i != j || u != 0 || v != 0 || w != 0 select (u, v, w))
                {
                    var d = Math.Sqrt(Math.Pow((atoms[j].X + u - atoms[i].X) * o.A, 2) + Math.Pow((atoms[j].Y + v - atoms[i].Y) * o.B, 2) + Math.Pow((atoms[j].Z + w - atoms[i].Z) * o.C, 2));
                    Assert.True(d > 1.7, $"{atoms[i]} and {atoms[j]}: {d}");
                    if (atoms[i].Element != "O" && atoms[j].Element == "O") { near.Add(d); }
                }
            }
            // Six oxygens around every metal.
            if (atoms[i].Element != "O") { Assert.All(near.Order().Take(6), d => Assert.InRange(d, 1.8, 2.3)); }
        }
    }

    /// <summary>Spacings and order of the strong lines as powder files give them: 3.88, 3.15, 3.09, 2.45 and 2.43 Å of L-Ta2O5, 3.94, 3.14, 3.09, 2.46 and 2.43 Å of T-Nb2O5.</summary>
    [Theory]
    [InlineData("Nb2O5", new[] { 3.94, 3.14, 3.09, 2.46, 2.43 })]
    [InlineData("Ta2O5", new[] { 3.88, 3.15, 3.09, 2.45, 2.43 })]
    public void The_strongest_lines_are_those_of_powder_files(string name, double[] spacings)
    {
        var phase = CrystalPhase.Find(name);
        var strongest = phase.Lines.OrderByDescending(l => l.Intensity).Take(5).Select(l => phase.Spacing(l.H, l.K, l.L, phase.A, phase.C) * 1e10).OrderDescending().ToArray();
        for (var i = 0; i < spacings.Length; i++) { Assert.Equal(spacings[i], strongest[i], 0.02); }
    }

    /// <summary>Intensities from a structure, with scattering that falls off as Z·e^(−1.9 s − 0.5 s²): not the way they were made.</summary>
    private static (double D, double Area)[] Lines(Oxide o)
    {
        var atoms = Atoms(o);
        var lines = new List<(double, double)>();
        foreach (var (h, k, l) in from h in Enumerable.Range(0, 5) from k in Enumerable.Range(0, 6) from l in Enumerable.Range(0, 9) where h + k + l > 0 select (h, k, l))
        {
            var d = 1 / Math.Sqrt(Math.Pow(h / o.A, 2) + Math.Pow(k / o.B, 2) + Math.Pow(l / o.C, 2));
            if (d < 1.1) { continue; }
            var s = 1 / (2 * d);
            // The cell has a centre: the sine parts vanish.
            var f = atoms.Sum(a => (a.Element == "O" ? 8 : o.Number) * Math.Exp((-1.9 * s) - (0.5 * s * s)) * Math.Cos(2 * Math.PI * ((h * a.X) + (k * a.Y) + (l * a.Z))));
            var theta = Math.Asin(1.5406 * s);
            var many = (h > 0 ? 2 : 1) * (k > 0 ? 2 : 1) * (l > 0 ? 2 : 1);
            lines.Add((d * 1e-10, many * f * f * (1 + Math.Pow(Math.Cos(2 * theta), 2)) / (Math.Pow(Math.Sin(theta), 2) * Math.Cos(theta))));
        }
        return [.. lines];
    }

    internal static readonly double[] Angle = [.. Enumerable.Range(0, 3500).Select(i => 10 + (0.02 * i))];

    internal static void Add(double[] clean, IEnumerable<(double D, double Area)> lines, double area, double breadth)
    {
        var all = lines.Where(l => l.D > 1.2e-10).ToArray();
        var total = all.Sum(l => l.Area);
        foreach (var (d, a) in all)
        {
            foreach (var (wavelength, weight) in new[] { (1.5405929e-10, 1 / 1.497), (1.5444274e-10, 0.497 / 1.497) })
            {
                var theta = Math.Asin(wavelength / 2 / d);
                var (gauss, lorentz) = InstrumentProfile.Usual.At(2 * theta * 180 / Math.PI);
                for (var i = 0; i < clean.Length; i++) { clean[i] += area * a / total * weight * Faddeeva.Voigt(Angle[i] - (2 * theta * 180 / Math.PI), gauss, lorentz + (breadth / Math.Cos(theta))); }
            }
        }
    }

    internal static XrdResult Analyse(double[] clean, int seed, XrdOptions? options = null)
    {
        var random = new Random(seed);
        var counts = Array.ConvertAll(clean, m => (double)MathNet.Numerics.Distributions.Poisson.Sample(random, m));
        return XrdAnalysis.Analyse(new() { File = "x", Format = "test", Diffractogram = new(Angle, counts) { Radius = 0.2175 } }, options);
    }

    /// <summary>Background, a halo, and the cathode with a cell somewhat off the shipped one.</summary>
    internal static double[] Cathode(int seed)
    {
        var random = new Random(seed);
        var nmc = CrystalPhase.Find("NMC532");
        var (a, c, halo, at) = (nmc.A * (1 + (0.002 * (random.NextDouble() - 0.5))), nmc.C * (1 + (0.002 * (random.NextDouble() - 0.5))), 300 * random.NextDouble(), 25 + (7 * random.NextDouble()));
        var clean = Array.ConvertAll(Angle, t => 150 + (400 * Math.Exp(-(t - 10) / 6)) + (halo * Math.Exp(-2.772588722 * Math.Pow((t - at) / 8.5, 2))));
        Add(clean, nmc.Lines.Select(l => (nmc.Spacing(l.H, l.K, l.L, a, c), l.Intensity)), 8000, 0.06);
        return clean;
    }

    [Theory]
    [InlineData("Nb2O5")]
    [InlineData("Ta2O5")]
    public void Five_per_cent_in_a_cathode_are_found_and_named(string name)
    {
        var (phase, nmc) = (CrystalPhase.Find(name), CrystalPhase.Find("NMC532"));
        double Scattering(CrystalPhase p) => p.Strength * p.Lines.Where(l => p.Spacing(l.H, l.K, l.L, p.A, p.C) > 1.2e-10).Sum(l => l.Intensity) / p.Density;
        var clean = Cathode(1);
        Add(clean, Lines(Of(name)), 8000 * 0.05 / 0.95 * Scattering(phase) / Scattering(nmc), 0.3);
        var r = Analyse(clean, 1);
        Assert.Equal(["NMC532", name], r.Phases.Select(p => p.Phase.Name).Order(StringComparer.Ordinal).OrderByDescending(n => n == "NMC532"));
        var found = r.Phases.Single(p => p.Phase.Name == name);
        Assert.InRange(found.WeightFraction.Value, 0.04, 0.06);
    }

    [Fact]
    public void Nothing_is_found_in_a_cathode_or_an_amorphous_powder_that_hold_nothing()
    {
        Parallel.For(0, 8, seed =>
        {
            var r = Analyse(Cathode(seed), seed);
            Assert.Equal("NMC532", Assert.Single(r.Phases).Phase.Name);
            Assert.InRange(Assert.Single(r.Absent, a => a.Phase.Name == "Nb2O5").WeightLimit, 0.0005, 0.03);
            var random = new Random(seed);
            var (height, at) = (200 + (2000 * random.NextDouble()), 25 + (6 * random.NextDouble()));
            Assert.Equal("", string.Join(", ", Analyse(Array.ConvertAll(Angle, t => 100 + (height * (Math.Exp(-2.772588722 * Math.Pow((t - at) / 8.5, 2)) + (0.4 * Math.Exp(-2.772588722 * Math.Pow((t - 52) / 13, 2)))))), seed).Phases.Select(p => p.Phase.Name)));
        });
    }

    /// <summary>Grains in a glass, fewer than the search asks for: it names nothing, or the phase, and what it says there is no more of is no less than there is.</summary>
    [Fact]
    public void There_is_no_more_of_a_phase_than_its_limit_says()
    {
        const int runs = 20;
        var (phase, right, found) = (CrystalPhase.Find("LiNb0.5Ta0.5O3"), 0, 0);
        Parallel.For(0, runs, seed =>
        {
            var made = new MadePowder(step: 0.04).Background(60, 200, 400);
            // Area of the halo: 400 counts of 8.5° and 160 of 13°.
            const double halo = 1.0645 * ((400 * 8.5) + (160 * 13)), share = 0.012;
            made.Lines(phase.Lines.Select(l => (phase.Spacing(l.H, l.K, l.L, phase.A, phase.C), halo * share * l.Intensity / phase.Lines.Sum(o => o.Intensity))), 15e-9);
            var r = XrdAnalysis.Analyse(made.Measure(4400 + seed));
            if (r.Phases.Any(p => p.Phase.IsNiobateTantalate)) { Interlocked.Increment(ref found); }
            else if (Assert.Single(r.Absent, a => a.Phase.IsNiobateTantalate).Limit >= share && r.Crystallinity.Upper95 >= 0.9 * share) { Interlocked.Increment(ref right); }
        });
        Assert.InRange((right + found) / (double)runs, 0.85, 1);
        Assert.True(right > 0);
    }

    /// <summary>Anatase: Howard, Sabine and Dickson, Acta Cryst. B 47 (1991) 462.</summary>
    internal static readonly CrystalPhase Anatase = CrystalPhase.Of(CifFile.Parse("""
        data_x
        _cell_length_a 3.7842
        _cell_length_b 3.7842
        _cell_length_c 9.5146
        loop_
        _symmetry_equiv_pos_as_xyz
        'x,y,z' 'x,y+1/2,z+1/4' 'x+1/2,y+1/2,z+1/2' 'x+1/2,y,z+3/4'
        loop_
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        Ti 0 0 0
        O 0 0 0.2081
        O 0 0 -0.2081
        """, "x.cif").Structure, "anatase", "I41/amd", "x.cif");

    /// <summary>A real scan of nanometre anatase, on a subtracted background: it is none of the shipped phases, and found where its structure is a candidate.</summary>
    [NeedsDataFact]
    public void A_candidate_is_found_where_it_is()
    {
        var scan = InstrumentFile.Read(SampleData.Path("characterisation/xrd/TiO2_nano_anatase.xy"));
        Assert.DoesNotContain(XrdAnalysis.Analyse(scan).Phases, p => p.A.HasValue);
        var found = Assert.Single(XrdAnalysis.Analyse(scan, new() { Candidates = [Anatase] }).Phases);
        Assert.Equal(("anatase", true), (found.Phase.Name, found.Resolvable));
        Assert.Equal(3.785, found.A.Value * 1e10, 0.02);
    }

    [Fact]
    public void Candidates_beside_named_phases_are_refused()
    {
        var options = new XrdOptions { Candidates = [Anatase], Phases = [CrystalPhase.Find("NMC532")] };
        Assert.Contains("--candidates", Assert.Throws<InputException>(() => Analyse(Array.ConvertAll(Angle, _ => 100.0), 1, options)).Where, StringComparison.Ordinal);
    }

    /// <summary>A scan of heated Bi2O3 with Nb2O5, measured elsewhere: the orthorhombic niobium oxide explains what bismuth oxide leaves, at its own cell.</summary>
    [NeedsDataFact]
    public void A_real_scan_shows_the_orthorhombic_niobium_oxide()
    {
        // α-Bi2O3: Harwig, Z. anorg. allg. Chem. 444 (1978) 151.
        var (structure, _, group) = CifFile.Parse("""
            data_x
            _cell_length_a 5.8496
            _cell_length_b 8.1648
            _cell_length_c 7.5101
            _cell_angle_beta 112.977
            _symmetry_space_group_name_H-M 'P21/c'
            loop_
            _symmetry_equiv_pos_as_xyz
            'x,y,z' '-x,y+1/2,-z+1/2' '-x,-y,-z' 'x,-y+1/2,z+1/2'
            loop_
            _atom_site_type_symbol
            _atom_site_fract_x
            _atom_site_fract_y
            _atom_site_fract_z
            Bi 0.5242 0.1843 0.3613
            Bi 0.0404 0.0425 0.7762
            O 0.780 0.300 0.710
            O 0.242 0.044 0.134
            O 0.271 0.024 0.513
            """, "x.cif");
        var scan = InstrumentFile.Read(SampleData.Path("characterisation/xrd/Bi2O3-Nb2O5_500C_60min.xrdml"));
        scan = scan with { Diffractogram = scan.Diffractogram!.Joined() };
        var bismuth = CrystalPhase.Of(structure, "Bi2O3", group, "x.cif");
        var alone = XrdAnalysis.Analyse(scan, new() { Phases = [bismuth], To = 60 });
        var both = XrdAnalysis.Analyse(scan, new() { Phases = [bismuth, CrystalPhase.Find("Nb2O5")], To = 60 });
        Assert.True(both.ReducedChiSquared < 0.25 * alone.ReducedChiSquared);
        // Along a the mean cell is an eighth of the true one.
        foreach (var (p, along) in new[] { (both.Phases[1], 0.004), (both.Phases[0], 0.001) })
        {
            Assert.Equal(1, p.A.Value * 1e10 / p.Phase.Cell.A, along);
            Assert.Equal(1, p.B.Value * 1e10 / p.Phase.Cell.B, 0.001);
            Assert.Equal(1, p.C.Value * 1e10 / p.Phase.Cell.C, 0.001);
        }
        var other = XrdAnalysis.Analyse(scan, new() { Phases = [bismuth, CrystalPhase.Find("Ta2O5")], To = 60 });
        Assert.True(both.ReducedChiSquared < 0.8 * other.ReducedChiSquared, $"{both.ReducedChiSquared} {other.ReducedChiSquared}");
    }

    /// <summary>Plates of NMC that lie flat beside a coating: their lines ask for it, and the weights are those of the powder; without orientation nothing is asked.</summary>
    [Theory]
    [InlineData(0.7)]
    [InlineData(1)]
    public void Plates_that_lie_flat_do_not_change_the_weights(double r)
    {
        var (plates, coating) = (CrystalPhase.Find("NMC532"), CrystalPhase.Find("LiNb0.5Ta0.5O3"));
        IEnumerable<(double, double)> Lines(CrystalPhase p, double mass, double march) => p.Lines.Select(l =>
        {
            var (d, cos) = (p.Spacing(l.H, l.K, l.L, p.A, p.C), l.L / p.C * p.Spacing(l.H, l.K, l.L, p.A, p.C));
            return (d, 4e6 * mass / p.Density * p.Strength / 100 * l.Intensity * Math.Pow((march * march * cos * cos) + ((1 - (cos * cos)) / march), -1.5));
        });
        var result = XrdAnalysis.Analyse(new MadePowder(step: 0.04).Background(60, 100).Lines(Lines(plates, 0.7, r), 80e-9).Lines(Lines(coating, 0.3, 1), 20e-9).Measure(7), new() { Phases = [plates, coating] });
        Assert.Equal(0.7, result.Phases[0].WeightFraction.Value, 0.02);
        Assert.InRange(r, result.Phases[0].MarchDollase.Lower95, result.Phases[0].MarchDollase.Upper95);
        Assert.Equal(r < 1, result.Warnings.Any(w => w.Path == "phases.marchDollase"));
    }
}
