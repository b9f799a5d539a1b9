using System.Text.RegularExpressions;
using SeerMoe.Recipes.Planning;

namespace SeerMoe.Recipes.Tests.Planning;

public sealed partial class APlan : IDisposable
{
    private readonly TinyProject _project = new();

    public void Dispose() => _project.Dispose();

    [Fact]
    public void Lists_every_file_that_is_read_relative_to_the_recipe()
    {
        Assert.Equal(
            ["data/counted.jsonl", "data/facts.jsonl", "data/text.txt", "data/tokens.jsonl", "model/config.json", "model/model.safetensors", "model/tokenizer.json", "model/tokenizer_config.json"],
            _project.Plan().Inputs.Select(input => input.File.Path));
    }

    [Fact]
    public void Writes_nothing()
    {
        var before = Files();
        _project.Plan();

        Assert.Equal(before, Files());
    }

    [Fact]
    public void Reads_like_this()
    {
        Assert.Equal(
            """
            tiny, seed 17, on cpu in float32
            model model: mixtral, 2 of 2 layers with 4 experts, top-2, 19,216 parameters, 76,864 bytes

            stages
              1-count       count all tokens of counted, 2 sequences a pass
                            key ............, ... MiB of memory, 4,560 bytes of disk
              2-prune       rank by soft, layer scope; drop 0.25 of the experts
                            key ............, ... MiB of memory, 67,520 bytes of disk
              3-regularize  train all for 3 steps of 2 sequences of text, top-2 to top-1
                            key ............, ... MiB of memory, 67,520 bytes of disk, 1 s
              4-evaluate    score tokens, facts, beside the base and 2 random prunes
                            key ............, ... MiB of memory, 18,000 bytes of disk

            """,
            Memory().Replace(Digest().Replace(PlanText.Of(_project.Plan()), "............"), "...").Split("\n\ninputs\n")[0] + "\n");
    }

    [Fact]
    public void Shows_its_inputs_by_digest_size_and_path()
    {
        Assert.Contains("\n  ............              280  data/text.txt\n", Digest().Replace(PlanText.Of(_project.Plan()), "............"), StringComparison.Ordinal);
    }

    private List<string> Files() => [.. Directory.EnumerateFileSystemEntries(_project["."], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    // How much exactly is WhatARunWillTake's business.
    [GeneratedRegex("[0-9,]+(?= MiB)")]
    private static partial Regex Memory();

    [GeneratedRegex("(?<=key |^  )[0-9a-f]{12}", RegexOptions.Multiline)]
    private static partial Regex Digest();
}
