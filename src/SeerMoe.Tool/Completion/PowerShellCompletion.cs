using System.Text;

namespace SeerMoe.Tool.Completion;

/// <summary>For PowerShell, as `dotnet-seer` and as `dotnet seer`; other words after `dotnet` go to the SDK's own completion.</summary>
public static class PowerShellCompletion
{
    public static string Script(IReadOnlyList<CompletedCommand> commands)
    {
        var script = new StringBuilder(
            """
            # Completion of dotnet seer for PowerShell.  dotnet seer completion powershell | Out-String | Invoke-Expression
            $global:DotnetSeerWords = @{

            """);
        foreach (var command in commands)
        {
            script.Append($"  '{command.Path}' = @{{ Commands = @({Row(command.Commands)}); Options = @({Row(command.Options)}) }}\n");
        }

        return script.Append(
            """
            }
            Register-ArgumentCompleter -Native -CommandName 'dotnet-seer', 'dotnet' -ScriptBlock {
              param($wordToComplete, $commandAst, $cursorPosition)
              $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
              $first = 1
              if ([IO.Path]::GetFileNameWithoutExtension($words[0]) -eq 'dotnet') {
                if ($words.Count -lt 2 -or $words[1] -ne 'seer') {
                  dotnet complete --position $cursorPosition "$commandAst" | ForEach-Object { [Management.Automation.CompletionResult]::new($_) }
                  return
                }
                $first = 2
              }
              $path = ''
              for ($i = $first; $i -lt $words.Count; $i++) {
                $longer = ("$path " + $words[$i]).Trim()
                if ($words[$i] -ne $wordToComplete -and $global:DotnetSeerWords.ContainsKey($longer)) { $path = $longer }
              }
              $known = $global:DotnetSeerWords[$path]
              $candidates = if ($wordToComplete.StartsWith('-')) { $known.Options } else { $known.Commands }
              $candidates | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object { [Management.Automation.CompletionResult]::new($_) }
            }

            """).ToString();
    }

    private static string Row(IReadOnlyList<(string Word, string About)> words) => string.Join(", ", words.Select(word => $"'{word.Word}'"));
}
