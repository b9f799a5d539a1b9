namespace SeerMoe.Torch.Runtime;

/// <summary>
/// Lets OpenMP's threads sleep at a barrier. By default they spin, which is a waste of a whole core wherever other programs want it: a training
/// step of the tiny model took 0.25 s alone, 3.8 s beside three builds with spinning threads, 0.28 s beside them with sleeping ones (two cores).
/// </summary>
internal static class OpenMp
{
    /// <summary>Must come before libtorch, which reads it once; what the user has set stays.</summary>
    public static void SleepAtBarriers() => NativeEnvironment.SetDefault("OMP_WAIT_POLICY"u8, "PASSIVE"u8);
}
