using System.Runtime.InteropServices;
using SeerMoe.Safetensors;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Tensors from the bytes of a safetensors file and back, of any size.
/// <code>
/// Load    mapped file -> tensor over the same addresses -> copy in the wanted type on the wanted device
/// Write   tensor -> flat pieces of 8 Mi elements -> each converted -> appended to the file
/// </code>
/// </summary>
public static class TensorBytes
{
    private const long PieceElements = 8 << 20;

    private static readonly Lazy<nint> DataFunction = new(() => NativeLibrary.GetExport(LibTorch.Shim, "THSTensor_data"));

    /// <summary>A tensor of its own: the view may go when this returns.</summary>
    /// <exception cref="InputException">libtorch has no such element type.</exception>
    public static Tensor Load(TensorView view, ScalarType dtype, Device device)
    {
        using var mapped = Over(view);
        return mapped.to(dtype, device, copy: true);
    }

    /// <summary>Appends the elements in row-major order; rounds as torch does.</summary>
    /// <exception cref="InputException">libtorch has no such element type.</exception>
    public static void Write(Tensor tensor, DType dtype, SafetensorsWriter writer)
    {
        var type = dtype.ToTorch("a tensor to write");
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var flat = tensor.detach().reshape(-1);
        for (long start = 0; start < flat.shape[0]; start += PieceElements)
        {
            using var pieceScope = NewDisposeScope();
            var piece = flat.narrow(0, start, Math.Min(PieceElements, flat.shape[0] - start)).to(type, CPU).contiguous();
            writer.Write(piece.bytes);
        }
    }

    /// <summary>The elements as they are, in row-major order, behind the position of a stream.</summary>
    public static void Write(Tensor tensor, Stream stream)
    {
        using var scope = NewDisposeScope();
        foreach (var piece in Pieces(tensor.detach().cpu().contiguous().view(-1)))
        {
            stream.Write(piece.bytes);
        }
    }

    /// <summary>The opposite, read straight into libtorch's own memory.</summary>
    /// <exception cref="EndOfStreamException">The stream is too short.</exception>
    public static Tensor Read(Stream stream, long[] shape, ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        var tensor = empty(shape, type, CPU);
        foreach (var piece in Pieces(tensor.view(-1)))
        {
            stream.ReadExactly(piece.bytes);
        }

        return tensor.to(device).MoveToOuterDisposeScope();
    }

    private static IEnumerable<Tensor> Pieces(Tensor flat)
    {
        for (long start = 0; start < flat.shape[0]; start += PieceElements)
        {
            yield return flat.narrow(0, start, Math.Min(PieceElements, flat.shape[0] - start));
        }
    }

    /// <summary>Where the first element of a tensor lies, on its device.</summary>
    internal static unsafe nint AddressOf(Tensor tensor)
    {
        var address = ((delegate* unmanaged<nint, nint>)DataFunction.Value)(tensor.Handle);
        CheckForErrors();
        return address;
    }

    /// <summary>A tensor over the mapped bytes, which nobody may write to.</summary>
    private static Tensor Over(TensorView view) => Over(view.Address, view.Spec.DType.ToTorch(view.Spec.Name), view.Spec.Shape.AsSpan());

    /// <summary>
    /// A tensor over memory of somebody else's. TorchSharp has no from_blob (and caps its own byte access at 2 GiB), so this calls the
    /// native function behind torch.tensor.
    /// </summary>
    internal static unsafe Tensor Over(nint address, ScalarType elements, ReadOnlySpan<long> sizes)
    {
        var type = (sbyte)elements;
        var create = (delegate* unmanaged<nint, delegate* unmanaged<nint, void>, long*, int, sbyte, sbyte, int, int, int, nint>)
            NativeLibrary.GetExport(LibTorch.Shim, "THSTensor_new");
        fixed (long* shape = sizes)
        {
            const int cpu = 0;
            var handle = create(address, &Keep, shape, sizes.Length, type, type, cpu, -1, 0);
            if (handle == 0)
            {
                CheckForErrors();
            }

            return Tensor.UnsafeCreateTensor(handle);
        }
    }

    /// <summary>libtorch's "free" for memory that belongs to the map.</summary>
    [UnmanagedCallersOnly]
    private static void Keep(nint address)
    {
    }
}
