using Interphase.Results;

namespace Interphase.Reports;

/// <summary>A report as content; <see cref="HtmlReport"/> makes the page of it.</summary>
/// <param name="Title">The study's name.</param>
public sealed record Report(string Title)
{
    /// <summary>One line under the title.</summary>
    public string Subtitle { get; init; } = "";

    /// <summary>Where it comes from: software and version, study file, date, number of inputs.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>What a reader in a hurry sees: the comparison and the findings.</summary>
    public IReadOnlyList<Block> Overview { get; init; } = [];

    /// <summary>One a technique, in reading order.</summary>
    public IReadOnlyList<Section> Sections { get; init; } = [];
}

/// <summary>A name and what is said of it.</summary>
public sealed record Fact(string Name, string Text);

/// <summary>A part of a report with its own entry in the contents.</summary>
/// <param name="Id">The place in the page: lower-case words joined by hyphens, unique in the report.</param>
/// <param name="Title">A few words.</param>
/// <param name="Blocks">In reading order.</param>
public sealed record Section(string Id, string Title, IReadOnlyList<Block> Blocks)
{
    /// <summary>The answer of this section in a sentence or two; stands under its title.</summary>
    public string Intro { get; init; } = "";
}

/// <summary>One piece of a section. Figures and tables stand for their blocks.</summary>
public abstract record Block
{
    /// <summary>A figure in the text.</summary>
    public static implicit operator Block(Figure figure) => new FigureBlock(figure);

    /// <summary>A table in the text.</summary>
    public static implicit operator Block(Table table) => new TableBlock(table);
}

/// <summary>A figure in the text.</summary>
public sealed record FigureBlock(Figure Figure) : Block;

/// <summary>A table in the text.</summary>
public sealed record TableBlock(Table Table) : Block;

/// <summary>Sentences; <c>_{…}</c> and <c>^{…}</c> lower and raise, all else is literal.</summary>
public sealed record Paragraph(string Text) : Block;

/// <summary>A heading inside a section.</summary>
public sealed record Heading(string Text) : Block;

/// <summary>Names and values: settings, conditions.</summary>
public sealed record Facts(IReadOnlyList<Fact> Items) : Block;

/// <summary>An equation set apart.</summary>
/// <param name="Tex">In the small part of TeX that <see cref="MathText"/> reads: <c>D = \frac{4}{\pi\tau} (\frac{n V_m}{S})^2</c>.</param>
public sealed record Equation(string Tex) : Block
{
    /// <summary>Source: author, year, equation.</summary>
    public string Source { get; init; } = "";

    /// <summary>What the symbols mean; the names are TeX as well.</summary>
    public IReadOnlyList<Fact> Where { get; init; } = [];
}

/// <summary>Findings, the heaviest first.</summary>
public sealed record Findings(IReadOnlyList<Finding> Items) : Block;

/// <summary>How the numbers were obtained; folded away on the screen, unfolded in print.</summary>
public sealed record Methods(IReadOnlyList<Block> Blocks, string Title = "Methods") : Block;
