using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SeerMoe;

/// <summary>The one way JSON leaves this tool: UTF-8, indent 2, "\n", snake_case, shortest round-trip numbers, a trailing newline.</summary>
public static class SeerJson
{
    public static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The same, one object a line (for .jsonl).</summary>
    public static readonly JsonSerializerOptions Line = new(Indented) { WriteIndented = false };

    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Indented) + "\n";

    public static void Write<T>(string path, T value) => AtomicFile.WriteText(path, Text(value));

    /// <summary>Text written token by token, for documents with long rows of numbers (see <see cref="WriteRow{T}"/>).</summary>
    public static string Text(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = Indented.Encoder }))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>Numbers on one line, so that a person can review a file of thousands of them: <c>"survivors": [0, 1, 3]</c>.</summary>
    public static void WriteRow<T>(this Utf8JsonWriter writer, string name, IEnumerable<T> numbers)
        where T : struct, INumber<T>
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue($"[{string.Join(", ", numbers.Select(number => JsonSerializer.Serialize(number)))}]");
    }

    /// <summary>What is wrong, on one line and without the reader's own place, which counts from 0.</summary>
    internal static string Reason(JsonException error)
    {
        var reason = error.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0].ReplaceLineEndings(" ");
        return reason.StartsWith("Expected depth to be zero", StringComparison.Ordinal) || reason.StartsWith("The input does not contain any JSON tokens", StringComparison.Ordinal)
            ? "the text breaks off before its end."
            : reason;
    }

    /// <exception cref="InputException">The file is absent, not JSON, or not of this form; names file, line and property.</exception>
    public static T Read<T>(string path, string whatToDo)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Indented)
                ?? throw new InputException("The file holds JSON null.", path, whatToDo);
        }
        catch (JsonException error)
        {
            throw new InputException($"Not the JSON expected here: {Reason(error)}", $"{path}({error.LineNumber + 1},{error.BytePositionInLine + 1})", whatToDo, error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The file can't be read: {error.Message}", path, whatToDo, error);
        }
    }
}
