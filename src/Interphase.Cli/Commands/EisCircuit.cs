using System.CommandLine;
using Interphase.Files;
using Interphase.Impedance;

namespace Interphase.Cli.Commands;

/// <summary><c>interphase eis circuit</c>: a circuit in both notations, its parameters, and a drawing.</summary>
internal static class EisCircuit
{
    public static Command Create()
    {
        var text = new Argument<string>("circuit") { Description = "The circuit, as R0-p(R1,CPE1)-Wo1 or R(RQ)W" };
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Draw it to this SVG file" };
        return Frame.Command("circuit", "Checks a circuit: both notations, its parameters with units, and a drawing.",
            """
            interphase eis circuit "R0-p(R1,CPE1)-TLM2[p(R3,CPE3)]" -o circuit.svg
            """,
            (parse, _) =>
            {
                var circuit = Circuit.Parse(parse.GetValue(text)!);
                var file = parse.GetValue(output);
                if (file is not null) { AtomicFile.WriteText(file.FullName, CircuitDrawing.Svg(circuit)); }
                var parameters = circuit.Parameters.Select(p => new { p.Name, p.Definition.Meaning, p.Definition.Unit, p.Value, p.Lower, p.Upper, Fixed = p.IsFixed });
                return new Answer(new { Circuit = circuit.ToString(), Description = circuit.ToDescription(), Parameters = parameters, Output = file?.ToString() }, writer =>
                {
                    writer.WriteLine($"{circuit}\n{circuit.ToDescription()}");
                    var table = new TextTable("", "unit", "");
                    foreach (var p in circuit.Parameters) { table.Row(p.Name, p.Definition.Unit, p.Definition.Meaning); }
                    table.Write(writer);
                    if (file is not null) { writer.WriteLine($"drawn to {file}"); }
                });
            },
            text, output);
    }
}
