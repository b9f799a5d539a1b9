using SeerMoe.Tokenization.HuggingFace;
using SeerMoe.Tokenization.SentencePiece;

namespace SeerMoe.Tokenization;

/// <summary>The tokenizer of a checkpoint folder: tokenizer.json where there is one, else tokenizer.model.</summary>
public static class TokenizerFolder
{
    /// <exception cref="InputException">Neither file, or one with a component that is not supported.</exception>
    public static ITokenizer Open(string checkpointFolder)
    {
        var json = Path.Combine(checkpointFolder, "tokenizer.json");
        var model = Path.Combine(checkpointFolder, "tokenizer.model");
        return File.Exists(json) ? OpenJson(checkpointFolder, json)
            : File.Exists(model) ? OpenModel(checkpointFolder, model)
            : throw new InputException(
                "The checkpoint has no tokenizer.json and no tokenizer.model.", checkpointFolder, "Put one there, or pass data that is tokenized already with --format tokens.");
    }

    private static PipelineTokenizer OpenJson(string folder, string path)
    {
        var file = TokenizerFile.Reading(path, () => TokenizerJson.Read(path));
        return new PipelineTokenizer(file, SpecialIds.Read(folder, file.IdOf, new SpecialIds(null, null)));
    }

    private static SentencePieceTokenizer OpenModel(string folder, string path)
    {
        var model = TokenizerFile.Reading(path, () => SentencePieceModel.Parse(InputFile.ReadBytes(path)));
        var special = SpecialIds.Read(folder, model.IdOf, new SpecialIds(model.BeginOfText, model.EndOfText));
        var around = SentencePieceAffixes.Read(folder, special);
        return TokenizerFile.Reading(path, () => new SentencePieceTokenizer(model, special, around));
    }
}
