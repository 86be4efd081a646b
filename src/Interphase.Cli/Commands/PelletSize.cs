using System.CommandLine;
using Interphase.Impedance;

namespace Interphase.Cli.Commands;

/// <summary>The options that say how large a pellet is.</summary>
internal sealed class PelletSize
{
    public Option<string> Thickness { get; } = new("--thickness") { Description = "Thickness, as \"0.80 +- 0.02 mm\"", Required = true };

    public Option<string?> Diameter { get; } = new("--diameter") { Description = "Diameter of a round pellet, as 10mm" };

    public Option<string?> Area { get; } = new("--area") { Description = "Area of a face, as 0.785cm2" };

    /// <exception cref="InputException">None or two sizes are given, or one that is not positive.</exception>
    public PelletGeometry Of(ParseResult parse, double? relativeDensity = null)
    {
        var t = EisFiles.Quantity(parse.GetValue(Thickness), "m", "--thickness")!.Value;
        var d = EisFiles.Quantity(parse.GetValue(Diameter), "m", "--diameter");
        var a = EisFiles.Quantity(parse.GetValue(Area), "m2", "--area");
        if ((d is null) == (a is null)) { throw new InputException(d is null ? "the pellet's size is missing" : "the pellet has two sizes", "--diameter, --area", "give one of the two, as --diameter 10mm"); }
        if (t.Value <= 0 || d is { Value: <= 0 } || a is { Value: <= 0 }) { throw new InputException("a length or area is not positive", "--thickness, --diameter, --area", "give positive ones"); }
        return d is { } round ? PelletGeometry.Round(t, round, relativeDensity) : new PelletGeometry(t, a!.Value, relativeDensity);
    }
}
