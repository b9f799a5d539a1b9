using SeerMoe.Recipes.Tasks;
using SeerMoe.Testing;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Recipes.Tests.Tasks;

/// <summary>The prompts of each task on a row of the published form, written out by hand.</summary>
public sealed class TheKnownTasks : IDisposable
{
    private const string Arc = """{"id": "x", "question": {"stem": "What melts?", "choices": [{"text": "ice", "label": "A"}, {"text": "a stone", "label": "B"}]}, "answerKey": "B"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Are_ten() => Assert.Equal(["arc_challenge", "arc_easy", "hellaswag", "lambada", "mmlu", "openbookqa", "piqa", "sst5", "wikitext", "winogrande"], TaskCatalog.Names);

    [Fact]
    public void Mmlu_has_57_subjects_in_four_groups()
    {
        var groups = TaskCatalog.Read("mmlu").Groups;

        Assert.Equal([("stem", 19), ("other", 13), ("social_sciences", 12), ("humanities", 13)], groups.Select(group => (group.Name, group.Subjects.Count)));
        Assert.Equal(57, groups.SelectMany(group => group.Subjects).Distinct().Count());
    }

    [Fact]
    public void Mmlu_shows_shots_in_file_order_and_asks_for_a_letter()
    {
        Directory.CreateDirectory(_folder["dev"]);
        Directory.CreateDirectory(_folder["test"]);
        _folder.Write("dev/high_school_physics_dev.csv", "\" first? \",1,2,3,4,B\nsecond?,5,6,7,8,D\nthird?,1,1,1,1,A\n");
        _folder.Write("test/high_school_physics_test.csv", "\"asked,\nover two lines? \",a,b, c,d,C\n");
        var task = Task("mmlu", shots: 2) with { Limit = 1 };
        var question = task.Questions("high_school_physics").Single();

        const string Context = """
            The following are multiple choice questions (with answers) about high school physics.

            first?
            A. 1
            B. 2
            C. 3
            D. 4
            Answer: B

            second?
            A. 5
            B. 6
            C. 7
            D. 8
            Answer: D

            asked,
            over two lines?
            A. a
            B. b
            C.  c
            D. d
            Answer:
            """;
        Assert.Equal([.. "ABCD".Select(letter => new Option(Context, $" {letter}", $"{letter}"))], question.Options);
        Assert.Equal(2, question.Answer);
    }

    [Fact]
    public void Sst5_offers_label_words() => AssertAsks("sst5", "sst_test.txt", "__label__4\tFun \"enough\" .\n", 3, "Review: Fun \"enough\" .\nSentiment:", "very negative", "negative", "neutral", "positive", "very positive");

    [Fact]
    public void Hellaswag_is_cleaned_of_brackets_and_capitalises_the_second_half() => AssertAsks(
        "hellaswag",
        "hellaswag_val.jsonl",
        """{"activity_label": "Baking", "ctx_a": "[header] How to bake [title] Mix.  Stir.", "ctx_b": "then Tom", "endings": ["[step] goes  home. ", "eats [substeps] it"], "label": 1}""",
        1,
        "Baking: How to bake. Mix. Stir. Then tom",
        " goes home.", // the harness strips before it removes brackets
        "eats it");

    [Fact]
    public void Piqa_has_its_labels_in_a_file_beside()
    {
        _folder.Write("valid-labels.lst", "1\n");
        AssertAsks("piqa", "valid.jsonl", """{"goal": "Cool a drink", "sol1": "Heat it.", "sol2": "Add ice."}""", 1, "Question: Cool a drink\nAnswer:", "Heat it.", "Add ice.");
    }

    [Fact]
    public void Winogrande_scores_the_same_end_behind_two_beginnings()
    {
        _folder.Write("dev.jsonl", """{"qID": "x", "sentence": "Ann paid Joan because _ asked politely .", "option1": "Ann", "option2": "Joan", "answer": "2"}""");
        var question = Task("winogrande").Questions(subject: null).Single();

        Assert.Equal(
            [
                new Option("Ann paid Joan because Ann", " asked politely .", "Ann paid Joan because Ann"),
                new Option("Ann paid Joan because Joan", " asked politely .", "Ann paid Joan because Joan"),
            ],
            question.Options);
        Assert.Equal(1, question.Answer);
    }

    [Theory]
    [InlineData("arc_easy", "ARC-Easy-Test.jsonl")]
    [InlineData("arc_challenge", "ARC-Challenge-Test.jsonl")]
    public void Arc_finds_the_answer_by_its_label(string task, string file) => AssertAsks(task, file, Arc, 1, "Question: What melts?\nAnswer:", "ice", "a stone");

    [Fact]
    public void Openbookqa_asks_with_the_stem_alone() => AssertAsks("openbookqa", "test.jsonl", Arc, 1, "What melts?", "ice", "a stone");

    [Fact]
    public void Lambada_scores_the_last_word_with_its_space()
    {
        _folder.Write("lambada_test.jsonl", """{"text": "She gave it\nto  Shane"}""");

        Assert.Equal([new Option("She gave it\nto ", " Shane", " Shane")], Task("lambada").Questions(subject: null).Single().Options);
    }

    [Fact]
    public void Wikitext_is_detokenised_and_counted_before_that()
    {
        const string Raw = " = Du Fu = \n \n He was 5 @.@ 5 @-@ foot , 1 @,@ 000 ( or so ) ; it 's \" N \" ° C . \n = = Life = = \n";
        _folder.Write("wiki.test.raw", Raw.Replace("\n", "\r\n", StringComparison.Ordinal));
        var page = Task("wikitext").Documents(subject: null).Single();

        Assert.Equal(" = Du Fu =\n\nHe was 5.5-foot, 1,000 (or so); it's \"N\"°C. \n== Life ==\n".Replace(". \n", ".\n", StringComparison.Ordinal), page.Text);
        Assert.Equal(Raw, page.Counted);
    }

    private void AssertAsks(string task, string file, string row, int answer, string context, params string[] choices)
    {
        _folder.Write(file, row + "\n");
        var question = Task(task).Questions(subject: null).Single();

        Assert.Equal([.. choices.Select(choice => new Option(context, " " + choice, choice))], question.Options);
        Assert.Equal(answer, question.Answer);
    }

    private DefinedTask Task(string name, int shots = 0) => new(TaskCatalog.Read(name), _folder.Path, shots);
}
