using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Safetensors;

public sealed class ASafetensorsFile
{
    [Fact]
    public void May_have_a_header_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var file = SafetensorsFile.Open(HandMade.File(folder, "{}", dataBytes: 0));
        Assert.Empty(file.Header.Tensors);
        Assert.Empty(file.Header.Metadata);
        Assert.False(file.TryTensor("a", out _));
    }

    [Fact]
    public void May_hold_empty_tensors_anywhere_between_others()
    {
        using var folder = new TemporaryFolder();
        const string Header = """{"z":{"dtype":"F64","shape":[4,0],"data_offsets":[2,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"y":{"dtype":"F64","shape":[0],"data_offsets":[0,0]}}""";
        using var file = SafetensorsFile.Open(HandMade.File(folder, Header, dataBytes: 2));
        Assert.Equal(["y", "b", "z"], file.Header.Tensors.Select(tensor => tensor.Spec.Name));
        Assert.Equal(0, file.Tensor("z").ByteCount);
        Assert.Empty(file.Tensor("z").ToFloats());
        Assert.True(file.Tensor("z").Slice(0, 0).IsEmpty);
    }

    [Fact]
    public void May_list_its_tensors_in_any_order_with_entries_of_its_own()
    {
        using var folder = new TemporaryFolder();
        const string Header = """{"b":{"data_offsets":[1,3],"note":{"by":["me"]},"shape":[],"dtype":"BF16"},"a":{"dtype":"BOOL","shape":[1,1],"data_offsets":[0,1]}}      """;
        using var file = SafetensorsFile.Open(HandMade.File(folder, HandMade.Bytes(Header, [1, 0x80, 0x3F])));
        Assert.Equal(new TensorSpec("a", DType.Bool, [1, 1]), file.Header.Tensors[0].Spec);
        Assert.Equal(new TensorSpec("b", DType.BFloat16, []), file.Header.Tensors[1].Spec);
        Assert.Equal([1f], file.Tensor("b").ToFloats());
    }

    [Theory]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0xBF })]
    [InlineData("F32", new byte[] { 0, 0, 0xC0, 0xBF })]
    [InlineData("F16", new byte[] { 0, 0xBE })]
    [InlineData("BF16", new byte[] { 0xC0, 0xBF })]
    public void Gives_the_floats_of_every_floating_type(string dtype, byte[] minusOneAndAHalf)
    {
        using var folder = new TemporaryFolder();
        var header = $$$"""{"a":{"dtype":"{{{dtype}}}","shape":[2],"data_offsets":[0,{{{2 * minusOneAndAHalf.Length}}}]}}""";
        using var file = SafetensorsFile.Open(HandMade.File(folder, HandMade.Bytes(header, [.. minusOneAndAHalf, .. minusOneAndAHalf])));
        Assert.Equal([-1.5f, -1.5f], file.Tensor("a").ToFloats());
    }

    [Fact]
    public void May_hold_a_tensor_larger_than_any_array()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a temporary folder whose files may have holes.");
        using var folder = new TemporaryFolder();
        var path = HandMade.File(folder, """{"a":{"dtype":"U8","shape":[5000000000],"data_offsets":[0,5000000000]}}""", dataBytes: 0);
        using (var stream = new FileStream(path, FileMode.Append))
        {
            stream.SetLength(stream.Length + 4_999_999_999);
            stream.Seek(0, SeekOrigin.End);
            stream.WriteByte(7);
        }

        using var file = SafetensorsFile.Open(path);
        Assert.Equal([0, 7], file.Tensor("a").Slice(4_999_999_998, 2).ToArray());
    }

    [Fact]
    public void Lets_nobody_look_past_the_end_of_a_tensor()
    {
        using var folder = new TemporaryFolder();
        using var file = SafetensorsFile.Open(HandMade.File(folder, """{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", dataBytes: 4));
        var tensor = file.Tensor("a");
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Slice(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Slice(4, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Slice(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Slice(long.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Slice(0, -1));
    }

    [Fact]
    public void Names_the_tensor_that_it_does_not_have()
    {
        using var folder = new TemporaryFolder();
        var path = HandMade.File(folder, "{}", dataBytes: 0);
        using var file = SafetensorsFile.Open(path);
        var error = Assert.Throws<InputException>(() => file.Tensor("model.norm.weight"));
        Assert.Contains("'model.norm.weight'", error.What, StringComparison.Ordinal);
        Assert.Equal(path, error.Where);
    }

    [Fact]
    public void Gives_no_views_once_it_is_closed()
    {
        using var folder = new TemporaryFolder();
        var file = SafetensorsFile.Open(HandMade.File(folder, "{}", dataBytes: 0));
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Tensor("a"));
        Assert.Throws<ObjectDisposedException>(() => file.HeaderBytes.Length);
    }
}
