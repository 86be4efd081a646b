using System.Numerics;

namespace Interphase.Simulation;

/// <summary>A simulation as JSON.</summary>
public static class SimulationContract
{
    /// <summary>Steps, spectra, what polarised the cell, lithium balance and solver statistics; the series is written to a file.</summary>
    public static object Contract(this SimulationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var grams = result.Cell.ActiveMass * 1000;
        return new
        {
            cell = result.Cell.Name,
            steps = result.Steps.Select(s => new
            {
                index = s.Index,
                text = s.Text,
                cycle = s.Cycle,
                start = s.Start,
                duration = s.Duration,
                charge_Ah = s.Charge / 3600,
                capacity_mAh_g = Math.Abs(s.Charge) / 3.6 / grams,
                energy_Wh = s.Energy / 3600,
                startPotential = s.StartPotential,
                endPotential = s.EndPotential,
                endTemperature = s.EndTemperature,
                endedBy = s.EndedBy,
            }),
            spectra = result.Spectra.Select(s => new
            {
                step = s.Step,
                time = s.Spectrum.Time,
                potential = s.Spectrum.Potential,
                frequency = s.Spectrum.Frequency,
                real = Real(s.Spectrum.Impedance),
                imaginary = Imaginary(s.Spectrum.Impedance),
                split = new
                {
                    electrolyte = Part(s.Split.Electrolyte),
                    coating = Part(s.Split.Coating),
                    chargeTransfer = Part(s.Split.ChargeTransfer),
                    diffusion = Part(s.Split.Diffusion),
                    counterElectrode = Part(s.Split.CounterElectrode),
                },
            }),
            polarisation = result.Polarisation is not { } p ? null : new
            {
                time = result.Series.Time.ToArray(),
                potential = result.Series.Potential.ToArray(),
                p.Equilibrium, p.Separator, p.Electrolyte, p.Electronic, p.Coating, p.ChargeTransfer, p.Diffusion, p.Unevenness, p.CounterElectrode,
            },
            lithiumBalance = result.LithiumBalance,
            heat = result.Heat is not { } h ? null : new { produced_J = h.Produced, ohmic_J = h.Ohmic, reaction_J = h.Reaction, reversible_J = h.Reversible, stored_J = h.Stored, lost_J = h.Lost },
            statistics = new
            {
                steps = result.Statistics.Steps,
                rejected = result.Statistics.Rejected,
                newtonIterations = result.Statistics.NewtonIterations,
                jacobians = result.Statistics.Jacobians,
                wallTime_ms = result.Statistics.WallTime * 1000,
            },
            stoppedBy = result.StoppedBy,
            warnings = double.IsNaN(grams) ? result.Warnings.Append(new("steps.capacity_mAh_g", "the mass of active material is not known: state positive.activeMaterial.density")) : result.Warnings,
        };

        static object Part(Complex[] z) => new { real = Real(z), imaginary = Imaginary(z) };
        static double[] Real(Complex[] z) => [.. z.Select(v => v.Real)];
        static double[] Imaginary(Complex[] z) => [.. z.Select(v => v.Imaginary)];
    }
}
