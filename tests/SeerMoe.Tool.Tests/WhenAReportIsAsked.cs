using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

public sealed class WhenAReportIsAsked : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Run => _folder["runs/tiny/1"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_has_one_already_and_it_can_be_made_anew()
    {
        Make();
        var first = File.ReadAllText(Path.Combine(Run, "report.html"));
        File.Delete(Path.Combine(Run, "report.html"));

        Assert.Equal(new Seer(0, $"report: {Path.Combine(Run, "report.html")}\n", ""), Seer.Run("report", Run));
        Assert.Equal(first, File.ReadAllText(Path.Combine(Run, "report.html")));
        Assert.Contains("\"schema\": \"seer/report@1\"", Seer.Run("report", Run, "--json").Output, StringComparison.Ordinal);
        Assert.Equal(0, Seer.Run("verify", Run).ExitCode);
    }

    [Fact]
    public void Another_file_is_written_once()
    {
        Make();

        Assert.Equal(0, Seer.Run("report", Run, "--output", _folder["page.html"]).ExitCode);
        Assert.Equal(File.ReadAllText(Path.Combine(Run, "report.html")), File.ReadAllText(_folder["page.html"]));
        Seer.Run("report", Run, "--output", _folder["page.html"]).AssertRefused("there already", "page.html", "--output");
    }

    [Fact]
    public void Several_runs_stand_side_by_side_in_a_new_file()
    {
        Make();
        Make("--seed", "3");

        Seer.Run("report", Run, _folder["runs/tiny/2"]).AssertRefused("Several runs", "dotnet seer report", "--output");
        Assert.Equal(0, Seer.Run("report", Run, _folder["runs/tiny/2"], "--output", _folder["both.html"]).ExitCode);
        Assert.Contains("Beside tiny/1, tiny/2", File.ReadAllText(_folder["both.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_not_done_has_none()
    {
        Make();
        File.Delete(Path.Combine(Run, "seer.lock.json"));

        Seer.Run("report", Run).AssertRefused("did not finish", Run, "seer.lock.json");
    }

    private void Make(params string[] more) => Assert.Equal(0, Seer.Run(["run", TinyRecipe.Write(_folder), "--output", _folder["runs"], "--quiet", .. more]).ExitCode);
}
