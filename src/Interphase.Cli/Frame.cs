using System.CommandLine;
using Interphase.Results;

namespace Interphase.Cli.Commands;

/// <summary>What a command answers: one JSON document, the same for people, and the exit code (0, or 2 where nothing asked could be given).</summary>
internal sealed record Answer(object Json, Action<TextWriter> Text, int ExitCode = 0);

/// <summary>What every command has in common.</summary>
internal static class Frame
{
    public static readonly Option<bool> Json = new("--json") { Description = "Print exactly one JSON document on standard output", Recursive = true };

    /// <summary>A command with examples in its help, acting by a function from the call to an answer.</summary>
    public static Command Command(string name, string description, string examples, Func<ParseResult, CancellationToken, Answer> act, params Symbol[] symbols)
    {
        var command = new Command(name, $"{description}\n\nExamples:\n{string.Join('\n', examples.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(l => "  " + l))}");
        foreach (var symbol in symbols)
        {
            if (symbol is Option o) { command.Add(o); }
            else { command.Add((Argument)symbol); }
        }
        command.SetAction((parse, cancellation) =>
        {
            var answer = act(parse, cancellation);
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(Json)) { output.WriteLine(Results.Json.Text(answer.Json)); }
            else { answer.Text(output); }
            output.Flush();
            return Task.FromResult(answer.ExitCode);
        });
        return command;
    }
}

/// <summary>A table for people: the first column flush left, numbers flush right.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> rows = [header];

    public TextTable Row(params string[] cells)
    {
        rows.Add(cells);
        return this;
    }

    public void Write(TextWriter output)
    {
        var widths = Enumerable.Range(0, header.Length).Select(c => rows.Max(r => c < r.Length ? r[c].Length : 0)).ToArray();
        foreach (var row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))).TrimEnd());
        }
    }
}

/// <summary>Progress of long work: on standard error, only on a terminal, on one line.</summary>
internal sealed class TerminalProgress : IProgress<string>
{
    private readonly bool shows = !Console.IsErrorRedirected;

    public void Report(string value)
    {
        if (shows) { Console.Error.Write($"\r\u001b[K{value}"); }
    }

    public void Done()
    {
        if (shows) { Console.Error.Write("\r\u001b[K"); }
    }
}
