namespace SeerMoe.Torch.Calibration;

/// <summary>A document of a data file, by its <see cref="DocumentHash"/>.</summary>
/// <param name="Where">`train.jsonl(12)`.</param>
public readonly record struct HashedDocument(UInt128 Hash, string Where)
{
    /// <summary>Those of text, one after the other; of token lines, whatever vocabulary they are of.</summary>
    /// <exception cref="InputException">A line is damaged.</exception>
    public static IEnumerable<HashedDocument> Of(TextSource source) => source.Format == TextFormat.Tokens
        ? TokenLines.ReadNumbered(source.Path, int.MaxValue).Select(line => new HashedDocument(DocumentHash.Of(line.Sequence), $"{source.Path}({line.Number})"))
        : Documents.Read(source).Select(document => new HashedDocument(DocumentHash.Of(document.Text), document.Where));
}
