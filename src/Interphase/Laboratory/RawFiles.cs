using System.Globalization;
using System.Text;
using Interphase.Measurements;
using Interphase.Results;

namespace Interphase.Laboratory;

/// <summary>
/// Writes what virtual instruments recorded as the files of real ones, each marked as synthetic where the format has room
/// for words.
/// </summary>
internal static class RawFiles
{
    public const string Mark = "SYNTHETIC: computed by the virtual laboratory of Interphase and not measured";
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>EC-Lab text of galvanostatic or voltammetric rows: <c>Ns, time/s, Ewe/V, I/mA, cycle number</c>.</summary>
    public static string Mpt(string technique, TimeSeries series, DateTime start, string instrument)
    {
        var steps = series.Find(ColumnNames.Step)?.Values;
        var cycles = series.Find(ColumnNames.Cycle)?.Values;
        var columns = (List<string>)["Ns", "time/s", "Ewe/V", "I/mA"];
        if (cycles is not null) { columns.Add("cycle number"); }
        var rows = new StringBuilder();
        for (var i = 0; i < series.Count; i++)
        {
            rows.Append(Plain, $"{(steps is null ? 0 : steps[i]):0}\t{series.Time[i]:0.000####}\t{series.Potential[i]:0.0000000}\t{series.Current[i] * 1e3:0.000000E+0}");
            if (cycles is not null) { rows.Append(Plain, $"\t{cycles[i]:0}"); }
            rows.Append("\r\n");
        }
        return EcLab(technique, columns, rows, start, instrument);
    }

    /// <summary>EC-Lab text of spectra, several in a file by their cycle number.</summary>
    public static string Mpt(IReadOnlyList<ImpedanceSpectrum> spectra, DateTime start, string instrument)
    {
        var rows = new StringBuilder();
        for (var k = 0; k < spectra.Count; k++)
        {
            var s = spectra[k];
            var t = s.Time ?? 0;
            for (var i = 0; i < s.Count; i++)
            {
                var z = s.Impedance[i];
                t += Math.Max(0.2, 3 / s.Frequency[i]);
                rows.Append(Plain, $"{s.Frequency[i]:0.0000000E+0}\t{z.Real:0.0000000E+0}\t{-z.Imaginary:0.0000000E+0}\t{z.Magnitude:0.0000000E+0}\t{z.Phase * 180 / Math.PI:0.0000000E+0}\t{t:0.000}\t{s.Potential ?? 0:0.0000000}\t{k + 1}\r\n");
            }
        }
        return EcLab("Potentio Electrochemical Impedance Spectroscopy", ["freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm", "|Z|/Ohm", "Phase(Z)/deg", "time/s", "<Ewe>/V", "cycle number"], rows, start, instrument);
    }

    private static string EcLab(string technique, IReadOnlyList<string> columns, StringBuilder rows, DateTime start, string instrument)
    {
        string[] head =
        [
            "EC-Lab ASCII FILE", "", technique, "", $"Comments : {Mark}", $"Device : virtual {instrument}",
            string.Create(Plain, $"Acquisition started on : {start:MM/dd/yyyy HH:mm:ss.fff}"), "",
        ];
        return $"{head[0]}\r\nNb header lines : {head.Length + 2}\r\n{string.Join("\r\n", head.Skip(1))}\r\n{string.Join('\t', columns)}\t\r\n{rows}";
    }

    /// <summary>A cycler's flat csv: one row a record, units in the header, current positive on charge.</summary>
    public static string CyclerCsv(TimeSeries series)
    {
        var steps = series.Find(ColumnNames.Step)?.Values;
        var cycles = series.Find(ColumnNames.Cycle)?.Values;
        var text = new StringBuilder("Record Index,Cycle Index,Step Index,Total Time(s),Voltage(V),Current(mA)\r\n");
        for (var i = 0; i < series.Count; i++)
        {
            text.Append(Plain, $"{i + 1},{(cycles is null ? 1 : cycles[i]):0},{(steps is null ? 1 : steps[i] + 1):0},{series.Time[i]:0.000},{series.Potential[i]:0.0000},{series.Current[i] * 1e3:0.000000}\r\n");
        }
        return text.ToString();
    }

    /// <summary>A grey 16-bit TIFF, its scale written as ImageJ does: pixels a nanometre, and the unit in a line of the description.</summary>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="values">Row by row, whole numbers up to 65535.</param>
    /// <param name="pixel">m, or 1/m.</param>
    /// <param name="reciprocal">The image is a diffraction pattern.</param>
    public static byte[] Tiff(int width, int height, float[] values, double pixel, bool reciprocal)
    {
        const ushort word = 3, number = 4, rational = 5;
        var description = Encoding.ASCII.GetBytes($"{Mark}\nunit={(reciprocal ? "1/nm" : "nm")}\n\0");
        var size = (uint)Math.Round(pixel * (reciprocal ? 1e-9 : 1e9) * 1e6);
        const int entries = 12, tags = 8;
        var text = tags + 2 + (12 * entries) + 4;
        var scale = text + description.Length + (description.Length & 1);
        var data = scale + 8;
        using var file = new MemoryStream();
        using var to = new BinaryWriter(file);
        to.Write("II"u8);
        to.Write((ushort)42);
        to.Write(tags);
        to.Write((ushort)entries);
        void Entry(ushort tag, ushort type, int count, int value) { to.Write(tag); to.Write(type); to.Write(count); to.Write(value); }
        Entry(256, number, 1, width);
        Entry(257, number, 1, height);
        Entry(258, word, 1, 16);
        Entry(259, word, 1, 1);
        Entry(262, word, 1, 1);
        Entry(270, 2, description.Length, text);
        Entry(273, number, 1, data);
        Entry(278, number, 1, height);
        Entry(279, number, 1, 2 * width * height);
        Entry(282, rational, 1, scale);
        Entry(283, rational, 1, scale);
        Entry(296, word, 1, 1);
        to.Write(0);
        to.Write(description);
        if ((description.Length & 1) == 1) { to.Write((byte)0); }
        to.Write(1_000_000u);
        to.Write(size);
        foreach (var v in values) { to.Write((ushort)Math.Clamp(MathF.Round(v), 0, ushort.MaxValue)); }
        return file.ToArray();
    }

    /// <summary>What is said of a file that has no room for it, in a file beside it.</summary>
    public static string Beside(string file, string instrument) => Json.Text(new
    {
        sourceFile = file,
        metadata = new[] { new { name = MetadataNames.Comments, text = Mark }, new { name = MetadataNames.Instrument, text = $"virtual {instrument}" } },
    }) + "\n";

    /// <summary>ZPlot text of one spectrum.</summary>
    public static string ZPlot(ImpedanceSpectrum s, DateTime start)
    {
        var text = new StringBuilder("ZPLOT2 ASCII\r\n");
        text.Append(Plain, $"Experiment Type: Potential\r\nComments: {Mark}\r\nDate: {start:M-d-yyyy}\r\nTime: {start:HH:mm:ss}\r\nSurface Area: 1\r\n");
        text.Append("  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange\r\nEnd Comments\r\n");
        double t = 0;
        for (var i = 0; i < s.Count; i++)
        {
            t += Math.Max(0.2, 3 / s.Frequency[i]);
            text.Append(Plain, $"{s.Frequency[i]:0.0000E+00}\t1.0000E-02\t0.0000E+00\t{t:0.0000E+00}\t{s.Impedance[i].Real:0.0000000E+00}\t{s.Impedance[i].Imaginary:0.0000000E+00}\t0.0000E+00\t0\t0\r\n");
        }
        return text.ToString();
    }
}
