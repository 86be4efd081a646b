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

    /// <summary>At one charge the rest potential lies between the slowest discharge and charge of the same cell, if both started alike.</summary>
    private static IEnumerable<Finding> RestsAgainstCurves(Analysis titration, IReadOnlyList<Analysis> analyses)
    {
        var gitt = (Gitt)titration.Result;
        var own = analyses.Where(a => a.Technique == "cycling" && a.Work.Cell is not null && ReferenceEquals(a.Work.Cell, titration.Work.Cell)).ToArray();
        var whole = own.SelectMany(a => CyclingTechnique.SummaryOf(a).Cycles.Select(c => (Analysis: a, Cycle: c)))
            .Where(c => c.Cycle is { Discharge: { Curve.Charge.Length: > 20 } }).ToArray();
        if (whole.Length == 0) { yield break; }
        var slowest = whole.MinBy(c => Math.Abs(c.Cycle.Discharge!.Current));
        var discharge = slowest.Cycle.Discharge!;
        var pulses = gitt.Pulses.Where(p => p.Current < 0 && p.RestPotential.HasValue && p.Series == gitt.Pulses[0].Series).ToArray();
        if (pulses.Length < 5) { yield break; }
        // Charge is counted from the start of each: the two must begin at one state for that to mean anything.
        var start = pulses[0].RestPotentialBefore.Value;
        var curve = discharge.Curve;
        if (Math.Abs(start - curve.Potential[0]) > 0.15) { yield break; }
        var zero = pulses[0].MeanCharge + (0.5 * Math.Abs(pulses[0].Current) * pulses[0].Duration);
        var compared = pulses.Select(p => (Pulse: p, Charge: zero - p.MeanCharge + (0.5 * Math.Abs(p.Current) * p.Duration))).Where(p => p.Charge < 0.9 * curve.Charge[^1])
            .Select(p => p.Pulse.RestPotential.Value - Cycle.At(curve, p.Charge)).Where(double.IsFinite).ToArray();
        if (compared.Length < 5) { yield break; }
        var middle = compared.Order().ElementAt(compared.Length / 2);
        var below = compared.Count(d => d < -0.01);
        var wrong = below > compared.Length / 4;
        yield return new($"rests-against-curve-{Slug.Of(titration.Work.Label)}", wrong ? Severity.Contradiction : Severity.Note,
            FormattableString.Invariant($"{titration.Work.Label}: the rest potentials of the titration lie {(middle < 0 ? "below" : "above")} the slowest discharge at the same charge, by {1e3 * Math.Abs(middle):F0} mV in the middle of {compared.Length} pulses. ") +
            (wrong ? FormattableString.Invariant($"{below} of them lie more than 10 mV below it, where an equilibrium cannot lie: the cell had aged or begun at another state of charge, or the two scales of potential differ.") : "That is the discharge's overpotential, as it must be."),
            [new("gitt.pulses[].restPotential", middle, "V"), new("cycling.cycles[].index", slowest.Cycle.Index, "1"), new("pulses below the curve", below, "1")]);
    }

    /// <summary>Our efficiencies beside those of the instrument's own counters.</summary>
    private static IEnumerable<Finding> Counters(Analysis a)
    {
        var s = CyclingTechnique.SummaryOf(a);
        var cycles = s.Cycles.Where(c => c.Complete && c.VendorCharge > 0 && c.VendorDischarge > 0 && double.IsFinite(c.CoulombicEfficiency)).ToArray();
        if (cycles.Length == 0) { yield break; }
        var charges = s.Convention.BeginsOn == "charge";
        var worst = cycles.MaxBy(c => Math.Abs(Off(c)))!;
        var off = Off(worst);
        yield return new("efficiency-against-counters", Math.Abs(off) > 0.005 ? Severity.Contradiction : Severity.Note,
            FormattableString.Invariant($"{a.Work.Label}: coulombic efficiencies from the current differ from those of the instrument's own counters by at most {100 * Math.Abs(off):F2} points (cycle {worst.Index} of {cycles.Length} compared). ") +
            (Math.Abs(off) > 0.005 ? "The file's current is rounded or recorded too coarsely, or the counters were reset: trust neither to better than that." : "They agree."),
            [new($"cycles[{worst.Index - 1}].coulombicEfficiency", worst.CoulombicEfficiency, "1"), new($"cycles[{worst.Index - 1}].vendor", worst.CoulombicEfficiency - off, "1")]);

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
        if (double.IsFinite(s.Area) && most / 3.6 / (s.Area * 1e4) is > 30 and var areal)
        {
            yield return new("implausible-areal-capacity", Severity.Contradiction, FormattableString.Invariant($"{a.Work.Label}: a half cycle passes {areal:F0} mAh/cm2; electrodes hold at most some 30. The area is wrong."), [new("cycles[].chargeCapacity_mAh_cm2", areal, "mAh/cm2"), new("electrode.area", s.Area * 1e4, "cm2")]);
        }
    }
}
