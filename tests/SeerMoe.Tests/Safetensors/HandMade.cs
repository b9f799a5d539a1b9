using System.Buffers.Binary;
using System.Text;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Safetensors;

/// <summary>Safetensors files put together by hand, so that they can be wrong.</summary>
internal static class HandMade
{
    public static string File(TemporaryFolder folder, string header, int dataBytes) => File(folder, Bytes(header, new byte[dataBytes]));

    public static string File(TemporaryFolder folder, byte[] bytes)
    {
        var path = folder["x.safetensors"];
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    public static byte[] Bytes(string header, byte[] data) => Bytes(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Bytes(byte[] header, byte[] data) => [.. Length(header.Length), .. header, .. data];

    public static byte[] Length(long length)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        return bytes;
    }
}
