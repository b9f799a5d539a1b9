namespace SeerMoe.Recipes.Tests.Scripting;

public sealed class LoadingOtherScripts : IDisposable
{
    private readonly Script _script = new();

    public LoadingOtherScripts() => Directory.CreateDirectory(_script.Project["shared"]);

    public void Dispose() => _script.Dispose();

    [Fact]
    public void Finds_them_from_the_file_that_loads_them()
    {
        Write("shared/data.csx", "#load \"more/names.csx\"\nvoid AddData() { Data(Lines, \"data/tokens.jsonl\", Tokens); }");
        Directory.CreateDirectory(_script.Project["shared/more"]);
        Write("shared/more/names.csx", "const string Lines = \"tokens\";");

        var recipe = _script.Load("#load \"shared/data.csx\"\n" + Script.With("Data(\"tokens\", \"data/tokens.jsonl\", Tokens);", "AddData();")).Recipe;

        Assert.Equal(_script.Project.Load().Recipe, recipe);
    }

    [Fact]
    public void Tells_faults_in_the_file_where_they_are()
    {
        Write("shared/prune.csx", "void Cut(double ratio)\n{\n    Prune(ratio: ratio);\n}");
        const string Line = "Prune(criterion: \"soft\", scope: Scope.Layer, ratio: 0.25);";

        Assert.Equal(
            """
            shared/prune.csx(3,18): prune.ratio must be at least 0 and below 1, not 25
                Prune(ratio: ratio);
                             ^^^^^
            """,
            _script.Faults("#load \"shared/prune.csx\"\n" + Script.With(Line, "Cut(25);")));

        Write("shared/prune.csx", "void Cut(double ratio)\n{\n    throw new Exception(\"no\");\n}");
        Assert.StartsWith("shared/prune.csx(3,5): the script threw Exception: no\n", _script.Faults("#load \"shared/prune.csx\"\n" + Script.With(Line, "Cut(25);")), StringComparison.Ordinal);

        Write("shared/prune.csx", "void Cut(double ratio) => Prun(ratio: ratio);");
        Assert.StartsWith("shared/prune.csx(1,27): CS0103: ", _script.Faults("#load \"shared/prune.csx\"\n" + Script.With(Line, "Cut(25);")), StringComparison.Ordinal);
    }

    [Fact]
    public void Sees_a_change_in_one_of_them()
    {
        var text = "#load \"shared/seed.csx\"\n" + Script.With("Seed = 17;", "Seed = Chosen;");
        Write("shared/seed.csx", "const long Chosen = 1;");
        Assert.Equal(1, _script.Load(text).Recipe.Seed);

        Write("shared/seed.csx", "const long Chosen = 2;");
        Assert.Equal(2, _script.Load(text).Recipe.Seed);
    }

    [Fact]
    public void Ends_where_two_load_each_other()
    {
        Write("shared/a.csx", "#load \"b.csx\"\nconst long A = 1;");
        Write("shared/b.csx", "#load \"a.csx\"\nconst long B = 2;");

        Assert.Equal(3, _script.Load("#load \"shared/a.csx\"\n" + Script.With("Seed = 17;", "Seed = A + B;")).Recipe.Seed);
    }

    private void Write(string name, string text) => File.WriteAllText(_script.Project[name], text);
}
