using System.Text.RegularExpressions;
using Interphase.Tests.Support;

namespace Interphase.Tests;

/// <summary>Data flows one way: each folder of the library uses only folders before it.</summary>
public partial class LayeringTests
{
    private static readonly string[] Order =
    [
        "Units", "Files", "Results", "Numerics", "Measurements", "Instruments", "Impedance", "Cycling", "Titration", "Voltammetry",
        "Characterisation", "Cells", "Simulation", "Estimation", "Reports", "Studies", "Laboratory",
    ];

    private static readonly string Library = Path.Combine(SampleData.Repository, "src", "Interphase");

    [Fact]
    public void Every_folder_has_a_place_in_the_order() =>
        Assert.Empty(Directory.GetDirectories(Library).Select(Path.GetFileName).Where(f => f is not ("bin" or "obj" or "Assets" or "node_modules")).Except(Order));

    [Fact]
    public void A_folder_uses_only_folders_before_it()
    {
        var wrong = new List<string>();
        foreach (var file in Directory.GetFiles(Library, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(Library, file).Split(Path.DirectorySeparatorChar)[0];
            var own = Array.IndexOf(Order, folder);
            if (own < 0) { continue; }
            foreach (Match use in Use().Matches(File.ReadAllText(file)))
            {
                var used = Array.IndexOf(Order, use.Groups[1].Value);
                if (used > own) { wrong.Add($"{Path.GetRelativePath(Library, file)} uses {use.Groups[1].Value}"); }
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var wrong = Directory.GetFiles(Library, "*.cs", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(Library, f).StartsWith("obj", StringComparison.Ordinal) && !Path.GetRelativePath(Library, f).StartsWith("bin", StringComparison.Ordinal))
            .Where(f =>
            {
                var parts = Path.GetRelativePath(Library, f).Split(Path.DirectorySeparatorChar);
                var expected = parts.Length == 1 ? "Interphase" : "Interphase." + parts[0];
                return !Regex.IsMatch(File.ReadAllText(f), $@"^namespace {Regex.Escape(expected)}(\.\w+)*;", RegexOptions.Multiline);
            });
        Assert.Empty(wrong.Select(f => Path.GetRelativePath(Library, f)));
    }

    [GeneratedRegex(@"\bInterphase\.([A-Z]\w+)")]
    private static partial Regex Use();
}
