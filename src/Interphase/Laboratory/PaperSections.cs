using Interphase.Reports;

namespace Interphase.Laboratory;

/// <summary>What the report of the paper's study says before the techniques.</summary>
internal static class PaperSections
{
    /// <summary>What this is, for someone who reads nothing else.</summary>
    public static IEnumerable<Block> Introduction(PaperEvidence e)
    {
        yield return new Paragraph("The paper (C. Wang et al., Nano Energy 2020, 104686) coated a battery cathode, NMC532, with LiNb_{0.5}Ta_{0.5}O_{3} annealed at 350, 450 and 550 °C, and asks how the coating's ionic conductivity decides the kinetics of a solid-state cell. No raw data of it are public.");
        yield return new Paragraph("Here a physical model of its cells was fitted to 14 of its numbers. Virtual instruments measured that model under the paper's protocols and wrote ordinary instrument files; the analysis read them as it reads anyone's, without knowing what was put in. Three things come of it: whether the analysis finds what was put in, how far one model can carry all of the paper's numbers at once, and which of its claims need more than it shows.");
        var claims = PaperClaims.Of(e);
        yield return new Facts(
        [
            new("Measured", "by the paper: the numbers in the column 'Paper'. Here nothing was measured: 'Model' is computed, down to the instruments' noise"),
            new("Put in", "conductivities, interface resistances, their growth, the fade, the exotherms: such rows only check the analysis"),
            new("Fitted", "spread of contact, isolated particles, cell area, scan rate and a few more, to capacities, jumps and CV; such rows show how well one model carries them"),
            new("Assumed", "particle size, composition, protocols and all else the paper leaves open; listed under 'What was assumed'"),
            new("Claims", string.Join(", ", claims.GroupBy(c => c.Verdict).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} {g.Key}"))),
        ]);
    }

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
