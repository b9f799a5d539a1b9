using System.Collections.Immutable;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Digests;
using SeerMoe.Safetensors;

namespace SeerMoe.Pruning;

/// <summary>One shard after the cut: which of its tensors stay, under which names, and which slices of its routers and fused experts.</summary>
internal sealed class ShardCut
{
    // Large enough that a system call is nothing beside the copy, small enough to stay out of the way of other memory.
    private const int ChunkBytes = 8 << 20;

    private readonly CheckpointShard _shard;
    private readonly ImmutableArray<KeptTensor> _kept;

    public ShardCut(CheckpointShard shard, IMoeArchitecture architecture, Renumbering renumbering)
    {
        _shard = shard;
        _kept =
        [
            .. from entry in shard.File.Header.Tensors
               let name = renumbering.NewName(entry.Spec.Name, architecture)
               where name is not null
               select Keep(shard.File.Tensor(entry.Spec.Name), name, architecture.RoleOf(entry.Spec.Name), renumbering),
        ];
    }

    public string FileName => _shard.FileName;

    /// <summary>Whether every tensor went with its expert, so that no file is left to write.</summary>
    public bool IsEmpty => _kept.IsEmpty;

    /// <summary>Bytes of its tensors after the cut.</summary>
    public long ByteCount => _kept.Sum(kept => kept.Spec.ByteCount);

    /// <summary>Elements that its tensors lose.</summary>
    public long ElementsDropped => _shard.File.Header.Tensors.Sum(entry => entry.Spec.ElementCount) - _kept.Sum(kept => kept.Spec.ElementCount);

    /// <summary>Writes what stays, in the order of the source; a shard that loses nothing is copied as it stands.</summary>
    /// <exception cref="OperationCanceledException">Interrupted between two pieces.</exception>
    public void Write(string path, DigestCache? digests, CancellationToken interrupted)
    {
        if (_kept.Select(kept => kept.Spec).SequenceEqual(_shard.File.Header.Tensors.Select(entry => entry.Spec)))
        {
            CopyFile(_shard.File.Path, path, interrupted);
            return;
        }

        using var writer = SafetensorsWriter.Create(path, [.. _kept.Select(kept => kept.Spec)], _shard.File.Header.Metadata, digests);
        foreach (var kept in _kept)
        {
            kept.CopyTo(writer, interrupted);
        }

        writer.Complete();
    }

    private static void CopyFile(string source, string path, CancellationToken interrupted)
    {
        using var from = InputFile.Open(source);
        using var to = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var chunk = new byte[ChunkBytes];
        for (int read; (read = from.Read(chunk)) > 0;)
        {
            interrupted.ThrowIfCancellationRequested();
            to.Write(chunk, 0, read);
        }
    }

    private static KeptTensor Keep(TensorView source, string name, TensorRole role, Renumbering renumbering) =>
        role.IsSliced && renumbering.SurvivorsOf(role.Layer) is { } slices
            ? new KeptTensor(source.Spec with { Name = name, Shape = source.Spec.Shape.SetItem(role.Axis, slices.Length) }, source, slices, role.Axis)
            : new KeptTensor(source.Spec with { Name = name }, source, Slices: null, Axis: 0);

    /// <param name="Spec">Name and shape after the cut.</param>
    /// <param name="Source">The bytes before it.</param>
    /// <param name="Slices">Slices that stay, or null for all.</param>
    /// <param name="Axis">The dimension that is sliced; those before it are of size 1, so that slices lie one behind the other.</param>
    private sealed record KeptTensor(TensorSpec Spec, TensorView Source, ImmutableArray<int>? Slices, int Axis)
    {
        public void CopyTo(SafetensorsWriter writer, CancellationToken interrupted)
        {
            if (Slices is not { } slices)
            {
                Copy(writer, 0, Source.ByteCount, interrupted);
                return;
            }

            var sliceBytes = Source.ByteCount / Source.Spec.Shape[Axis];
            foreach (var slice in slices)
            {
                Copy(writer, slice * sliceBytes, sliceBytes, interrupted);
            }
        }

        private void Copy(SafetensorsWriter writer, long start, long length, CancellationToken interrupted)
        {
            for (var done = 0L; done < length; done += ChunkBytes)
            {
                interrupted.ThrowIfCancellationRequested();
                writer.Write(Source.Slice(start + done, (int)Math.Min(ChunkBytes, length - done)));
            }
        }
    }
}
