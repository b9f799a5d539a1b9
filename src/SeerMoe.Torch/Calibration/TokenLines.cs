using System.Text.Json.Serialization;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Calibration;

/// <summary>Reads `tokens` data: one JSON object a line, `{"input_ids": [..]}`, optionally `"attention_mask": [..]`.</summary>
public static class TokenLines
{
    /// <exception cref="InputException">Bad JSON, an id outside the vocabulary, a mask of another length; names file and line.</exception>
    public static IEnumerable<TokenSequence> Read(string path, int vocabularySize) => ReadNumbered(path, vocabularySize).Select(line => line.Sequence);

    /// <summary>The same with line numbers, from 1.</summary>
    public static IEnumerable<(int Number, TokenSequence Sequence)> ReadNumbered(string path, int vocabularySize)
    {
        foreach (var (number, line) in DataLines.Read(path))
        {
            var parsed = DataLines.Parse<TokenLine>(line, path, number, "Each line is {\"input_ids\": [..]}, optionally with \"attention_mask\": [..].");
            yield return (number, Checked(parsed, $"{path}({number})", vocabularySize));
        }
    }

    private static TokenSequence Checked(TokenLine line, string where, int vocabularySize)
    {
        if (line.InputIds is not { Length: > 0 } ids)
        {
            throw new InputException("The line has no input_ids.", where, "Each line is {\"input_ids\": [..]} with at least one id.");
        }

        if (Array.Exists(ids, id => id < 0 || id >= vocabularySize))
        {
            throw new InputException(
                $"Token id {Array.Find(ids, id => id < 0 || id >= vocabularySize)} is outside the vocabulary of {vocabularySize}.",
                where,
                "The tokens must come from this model's tokenizer.");
        }

        if (line.AttentionMask is not { } mask)
        {
            return new TokenSequence(ids);
        }

        if (mask.Length != ids.Length || Array.Exists(mask, value => value is not (0 or 1)))
        {
            throw new InputException($"attention_mask must hold {ids.Length} numbers, each 0 or 1.", where, "Give one number an input id, or leave the mask out.");
        }

        return new TokenSequence(ids, Array.ConvertAll(mask, value => value == 1));
    }

    private sealed record TokenLine(
        [property: JsonPropertyName("input_ids")] int[]? InputIds,
        [property: JsonPropertyName("attention_mask")] int[]? AttentionMask);
}
