using SeerMoe.Safetensors;
using SeerMoe.Testing;
using SeerMoe.Torch.Runtime;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Tests.Runtime;

public sealed class TensorsFromAFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public static TheoryData<DType, ScalarType> Types => new()
    {
        { DType.Float64, ScalarType.Float64 },
        { DType.Float32, ScalarType.Float32 },
        { DType.Float16, ScalarType.Float16 },
        { DType.BFloat16, ScalarType.BFloat16 },
        { DType.Int64, ScalarType.Int64 },
        { DType.Int32, ScalarType.Int32 },
        { DType.Int16, ScalarType.Int16 },
        { DType.Int8, ScalarType.Int8 },
        { DType.UInt8, ScalarType.Byte },
        { DType.Bool, ScalarType.Bool },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Come_back_as_they_were_written(DType dtype, ScalarType type)
    {
        var original = tensor(new float[] { 0, 1, 1, 2, 3, 5 }).reshape(2, 3).to(type);
        using var file = Written(dtype, original);

        var loaded = TensorBytes.Load(file.Tensor("0"), type, CPU);

        Assert.Equal(type, loaded.dtype);
        Assert.Equal([2, 3], loaded.shape);
        Assert.True(original.Equals(loaded));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Are_converted_to_the_type_asked_for(DType dtype, ScalarType type)
    {
        using var file = Written(dtype, tensor(new float[] { 0, 1, 1 }).to(type));

        var loaded = TensorBytes.Load(file.Tensor("0"), ScalarType.Float32, CPU);

        Assert.Equal([0, 1, 1], loaded.data<float>().ToArray());
    }

    [Fact]
    public void Outlive_the_file()
    {
        Tensor loaded;
        using (var file = Written(DType.Float32, arange(1000, dtype: ScalarType.Float32)))
        {
            loaded = TensorBytes.Load(file.Tensor("0"), ScalarType.Float32, CPU);
        }

        Assert.Equal(499_500f, loaded.sum().item<float>());
    }

    [Fact]
    public void Can_be_written_to_without_touching_the_file()
    {
        using var file = Written(DType.Float32, ones(4));
        TensorBytes.Load(file.Tensor("0"), ScalarType.Float32, CPU).fill_(7);
        Assert.Equal([1, 1, 1, 1], file.Tensor("0").ToFloats());
    }

    [Fact]
    public void May_lie_at_an_odd_address()
    {
        using var file = Written((DType.Bool, tensor(new[] { true })), (DType.Float64, tensor(new[] { Math.PI, Math.E })));
        Assert.NotEqual(0, file.Tensor("1").Address % sizeof(double));

        var loaded = TensorBytes.Load(file.Tensor("1"), ScalarType.Float64, CPU);

        Assert.Equal([Math.PI, Math.E], loaded.data<double>().ToArray());
    }

    [Fact]
    public void May_be_scalars_or_empty()
    {
        using var file = Written((DType.Float32, tensor(2.5f)), (DType.Float32, zeros(0, 3)));

        Assert.Equal(2.5f, TensorBytes.Load(file.Tensor("0"), ScalarType.Float32, CPU).item<float>());
        Assert.Equal([0, 3], TensorBytes.Load(file.Tensor("1"), ScalarType.Float32, CPU).shape);
    }

    [Fact]
    public void Are_written_in_row_major_order_whatever_their_strides()
    {
        using var file = Written(DType.Float32, arange(6, dtype: ScalarType.Float32).reshape(2, 3).t());
        Assert.Equal([0, 3, 1, 4, 2, 5], file.Tensor("0").ToFloats());
    }

    [Fact]
    public void Are_written_whole_when_they_take_several_pieces()
    {
        const int elements = (8 << 20) + 3;
        var original = arange(elements, dtype: ScalarType.Int32);
        using var file = Written(DType.Int32, original);
        Assert.True(original.Equals(TensorBytes.Load(file.Tensor("0"), ScalarType.Int32, CPU)));
    }

    [Fact]
    public void Round_to_the_nearest_bfloat16_and_ties_to_even()
    {
        // bfloat16 keeps 7 bits behind the point: 1 + 1/256 lies half way between 1 and 1 + 1/128.
        using var file = Written(DType.BFloat16, tensor(new[] { 1 + (1f / 256), 1 + (3f / 256), 1 + (1.01f / 256), float.PositiveInfinity }));
        Assert.Equal([1, 1 + (2f / 128), 1 + (1f / 128), float.PositiveInfinity], file.Tensor("0").ToFloats());
    }

    [Fact]
    public void Leave_no_gradient_or_tensor_behind()
    {
        var parameter = ones(3).requires_grad_();
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using var file = Written(DType.Float32, parameter);
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(DType.Float8E4M3)]
    [InlineData(DType.UInt32)]
    public void Are_refused_by_name_where_libtorch_lacks_their_type(DType dtype)
    {
        var path = _folder["other.safetensors"];
        using (var writer = SafetensorsWriter.Create(path, [new TensorSpec("router.weight", dtype, [1])]))
        {
            writer.Write(new byte[dtype.Bytes()]);
            writer.Complete();
        }

        using var file = SafetensorsFile.Open(path);
        var error = Assert.Throws<InputException>(() => TensorBytes.Load(file.Tensor("router.weight"), ScalarType.Float32, CPU));
        Assert.Equal("router.weight", error.Where);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private SafetensorsFile Written(DType dtype, Tensor tensor) => Written((dtype, tensor));

    private SafetensorsFile Written(params (DType DType, Tensor Tensor)[] tensors)
    {
        var path = _folder["tensors.safetensors"];
        TensorSpec[] specs = [.. tensors.Select((row, i) => new TensorSpec($"{i}", row.DType, [.. row.Tensor.shape]))];
        using (var writer = SafetensorsWriter.Create(path, specs))
        {
            foreach (var (dtype, tensor) in tensors)
            {
                TensorBytes.Write(tensor, dtype, writer);
            }

            writer.Complete();
        }

        return SafetensorsFile.Open(path);
    }
}
