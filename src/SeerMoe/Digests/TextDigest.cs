using System.Security.Cryptography;
using System.Text;

namespace SeerMoe.Digests;

/// <summary>SHA-256 of a text in UTF-8, in lower-case hexadecimal digits.</summary>
public static class TextDigest
{
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
