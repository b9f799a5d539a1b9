using SeerMoe.Recipes.Locking;
using SeerMoe.Tool.Output;
using Spectre.Console;

namespace SeerMoe.Tool.Inspection;

/// <summary>A finished run at a glance: what made it, and what each stage left.</summary>
public static class RunSheet
{
    private const int KeyDigits = 12;

    public static void Print(Terminal terminal, string folder, RunLock runLock)
    {
        var made = runLock.Environment;
        terminal.Print(
        [
            ("recipe", runLock.Recipe.Name),
            ("seed", $"{runLock.Seed}"),
            ("device", $"{made.Device}, {made.Dtype}"),
            ("made by", $"seer {made.Tool}, .NET {made.Dotnet}, TorchSharp {made.Torchsharp}, libtorch {made.Libtorch}"),
            ("inputs", $"{runLock.Inputs.Length} files, {runLock.Inputs.Sum(input => input.Bytes):N0} bytes"),
        ]);
        var seconds = StageTimes.Of(folder);
        var table = new Table().AddColumns("stage", "files", "bytes", "seconds", "key");
        foreach (var stage in runLock.Stages)
        {
            table.AddRow(
                stage.Id,
                $"{stage.Outputs.Length}",
                $"{stage.Outputs.Sum(output => output.Bytes):N0}",
                seconds.TryGetValue(stage.Id, out var took) ? $"{took:F1}" : "",
                stage.Key[..Math.Min(KeyDigits, stage.Key.Length)]);
        }

        terminal.Space();
        terminal.Print(table);
    }
}
