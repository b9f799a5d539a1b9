using SeerMoe.Checkpoints;
using SeerMoe.Tokenization;

namespace SeerMoe.Torch.Calibration;

/// <summary>A checkpoint's tokenizer, none of whose ids the model's embedding lacks.</summary>
public sealed class ModelTokenizer : ITokenizer
{
    private readonly ITokenizer _inner;
    private readonly int _embeddings;
    private readonly string _folder;

    private ModelTokenizer(ITokenizer inner, int embeddings, string folder) => (_inner, _embeddings, _folder) = (inner, embeddings, folder);

    public int VocabularySize => _inner.VocabularySize;

    public int? EndOfText => _inner.EndOfText is { } end ? Known(end) : null;

    public int? Prefix => _inner.Prefix is { } prefix ? Known(prefix) : null;

    /// <param name="checkpoint">Its folder holds the tokenizer.</param>
    /// <param name="embeddings">V: rows of the embedding; more than the tokenizer has is common, fewer is a mistake.</param>
    public static ITokenizer Open(Checkpoint checkpoint, int embeddings) =>
        new ModelTokenizer(TokenizerFolder.Open(checkpoint.Folder), embeddings, checkpoint.Folder);

    /// <exception cref="InputException">The text has a token that the model does not know.</exception>
    public int[] Encode(string text) => Known(_inner.Encode(text));

    /// <exception cref="InputException">The text has a token that the model does not know.</exception>
    public int[] EncodeWithSpecialTokens(string text) => Known(_inner.EncodeWithSpecialTokens(text));

    public string Decode(IReadOnlyList<int> ids) => _inner.Decode(ids);

    public string DecodeWithoutSpecialTokens(IReadOnlyList<int> ids) => _inner.DecodeWithoutSpecialTokens(ids);

    public string? Token(int id) => _inner.Token(id);

    private int[] Known(int[] ids)
    {
        if (_inner.VocabularySize > _embeddings)
        {
            Array.ForEach(ids, id => Known(id));
        }

        return ids;
    }

    private int Known(int id) => id < _embeddings
        ? id
        : throw new InputException(
            $"The tokenizer gives token {id}, the model has embeddings for {_embeddings} tokens.",
            _folder,
            "Tokenizer and weights must be of one checkpoint: download both again.");
}
