namespace Interphase.Tests.Support;

/// <summary>Where the sample data lie: INTERPHASE_DATA, else ../shared/data beside the checkout.</summary>
public static class SampleData
{
    public static readonly string? Root = Find();

    public static string Path(string relative) => System.IO.Path.Combine(Root ?? throw new InvalidOperationException("no sample data"), relative);

    private static readonly Lazy<string> Scratch = new(() =>
    {
        // The host of the tests is stopped before it has deleted all; what a run of hours ago left goes now.
        foreach (var old in new DirectoryInfo(System.IO.Path.GetTempPath()).EnumerateDirectories("interphase-test-*").Where(d => d.LastWriteTimeUtc < DateTime.UtcNow.AddHours(-3))) { Delete(old); }
        var folder = Directory.CreateTempSubdirectory("interphase-test-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete(folder);
        return folder.FullName;
    });

    private static void Delete(DirectoryInfo folder)
    {
        try { folder.Delete(recursive: true); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { } // a child may still hold a file
    }

    /// <summary>A unique empty folder under the system's temporary folder; all go when the run ends.</summary>
    public static string TemporaryFolder() => Directory.CreateDirectory(System.IO.Path.Join(Scratch.Value, Guid.NewGuid().ToString("N")[..8])).FullName;

    public static string Repository { get; } = FindRepository();

    internal static string? SkipReason(bool present, string reason) =>
        present || Environment.GetEnvironmentVariable("INTERPHASE_REQUIRE_ALL") == "1" ? null : reason;

    private static string? Find()
    {
        var fromEnvironment = Environment.GetEnvironmentVariable("INTERPHASE_DATA");
        if (!string.IsNullOrEmpty(fromEnvironment)) { return Directory.Exists(fromEnvironment) ? fromEnvironment : null; }
        var beside = System.IO.Path.GetFullPath(System.IO.Path.Combine(FindRepository(), "..", "shared", "data"));
        return Directory.Exists(beside) ? beside : null;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Interphase.slnx"))) { folder = folder.Parent; }
        return folder?.FullName ?? throw new InvalidOperationException("the tests must run from inside the repository");
    }
}

/// <summary>A test that reads the sample data; skips with the reason where they are not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsDataFactAttribute : FactAttribute
{
    public NeedsDataFactAttribute() =>
        Skip = SampleData.SkipReason(SampleData.Root is not null, "sample data not found: set INTERPHASE_DATA to their folder");
}

/// <summary>As <see cref="NeedsDataFactAttribute"/>, for theories.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsDataTheoryAttribute : TheoryAttribute
{
    public NeedsDataTheoryAttribute() =>
        Skip = SampleData.SkipReason(SampleData.Root is not null, "sample data not found: set INTERPHASE_DATA to their folder");
}

/// <summary>A test that looks at a page in a browser; skips with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeedsBrowserFactAttribute : FactAttribute
{
    public NeedsBrowserFactAttribute() =>
        Skip = SampleData.SkipReason(Browser is not null, "no Chromium found: install it or set INTERPHASE_CHROMIUM to its path");

    public static string? Browser { get; } = new[] { Environment.GetEnvironmentVariable("INTERPHASE_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
        .FirstOrDefault(p => !string.IsNullOrEmpty(p) && File.Exists(p));
}
