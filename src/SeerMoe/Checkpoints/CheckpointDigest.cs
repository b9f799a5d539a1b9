using System.Buffers.Binary;
using System.Security.Cryptography;
using SeerMoe.Architectures;
using SeerMoe.Safetensors;

namespace SeerMoe.Checkpoints;

/// <summary>
/// Tells one checkpoint from another for the price of its routers: SHA-256 over config.json, the header of every shard, the
/// router tensors, and the first and last 4 KiB of every other tensor. Pruning and tuning both change it (AdamW moves every entry it
/// trains); a checkpoint of any size takes a moment: 8 KiB a tensor.
/// </summary>
public static class CheckpointDigest
{
    private const int PieceBytes = 1 << 20;
    private const int SampleBytes = 4 << 10;

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
        foreach (var name in checkpoint.TensorNames)
        {
            var tensor = checkpoint.Tensor(name);
            AppendLength(hash, tensor.ByteCount);
            if (architecture.RoleOf(name).Kind == TensorKind.Router || tensor.ByteCount <= 2 * SampleBytes)
            {
                AppendAll(hash, tensor);
            }
            else
            {
                hash.AppendData(tensor.Slice(0, SampleBytes));
                hash.AppendData(tensor.Slice(tensor.ByteCount - SampleBytes, SampleBytes));
            }

            // The system maps up to 2 MiB around each page that is touched: a large checkpoint would take gigabytes.
            MappedPages.Release(tensor);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AppendAll(IncrementalHash hash, TensorView tensor)
    {
        for (var offset = 0L; offset < tensor.ByteCount; offset += PieceBytes)
        {
            hash.AppendData(tensor.Slice(offset, (int)Math.Min(PieceBytes, tensor.ByteCount - offset)));
        }
    }

    private static void AppendLength(IncrementalHash hash, long length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        hash.AppendData(bytes);
    }
}
