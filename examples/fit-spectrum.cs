#:property PublishAot=false
#:project ../src/Interphase/Interphase.csproj
// A circuit fitted to the first spectrum of any impedance file: dotnet run examples/fit-spectrum.cs -- peis.mpr
using Interphase.Impedance;
using Interphase.Instruments;

var spectrum = InstrumentFile.Read(args[0]).Spectra[0];
var fit = CircuitFit.Fit(spectrum, Circuit.Parse(args.Length > 1 ? args[1] : "R0-p(R1,CPE1)-CPE2"));
foreach (var p in fit.Parameters)
{
    Console.WriteLine(p.Identifiable ? $"{p.Name} = {p.Value:G4} ± {p.Estimate.StandardError:G2} {p.Unit}" : $"{p.Name} is not identifiable");
}
Console.WriteLine($"reduced chi-squared {fit.ReducedChiSquared:G3} over {fit.Points} points");
