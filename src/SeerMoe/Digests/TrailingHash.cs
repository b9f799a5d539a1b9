using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace SeerMoe.Digests;

/// <summary>
/// Hashes a file while it is written, on a thread of its own that reads behind the writer what the system still holds in memory.
/// <code>
/// written  ■■■■■■■■■■■■■■■■■■........
/// hashed   ■■■■■■■■■■■■■.............      both sides work at once
/// </code>
/// </summary>
internal sealed class TrailingHash : IDisposable
{
    private const int PieceBytes = 1 << 20;

    private readonly SafeFileHandle _file;
    private readonly SemaphoreSlim _more = new(0);
    private readonly CancellationTokenSource _abandoned = new();
    private readonly Task<string> _digest;
    private long _written;
    private bool _whole;

    /// <param name="file">Open for reading, too.</param>
    public TrailingHash(SafeFileHandle file)
    {
        _file = file;
        _digest = Task.Factory.StartNew(Follow, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Everything before <paramref name="position"/> has its final bytes.</summary>
    public void Reached(long position)
    {
        Volatile.Write(ref _written, position);
        _more.Release();
    }

    /// <summary>SHA-256 of all that was reached, 64 hexadecimal digits.</summary>
    public string Finish()
    {
        Volatile.Write(ref _whole, true);
        _more.Release();
        return _digest.GetAwaiter().GetResult();
    }

    /// <summary>The file may be closed afterwards.</summary>
    public void Dispose()
    {
        _abandoned.Cancel();
        try
        {
            _digest.Wait();
        }
        catch (AggregateException)
        {
            // Abandoned, or told by Finish.
        }

        _abandoned.Dispose();
        _more.Dispose();
    }

    private string Follow()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        var hashed = 0L;
        while (true)
        {
            var whole = Volatile.Read(ref _whole);
            for (var written = Volatile.Read(ref _written); hashed < written;)
            {
                _abandoned.Token.ThrowIfCancellationRequested();
                var read = RandomAccess.Read(_file, piece.AsSpan(0, (int)Math.Min(piece.Length, written - hashed)), hashed);
                if (read == 0)
                {
                    throw new EndOfStreamException("The file was cut short while it was hashed.");
                }

                hash.AppendData(piece, 0, read);
                hashed += read;
            }

            if (whole)
            {
                return FileDigest.TextOf(hash);
            }

            _more.Wait(_abandoned.Token);
        }
    }
}
