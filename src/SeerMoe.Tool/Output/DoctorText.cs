using SeerMoe.Tool.Diagnosis;

namespace SeerMoe.Tool.Output;

/// <summary>
/// What was found on this machine, a line each, and below it what to do.
/// <code>
/// ok       memory   15.6 GiB, 9.1 GiB of it free
/// missing  backend  cpu is not on this machine
///                   -> dotnet seer backend install cpu
/// </code>
/// </summary>
public static class DoctorText
{
    private static readonly int StateWidth = Enum.GetValues<State>().Max(state => Word(state).Length);

    public static string Of(IReadOnlyList<Finding> findings)
    {
        var width = findings.Max(finding => finding.Subject.Length);
        return string.Concat(findings.Select(finding =>
            $"{Word(finding.State).PadRight(StateWidth)}  {finding.Subject.PadRight(width)}  {finding.Found}\n"
            + (finding.WhatToDo is { } advice ? $"{"".PadRight(StateWidth)}  {"".PadRight(width)}  -> {advice}\n" : "")));
    }

    /// <summary>"ok", "note", "missing".</summary>
    public static string Word(State state) => state.ToString().ToLowerInvariant();
}
