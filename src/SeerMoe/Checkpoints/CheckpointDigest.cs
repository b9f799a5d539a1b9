using System.Buffers.Binary;
using System.Security.Cryptography;
using SeerMoe.Architectures;

namespace SeerMoe.Checkpoints;

/// <summary>
/// Tells one checkpoint from another for the price of its routers: SHA-256 over config.json, the header of every shard and the
/// router tensors. Pruning and tuning both change it; a checkpoint of any size takes a moment.
/// </summary>
public static class CheckpointDigest
{
    private const int PieceBytes = 1 << 20;

    /// <summary>64 hexadecimal digits.</summary>
    public static string Of(Checkpoint checkpoint)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendLength(hash, checkpoint.Config.FileBytes.Length);
        hash.AppendData(checkpoint.Config.FileBytes);
        foreach (var shard in checkpoint.Shards)
        {
            // A header starts with its own length.
            hash.AppendData(shard.File.HeaderBytes);
        }

        var architecture = ArchitectureCatalog.For(checkpoint.Config);
        foreach (var name in checkpoint.TensorNames.Where(name => architecture.RoleOf(name).Kind == TensorKind.Router))
        {
            var router = checkpoint.Tensor(name);
            AppendLength(hash, router.ByteCount);
            for (var offset = 0L; offset < router.ByteCount; offset += PieceBytes)
            {
                hash.AppendData(router.Slice(offset, (int)Math.Min(PieceBytes, router.ByteCount - offset)));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendLength(IncrementalHash hash, long length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        hash.AppendData(bytes);
    }
}
