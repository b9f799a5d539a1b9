using System.Text.Json.Nodes;
using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Pruning;

public sealed class WhenAPrunedCheckpointIsWritten : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Source => _folder["source"];

    private string Output => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_files_are_those_of_the_source_with_the_plan_and_a_card()
    {
        PicoCheckpoint.Write(Source);
        File.WriteAllText(Path.Combine(Source, "tokenizer.json"), "{ \"any\" : \"bytes\"}");
        File.WriteAllText(Path.Combine(Source, "training_args.bin"), "not carried along");

        Prune(Plans.ByHand((0, [0, 3]), (1, [1, 2])));

        Assert.Equal(
            ["README.md", "config.json", "model.safetensors", "prune-plan.json", "tokenizer.json", "tokenizer_config.json"],
            Directory.EnumerateFileSystemEntries(Output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("{ \"any\" : \"bytes\"}", File.ReadAllText(Path.Combine(Output, "tokenizer.json")));
        Assert.Equal([0, 3], PrunePlanFile.Read(Path.Combine(Output, "prune-plan.json")).Layers[0].Survivors);
        Assert.Equal([_folder["out"], _folder["source"]], Directory.EnumerateFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Its_card_says_what_it_is_without_anybodys_paths()
    {
        PicoCheckpoint.Write(Source);

        Prune(new PrunePlan("soft", "global", 0.25, null, 17, [new LayerPlan(0, 4, [0, 3], null)]));

        Assert.Equal(
            """
            ---
            library_name: transformers
            tags:
            - mixture-of-experts
            - seer-moe
            ---

            # A pruned Mixture of Experts

            Cut with `dotnet seer prune` (SEER-MoE, arXiv 2404.05089): 6 of 8 experts are kept.
            Their tensors are byte-identical to the source; router rows of the others are gone. The decision is in `prune-plan.json`.

            ## The cut

            |  |  |
            |---|---|
            | criterion | soft |
            | scope | global |
            | ratio | 0.25 |
            | seed | 17 |

            | layer | experts before | experts kept | which, by their old numbers |
            |---|---|---|---|
            | 0 | 4 | 2 | 0 3 |
            | 1 | 4 | 4 | 0 1 2 3 |

            ## Who loads it

            | runtime | loads it | why not, or how |
            |---|---|---|
            | dotnet seer | yes |  |
            | transformers | with care | Layers have 2 4 experts: load it in transformers 5 with trust_remote_code=True. |
            | vllm | no | Layers have 2 4 experts. |
            | llama.cpp | no | Layers have 2 4 experts. |

            As `dotnet seer lint` says, which knows the reasons; none of these was run.

            """,
            File.ReadAllText(Path.Combine(Output, "README.md")));
    }

    [Fact]
    public void Other_keys_of_a_seer_section_live_on()
    {
        PicoCheckpoint.Write(Source, config: WithSeer("""{ "note": "mine", "experts_per_layer": [4, 4] }"""));

        Prune(Plans.ByHand((1, [1, 2, 3])));

        Assert.Equal("""{"note":"mine","experts_per_layer":[4,3]}""", Seer());
    }

    [Fact]
    public void Counts_that_became_uniform_are_no_longer_spelled_out()
    {
        PicoCheckpoint.Write(Source, config: WithSeer("""{ "experts_per_layer": [2, 4], "note": "mine" }"""));

        Prune(Plans.ByHand((1, [1, 2])));

        Assert.Equal("""{"note":"mine"}""", Seer());
        Assert.Equal(2, HfConfig.Read(Path.Combine(Output, "config.json")).Int("num_local_experts"));
    }

    [Fact]
    public void A_shard_whose_experts_are_all_gone_is_gone_too()
    {
        PicoCheckpoint.Write(Source);
        MoveLastExpertIntoItsOwnShard();

        Prune(Plans.ByHand((0, [0, 1, 2]), (1, [0, 1, 2])));

        Assert.False(File.Exists(Path.Combine(Output, "model-2.safetensors")));
        var index = JsonNode.Parse(File.ReadAllText(Path.Combine(Output, "model.safetensors.index.json")))!;
        Assert.Equal("kept", index["metadata"]!["origin"]!.GetValue<string>());
        // three matrices of 24 x 16 for each of two experts, two router rows of 16
        Assert.Equal(10_000 - (2 * 3 * 24 * 16) - (2 * 16), index["metadata"]!["total_parameters"]!.GetValue<long>());
        using var pruned = Checkpoint.Open(Output);
        Assert.Equal("model-1.safetensors", Assert.Single(pruned.Shards).FileName);
    }

    private void Prune(PrunePlan plan)
    {
        using var source = Checkpoint.Open(Source);
        CheckpointPruner.Prune(source, plan, Output);
    }

    private string Seer() => JsonNode.Parse(File.ReadAllText(Path.Combine(Output, "config.json")))!["seer"]!.ToJsonString();

    private static string WithSeer(string section) =>
        PicoCheckpoint.ConfigText().Replace("\"tie_word_embeddings\": false", $"\"tie_word_embeddings\": false,\n  \"seer\": {section}", StringComparison.Ordinal);

    private void MoveLastExpertIntoItsOwnShard()
    {
        var single = Path.Combine(Source, "model.safetensors");
        var map = new JsonObject();
        using (var file = SafetensorsFile.Open(single))
        {
            foreach (var group in file.Header.Tensors.GroupBy(entry => entry.Spec.Name.Contains("experts.3.", StringComparison.Ordinal) ? "model-2.safetensors" : "model-1.safetensors"))
            {
                using var writer = SafetensorsWriter.Create(Path.Combine(Source, group.Key), [.. group.Select(entry => entry.Spec)]);
                foreach (var entry in group)
                {
                    map[entry.Spec.Name] = group.Key;
                    writer.Write(file.Tensor(entry.Spec.Name).Slice(0, (int)entry.Length));
                }

                writer.Complete();
            }
        }

        File.Delete(single);
        var metadata = new JsonObject { ["total_parameters"] = 10_000, ["total_size"] = 20_000, ["origin"] = "kept" };
        File.WriteAllText(Path.Combine(Source, "model.safetensors.index.json"), new JsonObject { ["metadata"] = metadata, ["weight_map"] = map }.ToJsonString());
    }
}
