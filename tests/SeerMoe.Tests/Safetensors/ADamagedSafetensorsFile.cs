using System.Text;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Safetensors;

public sealed class ADamagedSafetensorsFile
{
    private const string Good = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""";

    [Fact]
    public void Is_not_this_one()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(["a", "b"], SafetensorsHeader.Read(HandMade.File(folder, Good, dataBytes: 11)).Tensors.Select(tensor => tensor.Spec.Name));
    }

    [Theory]
    [InlineData("", "does not begin with '{'")]
    [InlineData(" {}", "does not begin with '{'")]
    [InlineData("[]", "does not begin with '{'")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{}x", "not valid JSON")]
    [InlineData("{} {}", "not valid JSON")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},}""", "not valid JSON")]
    [InlineData("""{"\ud800":{}}""", "not valid JSON")]
    [InlineData("""{"a":1}""", "Tensor 'a' is not described by an object")]
    [InlineData("""{"a":null}""", "Tensor 'a' is not described by an object")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", "names 'a' twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"\u0061":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", "names 'a' twice")]
    [InlineData("""{"a":{"dtype":"U8","dtype":"I8","shape":[0],"data_offsets":[0,0]}}""", "Tensor 'a' has two entries 'dtype'")]
    [InlineData("""{"a":{"shape":[0],"data_offsets":[0,0]}}""", "Tensor 'a' lacks one of")]
    [InlineData("""{"a":{"dtype":"U8","data_offsets":[0,0]}}""", "Tensor 'a' lacks one of")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0]}}""", "Tensor 'a' lacks one of")]
    public void Is_refused_when_its_header_is_no_list_of_tensors(string header, string message) => AssertRefused(message, HandMade.Bytes(header, []));

    [Theory]
    [InlineData("""{"__metadata__":1}""", "__metadata__ is not an object")]
    [InlineData("""{"__metadata__":{"format":1}}""", "something else than text under 'format'")]
    [InlineData("""{"__metadata__":{"format":null}}""", "something else than text under 'format'")]
    [InlineData("""{"__metadata__":{"format":{}}}""", "something else than text under 'format'")]
    [InlineData("""{"__metadata__":{"format":"pt","format":"np"}}""", "__metadata__ names 'format' twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "names '__metadata__' twice")]
    public void Is_refused_when_its_metadata_is_not_text_by_name(string header, string message) => AssertRefused(message, HandMade.Bytes(header, []));

    [Theory]
    [InlineData("\"F31\"", "Tensor 'a' has dtype 'F31', which is not known here")]
    [InlineData("\"f32\"", "Tensor 'a' has dtype 'f32'")]
    [InlineData("\"\"", "Tensor 'a' has dtype ''")]
    [InlineData("32", "Tensor 'a' has a dtype that is not text")]
    public void Is_refused_when_a_dtype_is_unknown(string dtype, string message) => AssertRefused(message, Good.Replace("\"F32\"", dtype, StringComparison.Ordinal));

    [Theory]
    [InlineData("[-2]", "a shape that is not a list of whole numbers")]
    [InlineData("[2.0]", "a shape that is not a list of whole numbers")]
    [InlineData("[2e0]", "a shape that is not a list of whole numbers")]
    [InlineData("[\"2\"]", "a shape that is not a list of whole numbers")]
    [InlineData("[[2]]", "a shape that is not a list of whole numbers")]
    [InlineData("2", "a shape that is not a list of whole numbers")]
    [InlineData("[9223372036854775808]", "a shape that is not a list of whole numbers")]
    [InlineData("[4294967296,4294967296]", "a shape of more than 2^63 bytes")]
    [InlineData("[4294967296,4294967296,0]", "a shape of more than 2^63 bytes")]
    [InlineData("[4611686018427387904]", "a shape of more than 2^63 bytes")]
    [InlineData("[3]", "needs 12 bytes for F32 [3], but has 8")]
    [InlineData("[]", "needs 4 bytes for F32 [], but has 8")]
    [InlineData("[0]", "needs 0 bytes for F32 [0], but has 8")]
    public void Is_refused_when_a_shape_does_not_fit(string shape, string message) => AssertRefused($"Tensor 'a' {(message[0] == 'a' ? "has " : "")}{message}", Good.Replace("[2]", shape, StringComparison.Ordinal));

    [Theory]
    [InlineData("[8,0]", "Tensor 'a' begins at data byte 8, behind its end 0")]
    [InlineData("[0,12]", "Tensor 'a' ends at data byte 12, but the file holds only 11 bytes")]
    [InlineData("[9223372036854775800,9223372036854775807]", "Tensor 'a' ends at data byte 9223372036854775807")]
    [InlineData("[-8,0]", "Tensor 'a' has a data_offsets that is not a list")]
    [InlineData("[0]", "Tensor 'a' has 1 data_offsets")]
    [InlineData("[0,4,8]", "Tensor 'a' has 3 data_offsets")]
    [InlineData("[0,4]", "Tensor 'a' needs 8 bytes for F32 [2], but has 4")]
    [InlineData("[1,9]", "Tensors 'a' and 'b' overlap at data byte 8", "{\"c\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},")]
    [InlineData("[1,9]", "1 bytes before tensor 'a' belong to no tensor")]
    public void Is_refused_when_offsets_do_not_fit(string offsets, string message, string start = "{") =>
        AssertRefused(message, string.Concat(start, Good.Replace("[0,8]", offsets, StringComparison.Ordinal).AsSpan(1)));

    [Fact]
    public void Is_refused_when_two_tensors_are_the_same_bytes() =>
        AssertRefused("Tensors 'a' and 'b' overlap at data byte 0", HandMade.Bytes("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", new byte[4]));

    [Fact]
    public void Is_refused_when_an_empty_tensor_stands_inside_another() =>
        AssertRefused("Tensors 'a' and 'b' overlap at data byte 2", HandMade.Bytes("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}}""", new byte[4]));

    [Theory]
    [InlineData(10, "Tensor 'b' ends at data byte 11, but the file holds only 10 bytes of data: it is cut off")]
    [InlineData(0, "Tensor 'a' ends at data byte 8, but the file holds only 0 bytes")]
    [InlineData(12, "1 bytes at the end of the file belong to no tensor")]
    public void Is_refused_when_its_data_is_too_short_or_too_long(int dataBytes, string message) => AssertRefused(message, HandMade.Bytes(Good, new byte[dataBytes]));

    [Fact]
    public void Is_refused_when_there_are_bytes_between_two_tensors() => AssertRefused(
        "1 bytes before tensor 'b' belong to no tensor",
        HandMade.Bytes(Good.Replace("[8,11]", "[9,12]", StringComparison.Ordinal), new byte[12]));

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Is_refused_when_it_is_shorter_than_the_length_of_its_header(int bytes) => AssertRefused($"The file has {bytes} bytes", new byte[bytes]);

    [Theory]
    [InlineData(3, "claims a header of 3 bytes, but ends after 2")]
    [InlineData(100_000_000, "claims a header of 100000000 bytes, but ends after 2")]
    [InlineData(100_000_001, "claims a header of 100000001 bytes; the format allows 100000000")]
    [InlineData(long.MaxValue, "claims a header of 9223372036854775807 bytes; the format allows")]
    [InlineData(-1, "claims a header of 18446744073709551615 bytes; the format allows")]
    public void Is_refused_when_its_header_ends_behind_the_file(long length, string message) => AssertRefused(message, [.. HandMade.Length(length), .. "{}"u8]);

    [Fact]
    public void Is_refused_when_its_header_is_not_UTF8() => AssertRefused("not UTF-8", HandMade.Bytes([.. "{\""u8, 0xC3, 0x28, .. "\":1}"u8], []));

    [Fact]
    public void Is_refused_when_it_nests_without_end() =>
        AssertRefused("not valid JSON", HandMade.Bytes($$"""{"a":{"more":{{new string('[', 100_000)}}""", []));

    [Fact]
    public void Is_refused_with_advice_when_it_is_only_a_pointer_to_itself()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("x.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 4\n");
        var error = Assert.Throws<InputException>(() => SafetensorsFile.Open(path));
        Assert.Contains("Git LFS pointer", error.What, StringComparison.Ordinal);
        Assert.Contains("git lfs pull", error.WhatToDo, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_named_without_what_could_disturb_a_terminal()
    {
        var error = Refusal(HandMade.Bytes($$"""{"\u001b[2J\n{{new string('x', 1000)}}":1}""", []));
        Assert.DoesNotContain('\u001b', error.What);
        Assert.DoesNotContain('\n', error.What);
        Assert.InRange(error.What.Length, 1, 250);
    }

    [Fact]
    public void Is_refused_when_it_is_not_there()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("can't be read", Assert.Throws<InputException>(() => SafetensorsFile.Open(folder["absent.safetensors"])).What, StringComparison.Ordinal);
        Assert.Contains("can't be read", Assert.Throws<InputException>(() => SafetensorsFile.Open(folder["no/folder/x.safetensors"])).What, StringComparison.Ordinal);
        Assert.Contains("can't be read", Assert.Throws<InputException>(() => SafetensorsFile.Open(folder.Path)).What, StringComparison.Ordinal);
    }

    private static void AssertRefused(string message, string header) => AssertRefused(message, HandMade.Bytes(Encoding.UTF8.GetBytes(header), new byte[11]));

    private static void AssertRefused(string message, byte[] bytes) => Assert.Contains(message, Refusal(bytes).What, StringComparison.Ordinal);

    private static InputException Refusal(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        var path = HandMade.File(folder, bytes);
        var error = Assert.Throws<InputException>(() => SafetensorsFile.Open(path));
        Assert.Equal(path, error.Where);
        Assert.Equal(error.Message, Assert.Throws<InputException>(() => SafetensorsHeader.Read(path)).Message);
        return error;
    }
}
