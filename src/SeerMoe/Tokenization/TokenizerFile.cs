using System.Text.Json;

namespace SeerMoe.Tokenization;

/// <summary>How the files of a tokenizer are read: whatever is wrong with one is told as its user's fault, in three lines.</summary>
internal static class TokenizerFile
{
    /// <summary>Null where there is no such file.</summary>
    public static JsonElement? Json(string path) =>
        File.Exists(path) ? SeerJson.Read<JsonElement>(path, "Copy the file again from the model's source.") : null;

    /// <summary>A <see cref="NotSupportedException"/> names a component; the other exceptions of parsing mean a file that is not of its form.</summary>
    public static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (NotSupportedException component)
        {
            throw new InputException(
                $"The tokenizer has {component.Message}, which is not supported.", path, "Tokenize the data elsewhere and pass it with --format tokens.", component);
        }
        catch (InvalidDataException error)
        {
            throw new InputException($"Not a SentencePiece model: {error.Message}", path, "Copy it again from the model's source.", error);
        }
        catch (Exception error) when (error is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or IndexOutOfRangeException)
        {
            throw new InputException($"Not as Hugging Face writes this file: {error.Message}", path, "Copy it again from the model's source.", error);
        }
    }
}
