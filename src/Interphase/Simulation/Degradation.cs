using Interphase.Cells;

namespace Interphase.Simulation;

/// <summary>Carries the ageing laws of a cell through a run and hands their effect to the equations of the positive electrode.</summary>
internal sealed class Degradation(Cell cell, CellSystem system)
{
    private double secondsBefore;

    public AgeingState State { get; private set; } = AgeingState.New;

    /// <summary>Goes on from what an earlier run left.</summary>
    public void Continue(AgeingState state)
    {
        secondsBefore = state.Seconds;
        State = state;
        if (cell.Ageing is not null) { system.Positive?.Age(Added, state.Contacted, state.Active, cell.Ageing.ContactLossOrder); }
    }

    /// <summary>Share of the terminal current that goes into side reactions, on charge in a cycle (from 1).</summary>
    public double ParasiticShare(int direction, int cycle) => direction > 0 ? cell.Ageing?.Interphase?.ParasiticShareIn(Math.Max(cycle, 1)) ?? 0 : 0;

    /// <summary>Brings the ageing to a number of begun cycles and a time.</summary>
    public void Advance(int begun, double time)
    {
        if (cell.Ageing is null) { return; }
        var done = Math.Max(begun - 1, 0);
        var inTime = cell.Ageing.Interphase is { InTime: true };
        if (done == State.Cycles && !(inTime && secondsBefore + time > State.Seconds)) { return; }
        State = State with { Cycles = done, Seconds = secondsBefore + time };
        Apply();
    }

    /// <summary>Counts what of a charge (C/m²) went into side reactions.</summary>
    public void Side(double charge, double share) => State = State with { Parasitic = State.Parasitic + Math.Abs(charge * share) };

    private double Added => cell.Ageing?.Interphase is { } layer ? layer.ResistanceAfter(layer.InTime ? State.Seconds : State.Cycles) : 0;

    /// <summary>Puts the state of ageing into the equations.</summary>
    private void Apply()
    {
        if (cell.Ageing is not { } ageing || system.Positive is not { } positive) { return; }
        var isolated = positive.Electrode.Interface.Contact.Isolated;
        var contacted = Math.Max(1 - (State.Cycles * ageing.ContactLossPerCycle / (1 - isolated)), 1e-6);
        var active = Math.Max(1 - (State.Cycles * ageing.ActiveMaterialLossPerCycle), 1e-6);
        var before = positive.Lithium() - positive.LayerCharge();
        positive.Age(Added, contacted, active, ageing.ContactLossOrder);
        State = State with { Contacted = contacted, Active = active, Trapped = State.Trapped + before - (positive.Lithium() - positive.LayerCharge()) };
    }
}
