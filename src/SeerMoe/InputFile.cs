namespace SeerMoe;

/// <summary>Opens what the user named: a file that can't be read is the user's to mend, so it is an <see cref="InputException"/>.</summary>
public static class InputFile
{
    /// <summary>Unbuffered; for whoever reads in large pieces.</summary>
    /// <exception cref="InputException">The file is absent, a folder, or not ours to read.</exception>
    public static FileStream Open(string path) =>
        Reading(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0));

    /// <exception cref="InputException">The file is absent, a folder, or not ours to read.</exception>
    public static byte[] ReadBytes(string path) => Reading(path, () => File.ReadAllBytes(path));

    private static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The file can't be read: {error.Message}", path, "Check the path and the permissions.", error);
        }
    }
}
