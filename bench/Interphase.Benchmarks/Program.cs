using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Interphase.Benchmarks -- --filter "*Circuit*"
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
