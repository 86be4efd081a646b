using System.CommandLine;
using Interphase.Cycling;

namespace Interphase.Cli.Commands;

/// <summary>What the cycling commands share: their files and how cycles are made.</summary>
internal sealed class CyclingInput
{
    public readonly ElectrodeInput Electrode = new();
    public readonly Option<CycleBeginning> Begins = new("--begins") { Description = "What a cycle begins with: auto, charge or discharge" };
    public readonly Option<int?> Reference = new("--reference") { Description = "The cycle retention refers to; default: the first at the rate of the last", HelpName = "N" };

    public Symbol[] Symbols => [Electrode.Files, Electrode.Electrode, Electrode.Mass, Electrode.Area, Electrode.Nominal, Begins];

    public CyclingOptions Options(ParseResult parse, bool hasReference = false) => new() { Begins = parse.GetValue(Begins), ReferenceCycle = hasReference ? parse.GetValue(Reference) : null };
}
