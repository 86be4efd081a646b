using System.Text.Json;
using System.Text.Json.Nodes;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>
/// The folder a report is written to. It must be absent, empty, or a previous report with nothing else in it. The new report
/// is written to <c>DIR.partial</c> and swapped in by renames; an interrupted swap is finished or undone at the next start.
/// At every moment either the old or the new report is whole.
/// </summary>
public sealed class ReportFolder : IDisposable
{
    private const string Marker = ".interphase-writing";
    private const string ProvenanceName = "provenance.json";
    private readonly string target;
    private readonly FileStream lockFile;
    private bool done;

    private ReportFolder(string target, FileStream lockFile)
    {
        this.target = target;
        this.lockFile = lockFile;
    }

    /// <summary>Where the new report is being written; every file goes below it.</summary>
    public string Writing => target + ".partial";

    private static string Previous(string target) => target + ".previous";

    /// <summary>Checks the target, mends what an interrupted run left, and opens a place to write the new report.</summary>
    /// <exception cref="InputException">The target holds something that is not a previous report, or another run is writing it.</exception>
    public static ReportFolder Open(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (File.Exists(target)) { throw new InputException("the output is a file, not a folder", directory, "name a folder with -o"); }
        if (Path.GetDirectoryName(target) is null) { throw new InputException("the output is the root of a drive", directory, "name a folder with -o"); }
        if (Directory.Exists(target) && new DirectoryInfo(target).ResolveLinkTarget(returnFinalTarget: true) is { } link) { target = Path.TrimEndingDirectorySeparator(link.FullName); }
        try
        {
            Mend(target);
            CheckTarget(target, directory);
            var writing = target + ".partial";
            if (Directory.Exists(writing))
            {
                if (!File.Exists(Path.Combine(writing, Marker)) && Directory.EnumerateFileSystemEntries(writing).Any()) { throw new InputException("a folder stands where the report would be prepared", writing, "move it away, or choose another output with -o"); }
                Take(writing).Dispose(); // throws while another run holds it
                Directory.Delete(writing, recursive: true);
            }
            Directory.CreateDirectory(writing);
            return new ReportFolder(target, Take(writing));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException("the output folder cannot be used", directory, $"check its permissions, and that no other run is writing it ({e.Message})", e);
        }
    }

    /// <summary>Writes one file of the report; the path is relative and stays inside it.</summary>
    /// <exception cref="InputException">The disk refuses.</exception>
    public void Write(string relative, string text)
    {
        var path = Path.GetFullPath(Path.Combine(Writing, relative));
        if (!path.StartsWith(Writing + Path.DirectorySeparatorChar, StringComparison.Ordinal)) { throw new ArgumentException("the path leaves the report", nameof(relative)); }
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException("the report cannot be written", path, $"check free space and permissions ({e.Message})", e);
        }
    }

    /// <summary>Writes the provenance, which makes the report whole, and swaps it in.</summary>
    /// <exception cref="InputException">The swap failed; the previous report is where it was.</exception>
    public void Complete(JsonObject provenance)
    {
        ArgumentNullException.ThrowIfNull(provenance);
        provenance["outputs"] = new JsonArray([.. OwnFiles(Writing).Order(StringComparer.Ordinal).Select(f => (JsonNode)f)]);
        Write(ProvenanceName, provenance.ToJsonString(Json.Options));
        lockFile.Dispose();
        try
        {
            File.Delete(Path.Combine(Writing, Marker));
            if (Directory.Exists(target))
            {
                if (Directory.EnumerateFileSystemEntries(target).Any()) { Directory.Move(target, Previous(target)); }
                else { Directory.Delete(target); }
            }
            Directory.Move(Writing, target);
            if (Directory.Exists(Previous(target))) { Directory.Delete(Previous(target), recursive: true); }
            done = true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Mend(target);
            throw new InputException("the new report cannot be put in place", target, $"close programs that use the folder and run again ({e.Message})", e);
        }
    }

    /// <summary>Leaves the previous report as it was when the new one was not completed.</summary>
    public void Dispose()
    {
        lockFile.Dispose();
        if (!done && File.Exists(Path.Combine(Writing, Marker))) { Directory.Delete(Writing, recursive: true); }
    }

    /// <summary>Finishes a swap of a whole report, or undoes it.</summary>
    private static void Mend(string target)
    {
        var previous = Previous(target);
        var partial = target + ".partial";
        var whole = IsWhole(partial);
        if (Directory.Exists(previous) && Outputs(previous) is not null)
        {
            if (Directory.Exists(target)) { Directory.Delete(previous, recursive: true); }
            else if (!whole) { Directory.Move(previous, target); }
        }
        if (whole && !Directory.Exists(target))
        {
            Directory.Move(partial, target);
            if (Directory.Exists(previous) && Outputs(previous) is not null) { Directory.Delete(previous, recursive: true); }
        }
        else if (whole) { Directory.Delete(partial, recursive: true); }
    }

    private static bool IsWhole(string folder) => Directory.Exists(folder) && !File.Exists(Path.Combine(folder, Marker)) && Outputs(folder) is not null;

    private static void CheckTarget(string target, string asWritten)
    {
        if (!Directory.Exists(target) || !Directory.EnumerateFileSystemEntries(target).Any()) { return; }
        var outputs = Outputs(target) ?? throw new InputException("the output folder holds files that are not a report", asWritten, "choose an empty or new folder with -o; a report replaces the whole folder");
        var foreign = OwnFiles(target).FirstOrDefault(f => f != ProvenanceName && !outputs.Contains(f));
        if (foreign is not null) { throw new InputException($"the previous report's folder also holds '{foreign}', which would be lost", asWritten, "move that file away, or choose another folder with -o"); }
    }

    /// <summary>The files a report says it wrote; null where the folder holds no report of ours.</summary>
    private static HashSet<string>? Outputs(string folder)
    {
        var path = Path.Combine(folder, ProvenanceName);
        if (!File.Exists(path) || new FileInfo(path).Length > 64 << 20) { return null; }
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(path));
            return root?["software"]?["name"]?.GetValue<string>() == "Interphase" && root["outputs"] is JsonArray outputs
                ? [.. outputs.Select(o => o!.GetValue<string>())] : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) { return null; }
    }

    private static IEnumerable<string> OwnFiles(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).Where(f => f != Marker);

    private static FileStream Take(string writing) =>
        new(Path.Combine(writing, Marker), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
