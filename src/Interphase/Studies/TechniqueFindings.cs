using Interphase.Cycling;
using Interphase.Reports;
using Interphase.Results;
using Interphase.Titration;
using Interphase.Units;

namespace Interphase.Studies;

/// <summary>Where two techniques on one cell, or a technique and what the study states of the cell, must agree.</summary>
internal static class TechniqueFindings
{

    public static IEnumerable<Finding> Of(IReadOnlyList<Analysis> analyses, JumpLine? line) =>
    [
        .. line is null ? [] : new[] { line.Finding() },
        .. analyses.Where(a => a.Technique == "gitt").SelectMany(g => RestsAgainstCurves(g, analyses)),
        .. analyses.Where(a => a.Technique == "cycling").SelectMany(Counters),
        .. analyses.Where(a => a.Technique == "cycling").SelectMany(Facts),
    ];

    /// <summary>At one charge the rest potential lies between the slowest discharge and the slowest charge of the same cell; each direction is compared with its own.</summary>
    private static IEnumerable<Finding> RestsAgainstCurves(Analysis titration, IReadOnlyList<Analysis> analyses)
    {
        var gitt = (Gitt)titration.Result;
        var cycles = analyses.Where(a => a.Technique == "cycling" && a.Work.Cell is not null && ReferenceEquals(a.Work.Cell, titration.Work.Cell)).SelectMany(a => CyclingTechnique.SummaryOf(a).Cycles).ToArray();
        var compared = new[] { -1, +1 }.Select(sign => RestsAgainstCurve.Of(gitt, cycles, sign)).OfType<RestsAgainstCurve>().ToArray();
        if (compared.Length == 0) { yield break; }
        var wrong = compared.Where(c => c.IsWrong).ToArray();
        var loop = gitt.Hysteresis.Value is { HasValue: true } h ? FormattableString.Invariant($" Between the rests of the two directions at one charge are {1e3 * h.Value:F1} ± {1e3 * h.StandardError:F1} mV.") : "";
        yield return new($"rests-against-curve-{Slug.Of(titration.Work.Label)}", wrong.Length > 0 ? Severity.Contradiction : Severity.Note,
            $"{titration.Work.Label}: {string.Join("; ", compared.Select(c => c.Words()))}. " +
            (wrong.Length > 0 ? string.Concat(wrong.Select(c => c.Doubt())) : compared.All(c => c.IsClose) ? "They agree." : $"That is the overpotential of the curve{(compared.Length > 1 ? "s" : "")}, as it must be.") + loop,
            [.. compared.SelectMany(c => c.Evidence()), .. gitt.Hysteresis.Value.HasValue ? [new Evidence("gitt.hysteresis.value", gitt.Hysteresis.Value.Value, "V")] : Array.Empty<Evidence>()]);
    }

    /// <summary>Our efficiencies beside those of the instrument's own counters.</summary>
    private static IEnumerable<Finding> Counters(Analysis a)
    {
        var s = CyclingTechnique.SummaryOf(a);
        var cycles = s.Cycles.Where(c => c.Complete && c.VendorCharge > 0 && c.VendorDischarge > 0 && double.IsFinite(c.CoulombicEfficiency)).ToArray();
        if (cycles.Length == 0) { yield break; }
        var charges = s.Convention.BeginsOn == "charge";
        // Beyond what the efficiency's own error allows.
        double Beyond(Cycle c) => Math.Abs(Off(c)) - (double.IsFinite(c.CoulombicEfficiencyStandardError) ? 1.96 * c.CoulombicEfficiencyStandardError : 0);
        var worst = cycles.MaxBy(Beyond)!;
        var off = Off(worst);
        var differ = cycles.Count(c => Beyond(c) > 0.005);
        // Efficiencies agree whatever the unit of the counters: the capacities must agree too.
        var unlike = cycles.MaxBy(c => Math.Abs(Math.Log(Ratio(c))) - Allowed(c))!;
        var ratio = Ratio(unlike);
        var scaled = Math.Abs(Math.Log(ratio)) - Allowed(unlike) > 0.02;
        yield return new("efficiency-against-counters", differ > 0 || scaled ? Severity.Contradiction : Severity.Note,
            FormattableString.Invariant($"{a.Work.Label}: coulombic efficiencies from the current differ from those of the instrument's own counters by at most {100 * Math.Abs(off):F2} points (cycle {worst.Index}){(differ > 0 ? $", by more than 0.5 in {differ} of {cycles.Length} cycles" : $" in {cycles.Length} cycles{(Beyond(worst) <= 0 && Math.Abs(off) > 0.005 ? ", within their errors" : "")}")}. ") +
            (differ > 0 ? "The file's current is rounded or recorded too coarsely, or the counters were reset: trust neither to better than that." : "They agree.") +
            (scaled ? FormattableString.Invariant($" The capacities do not: in cycle {unlike.Index} the counters hold {ratio:G4} times the charge of the current; the unit of one of the two columns is wrong, or the counters were reset.") : ""),
            [new($"cycles[{worst.Index - 1}].coulombicEfficiency", worst.CoulombicEfficiency, "1"), new($"cycles[{worst.Index - 1}].vendor", worst.CoulombicEfficiency - off, "1"), new($"cycles[{unlike.Index - 1}].vendor, charge of the counters over ours", ratio, "1")]);

        static double Allowed(Cycle c) => 1.96 * Math.Sqrt(Math.Pow(c.Charge!.ChargeStandardError, 2) + Math.Pow(c.Discharge!.ChargeStandardError, 2)) / (c.Charge.Charge + c.Discharge.Charge);
        static double Ratio(Cycle c) => (c.VendorCharge + c.VendorDischarge) / (c.Charge!.Charge + c.Discharge!.Charge);
        double Off(Cycle c) => c.CoulombicEfficiency - (charges ? c.VendorDischarge / c.VendorCharge : c.VendorCharge / c.VendorDischarge);
    }

    /// <summary>Area, mass and nominal capacity against what the cell did.</summary>
    private static IEnumerable<Finding> Facts(Analysis a)
    {
        var s = CyclingTechnique.SummaryOf(a);
        var e = a.Work.Electrode;
        var most = s.Cycles.Max(c => Math.Max(c.Charge?.Charge ?? 0, c.Discharge?.Charge ?? 0));
        if (s.Mass.HasValue && double.IsFinite(s.Area))
        {
            // mg/cm²: from thin films to the thickest pressed composites.
            var loading = s.Mass.Value / s.Area * 100;
            if (loading is < 0.05 or > 100)
            {
                yield return new("implausible-loading", Severity.Contradiction, FormattableString.Invariant($"{a.Work.Label}: active mass and area give {loading:G3} mg/cm2; electrodes have 0.05 to 100. One of the two is wrong (a unit, the area of the particles, the mass of the whole cell)."), [new("electrode.activeMass", s.Mass.Value * 1e6, "mg"), new("electrode.area", s.Area * 1e4, "cm2")]);
            }
        }
        if (s.Mass.HasValue && e.MolarMass is { } m)
        {
            var theoretical = Constants.Faraday / m.Value;
            var specific = s.Cycles.Max(c => c.Discharge?.Charge ?? 0) / s.Mass.Value;
            if (specific > 1.05 * theoretical)
            {
                yield return new("above-theoretical", Severity.Contradiction, FormattableString.Invariant($"{a.Work.Label}: a discharge gives {specific / 3600:F0} mAh/g, more than the {theoretical / 3600:F0} mAh/g of one lithium per formula of {m.In("g/mol"):G4} g/mol. The active mass or the molar mass is wrong, or another reaction takes part."),
                    [new("cycles[].dischargeCapacity_mAh_g", specific / 3600, "mAh/g"), new("electrode.molarMass", m.In("g/mol"), "g/mol")]);
            }
        }
        if (s.NominalCharge.HasValue && s.Cycles.Where(c => c.Complete && c.Rate < 0.25).MinBy(c => c.Rate) is { Discharge: { } slow } cycle)
        {
            var share = slow.Charge / s.NominalCharge.Value;
            if (share is > 1.4 or < 0.1)
            {
                yield return new("capacity-against-nominal", Severity.Contradiction, FormattableString.Invariant($"{a.Work.Label}: at {cycle.Rate:G2}C, by the nominal capacity, a discharge passes {share:G2} times the nominal capacity and takes {share / cycle.Rate:F0} h. Mass, area or nominal capacity is wrong, and every C-rate here with it."),
                    [new($"cycles[{cycle.Index - 1}].dischargeCapacity_mAh", slow.Charge / 3.6, "mAh"), new("electrode.nominalCapacity", s.NominalCharge.Value / 3.6, "mAh")]);
            }
        }
        if (s.NominalCharge.HasValue && most < 0.02 * s.NominalCharge.Value)
        {
            yield return new("far-below-nominal", Severity.Contradiction, FormattableString.Invariant($"{a.Work.Label}: no half cycle passes even 2 % of the nominal capacity (at most {most / 3.6:G3} of {s.NominalCharge.Value / 3.6:G3} mAh). The nominal capacity or the mass is wrong, perhaps by its unit, and every C-rate here with it; or the cell is dead."),
                [new("cycles[].chargeCapacity_mAh", most / 3.6, "mAh"), new("electrode.nominalCapacity", s.NominalCharge.Value / 3.6, "mAh")]);
        }
        if (double.IsFinite(s.Area) && most / 3.6 / (s.Area * 1e4) is > 30 and var areal)
        {
            yield return new("implausible-areal-capacity", Severity.Contradiction, FormattableString.Invariant($"{a.Work.Label}: a half cycle passes {areal:F0} mAh/cm2; electrodes hold at most some 30. The area is wrong."), [new("cycles[].chargeCapacity_mAh_cm2", areal, "mAh/cm2"), new("electrode.area", s.Area * 1e4, "cm2")]);
        }
    }
}
