using System.Text;

namespace SeerMoe.Tool.Completion;

/// <summary>For bash 4 and newer, as `dotnet-seer` and as `dotnet seer`; other words after `dotnet` go to whatever completed them before.</summary>
public static class BashCompletion
{
    public static string Script(IReadOnlyList<CompletedCommand> commands)
    {
        var script = new StringBuilder(
            """
            # Completion of dotnet seer for bash.  eval "$(dotnet seer completion bash)"
            _dotnet_seer_commands() {
              case $1 in

            """);
        Cases(script, commands, command => command.Commands);
        script.Append(
            """
              esac
            }
            _dotnet_seer_options() {
              case $1 in

            """);
        Cases(script, commands, command => command.Options);
        return script.Append(
            """
              esac
            }
            # $1 is the index of the first word after the tool's name.
            _dotnet_seer_from() {
              local current=${COMP_WORDS[COMP_CWORD]} path= i words
              for ((i = $1; i < COMP_CWORD; i++)); do
                case " $(_dotnet_seer_commands "$path") " in
                  *" ${COMP_WORDS[i]} "*) path=${path:+$path }${COMP_WORDS[i]} ;;
                esac
              done
              if [[ $current == -* ]]; then words=$(_dotnet_seer_options "$path"); else words=$(_dotnet_seer_commands "$path"); fi
              COMPREPLY=($(compgen -W "$words" -- "$current"))
            }
            _dotnet_seer() { _dotnet_seer_from 1; }
            _dotnet_with_seer() {
              if [[ ${COMP_WORDS[1]} == seer && $COMP_CWORD -ge 2 ]]; then
                _dotnet_seer_from 2
              elif [[ -n $_dotnet_before_seer ]]; then
                "$_dotnet_before_seer" "$@"
              fi
            }
            if [[ $(complete -p dotnet 2>/dev/null) =~ -F\ ([^ ]+) && ${BASH_REMATCH[1]} != _dotnet_with_seer ]]; then
              _dotnet_before_seer=${BASH_REMATCH[1]}
            fi
            complete -o default -F _dotnet_seer dotnet-seer
            complete -o default -F _dotnet_with_seer dotnet

            """).ToString();
    }

    private static void Cases(StringBuilder script, IReadOnlyList<CompletedCommand> commands, Func<CompletedCommand, IReadOnlyList<(string Word, string)>> words)
    {
        foreach (var command in commands.Where(command => words(command).Count > 0))
        {
            script.Append($"    '{command.Path}') echo '{string.Join(' ', words(command).Select(word => word.Word))}' ;;\n");
        }
    }
}
