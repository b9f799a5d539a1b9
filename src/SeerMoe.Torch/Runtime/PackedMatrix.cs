using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using TorchSharp;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// A matrix that is only multiplied by, in the order in which oneDNN does it: a plain one is brought into such an order in every product, which
/// takes the longer the fewer rows it is for. What follows a product (silu, a factor) is done while its numbers are at hand.
/// <code>
/// one thread, GFLOP/s         [M, 512] by [512, 1024]        an expert, three products
/// rows M                      64    128   256   512          64    128   256   512
///   float32    plain          138   158   173   184          121   146   165   168
///              packed         173   185   186   190          164   176   181   176
///   bfloat16   plain          281   328   368   358          238   288   324   319
///              packed         358   384   393   384          316   339   361   349
/// </code>
/// TorchSharp has no word for it; libtorch's C functions for compiled models (aoti_torch_*) take the handles that TorchSharp has.
/// </summary>
/// <remarks>There is no gradient, and the numbers can't be read: training keeps plain matrices.</remarks>
public sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Elements of the smallest matrix that is worth it: below, calls cost more than the order does.</summary>
    public const long Worthwhile = 1 << 17;

    /// <summary>Outputs that oneDNN keeps together.</summary>
    private const long Block = 64;

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

    private PackedMatrix(Tensor packed, long outputs) => (_packed, _outputs) = (packed, outputs);

    /// <summary>
    /// Whether there can be one: tried on Linux with AVX-512 alone. In float32, products by a matrix whose last block of outputs is not full are wrong (libtorch
    /// 2.10: all rows, any number of inputs).
    /// </summary>
    public static bool Serve(ScalarType type, Device device, long outputs = Block) =>
        (type == ScalarType.BFloat16 || (type == ScalarType.Float32 && outputs % Block == 0)) && device.type == DeviceType.CPU
        && OperatingSystem.IsLinux() && Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported
        && Call is not null && NewHandle is not null && Linear is not null && LinearWith is not null;

    /// <summary>A packed copy of [out, in]; null where products by it would not be those of the plain one, which are looked at.</summary>
    public static PackedMatrix? Of(Tensor weight)
    {
        using var noGraph = no_grad();
        using var scope = NewDisposeScope();
        PackedMatrix? packed = null;
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

    /// <summary>W x + b: [..., in] to [..., out].</summary>
    /// <param name="bias">[out], or null for none.</param>
    public Tensor Of(Tensor x, Tensor? bias) => Then("none\0"u8, x, bias);

    /// <summary>silu(W x + b).</summary>
    public Tensor Silu(Tensor x, Tensor? bias) => Then("swish\0"u8, x, bias);

    /// <summary>(W x + b) * factor, element by element.</summary>
    /// <param name="factor">[..., out]</param>
    public Tensor Times(Tensor x, Tensor factor, Tensor? bias)
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

    public void Dispose() => _packed.Dispose();

    /// <summary>Of the largest number of a product.</summary>
    private static double Rounding(ScalarType type) => type == ScalarType.Float32 ? 1e-4 : 2e-2;

    private bool IsLike(Tensor weight)
    {
        var x_3I = arange(3 * weight.shape[1], ScalarType.Float32).cos().view(3, -1).to_type(weight.dtype);
        var expected_3O = nn.functional.linear(x_3I, weight).to_type(ScalarType.Float32);
        var error = (Of(x_3I, bias: null).to_type(ScalarType.Float32) - expected_3O).abs().max().item<float>();
        return error <= Rounding(weight.dtype) * expected_3O.abs().max().item<float>();
    }

    private static PackedMatrix Pack(Tensor weight)
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

        return new PackedMatrix(Tensor.UnsafeCreateTensor((nint)stack[0]).DetachFromDisposeScope(), weight.shape[0]);
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
