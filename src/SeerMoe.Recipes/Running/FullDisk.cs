namespace SeerMoe.Recipes.Running;

/// <summary>An error of the file system that says that there is no room left.</summary>
internal static class FullDisk
{
    private const int NoSpace = 28; // ENOSPC
    private const int OverQuota = 122; // EDQUOT
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether the error is of that kind. Where .NET finds it before the first byte, it keeps the number to itself.</summary>
    public static bool Is(IOException error) =>
        error.HResult is NoSpace or OverQuota or WindowsDiskFull || error.Message.Contains("the disk was full", StringComparison.Ordinal);

    /// <summary>The same in three lines.</summary>
    public static InputException In(string runFolder, IOException error) =>
        new($"The disk is full: {error.Message}", runFolder, "Make room, then run the same again with --resume: what is done is kept.", error);
}
