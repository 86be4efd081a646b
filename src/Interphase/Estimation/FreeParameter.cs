namespace Interphase.Estimation;

/// <summary>A parameter that a fit may change between two bounds.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Unit">Of its value.</param>
/// <param name="Lower">Smallest value.</param>
/// <param name="Upper">Largest value.</param>
/// <param name="Logarithmic">True where the fit moves on its logarithm.</param>
public sealed record FreeParameter(string Name, string Unit, double Lower, double Upper, bool Logarithmic = false)
{
    /// <summary>The value at a place between the bounds.</summary>
    /// <param name="place">0 at the lower bound, 1 at the upper.</param>
    public double Value(double place) => place <= 0 ? Lower : place >= 1 ? Upper : Logarithmic ? Lower * Math.Pow(Upper / Lower, place) : Lower + (place * (Upper - Lower));

    /// <summary>Where between the bounds a value lies, 0…1.</summary>
    /// <param name="value">The value.</param>
    public double Place(double value) => Math.Clamp(Logarithmic ? Math.Log(value / Lower) / Math.Log(Upper / Lower) : (value - Lower) / (Upper - Lower), 0, 1);

    /// <summary>dValue/dPlace.</summary>
    internal double Slope(double place) => Logarithmic ? Value(place) * Math.Log(Upper / Lower) : Upper - Lower;
}
