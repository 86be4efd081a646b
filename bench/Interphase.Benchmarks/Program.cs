using BenchmarkDotNet.Running;
using Interphase.Benchmarks;

// dotnet run -c Release --project bench/Interphase.Benchmarks -- --filter "*Circuit*"
// dotnet run -c Release --project bench/Interphase.Benchmarks -- table      each simulation with its error beside its time
if (args is ["table"]) { SimulationTable.Print(Console.Out); }
else { BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args); }
