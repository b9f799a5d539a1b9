using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// A matrix of bfloat16 in oneDNN's order, for processors that multiply it faster than by AVX512_BF16 (AMX), or not at all. TorchSharp has no word for it; libtorch's C functions for compiled models (aoti_torch_*) take the handles that TorchSharp has.
/// </summary>
internal sealed unsafe class OneDnnMatrix : PackedMatrix
{
    /// <summary>How far a product may be from that by the plain matrix, of the largest number of a product.</summary>
    private const double Rounding = 2e-2;

    private static readonly delegate* unmanaged<byte*, byte*, ulong*, int> Call = (delegate* unmanaged<byte*, byte*, ulong*, int>)Function("aoti_torch_call_dispatcher");
    private static readonly delegate* unmanaged<nint, nint*, int> NewHandle = (delegate* unmanaged<nint, nint*, int>)Function("aoti_torch_new_tensor_handle");

    // X, W, B, what follows, its numbers and how many, its algorithm, the result.
    private static readonly delegate* unmanaged<nint, nint, nint*, byte*, void*, long, void*, nint*, int> Linear =
        (delegate* unmanaged<nint, nint, nint*, byte*, void*, long, void*, nint*, int>)Function("aoti_torch_cpu__linear_pointwise");

    // X, the other, W, B, what is done with the other, the result.
    private static readonly delegate* unmanaged<nint, nint, nint, nint*, byte*, nint*, int> LinearWith =
        (delegate* unmanaged<nint, nint, nint, nint*, byte*, nint*, int>)Function("aoti_torch_cpu__linear_pointwise_binary");

    private readonly Tensor _packed;
    private readonly long _outputs;

    private OneDnnMatrix(Tensor packed, long outputs) => (_packed, _outputs) = (packed, outputs);

    /// <summary>Whether there can be one: tried on Linux with AVX-512 alone. In float32 libtorch 2.10 multiplies wrongly by one whose outputs are no multiple of 64.</summary>
    public static bool CanHold(ScalarType type, Device device) =>
        type == ScalarType.BFloat16 && device.type == DeviceType.CPU
        && OperatingSystem.IsLinux() && Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported
        && Call is not null && NewHandle is not null && Linear is not null && LinearWith is not null;

    /// <summary>A packed copy of [out, in]; null where products by it would not be those of the plain one, which are looked at.</summary>
    public static OneDnnMatrix? Like(Tensor weight)
    {
        using var noGraph = no_grad();
        using var scope = NewDisposeScope();
        OneDnnMatrix? packed = null;
        try
        {
            packed = Pack(weight);
            if (packed.IsLike(weight))
            {
                return packed;
            }
        }
        catch (ExternalException)
        {
            // libtorch can't: the plain one does. If it was memory, that is said where the plain one is loaded.
        }

        packed?.Dispose();
        return null;
    }

    public override bool WantsFewShapes => true;

    public override Tensor Of(Tensor x, Tensor? bias) => Then("none\0"u8, x, bias);

    public override void Into(Tensor x, Tensor? bias, Tensor y) => y.copy_(Of(x, bias));

    public override Tensor SwiGlu(Tensor x, Tensor? bias, PackedMatrix up, Tensor? upBias) => ((OneDnnMatrix)up).Times(x, Then("swish\0"u8, x, bias), upBias);

    public override void Dispose() => _packed.Dispose();

    /// <summary>(W x + b) * factor, element by element.</summary>
    private Tensor Times(Tensor x, Tensor factor, Tensor? bias)
    {
        nint result;
        var biasHandle = bias?.Handle ?? 0;
        fixed (byte* mul = "mul\0"u8)
        {
            Check(LinearWith(x.Handle, factor.Handle, _packed.Handle, bias is null ? null : &biasHandle, mul, &result));
        }

        GC.KeepAlive(x);
        GC.KeepAlive(factor);
        GC.KeepAlive(bias);
        GC.KeepAlive(_packed);
        return Tensor.UnsafeCreateTensor(result);
    }

    private bool IsLike(Tensor weight)
    {
        var x_3I = arange(3 * weight.shape[1], ScalarType.Float32).cos().view(3, -1).to_type(weight.dtype);
        var expected_3O = nn.functional.linear(x_3I, weight).to_type(ScalarType.Float32);
        var error = (Of(x_3I, bias: null).to_type(ScalarType.Float32) - expected_3O).abs().max().item<float>();
        return error <= Rounding * expected_3O.abs().max().item<float>();
    }

    private static OneDnnMatrix Pack(Tensor weight)
    {
        using var whole = weight.contiguous();
        nint own;
        Check(NewHandle(whole.Handle, &own));

        // The function takes this handle over and leaves that of the result; the second argument, the number of rows, is none.
        var stack = stackalloc ulong[2] { (ulong)own, 0 };
        fixed (byte* operation = "mkldnn::_reorder_linear_weight\0"u8, overload = "\0"u8)
        {
            Check(Call(operation, overload, stack));
        }

        return new OneDnnMatrix(Tensor.UnsafeCreateTensor((nint)stack[0]).DetachFromDisposeScope(), weight.shape[0]);
    }

    private Tensor Then(ReadOnlySpan<byte> operation, Tensor x, Tensor? bias)
    {
        if (x.NumberOfElements == 0)
        {
            return empty([.. x.shape[..^1], _outputs], x.dtype, x.device);
        }

        nint result;
        var biasHandle = bias?.Handle ?? 0;
        fixed (byte* follows = operation)
        {
            Check(Linear(x.Handle, _packed.Handle, bias is null ? null : &biasHandle, follows, null, 0, null, &result));
        }

        GC.KeepAlive(x);
        GC.KeepAlive(bias);
        GC.KeepAlive(_packed);
        return Tensor.UnsafeCreateTensor(result);
    }

    /// <summary>The reason goes to the error stream, not to the caller. Shapes and types fit by construction, so it is memory.</summary>
    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new ExternalException("not enough memory: a product by a packed matrix failed; libtorch's own words stand above.");
        }
    }

    private static nint Function(string name) => NativeLibrary.TryGetExport(LibTorch.Cpu, name, out var address) ? address : 0;
}
