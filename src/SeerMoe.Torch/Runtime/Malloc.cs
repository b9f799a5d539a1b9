namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Tells glibc's malloc to keep large blocks. By default it maps every block above 32 MiB at its allocation and unmaps it at its end, so each
/// large temporary of a forward pass is zeroed and faulted in again, page by page. Eight eager attentions (4 x 8 heads x 512 x 512), then
/// logits and cross entropy (2048 x 32000), float32, two cores:
/// <code>
///                       page faults    kernel, ms
/// default  attention        262,888           491
///          logits           128,019           228
/// kept     attention         12,599            16
///          logits                 0             4
/// </code>
/// Nor is the heap made smaller when its end is free: a training step's buffers, above 1 GiB together, were given back and faulted in again in
/// each step (4.9 s, of which a third in the kernel, against 2.5 s). The price is memory: what a stage took at its peak in blocks below 1 GiB stays
/// with the process. Larger blocks still go back at once.
/// </summary>
internal static unsafe class Malloc
{
    // malloc.h
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int MmapMax = -4;

    private const int Large = 1 << 30;
    private const int Never = -1;

    /// <summary>Must come before libtorch's first allocation; does nothing where the C library is not glibc.</summary>
    public static void KeepLargeBlocks()
    {
        if (!LibC.TryFind("mallopt", out var address))
        {
            return;
        }

        var mallopt = (delegate* unmanaged<int, int, int>)address;
        if (mallopt(MmapThreshold, Large) == 0)
        {
            // glibc before 2.35 refuses a threshold above 32 MiB: there no block is mapped by itself, however large.
            mallopt(MmapMax, 0);
        }

        mallopt(TrimThreshold, Never);
        mallopt(TopPad, 64 << 20);
    }
}
