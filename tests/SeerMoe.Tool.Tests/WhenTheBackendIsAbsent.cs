using System.Text.Json.Nodes;
using SeerMoe.Testing;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Tests;

public sealed class WhenTheBackendIsAbsent : IDisposable
{
    private readonly TemporaryFolder _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_command_that_computes_names_it_and_the_one_command_that_installs_it()
    {
        var config = _machine.Write("config.json", PicoCheckpoint.ConfigText());

        SeerProcess.Run(_machine, null, "init", "--config", config, "--output", _machine["out"])
            .AssertRefused("The backend 'cpu' (libtorch 2.10.0 for ", _machine[".seer/backends/cpu"], "Install it: dotnet seer backend install cpu");
        Assert.False(Directory.Exists(_machine["out"]));
    }

    [Fact]
    public void The_list_says_how_to_get_each()
    {
        var list = SeerProcess.Run(_machine, null, "backend", "list");

        Assert.Equal((0, ""), (list.ExitCode, list.Error));
        Assert.Equal(
            """
              cpu        not here: dotnet seer backend install cpu
              cuda-12.8  not here: dotnet seer backend install cuda-12.8
              path       not used: dotnet seer backend use PATH

            """,
            list.Output);
    }

    [Fact]
    public void The_doctor_says_what_is_missing_and_ends_with_2()
    {
        var doctor = SeerProcess.Run(_machine, null, "doctor", "--json");

        Assert.Equal((2, ""), (doctor.ExitCode, doctor.Error));
        var missing = JsonNode.Parse(doctor.Output)!["findings"]!.AsArray().Single(finding => (string?)finding!["state"] == "missing")!;
        Assert.Equal(("backend", "dotnet seer backend install cpu"), ((string?)missing["subject"], (string?)missing["what_to_do"]));
    }

    [Fact]
    public void What_the_SDK_says_of_a_package_that_is_not_to_be_had_is_told()
    {
        Directory.CreateDirectory(_machine["feed"]);
        _machine.Write("nuget.config", """<configuration><packageSources><clear /><add key="only" value="feed" /></packageSources></configuration>""");

        SeerProcess.Run(_machine, null, "backend", "install", "cuda-12.8", "--quiet").AssertRefused(
            "'dotnet publish' said: error NU1101: Unable to find package libtorch-cuda-12.8-", _machine[".seer/backends/cuda-12.8"], "reachable for NuGet");
        Assert.Contains("  cpu        not here", SeerProcess.Run(_machine, null, "backend", "list").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_only_those_that_fit_this_version() =>
        Seer.Run("backend", "install", "cuda-11.3").AssertRefused("no backend 'cuda-11.3'", "dotnet seer backend install", "cpu, cuda-12.8");

    [Fact]
    public void One_that_some_restore_brought_is_used_as_it_is()
    {
        Assert.SkipWhen(!Directory.Exists(UserFolders.Packages), "NuGet keeps its packages elsewhere.");

        Assert.StartsWith("* cpu ", SeerProcess.Run(_machine, UserFolders.Packages, "backend", "list").Output, StringComparison.Ordinal);
        Assert.Equal(0, SeerProcess.Run(_machine, UserFolders.Packages, "backend", "check").ExitCode);
    }
}
