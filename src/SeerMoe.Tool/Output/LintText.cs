using SeerMoe.Linting;

namespace SeerMoe.Tool.Output;

/// <summary>Findings of `lint`: one each, with its reason below.</summary>
public static class LintText
{
    public static void Print(Terminal terminal, IReadOnlyList<Finding> findings, bool json)
    {
        if (json)
        {
            terminal.Output.Write(SeerJson.Text(new Document([.. findings.Select(finding =>
                new Entry(finding.Runtime, finding.Rule, Word(finding.Severity), finding.What, finding.Reason))])));
            return;
        }

        foreach (var finding in findings)
        {
            terminal.Output.Write($"{Word(finding.Severity),-7}  {finding.Runtime}, {finding.Rule}: {finding.What}\n         {finding.Reason}\n");
        }
    }

    private static string Word(Severity severity) => severity switch
    {
        Severity.Ok => "ok",
        Severity.Warning => "warning",
        _ => "error",
    };

    private sealed record Entry(string Runtime, string Rule, string Severity, string What, string Reason);

    private sealed record Document(IReadOnlyList<Entry> Findings)
    {
        [System.Text.Json.Serialization.JsonPropertyOrder(-1)]
        public string Schema => "seer/lint@1";
    }
}
