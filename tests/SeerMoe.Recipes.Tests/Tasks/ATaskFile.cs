using SeerMoe.Recipes.Tasks;
using SeerMoe.Testing;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Recipes.Tests.Tasks;

/// <summary>A task of the user's own, in the form of those that come with the tool.</summary>
public class ATaskFile
{
    private const string Text =
        """
        name: mine
        version: 2
        form: multiple_choice
        data:
          format: jsonl
          columns: [q, options, gold]
          splits:
            test: { path: test.jsonl, rows: 3 }
            train: { path: "{{subject}}.jsonl" }
        split: test
        few_shot: { split: train, delimiter: "\n---\n" }
        doc_to_text: "Q: {{q.strip()}}\nA:"
        doc_to_choice: "{{options}}"
        doc_to_target: "{{gold}}"
        edits: [strip, { replace: "a", with: "b" }]
        metrics: [acc, acc_bytes]

        """;

    [Fact]
    public void Is_parsed_again_once_it_was_changed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("mine.yaml", Text);
        var before = TaskCatalog.Read(path);
        Assert.Same(before, TaskCatalog.Read(path));

        folder.Write("mine.yaml", Text.Replace("version: 2", "version: 30", StringComparison.Ordinal));
        Assert.Equal(30, TaskCatalog.Read(path).Version);
    }

    [Fact]
    public void Is_read_whole()
    {
        var task = TaskCatalog.Parse(Text, "mine.yaml");

        Assert.Equal(("mine", 2, "test", "\n---\n", " "), (task.Name, task.Version, task.Split, task.FewShot!.Delimiter, task.TargetDelimiter));
        Assert.Equal([TaskMetric.Acc, TaskMetric.AccBytes], task.Metrics);
        Assert.Equal([new StripEdit(), new ReplaceEdit("a", "b")], task.Edits);
        Assert.Equal(3, task.Find("test")!.Rows);
        Assert.Equal(TextListKind.OneField, task.DocToChoice!.Kind);
    }

    [Theory]
    [InlineData("form: multiple_choice", "form: multiple_choise", "mine.yaml(3,7): unknown form 'multiple_choise'", "Did you mean 'multiple_choice'?")]
    [InlineData("split: test\n", "split: tset\n", "mine.yaml(10,8): split names no split of the data", "Did you mean 'test'?")]
    [InlineData("split: train,", "split: test,", "mine.yaml(11,20): examples can't come from the split that is measured", "Name another split.")]
    [InlineData("{{q.strip()}}", "{{q.shout()}}", "mine.yaml(12,14): doc_to_text is not a template: unknown method 'shout'", "capitalize")]
    [InlineData("doc_to_choice: \"{{options}}\"\n", "", "mine.yaml(3,7): a task of multiple choice lacks the key 'doc_to_choice'", "")]
    [InlineData("metrics: [acc, acc_bytes]", "metrics: [acc, perplexity]", "mine.yaml(16,10): a task of this form has no perplexity", "acc, acc_norm, acc_bytes, exact_match")]
    [InlineData("{ replace: \"a\", with: \"b\" }", "{ regex: \"(?=a)\", with: \"b\" }", "mine.yaml(15,16): edits[1] is no edit of a text", "Write strip")]
    [InlineData("format: jsonl\n  columns: [q, options, gold]", "format: csv", "data lacks the key 'columns'", "in their order")]
    [InlineData("version: 2", "versoin: 2", "mine.yaml(2,1): unknown key 'versoin' in the task", "Did you mean 'version'?")]
    [InlineData("form: multiple_choice", "form: perplexity", "mine.yaml(13,16): doc_to_choice has no meaning here", "")]
    public void Is_refused_with_the_place_where_it_is_wrong(string old, string replacement, string fault, string hint)
    {
        Assert.Contains(old, Text, StringComparison.Ordinal);
        var message = Assert.Throws<RecipeException>(() => TaskCatalog.Parse(Text.Replace(old, replacement, StringComparison.Ordinal), "mine.yaml")).Message;

        Assert.Contains(fault, message, StringComparison.Ordinal);
        Assert.Contains(hint, message, StringComparison.Ordinal);
    }
}
