using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Output;
using SeerMoe.Torch.Runtime;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer backend list`: which there are, which are here, which is in use.</summary>
[Command("list", Description = "Lists the backends: which are on this machine, and where; which is in use.", ExtendedHelpText = "dotnet seer backend list")]
public sealed class BackendListCommand : SeerCommand
{
    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var active = Backend.Active();
        var others = Backend.Names.Where(name => name != active?.Name).Select(name => (Name: name, Backend.Find(name)?.Folder, Active: false));
        var rows = (active is null ? others : others.Append((active.Name, active.Folder, Active: true))).OrderBy(row => Backend.Names.ToList().IndexOf(row.Name)).ToList();
        if (Json)
        {
            terminal.Output.Write(SeerJson.Text(new { Schema = "seer/backends@1", Libtorch = Backend.Version, Backends = rows.Select(row => new { row.Name, row.Folder, row.Active }) }));
            return ExitCode.Done;
        }

        terminal.Print([.. rows.Select(row => (
            $"{(row.Active ? "*" : " ")} {row.Name}",
            row.Folder ?? (row.Name == Backend.Path ? "not used: dotnet seer backend use PATH" : $"not here: dotnet seer backend install {row.Name}")))]);
        return ExitCode.Done;
    }
}
