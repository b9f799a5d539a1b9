namespace SeerMoe.Tool.Tests;

public class WhenTheMachineIsExamined
{
    [Fact]
    public void Each_line_says_ok_or_what_to_do()
    {
        var doctor = Seer.Run("doctor");

        Assert.Equal((0, ""), (doctor.ExitCode, doctor.Error));
        var lines = doctor.Output.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Matches("^(ok|note|  ) .*", line));
        foreach (var (subject, found) in (IEnumerable<(string, string)>)[("tool", "TorchSharp 0.107.0"), ("sdk", "SDK 10."), ("backend", "passes every check"), ("cpu", "cores"), ("memory", "GiB"), ("gpu", ""), ("disk, here", "GiB free"), ("slurm", "")])
        {
            Assert.Single(lines, line => line.Contains($"  {subject} ", StringComparison.Ordinal) && line.Contains(found, StringComparison.Ordinal));
        }
    }
}
