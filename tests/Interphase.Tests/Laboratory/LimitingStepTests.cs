using Interphase.Cells;
using Interphase.Laboratory;

namespace Interphase.Tests.Laboratory;

public class LimitingStepTests
{
    private static readonly Cell Coarse = Cell.Load("lnto-450", "numerics.electrodePoints=1", "numerics.relativeTolerance=1e-3", "numerics.absoluteTolerance=1e-5", "positive.interface.contact.classes=12", "positive.interface.slow.share=0");

    [Fact]
    public void More_conductivity_and_more_even_contact_never_give_less()
    {
        var map = LimitingStep.Map(Coarse, 38.7e-4, [5e-4, 2e-3, 1e-2, 5e-2, 0.3], [0, 0.7, 1.4]);
        for (var row = 0; row < 3; row++)
        {
            for (var column = 1; column < 5; column++) { Assert.True(map.Capacity[row, column] >= map.Capacity[row, column - 1] - 0.5); }
            Assert.True(map.Capacity[row, 4] <= map.Without[row] + 0.5);
        }
        for (var column = 1; column < 5; column++) { Assert.True(map.Capacity[0, column] >= map.Capacity[2, column] - 0.5); }
        // Without resistance of the interface contact does not matter, so that the limit is one; broader contact needs more to reach it.
        Assert.Equal(map.Without[0], map.Without[2], 0.01 * map.Without[0]);
        Assert.True(map.Enough[0] < map.Enough[1] && map.Enough[1] < map.Enough[2]);
    }

    [Fact]
    public void At_the_known_conductivity_the_map_is_the_cell()
    {
        var map = LimitingStep.Map(Coarse, 38.7e-4, [38.7e-4], [((PorousElectrode)Coarse.Positive).Interface.Contact.Sigma]);
        Assert.Equal(LimitingStep.Without(Coarse)[0].Fast, map.Capacity[0, 0], 1e-6);
    }

    [Fact]
    public void Making_a_step_free_of_cost_never_costs_capacity()
    {
        var all = LimitingStep.Without(Coarse);
        Assert.All(all, w => Assert.True(w.Slow >= all[0].Slow - 0.3 && w.Fast >= all[0].Fast - 0.3, w.Step));
    }

    [Fact]
    public void The_means_of_the_parts_add_up_to_that_of_the_whole()
    {
        var d = LimitingStep.Discharge(Coarse, 1);
        Assert.Equal(d.Mean([.. d.Potential.Select((v, i) => v - d.Split.Equilibrium[i])]), d.Split.Parts.Sum(p => d.Mean(p.Values)), 1e-9);
    }

    /// <summary>The error grows with the parameters' errors, and with what they have in common: none without errors, the sum of two that go together, the difference of two that go against each other, the root of the squares' sum of two that know nothing of each other.</summary>
    [Fact]
    public void The_conductivity_that_is_enough_carries_the_parameters_covariance()
    {
        double[] conductivity = [.. Enumerable.Range(0, 21).Select(i => 5e-3 * Math.Pow(10, i / 15.0))];
        Cell With(Func<Interface, Interface> face)
        {
            var positive = (PorousElectrode)Coarse.Positive;
            return Coarse with { Positive = positive with { Interface = face(positive.Interface) } };
        }
        (Cell, Cell) Spread(double by) => (With(f => f with { Contact = f.Contact with { Sigma = f.Contact.Sigma - by } }), With(f => f with { Contact = f.Contact with { Sigma = f.Contact.Sigma + by } }));
        var resistance = (With(f => f with { ArealResistance = 0.9 * f.ArealResistance }), With(f => f with { ArealResistance = 1.1 * f.ArealResistance }));
        Interphase.Results.Estimate Of((Cell, Cell)[] moved, double[,] correlation) => LimitingStep.Enough(Coarse, 38.7e-4, conductivity, moved, correlation);

        Assert.Equal(0, Of([], new double[0, 0]).StandardError);
        var (little, much) = (Of([Spread(0.04)], new double[,] { { 1 } }), Of([Spread(0.16)], new double[,] { { 1 } }));
        Assert.True(little.StandardError > 0 && much.StandardError > 2 * little.StandardError);
        Assert.InRange(little.Value, 38.7e-4, 0.1);

        // R ∝ 1/σ along the map, so that a resistance a tenth higher needs a tenth more.
        var alone = Of([resistance], new double[,] { { 1 } });
        Assert.Equal(0.5 * Math.Log(1.1 / 0.9), alone.StandardError / alone.Value, 0.01);
        double Both(double correlation) => Of([Spread(0.16), resistance], new double[,] { { 1, correlation }, { correlation, 1 } }).StandardError;
        Assert.Equal(much.StandardError + alone.StandardError, Both(1), 1e-9);
        Assert.Equal(Math.Abs(much.StandardError - alone.StandardError), Both(-1), 1e-9);
        Assert.Equal(Math.Sqrt(Math.Pow(much.StandardError, 2) + Math.Pow(alone.StandardError, 2)), Both(0), 1e-9);
    }
}
