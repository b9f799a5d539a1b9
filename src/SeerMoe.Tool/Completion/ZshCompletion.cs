using System.Text;

namespace SeerMoe.Tool.Completion;

/// <summary>For zsh with compinit, as `dotnet-seer` and as `dotnet seer`; other words after `dotnet` go to whatever completed them before.</summary>
public static class ZshCompletion
{
    public static string Script(IReadOnlyList<CompletedCommand> commands)
    {
        var script = new StringBuilder(
            """
            # Completion of dotnet seer for zsh, after compinit.  eval "$(dotnet seer completion zsh)"
            typeset -gA _dotnet_seer_commands _dotnet_seer_options

            """);
        Table(script, "_dotnet_seer_commands", commands, command => command.Commands);
        Table(script, "_dotnet_seer_options", commands, command => command.Options);
        return script.Append(
            """
            # $1 is the index of the first word after the tool's name.
            _dotnet_seer_from() {
              local at=seer word
              local -a items
              for word in "${(@)words[$1,CURRENT-1]}"; do
                if (( ${+_dotnet_seer_commands[$at $word]} )); then at="$at $word"; fi
              done
              if [[ ${words[CURRENT]} == -* ]]; then
                items=("${(@f)_dotnet_seer_options[$at]}")
                _describe option items
              else
                items=("${(@f)_dotnet_seer_commands[$at]}")
                if [[ -n ${items[1]} ]]; then _describe command items; else _files; fi
              fi
            }
            _dotnet_seer() { _dotnet_seer_from 2 }
            _dotnet_with_seer() {
              if [[ ${words[2]} == seer && CURRENT -ge 3 ]]; then
                _dotnet_seer_from 3
              elif [[ -n $_dotnet_before_seer ]]; then
                $_dotnet_before_seer "$@"
              else
                _files
              fi
            }
            if [[ -n ${_comps[dotnet]} && ${_comps[dotnet]} != _dotnet_with_seer ]]; then typeset -g _dotnet_before_seer=${_comps[dotnet]}; fi
            compdef _dotnet_seer dotnet-seer
            compdef _dotnet_with_seer dotnet

            """).ToString();
    }

    /// <summary>Keys are "seer", "seer run", "seer backend install": an empty one can't be looked up.</summary>
    private static void Table(StringBuilder script, string name, IReadOnlyList<CompletedCommand> commands, Func<CompletedCommand, IReadOnlyList<(string, string)>> words)
    {
        script.Append($"{name}=(\n");
        foreach (var command in commands)
        {
            script.Append($"  '{$"seer {command.Path}".TrimEnd()}' '{Lines(words(command))}'\n");
        }

        script.Append(")\n");
    }

    /// <summary>"run:Runs a recipe", a line each: the form that _describe takes.</summary>
    private static string Lines(IReadOnlyList<(string Word, string About)> words) => string.Join('\n', words.Select(word => $"{word.Word}:{word.About}"));
}
