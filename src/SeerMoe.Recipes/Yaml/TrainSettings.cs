using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Yaml;

/// <summary>`--set lora.rank=8` of the command `regularize`: any key of a recipe's step, read and checked as there.</summary>
public static class TrainSettings
{
    private const string Data = "train";

    /// <exception cref="RecipeException">A key or value is wrong.</exception>
    /// <exception cref="InputException">A key names data, which the command has options for.</exception>
    public static TrainOptions Apply(TrainOptions options, IReadOnlyList<string> settings)
    {
        var reading = new Reading();
        var text = RecipeYaml.Write(new Recipe("train", 0, "model", [], [new RegularizeStep(Data) { Options = options }]));
        var root = YamlReader.Read(SourceText.OfFile("options", text), reading)!;
        reading.Places.Add("", root.Place);
        Overrides.Apply(root, [.. settings.Select(setting => $"{RegularizeStep.Key}.{setting}")], reading);
        var step = RecipeForms.Recipe.Read(root, "", reading).Step<RegularizeStep>();
        if (reading.Diagnostics.Count > 0 || step is null)
        {
            throw new RecipeException(reading.Diagnostics);
        }

        return step is { Data: Data, HeldOut: null }
            ? step.Options with { Seed = options.Seed }
            : throw new InputException("Data can't be set.", "--set", "Name files with --train and --held-out.");
    }
}
