using System.Security.Cryptography;
using Interphase.Files;
using Interphase.Instruments;
using Interphase.Measurements;

namespace Interphase.Studies;

/// <summary>Reads a study's files, analyses them, and compares the samples. One file that fails does not stop the rest.</summary>
public static class StudyRun
{
    /// <summary>Runs a study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="progress">Told what is being done, a line at a time; may be null.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static StudyResult Run(Study study, IProgress<string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        var inputs = new SortedDictionary<string, InputFile>(StringComparer.Ordinal);
        var problems = new List<Problem>();
        var analyses = new List<Analysis>();
        foreach (var sample in study.Samples)
        {
            foreach (var each in Works(study, sample, inputs, problems, progress, cancellation))
            {
                var work = each with { Before = [.. analyses.Where(a => each.Cell is not null && ReferenceEquals(a.Work.Cell, each.Cell))] };
                cancellation.ThrowIfCancellationRequested();
                progress?.Report($"{sample.Name}: {work.Technique}");
                var technique = Techniques.All.First(t => t.Name == work.Technique);
                try { analyses.Add(technique.Analyse(work)); }
                catch (InputException e)
                {
                    problems.Add(new(string.Join(", ", work.Measurements.Select(m => m.File)), e.Message));
                }
            }
        }
        if (study.File.Length > 0 && File.Exists(Path.Combine(study.Folder, Path.GetFileName(study.File)))) { Record(inputs, study, Path.GetFileName(study.File)); }
        return new StudyResult(study, analyses, [.. inputs.Values], problems);
    }

    /// <summary>Files of one technique, cell and role are one series; each specimen stands for itself. Voltammograms come last: the cell's impedance may say their resistance.</summary>
    private static IEnumerable<Work> Works(
        Study study, Sample sample, SortedDictionary<string, InputFile> inputs, List<Problem> problems, IProgress<string>? progress, CancellationToken cancellation)
    {
        foreach (var specimen in sample.Specimens)
        {
            var read = ReadAll(specimen.Files);
            if (read.Count > 0) { yield return new Work(study, sample, null, null, specimen, read); }
        }
        foreach (var cell in sample.Cells)
        {
            foreach (var group in cell.Files.GroupBy(f => (f.Technique, f.Role, f.Circuit, f.Weighting, f.Axis, f.Link)).OrderBy(g => g.Key.Technique == "voltammetry"))
            {
                // What is said of one voltammogram of a series holds for all; that two say differently the study file's reader refuses.
                var first = group.First() with
                {
                    Values = [.. group.SelectMany(f => f.Values)], Resistance = group.Select(f => f.Resistance).FirstOrDefault(r => r is not null),
                    Concentration = group.Select(f => f.Concentration).FirstOrDefault(c => c is not null), Electrons = group.Select(f => f.Electrons).FirstOrDefault(n => n is not null),
                };
                var read = ReadAll([.. group.SelectMany(f => f.Paths).Select(p => new ElementFile(null, p))]);
                if (read.Count > 0) { yield return new Work(study, sample, cell, first, null, read); }
            }
        }

        List<Measurement> ReadAll(IReadOnlyList<ElementFile> written)
        {
            var read = new List<Measurement>();
            foreach (var each in written)
            {
                try
                {
                    foreach (var file in InputFiles.Find(study.Folder, each.Path))
                    {
                        cancellation.ThrowIfCancellationRequested();
                        progress?.Report($"{sample.Name}: reading {file}");
                        try
                        {
                            var full = Path.Combine(study.Folder, file);
                            var measurement = each.Name(InstrumentFile.Read(full));
                            read.Add(measurement with { File = file, Spectra = [.. measurement.Spectra.Select(s => s with { File = file })] });
                            Record(inputs, study, file);
                        }
                        catch (InputException e) { problems.Add(new(file, e.Message)); }
                    }
                }
                catch (InputException e) { problems.Add(new(each.Path, e.Message)); }
            }
            return InOrder(read);
        }
    }

    /// <summary>Order of start time where every file says one; else the order of the study.</summary>
    private static List<Measurement> InOrder(List<Measurement> read) =>
        read.Count > 1 && read.TrueForAll(m => m.Start is not null) ? [.. read.OrderBy(m => m.Start!.Value)] : read;

    private static void Record(SortedDictionary<string, InputFile> inputs, Study study, string written)
    {
        if (inputs.ContainsKey(written)) { return; }
        using var stream = File.OpenRead(Path.Combine(study.Folder, written));
        inputs[written] = new(written, Convert.ToHexStringLower(SHA256.HashData(stream)), stream.Length);
    }
}
