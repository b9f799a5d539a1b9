using System.IO.MemoryMappedFiles;

namespace SeerMoe.Safetensors;

/// <summary>A safetensors file mapped into memory, read-only: the system loads the pages that are touched, when they are touched.</summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Dictionary<string, TensorEntry> _entries;
    private readonly byte* _start;
    private bool _disposed;

    private SafetensorsFile(string path, FileStream stream)
    {
        Path = path;
        Header = SafetensorsHeader.Read(stream, path);
        _entries = Header.Tensors.ToDictionary(entry => entry.Spec.Name);
        _map = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(offset: 0, size: 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public string Path { get; }

    public SafetensorsHeader Header { get; }

    /// <summary>The header as it stands in the file, length included.</summary>
    public ReadOnlySpan<byte> HeaderBytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return new ReadOnlySpan<byte>(_start, (int)Header.DataStart);
        }
    }

    /// <exception cref="InputException">The file is absent or damaged.</exception>
    public static SafetensorsFile Open(string path)
    {
        var stream = InputFile.Open(path);
        try
        {
            return new SafetensorsFile(path, stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The view lives no longer than this file stays open.</summary>
    public bool TryTensor(string name, out TensorView view)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var found = _entries.TryGetValue(name, out var entry);
        view = found ? new TensorView(entry!.Spec, (nint)(_start + entry.Start)) : default;
        return found;
    }

    /// <summary>The view lives no longer than this file stays open.</summary>
    /// <exception cref="InputException">There is no such tensor.</exception>
    public TensorView Tensor(string name) =>
        TryTensor(name, out var view) ? view : throw new InputException($"There is no tensor '{name}'.", Path, "Use the file that has it, or download the checkpoint again.");

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _map.Dispose();
        }
    }
}
