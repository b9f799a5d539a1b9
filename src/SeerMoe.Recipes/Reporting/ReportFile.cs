using SeerMoe.Recipes.Locking;
using SeerMoe.Recipes.Sweeps;

namespace SeerMoe.Recipes.Reporting;

/// <summary>report.html of a run's folder, or of a sweep's. It is no part of what a lock proves, and can be made anew at any time.</summary>
public static class ReportFile
{
    public const string Name = "report.html";

    /// <summary>Page and model card, into the folder of a run that has all but its lock.</summary>
    public static void Write(string runFolder, RunLock runLock)
    {
        var report = RunReport.Read(runFolder, runLock);
        WriteOver(Path.Combine(runFolder, Name), RunPage.Of(report));
        if (report.CheckpointFolder is { } checkpoint)
        {
            WriteOver(Path.Combine(runFolder, RunCard.FileName), RunCard.Of(report, Path.Combine(runFolder, checkpoint)));
        }
    }

    /// <summary>Into the folder of a sweep.</summary>
    public static string Write(SweepFolder sweep, SweepTable table) => WriteOver(sweep.PathOf(Name), Page(sweep, table));

    /// <summary>The page of a run or a sweep, into its own folder.</summary>
    /// <param name="folder">Of either.</param>
    /// <exception cref="InputException">It is neither or not done, or a page of somebody else stands there.</exception>
    /// <returns>The path of the page.</returns>
    public static string Refresh(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (File.Exists(path) && !File.ReadAllText(path).Contains(HtmlPage.Generator, StringComparison.Ordinal))
        {
            throw new InputException("The page that stands there was not written by this tool; nothing of yours is ever overwritten.", path, "Move it away, or name another file with --output.");
        }

        return WriteOver(path, PageOf(folder));
    }

    /// <summary>The page of one run or sweep, or of several runs side by side.</summary>
    /// <param name="folders">At least one.</param>
    /// <exception cref="InputException">One is no run that is done, or a sweep stands among several.</exception>
    public static string PageOf(params IReadOnlyList<string> folders)
    {
        if (folders is [var only])
        {
            return IsSweep(only) ? Page(SweepFolder.Open(only)) : RunPage.Of(RunReport.Read(only));
        }

        if (folders.FirstOrDefault(IsSweep) is { } sweep)
        {
            throw new InputException("A sweep can't stand beside others.", sweep, "Name runs: its points stand in points/.");
        }

        return ComparisonPage.Of([.. RunNames.Of(folders).Zip(folders, (name, folder) => new NamedReport(name, RunReport.Read(folder)))]);
    }

    private static string Page(SweepFolder sweep) => Page(sweep, SweepTable.Of(sweep, sweep.Recipe));

    private static string Page(SweepFolder sweep, SweepTable table) =>
        SweepPage.Of(table, File.ReadAllText(sweep.PathOf(FrozenRecipe.Name)), point => File.Exists(Path.Combine(SweepFolder.PointIn(sweep.Path, point), Name)));

    private static bool IsSweep(string folder) => File.Exists(Path.Combine(folder, SweepLaunch.Name));

    private static string WriteOver(string path, string page)
    {
        AtomicFile.WriteText(path, page);
        return path;
    }
}
