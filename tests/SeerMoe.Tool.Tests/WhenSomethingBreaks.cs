using SeerMoe.Testing;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Tests;

public sealed class WhenSomethingBreaks : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private readonly StringWriter _error = new() { NewLine = "\n" };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_story_goes_to_a_log_that_is_named()
    {
        Assert.Equal(1, Write(_folder.Path));

        var log = Assert.Single(Directory.GetFiles(_folder.Path));
        Assert.Contains($"  at {log}\n", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("count --model m", File.ReadAllText(log), StringComparison.Ordinal);
    }

    [Fact]
    public void The_story_goes_to_stderr_where_no_log_can_be_written()
    {
        Assert.Equal(1, Write(_folder["absent"]));

        Assert.StartsWith("error: Something went wrong that is not your fault: broken\n", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("count --model m", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("System.InvalidOperationException: broken", _error.ToString(), StringComparison.Ordinal);
    }

    private int Write(string logFolder) =>
        DiagnosticsText.Write(new Terminal(TextWriter.Null, _error), new InvalidOperationException("broken"), ["count", "--model", "m"], logFolder);
}
