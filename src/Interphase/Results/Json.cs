using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Interphase.Results;

/// <summary>
/// How results become JSON: camelCase, enumerations as words, never NaN (a missing number is <c>null</c>).
/// Each analysis has one contract function that lists its keys and units as an anonymous object and passes it here.
/// </summary>
public static class Json
{
    /// <summary>The one set of options.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        Converters = { new FiniteNumber(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Any object as a JSON node.</summary>
    public static JsonNode Of(object value) => JsonSerializer.SerializeToNode(value, Options)!;

    /// <summary>Any object as JSON text.</summary>
    public static string Text(object value) => JsonSerializer.Serialize(value, Options);

    private sealed class FiniteNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override bool HandleNull => true;

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) { writer.WriteNumberValue(value); }
            else { writer.WriteNullValue(); }
        }
    }
}
