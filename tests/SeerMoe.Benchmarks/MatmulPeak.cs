using System.Diagnostics;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Benchmarks;

/// <summary>The most floating point operations a second that there are in a matrix product, by any path: its own (MKL, oneDNN), oneDNN called by name, or the order that seer packs matrices in.</summary>
internal sealed class MatmulPeak : IDisposable
{
    private const int Size = 2048;

    private readonly Tensor _left;
    private readonly Tensor _right;
    private readonly Tensor _packedLeft;
    private readonly Tensor _packedRight;
    private readonly PackedMatrix? _ours;
    private readonly jit.CompilationUnit _oneDnn = jit.compile(
        """
        def packed(x):
            return x.to_mkldnn()

        def product(x, w):
            return torch.mkldnn_linear(x, w, None)

        """)!;

    public MatmulPeak(ScalarType type)
    {
        using var left = randn(Size, Size);
        using var right = randn(Size, Size);
        (_left, _right) = (left.to_type(type).DetachFromDisposeScope(), right.to_type(type).DetachFromDisposeScope());
        _ours = PackedMatrix.Of(_right);
        _packedLeft = ((Tensor)_oneDnn.invoke("packed", _left)).DetachFromDisposeScope();
        _packedRight = ((Tensor)_oneDnn.invoke("packed", _right)).DetachFromDisposeScope();
    }

    /// <summary>The best seen so far, FLOP/s.</summary>
    public double Best => Math.Max(Math.Max(Matmul, OneDnn), Packed);

    /// <summary>By torch.matmul.</summary>
    public double Matmul { get; private set; }

    /// <summary>By oneDNN's linear.</summary>
    public double OneDnn { get; private set; }

    /// <summary>By a packed matrix; 0 where there is none.</summary>
    public double Packed { get; private set; }

    /// <summary>Measures once more.</summary>
    public void Try()
    {
        Matmul = Math.Max(Matmul, Rate(() => nn.functional.linear(_left, _right)));
        OneDnn = Math.Max(OneDnn, Rate(() => (Tensor)_oneDnn.invoke("product", _packedLeft, _packedRight)));
        Packed = _ours is null ? 0 : Math.Max(Packed, Rate(() => _ours.Of(_left, bias: null)));
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
        _packedLeft.Dispose();
        _packedRight.Dispose();
        _ours?.Dispose();
        _oneDnn.Dispose();
    }

    private static double Rate(Func<Tensor> product)
    {
        using var scope = NewDisposeScope();
        var start = Stopwatch.GetTimestamp();
        product();
        return 2.0 * Size * Size * Size / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
