using SeerMoe.Digests;

namespace SeerMoe.Saving;

/// <summary>
/// Where a long piece of work keeps how far it is, so that a process that was killed goes on from there: with the same numbers in the
/// same order, to the same bytes. Without one, an engine begins at the beginning and leaves nothing behind.
/// </summary>
/// <param name="folder">For this piece of work alone; may hold what an earlier process saved.</param>
/// <param name="interval">Time between two saves at least; zero saves after every step.</param>
/// <param name="digests">Told the digests of large files while they are written.</param>
public sealed class SavePoint(string folder, TimeSpan interval, DigestCache digests)
{
    // Saving may take a twentieth of the time: a large model under training is three times its size to write.
    private const int WorkPerSave = 20;

    private long _last = TimeProvider.System.GetTimestamp();
    private TimeSpan _fair;

    public DigestCache Digests { get; } = digests;

    /// <summary>The path of a file in its folder, which is there from now on.</summary>
    public string PathOf(string name) => Path.Combine(Directory.CreateDirectory(folder).FullName, name);

    /// <summary>A save point of its own for a part of the work.</summary>
    public SavePoint Part(string name) => new(Path.Combine(folder, name), interval, Digests);

    /// <summary>Saves now, unless the last time is too recent.</summary>
    public void SaveIfDue(Action save)
    {
        var clock = TimeProvider.System;
        if (clock.GetElapsedTime(_last) < (interval > _fair ? interval : _fair))
        {
            return;
        }

        var start = clock.GetTimestamp();
        save();
        _last = clock.GetTimestamp();
        _fair = interval == TimeSpan.Zero ? TimeSpan.Zero : clock.GetElapsedTime(start, _last) * WorkPerSave;
    }
}
