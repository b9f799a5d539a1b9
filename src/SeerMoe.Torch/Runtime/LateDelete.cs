using System.Runtime.InteropServices;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Numbers that TorchSharp passes to libtorch (the 1 of <c>x + y</c>, the 0.5 of <c>x * 0.5</c>) live in blocks of 32 bytes whose owner is a
/// managed object that nobody holds during the call: a garbage collection at that moment frees the block, and libtorch computes with whatever
/// stands there then. Seen as errors about a wrong type in tests that run side by side; a number that is wrong in silence is as likely.
/// So deleted blocks of this size wait until 262,144 later ones are deleted, more than one collection finds, before they are freed.
/// <code>
/// operator delete(block, bytes) of TorchSharp's library     bytes == 32?   swap block and ring[n++ mod 262,144], free what stood there
///                                                           else           free block
/// </code>
/// On Linux and x64; elsewhere the window stays open, as TorchSharp leaves it.
/// </summary>
internal static unsafe class LateDelete
{
    // c10::Scalar
    private const byte NumberBytes = 32;

    private const int Waiting = 1 << 18;

    // The counter has a cache line of its own before the ring.
    private const byte RingAt = 64;

    private const string SizedDelete = "_ZdlPvm";

    /// <summary>Whether deleted numbers wait.</summary>
    public static bool IsOn { get; private set; }

    /// <param name="shim">TorchSharp's native library as dlopen gave it.</param>
    public static void Begin(nint shim)
    {
        if (ImportedFunction.Find(SizedDelete, shim) is { } delete
            && NativeLibrary.TryLoad("libstdc++.so.6", out var runtime) && NativeLibrary.TryGetExport(runtime, SizedDelete, out var free))
        {
            // Never freed: calls come until the process ends.
            var ring = (nint)NativeMemory.AllocZeroed(RingAt + ((nuint)Waiting * (nuint)sizeof(nint)));
            IsOn = MachineCode.Make(Code(ring, free)) is var code and not 0 && delete.Redirect(code);
        }
    }

    private static byte[] Code(long ring, long free) =>
    [
        0x48, 0x83, 0xfe, NumberBytes,               //        cmp  rsi, 32
        0x75, 0x23,                                  //        jne  free
        0xb8, 0x01, 0x00, 0x00, 0x00,                //        mov  eax, 1
        0x49, 0xb8, .. BitConverter.GetBytes(ring),  //        mov  r8, ring
        0xf0, 0x49, 0x0f, 0xc1, 0x00,                //        lock xadd [r8], rax
        0x25, .. BitConverter.GetBytes(Waiting - 1), //        and  eax, 262143
        0x49, 0x87, 0x7c, 0xc0, RingAt,              //        xchg [r8 + 8 rax + 64], rdi
        0x48, 0x85, 0xff,                            //        test rdi, rdi
        0x74, 0x0c,                                  //        je   done
        0x48, 0xb8, .. BitConverter.GetBytes(free),  // free:  mov  rax, free
        0xff, 0xe0,                                  //        jmp  rax
        0xc3,                                        // done:  ret
    ];
}
