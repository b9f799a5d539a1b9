using System.Text;
using System.Text.Json;

namespace SeerMoe.Torch.Calibration;

/// <summary>Lines of a data file, with their numbers for error messages; blank lines are skipped.</summary>
public static class DataLines
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Line numbers count from 1.</summary>
    /// <exception cref="InputException">The file is absent, empty or not UTF-8.</exception>
    public static IEnumerable<(int Number, string Line)> Read(string path)
    {
        RefuseAbsent(path);
        using var reader = new StreamReader(path, Strict);
        var any = false;
        for (var number = 1; NextLine(reader, path, number) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                any = true;
                yield return (number, line);
            }
        }

        if (!any)
        {
            throw new InputException("The data file is empty.", path, "Give a file with at least one document.");
        }
    }

    /// <summary>The whole file as one text.</summary>
    public static string ReadAll(string path)
    {
        RefuseAbsent(path);
        try
        {
            // As the line reader does, a byte order mark is no text.
            var text = Strict.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
            return text.Length > 0 ? text : throw new InputException("The data file is empty.", path, "Give a file with some text.");
        }
        catch (DecoderFallbackException error)
        {
            throw NotUtf8($"{path}: byte {error.Index}", error);
        }
    }

    /// <summary>One line as JSON.</summary>
    public static T Parse<T>(string line, string path, int number, string whatToDo)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(line) ?? throw new InputException("The line holds JSON null.", $"{path}({number})", whatToDo);
        }
        catch (JsonException error)
        {
            throw new InputException("The line is not the JSON expected here.", $"{path}({number},{error.BytePositionInLine + 1})", whatToDo, error);
        }
    }

    private static string? NextLine(StreamReader reader, string path, int number)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (DecoderFallbackException error)
        {
            // The reader decodes ahead in blocks: the line is where it stood, not where the byte is.
            throw NotUtf8($"{path}, at or after line {number}", error);
        }
    }

    private static void RefuseAbsent(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputException("The data file does not exist.", path, "Check the path; relative paths start at the current folder.");
        }
    }

    private static InputException NotUtf8(string where, Exception inner) =>
        new("The data file is not UTF-8 text.", where, "Convert it to UTF-8.", inner);
}
