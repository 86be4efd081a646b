using Interphase.Results;

namespace Interphase.Studies;

/// <summary>Everything a study gave: analyses, the comparison of the samples, findings, and what failed.</summary>
public sealed record StudyResult
{
    internal StudyResult(Study study, IReadOnlyList<Analysis> analyses, IReadOnlyList<InputFile> inputs, IReadOnlyList<Problem> problems)
    {
        Study = study;
        Analyses = analyses;
        Inputs = inputs;
        Problems = problems;
        var measured = Studies.Comparison.Of(study, analyses);
        Verdicts = SampleVerdict.Of(study, analyses, measured);
        Comparison = [.. measured, .. Studies.Comparison.OfVerdicts(Verdicts, analyses)];
        Findings = StudyFindings.Of(study, analyses, Comparison, Verdicts);
    }

    /// <summary>The study.</summary>
    public Study Study { get; }

    /// <summary>One a technique, cell or specimen, and role.</summary>
    internal IReadOnlyList<Analysis> Analyses { get; }

    /// <summary>Quantities over the samples.</summary>
    public IReadOnlyList<ComparisonRow> Comparison { get; }

    /// <summary>What the techniques together say of each sample's coating.</summary>
    public IReadOnlyList<SampleVerdict> Verdicts { get; }

    /// <summary>Sentences with their evidence, the gravest first.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Inputs that failed.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>Every file that was read.</summary>
    public IReadOnlyList<InputFile> Inputs { get; }

    /// <summary>The document <c>results.json</c> holds.</summary>
    public object Contract() => new
    {
        software = Software.Name,
        study = new { Study.Name, Study.Description, Study.Synthetic, file = Study.File.Length > 0 ? Path.GetFileName(Study.File) : null, compareBy = Study.CompareBy },
        samples = Study.Samples.Select(s => new
        {
            s.Name,
            coating = s.Coating is { } c ? new { c.Material, annealing_degC = c.Annealing?.Value - 273.15, thickness_nm = c.Thickness?.Value * 1e9 } : null,
            analyses = Analyses.Where(a => a.Work.Sample.Name == s.Name).Select(a => new
            {
                a.Technique, cell = a.Work.Cell?.Id, specimen = a.Work.Specimen?.Kind, role = a.Work.Role.Length > 0 ? a.Work.Role : null,
                a.Files, result = a.Contract, a.Settings,
            }),
        }),
        comparison = Comparison.Select(r => new
        {
            r.Quantity, r.Unit,
            values = r.Values.Select(v => new
            {
                v.Sample, v.Value.Value, v.Value.StandardError, v.Value.Lower95, v.Value.Upper95, v.Method, v.Files,
                withheld = !v.Value.HasValue, v.Value.Reason,
                n = v.Replicates.Count(x => x.HasValue), v.StandardDeviation,
                replicates = v.Replicates.Count > 1 ? v.Replicates.Select(x => new { x.Value, x.StandardError, x.Reason }) : null,
            }),
        }),
        verdicts = Verdicts.Select(v => new
        {
            sample = v.Sample.Name, state = v.State, possible = v.Possible, techniques = v.Telling.Count, contradictory = v.Contradictory, annealing_degC = v.Sample.Coating?.Annealing?.Value - 273.15,
            evidence = v.Evidence.Select(e => new { e.Technique, e.Says, e.States }),
            thickness_nm = v.Thickness.Value * 1e9, thicknessStandardError = v.Thickness.StandardError * 1e9, thicknessFrom = v.ThicknessFrom,
            conductivity_S_cm = v.Conductivity.Value * 1e-2, conductivityStandardError = v.Conductivity.StandardError * 1e-2,
            film_ohm_cm2 = v.Budget.Film.Value * 1e4, interface_ohm = v.Budget.Interface.Value, geometricArea_cm2 = v.Budget.GeometricArea.Value * 1e4, particleArea_cm2 = v.Budget.ParticleArea.Value * 1e4,
            budget = new
            {
                film_ohm_cm2 = Given(v.Budget.Film.Scaled(1e4)), interface_ohm = Given(v.Budget.Interface), electrodeArea_cm2 = Given(v.Budget.GeometricArea.Scaled(1e4)), particleArea_cm2 = Given(v.Budget.ParticleArea.Scaled(1e4)), particleAreaFrom = v.Budget.ParticleAreaFrom,
                onElectrode_ohm_cm2 = Given(v.Budget.OnElectrode.Scaled(1e4)), onParticles_ohm_cm2 = Given(v.Budget.OnParticles.Scaled(1e4)),
                timesOnElectrode = Given(v.Budget.TimesOnElectrode), timesOnParticles = Given(v.Budget.TimesOnParticles), areaNeeded_cm2 = Given(v.Budget.AreaNeeded.Scaled(1e4)),
            },
            interphase_nm = v.Grown.Value * 1e9, growth_ohm = v.Growth.Value,
        }),
        findings = Findings.Select(f => new { f.Id, f.Severity, f.Text, f.Evidence }),
        problems = Problems,
    };

    private static object Given(Estimate e) => new { e.Value, e.StandardError, e.Lower95, e.Upper95, e.Reason };
}

/// <summary>A file a study read: its path as written in the study, and its content's SHA-256.</summary>
public sealed record InputFile(string Path, string Sha256, long Bytes);

/// <summary>What made a result.</summary>
internal static class Software
{
    public static readonly object Name = new { name = "Interphase", version = typeof(Software).Assembly.GetName().Version?.ToString(3) };
}
