using System.CommandLine;
using Interphase.Files;
using Interphase.Studies;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase study new</c>: a commented study file to start from.</summary>
internal static class StudyNewCommand
{
    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "Where to put study.yaml; made if it does not exist" };
        return Frame.Command("new", "Writes a commented study file to start from.", "interphase study new my-study",
            (parse, _) =>
            {
                var path = Path.Combine(parse.GetValue(directory)!, "study.yaml");
                if (File.Exists(path)) { throw new InputException("there is a study file already", path, "edit it, or name another folder"); }
                AtomicFile.WriteText(path, StudyTemplate.Text);
                return new Answer(new { path }, text =>
                {
                    text.WriteLine($"Wrote {path}");
                    text.WriteLine($"Put your files in, edit it, and run: interphase study run {path}");
                });
            },
            directory);
    }
}
