using Interphase.Units;

namespace Interphase.Measurements;

/// <summary>
/// What a potential is measured against. Axes print it; two potentials are compared only when both are known, and then on
/// one scale.
/// </summary>
/// <param name="Name">The reference as a laboratory says it (<c>Li-In</c>, <c>Li</c>, <c>Ag/AgCl</c>); null when unknown.</param>
/// <param name="VersusLithium">Its potential versus Li+/Li, V; null when unknown.</param>
/// <param name="StandardError">Standard error of <paramref name="VersusLithium"/>, V.</param>
public sealed record PotentialReference(string? Name, double? VersusLithium, double? StandardError = null)
{
    /// <summary>Nothing in the file says it.</summary>
    public static readonly PotentialReference Unknown = new(null, null);

    /// <summary>Lithium metal itself.</summary>
    public static readonly PotentialReference Lithium = new("Li", 0);

    /// <summary>The words an axis prints: <c>vs Li-In, 0.62 V vs Li</c>, <c>vs Li</c>, <c>reference unknown</c>.</summary>
    public override string ToString() => this switch
    {
        { Name: null } => "reference unknown",
        { VersusLithium: 0 } => $"vs {Name}",
        { VersusLithium: { } e } => $"vs {Name}, {Quantity.Print(e, StandardError)} V vs Li",
        _ => $"vs {Name}",
    };

    /// <summary>What must be added to a potential against this reference to state it against <paramref name="other"/>, V.</summary>
    /// <exception cref="InputException">One of the two is not known versus lithium.</exception>
    public double To(PotentialReference other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Name is not null && Name == other.Name) { return 0; }
        if (VersusLithium is { } a && other.VersusLithium is { } b) { return a - b; }
        throw new InputException($"potentials {this} and {other} cannot be compared", "", "state the reference in the study: electrode.reference: { name: Li-In, potential: 0.62 V }");
    }
}
