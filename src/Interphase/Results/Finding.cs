namespace Interphase.Results;

/// <summary>How much a finding should weigh with the reader.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Note,

    /// <summary>A number is doubtful or withheld.</summary>
    Caution,

    /// <summary>Two results contradict each other, or an assumption is violated.</summary>
    Contradiction,
}

/// <summary>A sentence with its evidence: a withheld number, a violated assumption, two techniques that disagree.</summary>
public sealed record Finding(string Id, Severity Severity, string Text, IReadOnlyList<Evidence> Evidence);

/// <summary>One number a finding rests on. <paramref name="Path"/> says where it stands in the results.</summary>
public sealed record Evidence(string Path, double Value, string Unit);

/// <summary>Something that is null or doubtful in a result: the key of the result it belongs to, and why.</summary>
public sealed record Warning(string Path, string Text);
