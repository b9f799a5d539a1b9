using System.Diagnostics;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests;

/// <summary>The scripts of `completion` in real shells; those that are not on this machine skip.</summary>
public sealed class WhenTheTabKeyIsPressed : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dotnet-seer ru", "run")]
    [InlineData("dotnet-seer backend in", "install")]
    [InlineData("dotnet-seer run x.yaml --se", "--set --seed")]
    [InlineData("dotnet seer pl", "plan")]
    [InlineData("dotnet seer backend install --js", "--json")]
    [InlineData("dotnet-seer help cri", "criteria")]
    [InlineData("dotnet-seer help back", "backend")]
    [InlineData("dotnet seer help stages reg", "regularize")]
    [InlineData("dotnet bui", "")]
    public void Bash_completes(string typed, string words)
    {
        var script = Script("bash");
        var function = typed.StartsWith("dotnet ", StringComparison.Ordinal) ? "_dotnet_with_seer" : "_dotnet_seer";
        var said = Said("bash", "--noprofile", "--norc", "-c", $"""
            source '{script}'
            complete -p {typed.Split(' ')[0]}
            COMP_WORDS=({typed}); COMP_CWORD=$(({typed.Split(' ').Length} - 1))
            {function}
            echo "${"{COMPREPLY[*]}"}"
            """);

        Assert.Equal($"complete -o default -F {function} {typed.Split(' ')[0]}\n{words}\n", said);
    }

    [Fact]
    public void Bash_keeps_what_completed_dotnet_before()
    {
        var script = Script("bash");
        var said = Said("bash", "--noprofile", "--norc", "-c", $$"""
            before() { COMPREPLY=(build); }
            complete -F before dotnet
            source '{{script}}'
            source '{{script}}'
            COMP_WORDS=(dotnet bui); COMP_CWORD=1
            _dotnet_with_seer
            echo "${COMPREPLY[*]}"
            """);

        Assert.Equal("build\n", said);
    }

    [Theory]
    [InlineData("dotnet-seer ru", "run")]
    [InlineData("dotnet seer backend in", "install")]
    [InlineData("dotnet-seer run --se", "--set --seed")]
    [InlineData("dotnet-seer help stages reg", "regularize")]
    public void Fish_completes(string typed, string words)
    {
        var script = Script("fish");
        var said = Said("fish", "--no-config", "-c", $"source '{script}'; complete -C '{typed}'");

        var found = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0]).ToList();
        Assert.Equal(words.Split(' ').Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("dotnet-seer ru", "run")]
    [InlineData("dotnet seer backend in", "install")]
    [InlineData("dotnet-seer run --se", "--set --seed")]
    [InlineData("dotnet-seer help stages reg", "regularize")]
    public void Zsh_completes(string typed, string words)
    {
        // _describe draws menus of a terminal; here it says what it was given that fits.
        var script = Script("zsh");
        var function = typed.StartsWith("dotnet ", StringComparison.Ordinal) ? "_dotnet_with_seer" : "_dotnet_seer";
        var said = Said("zsh", "-f", "-c", $$"""
            autoload -Uz compinit; compinit -u -d {{_folder["dump"]}}
            source '{{script}}'
            _describe() { local item; for item in "${(@P)2}"; do [[ $item == ${words[CURRENT]}* ]] && echo "${item%%:*}"; done; true }
            words=({{typed}}); CURRENT=${#words}
            {{function}}
            """);

        Assert.Equal(words.Split(' '), said.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void PowerShell_has_every_command()
    {
        var script = Seer.Run("completion", "powershell").Output;
        Assert.Contains("'backend install' = @{ Commands = @();", script, StringComparison.Ordinal);
        Assert.Contains("'run', 'plan', 'sweep'", script, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_shell_is_refused() => Seer.Run("completion", "bsh").AssertRefused("'bsh'", "dotnet seer completion", "Did you mean 'bash'?");

    private string Script(string shell)
    {
        var completion = Seer.Run("completion", shell);
        Assert.Equal((0, ""), (completion.ExitCode, completion.Error));
        return _folder.Write($"seer.{shell}", completion.Output);
    }

    private static string Said(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal("", errors.Result);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not on this machine.");
            throw;
        }
    }
}
