using Interphase.Numerics;

namespace Interphase.Characterisation;

/// <summary>
/// A step of order n in a run that begins at <paramref name="Start"/> (K). What is there at the first reading is the whole of the step: a reaction of
/// order n goes on from any state by the same law, so that α counts from there exactly, with the integral of <see cref="KineticShape"/> less its value there.
/// </summary>
internal readonly record struct StepShape(double Start, double Position, double Width, double Order)
{
    private readonly double before = Math.Min(Math.Exp(KineticShape.Exponent(Start, Position, Width, Order).U), 1);

    public double Advance(double temperature) => KineticShape.Advance(temperature, Position, Width, Order, before);

    /// <summary>dα/dT, 1/K.</summary>
    public double Rate(double temperature) => KineticShape.Rate(temperature, Position, Width, Order, before);

    /// <summary>The temperature at which a share of the step is done, K.</summary>
    public double At(double share)
    {
        var (low, high) = (Math.Max(Position - (30 * Width), 0.2 * Position), Position + (60 * Width));
        for (var i = 0; i < 80; i++)
        {
            var middle = 0.5 * (low + high);
            if (Advance(middle) < share) { low = middle; }
            else { high = middle; }
        }
        return 0.5 * (low + high);
    }

    /// <summary>Where the tangent at the fastest change meets the levels before and after (ISO 11358-1).</summary>
    public (double Onset, double Peak, double End) Tangents()
    {
        var shape = this;
        var peak = GoldenSection.Of(Position - (4 * Width), Position + (4 * Width), 60, t => -shape.Rate(t)).X;
        var (rate, done) = (Rate(peak), Advance(peak));
        return (peak - (done / rate), peak, peak + ((1 - done) / rate));
    }
}
