using SeerMoe.Safetensors;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Streaming;

/// <summary>
/// Weights on their way to a device that computes meanwhile: converted piece by piece into pinned memory, and copied from there on a stream of
/// their own. Two pieces take turns.
/// <code>
/// host             fill A   fill B   fill A   fill B
/// copy stream               A        B        A        B   ready
/// compute stream   the layer before .................  wait for ready, the layer
/// </code>
/// </summary>
/// <param name="cuda">The calls.</param>
/// <param name="device">Where to.</param>
/// <param name="pieceBytes">Of pinned memory, twice.</param>
internal sealed class WeightStaging(CudaRuntime cuda, Device device, long pieceBytes = WeightStaging.UsualPieceBytes) : IDisposable
{
    private const long UsualPieceBytes = 32 << 20;

    private readonly int _device = Math.Max(0, device.index);
    private Piece[] _pieces = [];
    private int _next;
    private nint _stream;
    private nint _free;
    private nint _ready;

    /// <summary>Copies from now on wait for all that the device was given to compute until now: their places may be in use by it.</summary>
    public void Follow()
    {
        Open();
        cuda.Record(_device, _free, CudaRuntime.ComputeStream);
        cuda.Wait(_device, _stream, _free);
    }

    /// <summary>Begins to fill a tensor of the device; the view may go when this returns.</summary>
    /// <param name="to">Of as many elements, contiguous, in the type to compute in.</param>
    public void Copy(TensorView view, Tensor to)
    {
        var (address, stored) = (TensorBytes.AddressOf(to), view.Spec.DType.ToTorch(view.Spec.Name));
        var most = pieceBytes / to.ElementSize;
        for (long start = 0; start < to.NumberOfElements; start += most)
        {
            var count = Math.Min(most, to.NumberOfElements - start);
            var piece = _pieces[_next];
            _next = 1 - _next;
            cuda.Synchronise(piece.Copied);
            using (var pinned = TensorBytes.Over(piece.Address, to.dtype, [count]))
            using (var mapped = TensorBytes.Over(view.Address + (nint)(start * view.Spec.DType.Bytes()), stored, [count]))
            {
                pinned.copy_(mapped);
            }

            cuda.CopyToDevice(_device, address + (nint)(start * to.ElementSize), piece.Address, count * to.ElementSize, _stream);
            cuda.Record(_device, piece.Copied, _stream);
        }
    }

    /// <summary>All copies of a layer were begun.</summary>
    public void Mark() => cuda.Record(_device, _ready, _stream);

    /// <summary>What is given to the device from now on waits for them.</summary>
    public void Await() => cuda.Wait(_device, CudaRuntime.ComputeStream, _ready);

    public void Dispose()
    {
        foreach (var piece in _pieces)
        {
            cuda.Synchronise(piece.Copied);
            cuda.DestroyEvent(piece.Copied);
            cuda.FreePinned(piece.Address);
        }

        if (_pieces.Length > 0)
        {
            cuda.DestroyEvent(_ready);
            cuda.DestroyEvent(_free);
            cuda.DestroyStream(_stream);
        }

        _pieces = [];
    }

    private void Open()
    {
        if (_pieces.Length == 0)
        {
            (_stream, _free, _ready) = (cuda.CreateStream(_device), cuda.CreateEvent(_device), cuda.CreateEvent(_device));
            _pieces = [new(cuda.AllocatePinned(pieceBytes), cuda.CreateEvent(_device)), new(cuda.AllocatePinned(pieceBytes), cuda.CreateEvent(_device))];
        }
    }

    /// <param name="Address">Of pinned memory.</param>
    /// <param name="Copied">Happens when it may be filled again.</param>
    private sealed record Piece(nint Address, nint Copied);
}
