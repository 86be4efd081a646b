namespace Interphase.Cells;

/// <summary>How the cell changes, counted in cycles or in time.</summary>
public sealed record Ageing
{
    /// <summary>Growth of a reaction layer at the particles; null: none.</summary>
    public InterphaseGrowth? Interphase { get; init; }

    /// <summary>Share of all active material that loses its contact in each cycle (it still counts in the mass).</summary>
    public double ContactLossPerCycle { get; init; }

    /// <summary>Which particles lose it.</summary>
    public ContactLossOrder ContactLossOrder { get; init; }

    /// <summary>Share of the active material present at the start that is lost in each cycle.</summary>
    public double ActiveMaterialLossPerCycle { get; init; }
}

/// <summary>Which particles lose their contact.</summary>
public enum ContactLossOrder
{
    /// <summary>Any: every class in proportion to its share.</summary>
    Any,

    /// <summary>Those with the least conductance first, as a contact that is hardly there is the first to break.</summary>
    Weakest,
}

/// <summary>A law of growth in a count n of cycles or seconds.</summary>
public enum GrowthLaw
{
    /// <summary>∝ √n: limited by diffusion through the layer.</summary>
    Parabolic,

    /// <summary>∝ n.</summary>
    Linear,
}

/// <summary>
/// A layer that grows at the particles. Its resistance and the charge it consumes are kept apart: neither follows from the other
/// without the layer's composition.
/// </summary>
public sealed record InterphaseGrowth
{
    /// <summary>How the resistance grows.</summary>
    public GrowthLaw Law { get; init; }

    /// <summary>
    /// Resistance added after <see cref="After"/>, Ω m² of geometric area. It is ohmic and stands in every contacted class in
    /// proportion to that class's own resistance.
    /// </summary>
    public double Resistance { get; init; }

    /// <summary>The count at which <see cref="Resistance"/> is reached: cycles, or seconds where <see cref="InTime"/>.</summary>
    public double After { get; init; } = 1;

    /// <summary>Whether growth counts seconds instead of cycles.</summary>
    public bool InTime { get; init; }

    /// <summary>Share of the current of each charge, in the first cycle, that oxidises the electrolyte instead of delithiating the particles.</summary>
    public double ParasiticShare { get; init; }

    /// <summary>How the charge so consumed grows with cycles: linear keeps the share, parabolic lets it fall as √n − √(n−1).</summary>
    public GrowthLaw ParasiticLaw { get; init; } = GrowthLaw.Linear;

    /// <summary>Resistance added after a count of cycles or seconds, Ω m² of geometric area.</summary>
    public double ResistanceAfter(double count) =>
        Resistance * (Law == GrowthLaw.Parabolic ? Math.Sqrt(count / After) : count / After);

    /// <summary>Parasitic share of the current on charge in a cycle (1 = the first).</summary>
    public double ParasiticShareIn(double cycle) =>
        ParasiticLaw == GrowthLaw.Linear ? ParasiticShare : ParasiticShare * (Math.Sqrt(cycle) - Math.Sqrt(Math.Max(0, cycle - 1)));
}
