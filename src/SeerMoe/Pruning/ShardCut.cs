using System.Collections.Immutable;
using SeerMoe.Architectures;
using SeerMoe.Checkpoints;
using SeerMoe.Digests;
using SeerMoe.Safetensors;

namespace SeerMoe.Pruning;

/// <summary>One shard after the cut: which of its tensors stay, under which names, and which slices of its routers and fused experts.</summary>
internal sealed class ShardCut
{
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
               select Keep(entry, name, architecture.RoleOf(entry.Spec.Name), renumbering),
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
        using var source = InputFile.Open(_shard.File.Path);
        if (_kept.Select(kept => kept.Spec).SequenceEqual(_shard.File.Header.Tensors.Select(entry => entry.Spec)))
        {
            CopyFile(source, path, digests, interrupted);
            return;
        }

        using var writer = SafetensorsWriter.Create(path, [.. _kept.Select(kept => kept.Spec)], _shard.File.Header.Metadata, digests);
        foreach (var (start, length) in Joined(_kept.SelectMany(kept => kept.Pieces)))
        {
            writer.CopyFrom(source.SafeFileHandle, start, length, interrupted);
        }

        writer.Complete();
    }

    private static void CopyFile(FileStream source, string path, DigestCache? digests, CancellationToken interrupted)
    {
        var temporary = AtomicFile.TemporaryName(path);
        string? digest;
        try
        {
            using (var to = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
            {
                using var hash = digests is null ? null : new TrailingHash(to.SafeFileHandle);
                FileRange.Copy(source.SafeFileHandle, 0, to.SafeFileHandle, 0, source.Length, interrupted, done => hash?.Reached(done));
                to.Flush(flushToDisk: true);
                digest = hash?.Finish();
            }

            File.Move(temporary, path);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        if (digest is not null)
        {
            digests!.Wrote(path, digest);
        }
    }

    /// <summary>Pieces that lie one behind the other are one: thousands of small tensors need few system calls.</summary>
    private static IEnumerable<(long Start, long Length)> Joined(IEnumerable<(long Start, long Length)> pieces)
    {
        var (start, length) = (0L, 0L);
        foreach (var piece in pieces)
        {
            if (length > 0 && piece.Start != start + length)
            {
                yield return (start, length);
                length = 0;
            }

            (start, length) = (length == 0 ? piece.Start : start, length + piece.Length);
        }

        if (length > 0)
        {
            yield return (start, length);
        }
    }

    private static KeptTensor Keep(TensorEntry source, string name, TensorRole role, Renumbering renumbering) =>
        role.IsSliced && renumbering.SurvivorsOf(role.Layer) is { } slices
            ? new KeptTensor(source.Spec with { Name = name, Shape = source.Spec.Shape.SetItem(role.Axis, slices.Length) }, source, slices, role.Axis)
            : new KeptTensor(source.Spec with { Name = name }, source, Slices: null, Axis: 0);

    /// <param name="Spec">Name and shape after the cut.</param>
    /// <param name="Source">Where its bytes are.</param>
    /// <param name="Slices">Slices that stay, or null for all.</param>
    /// <param name="Axis">The dimension that is sliced; those before it are of size 1, so that slices lie one behind the other.</param>
    private sealed record KeptTensor(TensorSpec Spec, TensorEntry Source, ImmutableArray<int>? Slices, int Axis)
    {
        /// <summary>Ranges of the source's file, in the order of what stays.</summary>
        public IEnumerable<(long Start, long Length)> Pieces
        {
            get
            {
                if (Slices is not { } slices)
                {
                    return [(Source.Start, Source.Spec.ByteCount)];
                }

                var sliceBytes = Source.Spec.ByteCount / Source.Spec.Shape[Axis];
                return slices.Select(slice => (Source.Start + (slice * sliceBytes), sliceBytes));
            }
        }
    }
}
