namespace SeerMoe.Recipes.Tests.Scripting;

public sealed class AScriptWithFaults : IDisposable
{
    private readonly Script _script = new();

    public void Dispose() => _script.Dispose();

    [Theory]
    [InlineData(
        "ratio: 0.25",
        "ratio: \"much\"",
        """
        recipe.csx(9,53): CS1503: Argument 3: cannot convert from 'string' to 'double?'
            Prune(criterion: "soft", scope: Scope.Layer, ratio: "much");
                                                                ^^^^^^
        """)]
    [InlineData(
        "Prune(",
        "Prun(",
        """
        recipe.csx(9,1): CS0103: The name 'Prun' does not exist in the current context
            Prun(criterion: "soft", scope: Scope.Layer, ratio: 0.25);
            ^^^^
          Did you mean 'Prune'?
        """)]
    [InlineData(
        "steps: 3",
        "stepps: 3",
        """
        recipe.csx(10,26): CS1739: The best overload for 'Regularize' does not have a parameter named 'stepps'
            Regularize(data: "text", stepps: 3, batch: 2, window: 16, topK: TopK(from: 2, to: 1));
                                     ^^^^^^
          Did you mean 'steps'?
        """)]
    [InlineData(
        "Seed = 17;",
        "Seed = 17",
        """
        recipe.csx(3,10): CS1002: ; expected
            Seed = 17
                     ^
        """)]
    [InlineData(
        "// A comment.",
        "#r \"nuget: Newtonsoft.Json, 13.0.3\"",
        """
        recipe.csx(1,1): a recipe can't bring in NuGet packages
            #r "nuget: Newtonsoft.Json, 13.0.3"
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          It has .NET's own library and SeerMoe; C# of your own can be loaded with #load "other.csx".
        """)]
    [InlineData(
        "// A comment.",
        "#load \"absent.csx\"",
        """
        recipe.csx(1,7): CS1504: Source file 'absent.csx' could not be opened -- Could not find file
            #load "absent.csx"
                  ^^^^^^^^^^^^
        """)]
    public void Is_not_compiled(string old, string broken, string faults) => Assert.Equal(faults, _script.Faults(Script.With(old, broken)));

    [Theory]
    [InlineData(
        "ratio: 0.25",
        "ratio: 1.0 / 0.5",
        """
        recipe.csx(9,53): prune.ratio must be at least 0 and below 1, not 2
            Prune(criterion: "soft", scope: Scope.Layer, ratio: 1.0 / 0.5);
                                                                ^^^^^^^^^
        """)]
    [InlineData(
        "ratio: 0.25",
        "ratio: double.NaN",
        """
        recipe.csx(9,53): prune.ratio must be a number, not 'NaN'
            Prune(criterion: "soft", scope: Scope.Layer, ratio: double.NaN);
                                                                ^^^^^^^^^^
        """)]
    [InlineData(
        "\"soft\"",
        "\"sofft\"",
        """
        recipe.csx(9,18): unknown criterion 'sofft'
            Prune(criterion: "sofft", scope: Scope.Layer, ratio: 0.25);
                             ^^^^^^^
          Did you mean 'soft'?
        """)]
    [InlineData(
        "[\"tokens\", \"facts\"]",
        "[\"tokens\", \"fact\"]",
        """
        recipe.csx(11,28): unknown data 'fact' in evaluate
            Evaluate(tasks: ["tokens", "fact"], compare: [Comparison.Base, Comparison.Random], randomSeeds: 2, batch: 4);
                                       ^^^^^^
          Did you mean 'facts'?
        """)]
    [InlineData(
        "to: 1",
        "to: 0",
        """
        recipe.csx(10,82): regularize.top_k.to must be at least 1, not 0
            Regularize(data: "text", steps: 3, batch: 2, window: 16, topK: TopK(from: 2, to: 0));
                                                                                             ^
        """)]
    [InlineData(
        "Seed = 17;",
        "Seed = -1;",
        """
        recipe.csx(3,8): seed must be at least 0, not -1
            Seed = -1;
                   ^^
        """)]
    [InlineData(
        "Seed = 17;",
        "Seed = 1; if (Seed == 1) { Seed = -Seed; }",
        """
        recipe.csx(3,1): seed must be at least 0, not -1
            Seed = 1; if (Seed == 1) { Seed = -Seed; }
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        """)]
    [InlineData(
        "Scope.Layer",
        "(Scope)7",
        """
        recipe.csx(9,33): unknown scope '7'
            Prune(criterion: "soft", scope: (Scope)7, ratio: 0.25);
                                            ^^^^^^^^
          Known: layer, global.
        """)]
    [InlineData(
        "Name = \"tiny\";\n",
        "",
        """
        recipe.csx(1,1): the recipe lacks the key 'name'
            // A comment.
            ^^^^^^^^^^^^^
        """)]
    [InlineData(
        "Data(\"text\", ",
        "Data(\"tokens\", \"data/tokens.jsonl\", Tokens);\nData(\"text\", ",
        """
        recipe.csx(6,6): the data 'tokens' is here twice
            Data("tokens", "data/tokens.jsonl", Tokens);
                 ^^^^^^^^
          It stands in line 5 already.
        """)]
    [InlineData(
        "Prune(",
        "Prune(ratio: 0.5);\nPrune(",
        """
        recipe.csx(10,1): a second prune stage
            Prune(criterion: "soft", scope: Scope.Layer, ratio: 0.25);
            ^^^^^
          A run has one of each; make a second recipe of it.
        """)]
    [InlineData(
        "window: 64",
        "window: 640, tokens:\n    -1",
        """
        recipe.csx(9,5): count.tokens must be at least 1, not -1
            -1);
            ^^
        """)]
    [InlineData(
        "window: 16",
        "window: 640",
        """
        recipe.csx(10,54): regularize.window can't be 640: the model was made for 128 tokens (max_position_embeddings)
            Regularize(data: "text", steps: 3, batch: 2, window: 640, topK: TopK(from: 2, to: 1));
                                                                 ^^^
          Say window: 128 or less.
        """)]
    public void Is_refused_where_the_value_was_written(string old, string broken, string faults) => Assert.Equal(faults, _script.Faults(Script.With(old, broken)));

    [Fact]
    public void Tells_all_of_them_at_once()
    {
        Assert.Equal(
            ["recipe.csx(8,1)", "recipe.csx(9,1)"],
            _script.Faults(Script.With("Count(", "Cuont(").Replace("Prune(", "Pruen(", StringComparison.Ordinal)).Split('\n').Where(line => line.StartsWith("recipe", StringComparison.Ordinal)).Select(line => line.Split(':')[0]));
        Assert.Equal(
            ["recipe.csx(3,8)", "recipe.csx(9,53)"],
            _script.Faults(Script.With("Seed = 17", "Seed = -1").Replace("0.25", "25", StringComparison.Ordinal)).Split('\n').Where(line => line.StartsWith("recipe", StringComparison.Ordinal)).Select(line => line.Split(':')[0]));
    }

    [Theory]
    [InlineData(
        "var none = 0; var ratio = 1 / none;",
        """
        recipe.csx(2,27): the script threw DivideByZeroException: Attempted to divide by zero
            var none = 0; var ratio = 1 / none;
                                      ^^^^^^^^^
        """)]
    [InlineData(
        "int Half(int n) => n > 0 ? n / 2 : throw new ArgumentException(\"none\\nat all.\");\nHalf(0);",
        """
        recipe.csx(2,20): the script threw ArgumentException: none at all
            int Half(int n) => n > 0 ? n / 2 : throw new ArgumentException("none\nat all.");
                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        """)]
    [InlineData(
        "await Task.Run(() => File.ReadAllText(\"/no/such/file\"));",
        """
        recipe.csx(2,22): the script threw DirectoryNotFoundException: Could not find a part of the path '/no/such/file'
            await Task.Run(() => File.ReadAllText("/no/such/file"));
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        """)]
    public void Names_its_own_line_when_it_throws(string line, string faults)
    {
        Assert.Equal(faults, _script.Faults($"using System.Threading.Tasks;\n{line}\n{Script.Text}"));
        // and the same from the cache
        Assert.Equal(faults, _script.Faults($"using System.Threading.Tasks;\n{line}\n{Script.Text}"));
    }
}
