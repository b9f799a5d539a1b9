using McMaster.Extensions.CommandLineUtils;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer backend`: the builds of libtorch on this machine.</summary>
[Command(
    "backend",
    Description = "The native library that is computed with: what is here, installing it, choosing it.",
    ExtendedHelpText = "dotnet seer backend install cpu")]
[Subcommand(typeof(BackendListCommand), typeof(BackendInstallCommand), typeof(BackendUseCommand), typeof(BackendCheckCommand))]
public sealed class BackendCommand;
