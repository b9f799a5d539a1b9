namespace SeerMoe.Tokenization;

/// <summary>Text to token ids and back, exactly as the checkpoint's own tokenizer.json says.</summary>
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

    /// <summary>Special tokens included; bytes that are no UTF-8 become U+FFFD, unknown ids nothing.</summary>
    string Decode(IReadOnlyList<int> ids);
}
