using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>
/// Hidden states of batches under way, by number: in memory while there is room, else in a file that goes when the process does. A batch
/// that went to the file once goes there after each layer, to the same place.
/// </summary>
/// <param name="memory">Bytes in memory at most.</param>
internal sealed class ActivationStore(long memory) : IDisposable
{
    private readonly SortedDictionary<int, Place> _places = [];
    private FileStream? _file;
    private long _inMemory;
    private long _inFile;

    /// <summary>Bytes that went to the file, each batch once.</summary>
    public long SpilledBytes => _inFile;

    /// <summary>What each batch looks like, by number.</summary>
    public IEnumerable<(long[] Shape, ScalarType Type)> Shapes => _places.Values.Select(place => (place.Shape, place.Type));

    /// <summary>Takes the tensor over.</summary>
    public void Put(int number, Tensor x)
    {
        if (!_places.TryGetValue(number, out var place))
        {
            _places.Add(number, place = PlaceFor(x));
        }

        if (place.Offset is { } offset)
        {
            _file ??= SpillFile.Create();
            _file.Position = offset;
            TensorBytes.Write(x, _file);
            x.Dispose();
            return;
        }

        place.Tensor?.Dispose();
        place.Tensor = x.DetachFromDisposeScope();
    }

    /// <summary>The caller disposes it, or puts it back.</summary>
    public Tensor Take(int number)
    {
        var place = _places[number];
        if (place.Offset is { } offset)
        {
            _file!.Position = offset;
            return TensorBytes.Read(_file, place.Shape, place.Type, place.Device);
        }

        var taken = place.Tensor!;
        place.Tensor = null;
        return taken;
    }

    public void Dispose()
    {
        foreach (var place in _places.Values)
        {
            place.Tensor?.Dispose();
        }

        _file?.Dispose();
    }

    private Place PlaceFor(Tensor x)
    {
        var bytes = x.NumberOfElements * x.ElementSize;
        var place = new Place(x.shape, x.dtype, x.device);
        if (bytes <= memory - _inMemory)
        {
            _inMemory += bytes;
            return place;
        }

        _inFile += bytes;
        return place with { Offset = _inFile - bytes };
    }

    /// <param name="Offset">In the file; null for a place in memory.</param>
    private sealed record Place(long[] Shape, ScalarType Type, Device Device, long? Offset = null)
    {
        public Tensor? Tensor { get; set; }
    }
}
