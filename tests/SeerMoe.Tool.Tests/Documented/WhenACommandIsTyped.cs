using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests.Documented;

/// <summary>The current folder is the process's own, so nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>
/// Every command of the README, of the texts beside recipes and examples, and of their comments is executed, in the order in which
/// somebody would: by .ci/run where it says so, else here, in a copy of what it needs.
/// </summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class WhenACommandIsTyped : IDisposable
{
    private const string Seer = "dotnet seer ";
    private const string FromSource = "dotnet run -c Release --project src/SeerMoe.Tool -- ";
    private const string PublishedData = "recipes/paper/";

    // Folders that a reader puts in, here and in .ci/run.
    private static readonly (string Printed, string Here)[] StandIns =
        [("PATH/TO/artifacts", "ARTIFACTS"), ("\"$repository/artifacts\"", "ARTIFACTS"), ("../../artifacts", "ARTIFACTS"), ("MMLU_FOLDER", "data/mmlu"), ("SST5_FOLDER", "data/sst5")];

    private static readonly string Ci = WithStandIns(File.ReadAllText(Repository.Path(".ci", "run")));

    private readonly TemporaryFolder _folder = new();
    private readonly string _before = Directory.GetCurrentDirectory();

    public WhenACommandIsTyped()
    {
        foreach (var file in ((string[])["recipes", "examples"]).SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder), "*", SearchOption.AllDirectories)))
        {
            var copy = _folder[Path.GetRelativePath(Repository.Root, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Directory.SetCurrentDirectory(_folder.Path);
    }

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        _folder.Dispose();
    }

    [Fact]
    public void Each_of_the_repository_works_as_printed()
    {
        Assert.True(File.Exists(Repository.Path("src", "SeerMoe.Tool", "SeerMoe.Tool.csproj")));
        Assert.True(DocumentedCommand.All.Count >= 40);
        AssertAllWork(DocumentedCommand.All.Where(command => !command.File.StartsWith(PublishedData, StringComparison.Ordinal)));

        // Made again by its own command above.
        Assert.All(Directory.EnumerateFiles(Repository.Path("examples", "corpus"), "*.jsonl"), file => Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine("examples", "corpus", Path.GetFileName(file)))));
    }

    [Fact]
    public void Each_of_the_papers_recipes_works_on_the_published_data()
    {
        Directory.CreateDirectory("data");
        Directory.CreateSymbolicLink(Path.Combine("data", "mmlu"), Fixtures.Data("mmlu"));
        Directory.CreateSymbolicLink(Path.Combine("data", "sst5"), Fixtures.Data("sst5"));

        AssertAllWork(DocumentedCommand.All.Where(command => command.File.StartsWith(PublishedData, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_one_that_is_made_smaller_is_there() =>
        Assert.All(Shrunk.All, shrunk => Assert.Contains(DocumentedCommand.All, command => command.Text.StartsWith(shrunk.Command, StringComparison.Ordinal)));

    private static void AssertAllWork(IEnumerable<DocumentedCommand> commands)
    {
        var failures = new StringBuilder();
        foreach (var command in commands.Where(command => !IsRunByCi(command.Text)))
        {
            var clock = Stopwatch.StartNew();
            var failure = Run(command.Text);
            TestContext.Current.SendDiagnosticMessage($"{clock.Elapsed.TotalSeconds:F1} s  {command.Text}");
            failures.Append(failure is null ? "" : $"\n{command.Place}: {command.Text}\n{failure}\n");
        }

        Assert.True(failures.Length == 0, failures.ToString());
    }

    private static bool IsRunByCi(string command) => Regex.IsMatch(Ci, $@"^ *{Regex.Escape(WithStandIns(command))}( .*)?$", RegexOptions.Multiline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));

    /// <returns>What went wrong; null for nothing.</returns>
    private static string? Run(string printed)
    {
        var shrunk = Shrunk.All.FirstOrDefault(shrunk => printed.StartsWith(shrunk.Command, StringComparison.Ordinal));
        var text = WithStandIns(printed).Replace("--device cuda", "--device cpu", StringComparison.Ordinal);
        var (command, target) = text.Split(" > ") is [var left, var right] ? (left, right) : (text, null);
        string[] words = [.. Words(shrunk is null ? command : $"{command} {shrunk.Settings}")];
        var (exitCode, output, error) = words switch
        {
            ["dotnet", "run", "-c", ..] when command.StartsWith(FromSource, StringComparison.Ordinal) => InProcess(words[FromSource.Count(' ')..]),
            ["dotnet", "seer", ..] => InProcess(words[2..]),
            ["seer", ..] => InProcess(words[1..]),
            ["bash", "recipes/study/run.sh"] => Process(words, ("SEER", TheStudy.MadeSmall())),
            ["dotnet", "run", var file, "--", ..] when file.EndsWith(".cs", StringComparison.Ordinal) => Process(words),
            _ => (-1, "", "neither .ci/run nor this test has a way to run it"),
        };
        if (target is not null)
        {
            File.WriteAllText(target, output);
        }

        // 'lint' tells by its exit code what it found, and the README's cut has other numbers of experts in each layer.
        var isRight = exitCode == 0 || (words is [_, _, "lint", ..] && exitCode == ExitCode.Differs);
        return isRight ? null : $"exit code {exitCode}\n{error}";
    }

    private static (int ExitCode, string Output, string Error) InProcess(string[] arguments)
    {
        var run = Tests.Seer.Run(arguments);
        return (run.ExitCode, run.Output, run.Error);
    }

    private static (int ExitCode, string Output, string Error) Process(string[] words, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(words[0], words[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = System.Diagnostics.Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>As a shell cuts them; quotes are all that it takes away here.</summary>
    private static IEnumerable<string> Words(string command) => Regex.Matches(command, @"(""[^""]*""|\S)+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)).Select(word => word.Value.Replace("\"", "", StringComparison.Ordinal));

    private static string WithStandIns(string text) => StandIns.Aggregate(text, (changed, standIn) => changed.Replace(standIn.Printed, standIn.Here, StringComparison.Ordinal));
}
