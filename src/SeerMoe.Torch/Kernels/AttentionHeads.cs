using static TorchSharp.torch;

namespace SeerMoe.Torch.Kernels;

/// <summary>Heads of a tensor [B, H, S, w] from one of them on; the numbers of a head at a position stand together.</summary>
/// <param name="Address">Of the first number.</param>
/// <param name="Sequence">From a sequence to the next, as the two that follow.</param>
/// <param name="Head">From a head to the next.</param>
/// <param name="Position">From a position to the next.</param>
/// <param name="Length">S</param>
/// <param name="Width">w</param>
internal readonly unsafe record struct AttentionHeads<TStored>(nint Address, nint Sequence, nint Head, nint Position, nint Length, nint Width)
    where TStored : unmanaged
{
    public static AttentionHeads<TStored> Of(Tensor x) =>
        new((nint)TensorMemory.First(x), (nint)x.stride(0), (nint)x.stride(1), (nint)x.stride(2), (nint)x.shape[2], (nint)x.shape[3]);

    public AttentionHeads<TStored> At(long sequence, long head) => this with { Address = (nint)((TStored*)Address + ((nint)sequence * Sequence) + ((nint)head * Head)) };

    public TStored* Row(nint position) => (TStored*)Address + (position * Position);
}
