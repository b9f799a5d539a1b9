namespace SeerMoe.Tokenization;

/// <summary>Text to token ids and back, exactly as the checkpoint's own tokenizer file says.</summary>
public interface ITokenizer
{
    /// <summary>One more than the largest token id; a model may pad its embedding beyond it.</summary>
    int VocabularySize { get; }

    /// <summary>The token that ends a document (eos) and joins two of them; null where the checkpoint names none.</summary>
    int? EndOfText { get; }

    /// <summary>The token before the first scored token of a document: bos, else eos, as lm-evaluation-harness has it.</summary>
    int? Prefix { get; }

    /// <summary>Adds no special tokens; added tokens that stand in the text become their ids.</summary>
    int[] Encode(string text);

    /// <summary>The same between the special tokens that the checkpoint puts around a text: often bos before it, often none.</summary>
    int[] EncodeWithSpecialTokens(string text);

    /// <summary>Special tokens included; bytes that are no UTF-8 become U+FFFD, unknown ids nothing.</summary>
    string Decode(IReadOnlyList<int> ids);

    /// <summary>The same with special tokens left out.</summary>
    string DecodeWithoutSpecialTokens(IReadOnlyList<int> ids);

    /// <summary>The token as its file spells it ("Ġthe", "▁the", "&lt;0x0A&gt;"); null for an id that it does not have.</summary>
    string? Token(int id);
}
