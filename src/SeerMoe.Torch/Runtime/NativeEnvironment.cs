namespace SeerMoe.Torch.Runtime;

/// <summary>Environment variables that native libraries read: .NET's own Environment changes a copy that they never see.</summary>
internal static unsafe class NativeEnvironment
{
    /// <summary>What the user has set stays; does nothing where the system is not Linux.</summary>
    public static void SetDefault(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!LibC.TryFind("setenv", out var address))
        {
            return;
        }

        // A u8 literal has a zero behind it.
        fixed (byte* key = name, text = value)
        {
            ((delegate* unmanaged<byte*, byte*, int, int>)address)(key, text, 0);
        }
    }
}
