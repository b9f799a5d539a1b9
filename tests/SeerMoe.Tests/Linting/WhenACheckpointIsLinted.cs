using SeerMoe.Checkpoints;
using SeerMoe.Linting;
using SeerMoe.Pruning;
using SeerMoe.Testing;
using SeerMoe.Tests.Pruning;

namespace SeerMoe.Tests.Linting;

public sealed class WhenACheckpointIsLinted : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Equal_counts_are_fine_everywhere()
    {
        PicoCheckpoint.Write(_folder["model"]);

        Assert.All(Lint(_folder["model"]), finding => Assert.Equal(Severity.Ok, finding.Severity));
        Assert.Equal(Linter.Runtimes, Lint(_folder["model"]).Select(finding => finding.Runtime).Distinct());
    }

    [Theory]
    [InlineData("transformers", Severity.Warning)] // the modeling file beside the weights helps
    [InlineData("vllm", Severity.Error)]
    [InlineData("llama.cpp", Severity.Error)]
    public void Different_counts_are_told_with_the_reason(string runtime, Severity severity)
    {
        Ragged();
        var finding = Lint(_folder["ragged"]).Single(finding => finding.Runtime == runtime && finding.Rule == "equal-counts");

        Assert.Equal(severity, finding.Severity);
        Assert.Contains("2 4 experts", finding.What, StringComparison.Ordinal);
        Assert.Contains("one", finding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Different_counts_without_the_modeling_file_do_not_load_in_transformers()
    {
        Ragged();
        File.Delete(_folder["ragged/modeling_seer_mixtral.py"]);

        Assert.Equal(Severity.Error, Lint(_folder["ragged"]).Single(finding => finding is { Runtime: "transformers", Rule: "equal-counts" }).Severity);
    }

    [Theory]
    [InlineData(2, Severity.Ok)]
    [InlineData(3, Severity.Error)] // 4 heads over 3 devices
    public void Tensor_parallelism_needs_whole_heads(int devices, Severity severity)
    {
        PicoCheckpoint.Write(_folder["model"]);
        var findings = Lint(_folder["model"], devices).Where(finding => finding is { Runtime: "vllm", Rule: "tensor-parallel-heads" });

        Assert.Equal(severity, findings.Max(finding => finding.Severity));
    }

    [Theory]
    [InlineData("deepseek_v2_yarn_group", "group-limited-greedy")]
    [InlineData("deepseek_v2_yarn_group", "yarn-scale")]
    [InlineData("minimax_m2", "rotary-dim")]
    public void Faults_of_a_runtime_that_were_seen_are_told(string fixture, string rule) =>
        Assert.Contains(Lint(Fixtures.Folder(fixture)), finding => finding.Rule == rule && finding.Severity == Severity.Error);

    [Fact]
    public void A_gate_that_only_we_read_is_an_error_for_others()
    {
        PicoCheckpoint.Write(_folder["model"], config: PicoCheckpoint.ConfigText()
            .Replace("\"bos_token_id\": 256", "\"seer\": {\"gate_at_top1\": \"probability\"}", StringComparison.Ordinal));

        Assert.Equal(3, Lint(_folder["model"]).Count(finding => finding is { Rule: "gate-at-top1", Severity: Severity.Error }));
    }

    [Fact]
    public void An_unknown_runtime_is_refused_with_the_known_ones()
    {
        PicoCheckpoint.Write(_folder["model"]);
        var error = Assert.Throws<InputException>(() => Linter.Lint(LintSubject.Of(_folder["model"], 1), ["vlm"]));

        Assert.Contains("Did you mean 'vllm'? Runtimes: transformers, vllm, llama.cpp.", error.WhatToDo, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Finding> Lint(string folder, int devices = 1) => Linter.Lint(LintSubject.Of(folder, devices), Linter.Runtimes);

    private void Ragged()
    {
        using var source = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        CheckpointPruner.Prune(source, Plans.ByHand((0, [0, 2])), _folder["ragged"]);
    }
}
