using Interphase.Numerics;

namespace Interphase.Simulation;

/// <summary>
/// One step of time: four stages of <see cref="Esdirk3"/>, and the error of the step as the difference of its two solutions in the
/// surface stoichiometry of every class, the salt, the terminal potential and a current that is not held, in units of the tolerance.
/// </summary>
internal sealed class Stepper
{
    private readonly CellSystem system;
    private readonly double relative;
    private readonly double absolute;
    private readonly double[][] surface;
    private readonly double[] salt;

    public Stepper(CellSystem system, double relative, double absolute)
    {
        this.system = system;
        this.relative = relative;
        this.absolute = absolute;
        surface = [.. system.Domains.Select(d => new double[d.Particles.Lanes])];
        salt = new double[system.Points];
    }

    /// <summary>∫ I dt of the step, C/m², discharge positive; what the particles took up to round-off.</summary>
    public double Charge { get; private set; }

    /// <summary>∫ I V dt of the step, J/m².</summary>
    public double Energy { get; private set; }

    /// <summary>Heat produced in the step, J/m², where the temperature lives.</summary>
    public HeatRate Heat { get; private set; }

    /// <summary>Heat lost to the surroundings in the step, J/m².</summary>
    public double HeatLost { get; private set; }

    /// <summary>dV/dt at the end of the step, V/s.</summary>
    public double Drift { get; private set; }

    /// <summary>Tolerance Newton's method works to.</summary>
    public double Tolerance => relative + absolute;

    /// <summary>Takes a step from the start of the system to its state; not accepted yet. The error in units of the tolerance, or NaN where a stage has no solution.</summary>
    public double Try(double time, double h, Control control)
    {
        const double g = Esdirk3.Gamma;
        var tau = g * h;
        double i1 = system.CurrentStart, v1 = system.PotentialStart;
        double t1 = system.TemperatureStart;
        var q1 = system.HeatStart;
        system.Combine(h, g, 0, 0);
        system.Predict(Esdirk3.C2 * h);
        if (!system.Solve(tau, control, time + (Esdirk3.C2 * h), Tolerance)) { return double.NaN; }
        system.KeepSlope(2, tau);
        double i2 = system.Current, v2 = system.Potential, t2 = system.Temperature;
        var q2 = system.Heat;
        system.Combine(h, Esdirk3.A31, Esdirk3.A32, 0);
        system.Extend();
        if (!system.Solve(tau, control, time + h, Tolerance)) { return double.NaN; }
        system.KeepSlope(3, tau);
        double i3 = system.Current, v3 = system.Potential, t3 = system.Temperature;
        var q3 = system.Heat;
        var index = 0;
        if (system.Negative is { } n) { n.Particles.Surface[..n.Particles.Lanes].CopyTo(surface[index++]); }
        if (system.Positive is { } p) { p.Particles.Surface[..p.Particles.Lanes].CopyTo(surface[index]); }
        system.Salt.CopyTo(salt);
        system.Combine(h, Esdirk3.A41, Esdirk3.A42, Esdirk3.A43);
        if (!system.Solve(tau, control, time + h, Tolerance)) { return double.NaN; }
        system.KeepSlope(4, tau);
        double i4 = system.Current, v4 = system.Potential, t4 = system.Temperature;
        var q4 = system.Heat;
        double Whole(double a, double b, double c, double d) => h * ((Esdirk3.A41 * a) + (Esdirk3.A42 * b) + (Esdirk3.A43 * c) + (g * d));
        Charge = Whole(i1, i2, i3, i4);
        Energy = Whole(i1 * v1, i2 * v2, i3 * v3, i4 * v4);
        if (system.IsThermal)
        {
            Heat = new(Whole(q1.Total, q2.Total, q3.Total, q4.Total), Whole(q1.Reaction, q2.Reaction, q3.Reaction, q4.Reaction), Whole(q1.Reversible, q2.Reversible, q3.Reversible, q4.Reversible));
            HeatLost = Whole(system.Loss(t1), system.Loss(t2), system.Loss(t3), system.Loss(t4));
        }
        // Slope at the end of the parabola through the start, stage 2 and the end.
        const double c = Esdirk3.C2;
        Drift = ((v1 * (1 - c) / c) - (v2 / (c * (1 - c))) + (v4 * (2 - c) / (1 - c))) / h;
        var error = Math.Abs(v4 - v3) / (absolute + (relative * Math.Abs(v4)));
        if (system.IsThermal) { error = Math.Max(error, Math.Abs(t4 - t3) / (CellSystem.TemperatureScale * (absolute + relative))); }
        // A current that settles so fast that it passes no charge to speak of is not resolved.
        if (control.Kind != ControlKind.Current && h * Math.Abs(i4 - i3) > 1e-9 * 3600 * system.OneC)
        {
            error = Math.Max(error, Math.Abs(i4 - i3) / (3 * relative * (Math.Abs(i4) + (0.02 * system.OneC))));
        }
        index = 0;
        if (system.Negative is not null) { error = Math.Max(error, SurfaceError(system.Negative, surface[index++])); }
        if (system.Positive is not null) { error = Math.Max(error, SurfaceError(system.Positive, surface[index])); }
        if (system.HasSalt)
        {
            var after = system.Salt;
            for (var i = 0; i < salt.Length; i++) { error = Math.Max(error, Math.Abs(after[i] - salt[i]) / (system.RestSalt * (absolute + relative))); }
        }
        return error;
    }

    private double SurfaceError(PorousDomain domain, double[] embedded)
    {
        var most = 0.0;
        var x = domain.Particles.Surface;
        for (var l = 0; l < embedded.Length; l++) { most = Math.Max(most, Math.Abs(x[l] - embedded[l])); }
        return most / (absolute + relative);
    }
}
