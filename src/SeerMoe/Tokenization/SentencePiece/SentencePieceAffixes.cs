namespace SeerMoe.Tokenization.SentencePiece;

/// <summary>The special tokens around a text where only a tokenizer.model is there: as LlamaTokenizer of transformers has it, bos before and no eos behind it.</summary>
internal static class SentencePieceAffixes
{
    /// <summary>add_bos_token and add_eos_token of a tokenizer_config.json decide otherwise.</summary>
    public static SpecialAffixes Read(string folder, SpecialIds special)
    {
        var path = Path.Combine(folder, "tokenizer_config.json");
        var config = TokenizerFile.Json(path);
        return TokenizerFile.Reading(path, () => new SpecialAffixes(
            config?.Flag("add_bos_token", true) ?? true ? Ids(special.BeginOfText) : [],
            config?.Flag("add_eos_token", false) ?? false ? Ids(special.EndOfText) : []));
    }

    private static int[] Ids(int? id) => id is { } one ? [one] : [];
}
