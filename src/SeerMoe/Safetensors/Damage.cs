using System.Text.Encodings.Web;

namespace SeerMoe.Safetensors;

/// <summary>The errors of a file that is not, or no longer, a safetensors file.</summary>
internal static class Damage
{
    private const int LongestNameShown = 120;

    public static InputException In(string path, string what, Exception? inner = null) =>
        new(what, path, "The file is damaged or not a safetensors file: download or copy it again, and compare its size and checksum with the source.", inner);

    /// <summary>A name from the file, safe to print: a damaged name may be megabytes of control characters.</summary>
    public static string Quoted(string name)
    {
        var shown = name.Length <= LongestNameShown ? name : $"{name.AsSpan(0, LongestNameShown)}...";
        return $"'{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(shown)}'";
    }
}
