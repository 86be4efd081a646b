#:property PublishAot=false
#:project ../src/Interphase/Interphase.csproj
// A shipped cell charged and discharged: dotnet run examples/simulate-cell.cs
using Interphase.Cells;
using Interphase.Simulation;

var cell = Cell.Load("lnto-450");
var run = Simulator.Run(cell, ProtocolText.Parse("Charge at C/10 until 3.8 V; Discharge at 1C until 2.2 V", "example"));
foreach (var step in run.Steps)
{
    Console.WriteLine($"{step.Text}: {Math.Abs(step.Charge) / 3.6 / (cell.ActiveMass * 1e3):F1} mAh/g, ended by {step.EndedBy}");
}
