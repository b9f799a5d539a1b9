namespace SeerMoe.Torch.Streaming;

/// <summary>A file without a name: it goes when it is closed or the process ends, however that comes about.</summary>
internal static class SpillFile
{
    // Of many systems the usual place for temporary files is memory; this one is not.
    private const string OnDisk = "/var/tmp";

    /// <summary>In $TMPDIR where that is set.</summary>
    public static FileStream Create()
    {
        var isChosen = Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 };
        var folder = !isChosen && Directory.Exists(OnDisk) ? OnDisk : Path.GetTempPath();
        var path = Path.Combine(folder, $"seer-{Guid.NewGuid():N}.hidden");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 0, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(path); // Unix keeps the bytes until the file is closed
        }

        return file;
    }
}
