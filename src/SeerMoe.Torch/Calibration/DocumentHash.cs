using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Calibration;

/// <summary>
/// A document by what it says, so that a copy is found among millions: case and white space make no difference.
/// <code>
/// "The  Owl\n saw."   "the owl saw."      the same: SHA-256 of "the owl saw.", the first 16 bytes
/// </code>
/// </summary>
public static class DocumentHash
{
    public static UInt128 Of(string text)
    {
        var normal = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (!char.IsWhiteSpace(letter))
            {
                normal.Append(char.ToLowerInvariant(letter));
            }
            else if (normal.Length > 0 && normal[^1] != ' ')
            {
                normal.Append(' ');
            }
        }

        return First(SHA256.HashData(Encoding.UTF8.GetBytes(normal.ToString().TrimEnd(' '))));
    }

    /// <summary>Real tokens only. Never equal to a text's: nobody knows the text.</summary>
    public static UInt128 Of(TokenSequence sequence) =>
        First(SHA256.HashData(MemoryMarshal.AsBytes<int>(sequence.Ids.Where((_, position) => sequence.IsReal(position)).ToArray())));

    private static UInt128 First(ReadOnlySpan<byte> hash) => MemoryMarshal.Read<UInt128>(hash);
}
