using System.CommandLine;
using System.CommandLine.Help;
using Interphase.Cli.Commands;

namespace Interphase.Cli;

/// <summary>
/// From the call to the exit code: 0 done · 1 the input or the call is wrong · 2 nothing of what was asked could be given, or
/// a part failed · 3 a fault of ours. On 1 and 3 nothing is written to standard output.
/// </summary>
internal static class Entry
{
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var root = Tree.Create();
        var parse = root.Parse(args);
        var asksHelp = parse.Action is HelpAction;
        if (!asksHelp && parse.Errors.Count > 0)
        {
            var command = parse.CommandResult.Command;
            var path = Tree.PathOf(parse.CommandResult);
            error.WriteLine(command.Subcommands.Count > 0 && parse.Tokens.Count == Tree.Depth(parse.CommandResult)
                ? $"error: a command is missing ({path}): choose one of {string.Join(", ", command.Subcommands.Select(c => c.Name))}; '{path} --help' describes them"
                : $"error: {Reason(parse)} ({path}): see '{path} --help'");
            return 1;
        }
        try
        {
            return parse.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (InputException e)
        {
            error.WriteLine($"error: {e.Message}");
            return 1;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("error: stopped (interrupted): nothing was written; run the command again");
            return 2;
        }
#pragma warning disable CA1031 // the outermost frame: whatever is left is our fault and must not reach a person as a stack trace
        catch (Exception e)
#pragma warning restore CA1031
        {
            error.WriteLine($"error: a fault in Interphase: {e.GetType().Name}, {e.Message} ({e.TargetSite?.DeclaringType?.Name}.{e.TargetSite?.Name}): please report it with the command and, if you can, the file");
            if (Environment.GetEnvironmentVariable("INTERPHASE_DEBUG") is not null) { error.WriteLine(e); }
            return 3;
        }
    }

    private static string Reason(ParseResult parse)
    {
        var message = parse.Errors[0].Message.TrimEnd('.');
        if (parse.UnmatchedTokens.Count > 0)
        {
            var token = parse.UnmatchedTokens[0];
            var command = parse.CommandResult.Command;
            var known = command.Subcommands.Select(c => c.Name).Concat(command.Options.Select(o => o.Name)).Append(Frame.Json.Name);
            return $"'{token}' is not understood; {NearestName.Suggest(token, known)}";
        }
        return message.Length > 0 ? char.ToLowerInvariant(message[0]) + message[1..] : "the call is incomplete";
    }
}
