using Interphase.Reports;
using Interphase.Results;

namespace Interphase.Studies;

/// <summary>What the budget of resistance says in words.</summary>
internal static class BudgetFindings
{
    /// <summary>From here on the interface is not the film's thickness, whatever its area.</summary>
    private const double Far = 10;

    public static Finding? Of(SampleVerdict v)
    {
        var b = v.Budget;
        if (!b.Interface.HasValue || (!v.Thickness.HasValue && !v.Conductivity.HasValue)) { return null; }
        var id = $"coating-budget-{Slug.Of(v.Sample.Name)}";
        if (!b.Film.HasValue) { return new(id, Severity.Caution, $"{v.Sample.Name}: whether the coating's film can be the interface's resistance is not known. {Capital(b.Film.Reason!)}.", [new("interfaceResistance", b.Interface.Value, "ohm")]); }
        var film = $"{v.Sample.Name}: a film of {NumberText.Print(v.Thickness.Scaled(1e9))} nm ({v.ThicknessFrom}) with {NumberText.Print(v.Conductivity.Scaled(1e4))} µS/cm has {NumberText.Print(b.Film.Scaled(1e4))} Ω cm²{(double.IsFinite(b.Film.StandardError) ? "" : $" ({b.Film.Reason})")}.";
        if (!b.GeometricArea.HasValue && !b.ParticleArea.HasValue)
        {
            return new(id, Severity.Caution, $"{film} The interface has {NumberText.Print(b.Interface)} Ω; per area it is not known. Area of the electrode: {b.GeometricArea.Reason}. Area of the particles: {b.ParticleArea.Reason}.", Evidence(v));
        }
        var (times, on) = b.ParticleArea.HasValue ? (b.TimesOnParticles, b.OnParticles) : (b.TimesOnElectrode, b.OnElectrode);
        var where = b.ParticleArea.HasValue ? $"spread over the particles ({Area(b.ParticleArea)} cm², {b.ParticleAreaFrom})" : $"on the electrode ({Area(b.GeometricArea)} cm²; that of the particles is {b.ParticleArea.Reason})";
        var other = b.ParticleArea.HasValue
            ? b.GeometricArea.HasValue ? $" On the electrode's {Area(b.GeometricArea)} cm² it would be {Times(b.TimesOnElectrode)} as much." : $" Per area of the electrode it is not given: {b.GeometricArea.Reason}."
            : "";
        var (low, high) = double.IsFinite(times.Lower95) ? (times.Lower95, times.Upper95) : (times.Value, times.Value);
        var (severity, verdict) = low > Far ? (Severity.Contradiction, $"The interface's resistance is not that of the film's thickness: for that, all current would have to pass through {NumberText.Ratio(b.AreaNeeded.Value * 1e4)} cm².")
            : low > 1 ? (Severity.Caution, "It exceeds the film's; what else it holds, or how little of the area conducts, the two do not tell.")
            : high < 1 && b.ParticleArea.HasValue ? (Severity.Contradiction, "It is less than the film's: the film does not cover that area, or it conducts better than its pellet.")
            : high < 1 ? (Severity.Note, "The film can be the interface's resistance: the particles' area, over which it is spread, is larger than that of the electrode.")
            : (Severity.Note, "The film can be the interface's resistance.");
        return new(id, severity, $"{film} The interface, {NumberText.Print(b.Interface)} Ω, has {NumberText.Print(on.Scaled(1e4))} Ω cm² {where}, {Times(times)} as much.{other} {verdict}", Evidence(v));
    }

    private static string Times(Estimate e) => double.IsFinite(e.Lower95) ? $"{NumberText.Ratio(e.Value)} times ({NumberText.Ratio(e.Lower95)} to {NumberText.Ratio(e.Upper95)} at 95 %)" : $"{NumberText.Ratio(e.Value)} times";

    private static string Area(Estimate e) => NumberText.Print(e.Value * 1e4, 3);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static IReadOnlyList<Evidence> Evidence(SampleVerdict v) =>
        [.. new (string, double, string)[]
        {
            ("coating.thickness", v.Thickness.Value, "m"), ("coatingConductivity", v.Conductivity.Value * 1e4, "uS/cm"), ("interfaceResistance", v.Budget.Interface.Value, "ohm"),
            ("electrode.area", v.Budget.GeometricArea.Value, "m2"), ("electrode.interfaceArea", v.Budget.ParticleArea.Value, "m2"),
        }.Where(e => double.IsFinite(e.Item2)).Select(e => new Evidence(e.Item1, e.Item2, e.Item3))];
}
