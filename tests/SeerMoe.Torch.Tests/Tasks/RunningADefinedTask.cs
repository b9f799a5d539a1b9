using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Tasks;
using SeerMoe.Torch.Tests.Parity;

namespace SeerMoe.Torch.Tests.Tasks;

/// <summary>Two subjects with shots, on a checkpoint of a few kilobytes.</summary>
public sealed class RunningADefinedTask : IDisposable
{
    private static readonly TaskDefinition Sums = new(
        "sums",
        Version: 3,
        TaskForm.MultipleChoice,
        new TaskData(RowFormat.Csv, ["q", "a", "b", "right"], [Split("test", rows: 5), Split("dev", rows: null)]),
        Split: "test")
    {
        FewShot = new FewShot("dev"),
        Description = Template.Parse("About {{subject.replace('_', ' ')}}.\n\n"),
        DocToText = Template.Parse("{{q}} ="),
        DocToChoice = new TextList([Template.Parse("{{a}}"), Template.Parse("{{b}}")], TextListKind.Each),
        DocToTarget = Template.Parse("{{right}}"),
        TargetAmong = new TextList([Template.Parse("a"), Template.Parse("b")], TextListKind.Each),
        Metrics = [TaskMetric.Acc, TaskMetric.ExactMatch],
        Groups = [new SubjectGroup("easy", ["one_plus"]), new SubjectGroup("hard", ["two_plus"])],
    };

    private readonly TemporaryFolder _folder = new();

    public RunningADefinedTask()
    {
        _folder.Write("one_plus.test", "1+1,2,3,a\n1+2,2,3,b\n1+3,4,5,a\n");
        _folder.Write("two_plus.test", "2+2,4,5,a\n2+3,4,5,b\n");
        _folder.Write("one_plus.dev", "1+4,5,6,a\n1+5,5,6,b\n");
        _folder.Write("two_plus.dev", "2+4,6,7,a\n2+5,6,7,b\n");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Puts_description_and_shots_before_each_question()
    {
        var task = Task(shots: 2);
        var header = task.CommonHeader("one_plus");

        Assert.Equal("About one plus.\n\n1+4 = 5\n\n1+5 = 6\n\n", header);
        Assert.Equal(
            [new Option(header + "1+2 =", " 2", "2"), new Option(header + "1+2 =", " 3", "3")],
            task.Questions("one_plus").ElementAt(1).Options);
    }

    [Theory]
    [InlineData("../{{subject}}.csv")]
    [InlineData("/etc/{{subject}}.csv")]
    public void Reads_no_file_outside_its_folder(string path)
    {
        var split = new DataSplit("test", Template.Parse(path), Labels: null, Rows: null);
        var task = new DefinedTask(Sums with { FewShot = null, Data = Sums.Data with { Splits = [split] } }, _folder.Path);

        Assert.Contains("not in the folder of its data", Assert.Throws<InputException>(() => task.Questions("one_plus").ToList()).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Draws_other_shots_for_each_question_where_the_task_says_so()
    {
        _folder.Write("one_plus.dev", string.Concat(Enumerable.Range(0, 30).Select(n => $"{n}+1,{n + 1},0,a\n")));
        _folder.Write("two_plus.dev", string.Concat(Enumerable.Range(0, 30).Select(n => $"{n}+2,{n + 2},0,a\n")));
        var task = new DefinedTask(Sums with { FewShot = new FewShot("dev", "\n\n", FewShotSampler.Random) }, _folder.Path, Shots: 2);

        // python3: r = random.Random(1234); [r.sample(range(30), 2) for _ in range(3)] -> [[24, 14], [3, 0], [2, 29]]
        Assert.Equal(
            ["About one plus.\n\n24+1 = 25\n\n14+1 = 15\n\n1+1 =", "About one plus.\n\n3+1 = 4\n\n0+1 = 1\n\n1+2 =", "About one plus.\n\n2+1 = 3\n\n29+1 = 30\n\n1+3 ="],
            task.Questions("one_plus").Select(question => question.Options[0].Context));
        Assert.Equal("About one plus.\n\n", task.CommonHeader("one_plus"));
        Assert.StartsWith("About two plus.\n\n24+2", task.Questions("two_plus").First().Options[0].Context, StringComparison.Ordinal);
        Assert.Equal(10, task.Check());
    }

    [Fact]
    public void Counts_its_requests_and_knows_its_files()
    {
        Assert.Equal(10, Task().Check());
        Assert.Equal(4, (Task() with { Limit = 1 }).Check());
        Assert.Equal(["one_plus.test", "two_plus.test"], Task().Files.Select(Path.GetFileName));
        Assert.Equal(["one_plus.test", "two_plus.test", "one_plus.dev", "two_plus.dev"], Task(shots: 1).Files.Select(Path.GetFileName));
    }

    [Fact]
    public void Gives_a_result_for_each_subject_each_group_and_the_whole()
    {
        var samples = new List<Sample>();
        var results = Evaluate(Task(shots: 1), samples);

        Assert.Equal(["sums", "sums_easy", "sums_hard", "sums_one_plus", "sums_two_plus"], results.Keys);
        Assert.Equal([5, 3, 2, 3, 2], results.Values.Select(result => result.N));
        Assert.Equal([null, "sums", "sums", "sums_easy", "sums_hard"], results.Values.Select(result => result.Group));
        Assert.All(results.Values, result => Assert.Equal((3, 1), (result.Version, result.Shots)));
        Assert.Equal(samples.Average(sample => (double)sample.Metrics["acc"]!), results["sums"].Acc!.Value, precision: 12);
        Assert.All(results.Values, result => Assert.Null(result.AccNorm));
        Assert.NotNull(results["sums"].ExactMatch);
    }

    [Fact]
    public void Tells_each_question_with_what_decided_it()
    {
        var samples = new List<Sample>();
        Evaluate(Task(), samples);

        Assert.Equal([("sums_one_plus", 0, "0"), ("sums_one_plus", 1, "1"), ("sums_one_plus", 2, "0"), ("sums_two_plus", 0, "0"), ("sums_two_plus", 1, "1")], samples.Select(sample => (sample.Task, sample.Index, sample.Target)));
        Assert.Equal(["About one plus.\n\n1+1 =", " 2"], samples[0].Arguments[0]);
        Assert.All(samples, sample => Assert.Equal(2, sample.Scores.Count));
    }

    [Fact]
    public void Refuses_another_number_of_rows_than_was_published()
    {
        _folder.Write("two_plus.test", "2+2,4,5,a\n");

        Assert.Contains("4 rows, and was published with 5", Assert.Throws<InputException>(() => Task().Check()).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_read_once_for_as_long_as_its_files_are_the_same()
    {
        var (path, whole) = (_folder["two_plus.test"], File.ReadAllText(_folder["two_plus.test"]));
        var (written, scored) = (File.GetLastWriteTimeUtc(path), Task().Check());
        File.WriteAllText(path, new string('x', whole.Length));
        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal(scored, Task().Check());

        File.SetLastWriteTimeUtc(path, written.AddSeconds(1));
        Assert.Throws<InputException>(() => Task().Check());
    }

    [Fact]
    public void Refuses_more_shots_than_there_are_rows() =>
        Assert.Contains("only 2 rows", Assert.Throws<InputException>(() => Task(shots: 3).Check()).What, StringComparison.Ordinal);

    [Fact]
    public void Refuses_a_damaged_row_before_the_model_is_read()
    {
        _folder.Write("two_plus.test", "2+2,4,5,a\n2+3,4,5,c\n");
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        File.WriteAllText(Path.Combine(_folder["model"], "model.safetensors"), "");

        var error = Assert.Throws<InputException>(() => Evaluating.Evaluate(checkpoint, [Task()], mask: null, new EvaluateOptions(), Oracle.Float32));
        Assert.Contains("none of the 2 choices", error.What, StringComparison.Ordinal);
        Assert.EndsWith("two_plus.test(2)", error.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_a_folder_that_is_not_there() =>
        Assert.Equal(_folder["absent"], Assert.Throws<InputException>(() => new DefinedTask(Sums, _folder["absent"]).Check()).Where);

    private static DataSplit Split(string name, int? rows) => new(name, Template.Parse("{{subject}}." + name), Labels: null, rows);

    private DefinedTask Task(int shots = 0) => new(Sums, _folder.Path, shots);

    private IReadOnlyDictionary<string, TaskResult> Evaluate(DefinedTask task, List<Sample> samples)
    {
        using var checkpoint = Checkpoint.Open(PicoCheckpoint.Write(_folder["model"]));
        return Evaluating.Evaluate(checkpoint, [task], mask: null, new EvaluateOptions(), Oracle.Float32, progress: null, samples.Add).Results;
    }
}
