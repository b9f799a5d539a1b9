using McMaster.Extensions.CommandLineUtils;
using SeerMoe.Tool.Diagnosis;
using SeerMoe.Tool.Output;

namespace SeerMoe.Tool.Commands;

/// <summary>`seer doctor`: will this machine do.</summary>
[Command(
    "doctor",
    Description = "Looks at the SDK, the backend, devices, memory, disk and C libraries, and says what to do; exit code 2 where something that is needed is missing.",
    ExtendedHelpText = "dotnet seer doctor --json")]
public sealed class DoctorCommand : SeerCommand
{
    public override int Execute(Terminal terminal, CancellationToken interrupted)
    {
        var findings = Doctor.Examine();
        if (Json)
        {
            terminal.Output.Write(SeerJson.Text(new
            {
                Schema = "seer/doctor@1",
                Findings = findings.Select(finding => new { finding.Subject, State = DoctorText.Word(finding.State), finding.Found, finding.WhatToDo }),
            }));
        }
        else
        {
            terminal.Output.Write(DoctorText.Of(findings));
        }

        return findings.Any(finding => finding.State == State.Missing) ? ExitCode.BadInput : ExitCode.Done;
    }
}
