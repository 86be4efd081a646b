using System.Diagnostics;
using System.Globalization;
using Interphase.Files;
using Interphase.Instruments;
using Interphase.Measurements;

namespace Interphase.Benchmarks;

/// <summary>
/// Speed and memory of reading and writing, the least of many runs, so that what else the machine does counts little. Memory is
/// everything that was allocated, so that the peak is at most that, over the bytes of the columns.
/// </summary>
internal static class ReadingTable
{
    private const int Runs = 25;

    public static void Print(TextWriter output, string? ndax)
    {
        output.WriteLine("                                              rows   least time    M rows/s      MB/s   allocated / columns");
        Line("mpr, 16 columns, version 3", InstrumentBenchmarks.Mpr(1_000_000), "x.mpr");
        if (ndax is not null) { Line("ndax, table version 14", File.ReadAllBytes(ndax), "x.ndax"); }
        Line("mpt, 8 columns", InstrumentBenchmarks.Mpt(200_000), "x.mpt");
        Line("BDF csv, 4 columns", InstrumentBenchmarks.BdfCsv(500_000), "x.bdf.csv");
        var written = new MemoryStream();
        var series = InstrumentFile.Read(new MemoryStream(InstrumentBenchmarks.BdfCsv(500_000)), "x.bdf.csv").Series!;
        DelimitedColumn[] columns = [.. series.Columns.Select(c => new DelimitedColumn(c.Name, c.Values))];
        DelimitedWriter.Write(written, columns);
        var bytes = written.ToArray();
        Line("the same written", bytes, "", () =>
        {
            written.Position = 0;
            DelimitedWriter.Write(written, columns);
            return series;
        });

        void Line(string name, byte[] file, string path, Func<TimeSeries>? act = null)
        {
            var least = double.PositiveInfinity;
            long allocated = 0, held = 0;
            var rows = 0;
            for (var run = 0; run < Runs; run++)
            {
                GC.Collect();
                var before = GC.GetTotalAllocatedBytes(precise: true);
                var watch = Stopwatch.StartNew();
                var read = act is null ? InstrumentFile.Read(new MemoryStream(file), path).Series! : act();
                least = Math.Min(least, watch.Elapsed.TotalSeconds);
                allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
                held = read.Columns.Sum(c => 8L * c.Values.Length);
                rows = read.Count;
            }
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-40}{rows,10:N0}{least * 1e3,10:F0} ms{rows / least / 1e6,12:F1}{file.Length / least / 1e6,10:F0}{(double)allocated / held,22:F2}"));
        }
    }
}
