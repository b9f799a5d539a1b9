using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Recipes.Yaml;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer schema`: what editors complete recipes by.</summary>
[Command(
    "schema",
    Description = "Prints the JSON Schema (2020-12) of recipes; editors use it where a recipe opens with '# yaml-language-server: $schema=recipe.schema.json'.",
    ExtendedHelpText = "dotnet seer schema > recipe.schema.json")]
public sealed class SchemaCommand : SeerCommand
{
    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        terminal.Output.Write(RecipeSchema.Text);
        return ExitCode.Done;
    }
}
