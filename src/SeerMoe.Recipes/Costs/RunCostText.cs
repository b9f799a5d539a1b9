using System.Globalization;
using System.Text;

namespace SeerMoe.Recipes.Costs;

/// <summary>What a run will take, as a person reads it.</summary>
public static class RunCostText
{
    private const double Giga = 1e9;
    private const double Peta = 1e15;

    /// <param name="teraflops">The rate that hours are told for.</param>
    public static string Of(RunCost cost, double teraflops)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{cost.Name}, from config.json alone, on {cost.Environment.Device} in {cost.Environment.Dtype}\n");
        text.Append(CultureInfo.InvariantCulture, $"model: {cost.Architecture}, {cost.Footprint.Parameters:N0} parameters, {cost.Footprint.ActiveParameters:N0} of them active\n\n");
        Line("stage", "tokens", "petaFLOP", "memory, GB", "disk, GB", string.Create(CultureInfo.InvariantCulture, $"hours at {teraflops} TFLOP/s"));
        foreach (var stage in cost.Stages)
        {
            Line(stage.Stage, Number(stage.Tokens, "N0"), Number(stage.Flops / Peta, "N1"), Number(stage.MemoryBytes / Giga, "N1"), Number(stage.DiskBytes / Giga, "N1"), Number(stage.Hours(teraflops), "N2"));
        }

        return text
            .Append(CultureInfo.InvariantCulture, $"\nMemory is that of the device at the peak of a stage, disk what stays. A question of a known task is taken for {StageTokens.AQuestion} tokens.\n")
            .Append("'?' depends on data that would have to be read.\n")
            .ToString();

        void Line(string stage, params string[] numbers) => text.Append($"{stage,-16}").Append(string.Concat(numbers.Select((number, i) => number.PadLeft(i == 4 ? 24 : 15)))).Append('\n');
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "?";
}
