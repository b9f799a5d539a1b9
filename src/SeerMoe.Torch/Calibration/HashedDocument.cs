using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Calibration;

/// <summary>A document of a data file, by its <see cref="DocumentHash"/>.</summary>
/// <param name="Where">`train.jsonl(12)`.</param>
public readonly record struct HashedDocument(UInt128 Hash, string Where)
{
    /// <summary>Those of text, one after the other; of token lines, whatever vocabulary they are of; of choices the questions, of prompts the prompts.</summary>
    /// <exception cref="InputException">A line is damaged.</exception>
    public static IEnumerable<HashedDocument> Of(TextSource source) => source.Format switch
    {
        TextFormat.Tokens => TokenLines.ReadNumbered(source.Path, int.MaxValue).Select(line => new HashedDocument(DocumentHash.Of(line.Sequence), $"{source.Path}({line.Number})")),
        TextFormat.Choices => OwnQuestions.Of("", source.Path).Questions(subject: null).Select(question => new HashedDocument(DocumentHash.Of(question.Options[0].Context), question.Row!.Where)),
        _ when source.PromptField is { } prompt => Of(source with { Field = prompt, PromptField = null }),
        _ => Documents.Read(source).Select(document => new HashedDocument(DocumentHash.Of(document.Text), document.Where)),
    };
}
