using BenchmarkDotNet.Running;
using Interphase.Benchmarks;

// dotnet run -c Release --project bench/Interphase.Benchmarks -- --filter "*Circuit*"
// dotnet run -c Release --project bench/Interphase.Benchmarks -- table      each simulation with its error beside its time
// dotnet run -c Release --project bench/Interphase.Benchmarks -- ndax SOURCE.ndax LONG.ndax 70   a long file, to time a whole conversion
if (args is ["ndax", var source, var target, var times]) { LongNdax.Write(source, target, int.Parse(times, System.Globalization.CultureInfo.InvariantCulture)); }
// dotnet run -c Release --project bench/Interphase.Benchmarks -- reading [LONG.ndax]                   rows and megabytes a second of each kind of file
else if (args is ["reading", ..]) { ReadingTable.Print(Console.Out, args.Skip(1).FirstOrDefault()); }
// dotnet run -c Release --project bench/Interphase.Benchmarks -- impedance [interphase.dll]      each impedance case beside its target
else if (args is ["impedance", ..]) { ImpedanceTable.Print(Console.Out, args.ElementAtOrDefault(1)); }
// dotnet run -c Release --project bench/Interphase.Benchmarks -- micrograph interphase.dll [3]   large micrographs as whole commands
else if (args is ["micrograph", var micrograph, ..]) { MicrographTable.Print(Console.Out, micrograph, args.Length > 2 ? int.Parse(args[2], System.Globalization.CultureInfo.InvariantCulture) : 3); }
else if (args is ["table"]) { SimulationTable.Print(Console.Out); }
else { BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args); }
