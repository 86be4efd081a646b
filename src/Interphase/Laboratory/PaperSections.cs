using Interphase.Reports;

namespace Interphase.Laboratory;

/// <summary>What the report of the paper's study says before the techniques.</summary>
internal static class PaperSections
{
    /// <summary>What this is, for someone who reads nothing else; the details folded below.</summary>
    public static IEnumerable<Block> Summary(Reproduction r)
    {
        var claims = r.Claims;
        string Named(params string[] verdicts) => string.Join("; ", claims.Where(c => verdicts.Contains(c.Verdict)).Select(c => c.Short));
        yield return new Facts(
        [
            new("The question", "Oxide cathodes are coated before they meet a sulfide electrolyte. The paper (C. Wang et al., Nano Energy 2020, 104686) coats NMC532 with LiNb_{0.5}Ta_{0.5}O_{3} annealed at 350, 450 and 550 °C and says: the better the coating conducts lithium ions, the better the cell"),
            new("Measured", "by the paper alone: the numbers in its text, for its raw data are not public. Here nothing was measured; every 'model' number is computed, down to the instruments' noise"),
            new("Assumed", FormattableString.Invariant($"particles of 2 µm, cells of {1e4 * Cells.Cell.Load("lnto-450").Area:0.0} cm², electrode, protocols and all else the paper leaves open; {PaperModel.Parameters.Count} parameters were then fitted to {PaperModel.Targets.Count} of its numbers")),
            new("The paper can claim", Capital($"{Named("supported")}. In part: {Named("partly supported")}. Its data also agree with this, but do not show it: {Named("compatible")}")),
            new("It cannot claim", Capital($"{Named("contradicted")}: a model with one diffusivity for all cells, and a path beside the coating at 550 °C, gives the same numbers otherwise. Not told by its data: {Named("not testable", "not reproduced")}")),
        ]);
        yield return new Paragraph(ReproductionTables.Answer(r));
        yield return new Methods(
        [
            new Paragraph("Virtual instruments measured a physical model of the paper's cells under its protocols and wrote ordinary instrument files; the analysis read them as it reads anyone's, without knowing what was put in. Three things come of it: whether the analysis finds what was put in, how far one model can carry all of the paper's numbers at once, and which of its claims need more than it shows."),
            new Facts(
            [
                new("Put in", "conductivities, interface resistances, their growth, the fade, the exotherms: such rows only check the analysis"),
                new("Fitted", "spread of contact, isolated particles, cell area, scan rate and a few more, to capacities, jumps and CV; such rows show how well one model carries them"),
                new("Sources", "the paper's text and figures; its supporting information was not available. Everything assumed is listed under 'What was assumed'"),
            ]),
            new Paragraph(r.Headline()),
        ], "How this was done, and how to read it");
    }

    /// <summary>What the virtual laboratory assumes.</summary>
    public static Section Assumptions() => new("assumptions", "What was assumed",
    [
        new Table("assumptions-table", "Assumptions of the virtual laboratory", [new("The paper does not say; here it is taken as")], [.. PaperLaboratory.Assumptions.Select(a => (IReadOnlyList<Cell>)[a])]),
    ]);

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>The paper's figures and the limiting step.</summary>
    public static IEnumerable<Section> Of(PaperEvidence e)
    {
        var figures = PaperFigures.All(e).ToArray();
        yield return new Section("paper-figures", "The paper's figures", [.. figures.Select(f => (Block)f.Figure), PaperFigureList.Table(figures)])
        {
            Intro = "Remade from the virtual instruments' files. Filled markers and lines are the model; what the paper says stands hollow, or as a marked distance or line.",
        };
        yield return LimitingReport.Section(e);
    }
}
