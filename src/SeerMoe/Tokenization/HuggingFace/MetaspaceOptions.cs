using SeerMoe.Tokenization.Steps;

namespace SeerMoe.Tokenization.HuggingFace;

/// <summary>What a Metaspace says, as a pre-tokenizer or a decoder.</summary>
/// <param name="Scheme">When a text gets the replacement before it: "always", "first" (the very first only) or "never".</param>
/// <param name="Splits">Cuts before every replacement.</param>
internal sealed record MetaspaceOptions(char Replacement, string Scheme, bool Splits)
{
    public static MetaspaceOptions Read(Component step)
    {
        var json = step.Known("replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep").Json;
        var scheme = json.Optional("prepend_scheme")?.GetString() ?? "always";
        if (scheme is not ("always" or "first" or "never"))
        {
            throw step.With($"prepend_scheme {scheme}");
        }

        // Older files have add_prefix_space alone; where both stand and differ, tokenizers refuses the file too.
        var prepends = json.Flag("add_prefix_space", true);
        return prepends || scheme == "never" ? new MetaspaceOptions(step.Character("replacement"), scheme, json.Flag("split", true))
            : throw step.With($"add_prefix_space false beside prepend_scheme {scheme}");
    }

    public IEncodingStep Step(Component step, IEncodingStep next) => Scheme switch
    {
        "always" => Step(Prefixing.Always, next),
        "never" => Step(Prefixing.Never, next),
        _ => throw step.With("prepend_scheme first behind another pre_tokenizer"),
    };

    public IEncodingStep Step(Prefixing prefixing, IEncodingStep next) => new Metaspace(Replacement, prefixing, Splits
        ? new PatternSplit(CodePointPattern.Literal(Replacement.ToString()), SplitBehavior.MergedWithNext, Delimiters.Matches, next)
        : next);
}
