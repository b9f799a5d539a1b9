using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SeerMoe.Tokenization.HuggingFace;

/// <summary>The decoder of a tokenizer.json: tokens to text. Each of its steps takes all tokens and gives the pieces for the next one.</summary>
internal static class Decoders
{
    /// <exception cref="NotSupportedException">A decoder that is not supported, by name, or none at all.</exception>
    public static Func<IEnumerable<string>, string> Read(JsonElement? decoder)
    {
        Func<IEnumerable<string>, IEnumerable<string>>[] steps = [.. Component.Flatten("decoder", decoder, "decoders").Select(Read)];
        return decoder is null
            ? throw new NotSupportedException("decoder null")
            : tokens => string.Concat(steps.Aggregate(tokens, (pieces, step) => step(pieces)));
    }

    private static Func<IEnumerable<string>, IEnumerable<string>> Read(Component step)
    {
        switch (step.Type)
        {
            case "ByteLevel":
                step.Known("add_prefix_space", "trim_offsets", "use_regex"); // of its pre-tokenizer; decoding asks for none of them
                return tokens => [TextOfBytes(tokens)];
            case "ByteFallback":
                step.Known();
                return JoinBytes;
            case "Fuse":
                step.Known();
                return tokens => [string.Concat(tokens)];
            case "Replace":
                step.Known("pattern", "content");
                var (pattern, content) = (step.LiteralPattern() ?? throw step.With("a regular expression"), step.Json.Text("content"));
                return tokens => tokens.Select(token => token.Replace(pattern, content, StringComparison.Ordinal));
            case "Strip":
                step.Known("content", "start", "stop");
                var (stripped, start, stop) = (step.Character("content"), step.Json.GetProperty("start").GetInt32(), step.Json.GetProperty("stop").GetInt32());
                return tokens => tokens.Select(token => Strip(token, stripped, start, stop));
            case "Metaspace":
                var options = MetaspaceOptions.Read(step);
                return tokens => tokens.Select((token, index) => WithSpaces(token, options, isFirst: index == 0));
            default:
                throw step.Unsupported();
        }
    }

    private static string TextOfBytes(IEnumerable<string> tokens)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var token in tokens)
        {
            bytes.Write(ByteAlphabet.Bytes(token));
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Runs of tokens like &lt;0xC3> become the text of their bytes; where they have none, a U+FFFD each.</summary>
    private static IEnumerable<string> JoinBytes(IEnumerable<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (ByteToken.TryParse(token, out var value))
            {
                bytes.Add(value);
                continue;
            }

            if (bytes.Count > 0)
            {
                yield return Text(bytes);
                bytes.Clear();
            }

            yield return token;
        }

        if (bytes.Count > 0)
        {
            yield return Text(bytes);
        }
    }

    private static string Text(List<byte> bytes) =>
        bytes.ToArray() is var run && Utf8.IsValid(run) ? Encoding.UTF8.GetString(run) : new string('\uFFFD', run.Length);

    // At most so many of the character at either end.
    private static string Strip(string token, char stripped, int start, int stop)
    {
        var from = token.AsSpan(0, Math.Min(start, token.Length)).IndexOfAnyExcept(stripped) is >= 0 and var first ? first : Math.Min(start, token.Length);
        var end = token.Length;
        while (end > from && token.Length - end < stop && token[end - 1] == stripped)
        {
            end--;
        }

        return token[from..end];
    }

    private static string WithSpaces(string token, MetaspaceOptions options, bool isFirst) =>
        token.Replace(options.Replacement.ToString(), isFirst && options.Scheme != "never" ? "" : " ", StringComparison.Ordinal);
}
