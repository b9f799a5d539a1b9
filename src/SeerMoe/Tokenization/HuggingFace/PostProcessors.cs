using System.Text.Json;

namespace SeerMoe.Tokenization.HuggingFace;

/// <summary>The post_processor of a tokenizer.json: the special tokens around one text (pairs of texts are not for language models).</summary>
internal static class PostProcessors
{
    /// <exception cref="NotSupportedException">A post-processor that is not supported, by name.</exception>
    public static SpecialAffixes Read(JsonElement? postProcessor) =>
        Component.Flatten("post_processor", postProcessor, "processors").Select(Read)
            .Aggregate(SpecialAffixes.None, (inner, outer) => new SpecialAffixes([.. outer.Before, .. inner.Before], [.. inner.After, .. outer.After]));

    private static SpecialAffixes Read(Component step) => step.Type switch
    {
        "ByteLevel" => SpecialAffixes.None, // trims offsets, which nobody asks for here
        "TemplateProcessing" => ReadTemplate(step.Known("single", "pair", "special_tokens")),
        _ => throw step.Unsupported(),
    };

    // [{"SpecialToken": {"id": "<s>"}}, {"Sequence": {"id": "A"}}]
    private static SpecialAffixes ReadTemplate(Component step)
    {
        var pieces = step.Json.GetProperty("single").EnumerateArray().ToList();
        var text = pieces.FindIndex(piece => piece.Optional("Sequence") is not null);
        return text >= 0 && text == pieces.FindLastIndex(piece => piece.Optional("Sequence") is not null)
            ? new SpecialAffixes(Ids(step, pieces[..text]), Ids(step, pieces[(text + 1)..]))
            : throw step.With("a text that does not stand once");
    }

    private static int[] Ids(Component step, IEnumerable<JsonElement> pieces) =>
    [
        .. from piece in pieces
           let token = piece.GetProperty("SpecialToken").Text("id")
           from id in step.Json.GetProperty("special_tokens").GetProperty(token).GetProperty("ids").EnumerateArray()
           select id.GetInt32(),
    ];
}
