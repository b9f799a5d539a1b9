using System.Text;

namespace SeerMoe;

/// <summary>Writes a whole file under a temporary name beside it, then renames: nobody ever sees half of it.</summary>
public static class AtomicFile
{
    /// <summary>Writes UTF-8 without a byte order mark.</summary>
    public static void WriteText(string path, string text) => WriteBytes(path, Encoding.UTF8.GetBytes(text));

    public static void WriteBytes(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = TemporaryName(path);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>A name beside the file that nobody else has.</summary>
    public static string TemporaryName(string path) => $"{path}.{Guid.NewGuid():N}.partial";
}
