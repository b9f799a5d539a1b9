using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>What the experts of a token gave, weighted and added in the order of its choice: y_t = sum over k of g_tk f_place(t, k).</summary>
internal static unsafe class CombineKernel
{
    /// <summary>Whether it can take these, without a gradient or with one that is computed here (see <see cref="Gradients"/>).</summary>
    public static bool Serve(Tensor outputs_RD, Tensor gates_TK) =>
        TensorMemory.Holds(outputs_RD) && outputs_RD.is_contiguous() && gates_TK.is_contiguous() && outputs_RD.dtype == gates_TK.dtype && outputs_RD.numel() > 0;

    /// <param name="outputs_RD">In the experts' order.</param>
    /// <param name="gates_TK">Of the same type.</param>
    /// <param name="places_R">The row of each slot, t K + k.</param>
    /// <returns>[T, D]</returns>
    public static Tensor Of(Tensor outputs_RD, Tensor gates_TK, long[] places_R)
    {
        var y_TD = empty([gates_TK.shape[0], outputs_RD.shape[1]], outputs_RD.dtype, outputs_RD.device);
        if (outputs_RD.dtype == ScalarType.Float32)
        {
            Run<float, Float32Format>(outputs_RD, gates_TK, places_R, y_TD);
        }
        else
        {
            Run<ushort, BFloat16Format>(outputs_RD, gates_TK, places_R, y_TD);
        }

        GC.KeepAlive(outputs_RD);
        GC.KeepAlive(gates_TK);
        return y_TD;
    }

    /// <summary>From the gradient of y to those of f and g: df_place(t, k) = g_tk dy_t, dg_tk = f_place(t, k) dy_t.</summary>
    public static (Tensor Outputs_RD, Tensor Gates_TK) Gradients(Tensor outputs_RD, Tensor gates_TK, long[] places_R, Tensor gradient_TD)
    {
        var (dOutputs_RD, dGates_TK) = (outputs_RD.shape[0] == places_R.Length ? empty_like(outputs_RD) : zeros_like(outputs_RD), empty_like(gates_TK));
        using var whole_TD = gradient_TD.contiguous();
        if (outputs_RD.dtype == ScalarType.Float32)
        {
            RunGradients<float, Float32Format>(outputs_RD, gates_TK, places_R, whole_TD, dOutputs_RD, dGates_TK);
        }
        else
        {
            RunGradients<ushort, BFloat16Format>(outputs_RD, gates_TK, places_R, whole_TD, dOutputs_RD, dGates_TK);
        }

        GC.KeepAlive(outputs_RD);
        GC.KeepAlive(gates_TK);
        return (dOutputs_RD, dGates_TK);
    }

    private static void RunGradients<TStored, TFormat>(
        Tensor outputs_RD, Tensor gates_TK, long[] places_R, Tensor gradient_TD, Tensor dOutputs_RD, Tensor dGates_TK)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var outputs = (TStored*)TensorMemory.First(outputs_RD);
        var gates = (TStored*)TensorMemory.First(gates_TK);
        var gradient = (TStored*)TensorMemory.First(gradient_TD);
        var dOutputs = (TStored*)TensorMemory.First(dOutputs_RD);
        var dGates = (TStored*)TensorMemory.First(dGates_TK);
        var (width, choices) = (outputs_RD.shape[1], gates_TK.shape[1]);
        TensorMemory.Each(places_R.Length, width, slot =>
        {
            var row = places_R[slot] * width;
            var gate = TFormat.Read(gates + slot);
            TFormat.Write(Slot<TStored, TFormat>(outputs + row, gate, gradient + (slot / choices * width), dOutputs + row, (int)width), dGates + slot);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Slot<TStored, TFormat>(TStored* f, float gate, TStored* dy, TStored* df, int width)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var products = Vector512<float>.Zero;
        var i = 0;
        for (; i <= width - 16; i += 16)
        {
            var numbers = TFormat.Read16(dy + i);
            products += TFormat.Read16(f + i) * numbers;
            TFormat.Write16(numbers * gate, df + i);
        }

        var sum = Vector512.Sum(products);
        for (; i < width; i++)
        {
            sum += TFormat.Read(f + i) * TFormat.Read(dy + i);
            TFormat.Write(TFormat.Read(dy + i) * gate, df + i);
        }

        return sum;
    }

    private static void Run<TStored, TFormat>(Tensor outputs_RD, Tensor gates_TK, long[] places_R, Tensor y_TD)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var from = (TStored*)TensorMemory.First(outputs_RD);
        var gates = (TStored*)TensorMemory.First(gates_TK);
        var to = (TStored*)TensorMemory.First(y_TD);
        var (width, choices) = (outputs_RD.shape[1], (int)gates_TK.shape[1]);
        TensorMemory.Each(gates_TK.shape[0], width * choices, token =>
        {
            var rows = stackalloc TStored*[choices];
            for (var k = 0; k < choices; k++)
            {
                rows[k] = from + (places_R[(token * choices) + k] * width);
            }

            Token<TStored, TFormat>(rows, gates + (token * choices), to + (token * width), choices, (int)width);
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Token<TStored, TFormat>(TStored** rows, TStored* gates, TStored* y, int choices, int width)
        where TStored : unmanaged
        where TFormat : INumberFormat<TStored>
    {
        var i = 0;
        for (; i <= width - 16; i += 16)
        {
            var sum = Vector512<float>.Zero;
            for (var k = 0; k < choices; k++)
            {
                sum += TFormat.Read16(rows[k] + i) * TFormat.Read(gates + k);
            }

            TFormat.Write16(sum, y + i);
        }

        for (; i < width; i++)
        {
            var sum = 0f;
            for (var k = 0; k < choices; k++)
            {
                sum += TFormat.Read(rows[k] + i) * TFormat.Read(gates + k);
            }

            TFormat.Write(sum, y + i);
        }
    }
}
