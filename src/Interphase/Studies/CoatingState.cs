namespace Interphase.Studies;

/// <summary>What a coating is, by the share of it that is crystalline.</summary>
public enum CoatingState
{
    /// <summary>Less than a tenth is crystalline.</summary>
    Amorphous,

    /// <summary>Crystals beside an amorphous part.</summary>
    Partial,

    /// <summary>More than 0.85 is crystalline.</summary>
    Crystalline,
}

/// <summary>The states, and what share of crystals each means.</summary>
internal static class CoatingStates
{
    /// <summary>Where partly crystalline begins and ends.</summary>
    public const double First = 0.10, Last = 0.85;

    public static readonly IReadOnlyList<CoatingState> All = [CoatingState.Amorphous, CoatingState.Partial, CoatingState.Crystalline];

    /// <summary>The state of a crystalline share.</summary>
    public static CoatingState Of(double share) => share < First ? CoatingState.Amorphous : share > Last ? CoatingState.Crystalline : CoatingState.Partial;

    /// <summary>The states of all shares from one to another.</summary>
    public static IReadOnlyList<CoatingState> Between(double low, double high) => [.. All.Where(s => s >= Of(low) && s <= Of(high))];

    public static string Word(CoatingState state) => state switch { CoatingState.Amorphous => "amorphous", CoatingState.Partial => "partly crystalline", _ => "crystalline" };

    public static string Words(IReadOnlyList<CoatingState> states) => states.Count == All.Count ? "any state" : string.Join(" or ", states.Select(Word));
}
