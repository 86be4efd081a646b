using System.CommandLine;
using Interphase.Files;

namespace Interphase.Cli.Commands;

/// <summary>The files a command takes.</summary>
internal static class FileArguments
{
    public static Argument<string[]> Several(string description, string name = "FILE") => new(name) { Description = description, Arity = ArgumentArity.OneOrMore };

    /// <summary>
    /// The paths of a call. A pattern that the shell has not expanded, as those of Windows do not, is expanded here; one that
    /// nothing matches stays as it was written.
    /// </summary>
    public static string[] Files(this ParseResult parse, Argument<string[]> argument) => [.. parse.GetRequiredValue(argument).SelectMany(Expand)];

    /// <summary>The files of one path or pattern.</summary>
    public static IReadOnlyList<string> Expand(string written) =>
        InputFiles.IsPattern(written) && !File.Exists(written) && InputFiles.Matching(Environment.CurrentDirectory, written) is { Count: > 0 } found ? found : [written];
}
