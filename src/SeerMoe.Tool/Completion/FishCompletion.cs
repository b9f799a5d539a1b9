using System.Text;

namespace SeerMoe.Tool.Completion;

/// <summary>For fish, as `dotnet-seer` and as `dotnet seer`: fish adds these to what else it knows of `dotnet`.</summary>
public static class FishCompletion
{
    public static string Script(IReadOnlyList<CompletedCommand> commands)
    {
        var known = string.Join(' ', commands.Where(command => command.Path.Length > 0).Select(command => $"'{command.Path}'"));
        var script = new StringBuilder(
            $$"""
            # Completion of dotnet seer for fish.  dotnet seer completion fish | source
            function __dotnet_seer_at
                set -l words (commandline -opc)
                if test "$words[1]" = dotnet
                    test "$words[2]" = seer; or return 1
                    set -e words[1]
                end
                set -l path
                for word in $words[2..-1]
                    set -l longer (string trim "$path $word")
                    contains -- "$longer" {{known}}; and set path $longer
                end
                test "$path" = "$argv[1]"
            end

            """);
        foreach (var command in commands)
        {
            foreach (var (word, about) in command.Commands)
            {
                script.Append($"complete -c dotnet-seer -c dotnet -n '__dotnet_seer_at \"{command.Path}\"' -f -a '{word}' -d '{about}'\n");
            }

            foreach (var (word, about) in command.Options)
            {
                var form = word.StartsWith("--", StringComparison.Ordinal) ? $"-l {word[2..]}" : $"-s {word[1..]}";
                script.Append($"complete -c dotnet-seer -c dotnet -n '__dotnet_seer_at \"{command.Path}\"' {form} -d '{about}'\n");
            }
        }

        return script.ToString();
    }
}
