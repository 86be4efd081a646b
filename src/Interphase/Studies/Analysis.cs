using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>One technique on one cell or specimen: what is to be analysed, with the files already read.</summary>
/// <param name="Study">The study.</param>
/// <param name="Sample">The sample.</param>
/// <param name="Cell">The cell; null for a specimen.</param>
/// <param name="File">How the study names the cell's files; null for a specimen.</param>
/// <param name="Specimen">The specimen; null for a cell.</param>
/// <param name="Measurements">One a file, in order of start time.</param>
internal sealed record Work(Study Study, Sample Sample, CellBuild? Cell, CellFile? File, Specimen? Specimen, IReadOnlyList<Measurement> Measurements)
{
    public string Technique => File?.Technique ?? Specimen!.Technique;

    /// <summary>What the same cell gave by now.</summary>
    public IReadOnlyList<Analysis> Before { get; init; } = [];

    public string Role => File?.Role ?? "";

    /// <summary>The measurement, where a technique takes one at a time.</summary>
    /// <exception cref="InputException">There are several.</exception>
    public Measurement Only(string what) => Measurements.Count == 1 ? Measurements[0]
        : throw new InputException($"one {what} at a time is analysed", string.Join(", ", Measurements.Select(m => m.File)), "write one specimen a file");

    public Electrode Electrode => Cell?.Electrode ?? Electrode.Unknown;

    /// <summary>The scale on which this study compares potentials: the reference of its first cell that states one.</summary>
    public PotentialReference Scale => Study.Samples.SelectMany(s => s.Cells).Select(c => c.Electrode.Reference).FirstOrDefault(r => r is not null) ?? PotentialReference.Unknown;

    /// <summary>What to add to a potential against <paramref name="reference"/> to state it on the study's scale; null with the reason where that is not known.</summary>
    public double? ToScale(PotentialReference reference, out string reason) => ToScale(reference, Scale, out reason);

    /// <summary>The same on another scale.</summary>
    public double? ToScale(PotentialReference reference, PotentialReference scale, out string reason)
    {
        reason = "";
        if (reference == scale || Study.Samples.Sum(s => s.Cells.Count) < 2) { return 0; }
        try { return reference.To(scale); }
        catch (InputException e)
        {
            reason = e.Message;
            return null;
        }
    }

    /// <summary>The scale of a section's figure: the study's where one of its cells can be put on it, else that of its first cell.</summary>
    public static PotentialReference ScaleOf(IReadOnlyList<(Work Work, PotentialReference Reference)> shown) =>
        shown[0].Work.Scale is { Name: not null } scale && shown.Any(x => x.Work.ToScale(x.Reference, out _) is not null) ? scale : shown[0].Reference;

    /// <summary>The words a figure or table uses for it: the sample, and the cell where there are several.</summary>
    public string Label => Sample.Cells.Count > 1 && Cell is not null ? $"{Sample.Name} ({Cell.Id})" : Sample.Name;

    /// <summary>The sample's place, which is its colour through the whole report.</summary>
    public int Place => Study.Samples.TakeWhile(s => s.Name != Sample.Name).Count();
}

/// <summary>What a technique gave for one cell or specimen.</summary>
internal sealed record Analysis(Work Work, object Result, object Contract, object Settings, IReadOnlyList<ComparedValue> Values)
{
    /// <summary>Sentences this analysis alone supports.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public string Technique => Work.Technique;

    public IReadOnlyList<string> Files => [.. Work.Measurements.Select(m => m.File)];
}

/// <summary>A number that samples are compared by.</summary>
/// <param name="Quantity">Its name in results (<c>interfaceResistance</c>).</param>
/// <param name="Unit">Its unit in results.</param>
/// <param name="Value">In that unit, or withheld with the reason.</param>
/// <param name="Method">How it was obtained, in a few words.</param>
internal sealed record ComparedValue(string Quantity, string Unit, Estimate Value, string Method);

/// <summary>An input that failed; the study went on without it.</summary>
/// <param name="File">As the study names it.</param>
/// <param name="Error">What, where and how to mend it.</param>
public sealed record Problem(string File, string Error);
