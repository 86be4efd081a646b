using System.CommandLine;
using System.CommandLine.Parsing;

namespace Interphase.Cli.Commands;

/// <summary>Every command, written out by hand. A new one is a file in Commands/ and a line here.</summary>
internal static class Tree
{
    public static RootCommand Create() => new("The workbench for all-solid-state lithium batteries: instrument files in; numbers with uncertainties, figures, one report and a simulated cell out")
    {
        Frame.Json,
        Reproduce.Create(),
        Noun("eis", "Impedance: fit, validate, relaxation times, conductivity", EisFit.Create(), EisValidate.Create(), EisDrt.Create(), EisSuggest.Create(), EisConductivity.Create(), EisComposite.Create(), EisCircuit.Create()),
        Noun("cycling", "Charge and discharge: cycles, rate capability, differential capacity", CyclingSummaryCommand.Create(), CyclingRateCommand.Create(), CyclingDqdvCommand.Create()),
        Noun("study", "Raw files of several samples in, one report out", StudyRunCommand.Create(), StudyNewCommand.Create()),
        Noun("data", "Instrument files", DataInfo.Create(), DataConvert.Create(), DataValidate.Create()),
        PolarisationCommand.Create(),
        Thermal.Create(),
        Simulate.Create(),
        Noun("cell", "Cell descriptions for the simulator", CellCommands.Show(), CellCommands.Validate()),
        GittCommand.Create(),
        Xrd.Create(),
        CvCommand.Create(),
        Noun("estimate", "Parameters of a model from numbers of an experiment", EstimatePaper.Create()),
        Map.Create(),
        MicrographCommand.Create(),
        DiffractionCommand.Create(),
    };

    /// <summary><c>interphase eis fit</c> for the command that was parsed.</summary>
    public static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : "interphase";

    public static int Depth(CommandResult result) => result.Parent is CommandResult parent ? 1 + Depth(parent) : 0;

    private static Command Noun(string name, string description, params Command[] verbs)
    {
        var noun = new Command(name, description);
        foreach (var verb in verbs) { noun.Add(verb); }
        return noun;
    }
}
