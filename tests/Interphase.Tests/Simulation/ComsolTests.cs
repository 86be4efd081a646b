using Interphase.Simulation;
using Interphase.Tests.Support;
using static Interphase.Tests.Simulation.ReferenceCells;

namespace Interphase.Tests.Simulation;

/// <summary>The full model of a liquid cell against COMSOL with the parameters of Marquis et al. (2019), at 40/20/40 points and 40 shells.</summary>
public class ComsolTests
{
    [NeedsDataTheory]
    [InlineData(0.1, 0.98)]
    [InlineData(1.0, 0.92)]
    public void Potential_agrees_with_COMSOL_at_every_stored_time(double rate, double until)
    {
        var rows = File.ReadAllLines(SampleData.Path("simulation/comsol_dfn_voltage.csv")).Where(l => char.IsAsciiDigit(l[0]))
            .Select(l => l.Split(',').Select(double.Parse).ToArray()).Where(r => r[0] == rate).ToArray();
        var v = RunAt(Marquis(40, 20, 40, 1e-6, 1e-8), rows.Column(1), For(-rate, rows[^1][1] + 100)).Series.Potential;
        Assert.Equal(rows.Length, v.Length);
        for (var i = 1; i < (int)(until * rows.Length); i++) { Assert.InRange(v[i] - rows[i][2], -4e-4, 4e-4); }
    }

    [NeedsDataFact]
    public void At_1C_it_agrees_until_98_percent_where_COMSOL_has_solved()
    {
        var reference = new ComsolReference();
        var steps = reference.Steps.Where(s => s.Before > 0.6 * 200 && s.At < 0.98 * 200).ToArray();
        // The steps found again are the solver's: each is found from both sides, and their lengths are equal until the solver changes them.
        for (var i = 1; i < steps.Length; i++)
        {
            if (steps[i].Parabola - steps[i - 1].Parabola < 6) { Assert.Equal(steps[i - 1].At, steps[i].Before, 0.01); }
        }
        Assert.InRange(steps.Length, 14, 20);
        var v = RunAt(Marquis(40, 20, 40, 1e-6, 1e-8), [.. steps.Select(s => s.At * reference.Interval)], For(-1, 3600)).Series.Potential;
        for (var i = 0; i < steps.Length; i++) { Assert.InRange(v[i] - ComsolReference.At(reference.Potential, steps[i]), -2e-4, 2e-4); }
    }

    [NeedsDataFact]
    public void What_is_left_between_its_steps_is_the_same_on_a_fine_mesh()
    {
        var reference = new ComsolReference();
        double[] Potentials(int points, int separator, int shells) =>
            RunAt(Marquis(points, separator, shells, 1e-7, 1e-9), reference.Time[..196], For(-1, 3600)).Series.Potential.ToArray();
        double[] mesh = Potentials(40, 20, 40), fine = Potentials(160, 80, 160);
        var worst = Enumerable.Range(184, 12).MaxBy(i => Math.Abs(fine[i] - reference.Potential[i]));
        Assert.InRange(Math.Abs(fine[worst] - reference.Potential[worst]), 2e-3, 3e-3);
        for (var i = 1; i < 196; i++) { Assert.InRange(mesh[i] - fine[i], -1e-4, 1e-4); }
    }

    [NeedsDataFact]
    public void Concentrations_agree_with_COMSOL()
    {
        var reference = new ComsolReference();
        (double Before, double At, int Parabola)[] places =
            [.. ((int[])[5, 20, 40, 60, 80, 100]).Select(i => (double.NaN, (double)i, i)), .. reference.Steps.Where(s => s.Before > 0.5 * 200 && s.At < 0.98 * 200)];
        Assert.InRange(places.Length, 20, 40);
        foreach (var place in places)
        {
            var run = Run(Marquis(40, 20, 40, 1e-6, 1e-8), For(-1, place.At * reference.Interval));
            double Stored(double[] row) => double.IsNaN(place.Before) ? row[place.Parabola] : ComsolReference.At(row, place);
            Assert.Equal(1, run.State.Salt.Select((c, i) => c * Width(i) * (i is < 40 or >= 60 ? 0.3 : 1)).Sum() / (1000 * ((2 * 0.3 * 100e-6) + 25e-6)), 1e-10);
            for (var i = 0; i < run.State.Salt.Length; i++) { Within(0.003, run.State.Salt[i], Interpolated(reference.X, [.. reference.Salt.Select(Stored)], Centre(i))); }
            Particles(run.State.Positive!.Stoichiometry, 51217.9257309275, [.. reference.Positive.Select(Stored)], 0.003);
            // A front passes through the graphite while the steps of its potential are used up; ten nodes do not follow it exactly.
            var front = place.At is > 125 and < 145;
            Particles(run.State.Negative!.Stoichiometry, 24983.2619938437, [.. reference.Negative.Select(Stored)], front ? 0.0035 : 0.003);
        }

        static double Width(int i) => i is < 40 or >= 60 ? 2.5e-6 : 1.25e-6;
        static double Centre(int i) => i < 40 ? 2.5e-6 * (i + 0.5) : i < 60 ? 100e-6 + (1.25e-6 * (i - 40 + 0.5)) : 125e-6 + (2.5e-6 * (i - 60 + 0.5));
        static void Within(double share, double value, double expected) => Assert.InRange(value / expected, 1 - share, 1 + share);

        static double Interpolated(double[] x, double[] y, double to)
        {
            var scale = x[^1] > 1e-3 ? 1e6 : 1;
            var k = Math.Clamp(Array.FindIndex(x, v => v / scale > to), 1, x.Length - 1);
            return y[k - 1] + (((to * scale) - x[k - 1]) / (x[k] - x[k - 1]) * (y[k] - y[k - 1]));
        }

        // Along its straight pieces the reference is right in the mean, not in every point of a curve.
        static void Particles(double[] all, double most, double[] stored, double share)
        {
            var surface = all[^(all.Length / 40)..];
            double whole = 0, wholeStored = 0;
            for (var piece = 0; piece < 9; piece++)
            {
                var first = stored[ComsolReference.Piece * piece];
                var last = stored[ComsolReference.Piece * (piece + 1)];
                for (var i = 1; i < ComsolReference.Piece; i++)
                {
                    Assert.Equal(first + ((last - first) * i / ComsolReference.Piece), stored[(ComsolReference.Piece * piece) + i], 1e-4 * first);
                }
                const int parts = 100;
                var mean = 0.0;
                for (var i = 0; i < parts; i++)
                {
                    var place = ((piece + ((i + 0.5) / parts)) / 9 * surface.Length) - 0.5;
                    var left = Math.Clamp((int)Math.Floor(place), 0, surface.Length - 2);
                    mean += most * (surface[left] + ((place - left) * (surface[left + 1] - surface[left]))) / parts;
                }
                Within(share, mean, (first + last) / 2);
                whole += mean;
                wholeStored += (first + last) / 2;
            }
            Within(0.0003, whole, wholeStored);
        }
    }

    [Fact]
    public void Impedance_of_the_liquid_cell_is_its_response_to_a_small_oscillation()
    {
        var cell = Marquis(10, 10, 20, 1e-7, 1e-10);
        ImpedanceTests.AgreeWithOscillation(cell, 0.02, 0.05, 2e-3);
    }
}
