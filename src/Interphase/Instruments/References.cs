using Interphase.Measurements;

namespace Interphase.Instruments;

/// <summary>Reference electrodes as people write them.</summary>
internal static class References
{
    // Two-phase indium/lithium-indium against lithium (Santhosha et al., Batteries & Supercaps 2 (2019) 524).
    private const double LithiumIndium = 0.62;

    /// <summary>The reference a file names; unknown where it names none.</summary>
    public static PotentialReference Of(string? text)
    {
        var name = text?.Trim() ?? "";
        if (name.Length == 0 || name.StartsWith("(unspec", StringComparison.OrdinalIgnoreCase) || name is "None" or "none" or "-") { return PotentialReference.Unknown; }
        var plain = new string([.. name.Where(char.IsLetter)]).ToUpperInvariant();
        return plain switch
        {
            "LI" or "LILI" or "LITHIUM" or "LIMETAL" or "LITHIUMMETAL" => PotentialReference.Lithium,
            "LIIN" or "INLI" or "LIINLI" or "LIINLIIN" or "LITHIUMINDIUM" or "INDIUMLITHIUM" or "ININLI" or "LIINALLOY" => new("Li-In", LithiumIndium),
            _ => new(name, null),
        };
    }
}
