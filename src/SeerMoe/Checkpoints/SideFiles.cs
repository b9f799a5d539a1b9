using System.Collections.Immutable;
using System.IO.Enumeration;

namespace SeerMoe.Checkpoints;

/// <summary>The files of a checkpoint that no change of its experts touches: tokenizer, chat template, generation defaults, code that config.json points to.</summary>
public static class SideFiles
{
    private static readonly string[] Patterns =
    [
        "tokenizer*",
        "vocab*",
        "merges*",
        "special_tokens*",
        "added_tokens*",
        "chat_template*",
        "generation_config.json",
        "*.model",
        "configuration_*.py",
        "modeling_*.py",
        "tokenization_*.py",
    ];

    /// <summary>Their names, ordinal.</summary>
    public static ImmutableArray<string> In(string folder) =>
    [
        .. Directory.EnumerateFiles(folder)
            .Select(path => Path.GetFileName(path))
            .Where(name => Array.Exists(Patterns, pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)))
            .Order(StringComparer.Ordinal),
    ];
}
