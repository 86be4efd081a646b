#:property PublishAot=false
#:project ../src/Interphase/Interphase.csproj
// A study from its file to its report: dotnet run examples/run-study.cs -- study.yaml report
using Interphase.Studies;

var study = StudyFile.Read(args[0]);
using var folder = ReportFolder.Open(args[1]);
var result = StudyRun.Run(study);
StudyReport.Write(result, folder);
foreach (var row in result.Comparison)
{
    Console.WriteLine($"{row.Quantity} ({row.Unit}): {string.Join(", ", row.Values.Select(v => $"{v.Sample} {v.Value.Value:G4}"))}");
}
