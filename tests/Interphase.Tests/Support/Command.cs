using System.Text.Json;
using Interphase.Cli;

namespace Interphase.Tests.Support;

/// <summary>The command run in this process: exit code and what it printed.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static CommandResult Of(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = Entry.Run(args, output, error);
        return new(code, output.ToString(), error.ToString());
    }
}
