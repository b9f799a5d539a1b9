using System.Text.Json;

namespace SeerMoe.Tokenization.HuggingFace;

/// <summary>One of the added_tokens of a tokenizer.json.</summary>
/// <param name="IsNormalized">Looked for after normalization, itself normalized.</param>
/// <param name="IsSpecial">No text: left out of a decoded one on demand.</param>
internal sealed record AddedTokenEntry(AddedToken Token, bool IsNormalized, bool IsSpecial)
{
    public static AddedTokenEntry Read(JsonElement json)
    {
        var options = AddedTokenOptions.None;
        foreach (var property in json.EnumerateObject())
        {
            options |= property.Name switch
            {
                "id" or "content" or "normalized" or "special" => AddedTokenOptions.None,
                "single_word" => On(property, AddedTokenOptions.SingleWord),
                "lstrip" => On(property, AddedTokenOptions.StripLeft),
                "rstrip" => On(property, AddedTokenOptions.StripRight),
                _ => throw new NotSupportedException($"added token {json.Text("content")} with {property.Name}"),
            };
        }

        var token = new AddedToken(json.Text("content"), json.GetProperty("id").GetInt32(), options);
        return new AddedTokenEntry(token, json.Flag("normalized", false), json.Flag("special", false));
    }

    private static AddedTokenOptions On(JsonProperty flag, AddedTokenOptions option) => flag.Value.GetBoolean() ? option : AddedTokenOptions.None;
}
