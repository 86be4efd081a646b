using Interphase.Reports;

namespace Interphase.Studies;

/// <summary>What analyses warn of, folded away; one sentence for all samples it is true of.</summary>
internal static class SampleNotes
{
    public static IEnumerable<Block> Of(IEnumerable<(string Sample, string Text)> warnings)
    {
        var notes = warnings.Distinct().GroupBy(w => w.Text).Select(g => new Paragraph($"{string.Join(", ", g.Select(w => w.Sample).Distinct())}: {g.Key}")).ToArray();
        return notes.Length == 0 ? [] : [new Methods(notes, "Notes")];
    }
}
