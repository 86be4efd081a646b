#:property PublishAot=false
#:project ../src/Interphase/Interphase.csproj
// What a coating is, from a scan of its powder and a micrograph of its edge: dotnet run examples/coating.cs -- powder.xy edge.dm3 [nanometres a pixel]
using System.Globalization;
using Interphase.Characterisation;
using Interphase.Instruments;

var powder = XrdAnalysis.Analyse(InstrumentFile.Read(args[0]));
Console.WriteLine($"crystallinity {powder.Crystallinity.Value:F2} ± {powder.Crystallinity.StandardError:F2}: {string.Join(", ", powder.Phases.Select(p => p.Phase.Name))}");

double? pixel = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) * 1e-9 : null;
var edge = MicrographAnalysis.Analyse(InstrumentFile.Read(args[1]), new() { PixelSize = pixel });
Console.WriteLine($"the edge is {edge.State}, {1e9 * edge.Thickness?.Median.Value:F1} ± {1e9 * edge.Thickness?.Median.StandardError:F1} nm thick");
foreach (var warning in powder.Warnings.Concat(edge.Warnings)) { Console.WriteLine($"warning: {warning.Text}"); }
