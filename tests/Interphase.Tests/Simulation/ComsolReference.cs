using System.Text.Json;
using Interphase.Tests.Support;

namespace Interphase.Tests.Simulation;

/// <summary>
/// The stored COMSOL solution at 1C. It was written at 200 even times, between the solver's own steps of up to 87 s as parabolas through
/// the last three of them: second differences are constant from step to step. Where potentials bend (the last tenth of the discharge)
/// those parabolas are millivolts off, and only the steps themselves are solutions. Two neighbouring parabolas meet in the two steps
/// they share, which is how the steps are found again, each of them twice. Along an electrode what belongs to particles is straight
/// between ten nodes.
/// </summary>
internal sealed class ComsolReference
{
    /// <summary>Stored points per straight piece along an electrode.</summary>
    public const int Piece = 7;

    private readonly List<(int First, int Last)> parabolas = [];

    public ComsolReference()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(SampleData.Path("simulation/comsol_1C.json")));
        double[] Read(string key) => [.. json.RootElement.GetProperty(key).EnumerateArray().Select(e => e.GetDouble())];
        double[][] Table(string key) => [.. json.RootElement.GetProperty(key).EnumerateArray().Select(r => r.EnumerateArray().Select(e => e.GetDouble()).ToArray())];
        (Time, Potential, X) = (Read("time"), Read("voltage"), Read("x"));
        (Salt, Negative, Positive) = (Table("c_e"), Table("c_n_surf"), Table("c_p_surf"));
        double Bend(int i) => Potential[i - 1] - (2 * Potential[i]) + Potential[i + 1];
        for (var i = 1; i < Potential.Length - 2; i++)
        {
            var last = i;
            while (last + 1 < Potential.Length - 1 && Math.Abs(Bend(last + 1) - Bend(i)) < 1e-5 * Math.Abs(Bend(i))) { last++; }
            if (last > i) { parabolas.Add((i - 1, last + 1)); }
            i = last;
        }
        for (var k = 1; k < parabolas.Count; k++)
        {
            if (parabolas[k].First - parabolas[k - 1].Last > 1) { continue; }
            var (a0, a1, a2) = Parabola(Potential, parabolas[k - 1].First);
            var (b0, b1, b2) = Parabola(Potential, parabolas[k].First);
            double c = b2 - a2, b = b1 - a1, root = Math.Sqrt((b * b) - (4 * c * (b0 - a0)));
            double one = (-b - root) / (2 * c), other = (-b + root) / (2 * c);
            Steps.Add((Math.Min(one, other), Math.Max(one, other), parabolas[k - 1].First));
        }
    }

    public double[] Time { get; }

    public double[] Potential { get; }

    /// <summary>m along the cell.</summary>
    public double[] X { get; }

    /// <summary>Fields by place and time.</summary>
    public double[][] Salt { get; }

    public double[][] Negative { get; }

    public double[][] Positive { get; }

    /// <summary>Pairs of neighbouring solver steps as places among the stored times, and where the parabola between them begins.</summary>
    public List<(double Before, double At, int Parabola)> Steps { get; } = [];

    public double Interval => Time[1] - Time[0];

    /// <summary>What was stored, continued to a step by the parabola that ends there.</summary>
    public static double At(double[] stored, (double Before, double At, int Parabola) step)
    {
        var (a, b, c) = Parabola(stored, step.Parabola);
        return a + (step.At * (b + (step.At * c)));
    }

    private static (double Constant, double Slope, double Bend) Parabola(double[] y, int first)
    {
        double c = (y[first] - (2 * y[first + 1]) + y[first + 2]) / 2, middle = first + 1, b = ((y[first + 2] - y[first]) / 2) - (2 * c * middle);
        return (y[first + 1] - (middle * (b + (c * middle))), b, c);
    }
}
