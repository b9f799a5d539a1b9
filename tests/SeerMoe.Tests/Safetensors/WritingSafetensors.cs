using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Safetensors;

public sealed class WritingSafetensors
{
    private static readonly TensorSpec FourBytes = new("a", DType.UInt8, [4]);

    [Fact]
    public void Gives_the_bytes_of_the_reference_implementation()
    {
        using var folder = new TemporaryFolder();
        using (var writer = SafetensorsWriter.Create(folder["x"], [new("b", DType.BFloat16, [1, 2]), FourBytes], new Dictionary<string, string> { ["format"] = "pt" }))
        {
            writer.Write([1, 2, 3]);
            writer.Write([4, 5, 6, 7, 8]);
            writer.Complete();
        }

        const string Header = """{"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[1,2],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""";
        var padded = Header.PadRight((Header.Length + 7) / 8 * 8);
        Assert.Equal(HandMade.Bytes(padded, [1, 2, 3, 4, 5, 6, 7, 8]), File.ReadAllBytes(folder["x"]));
    }

    [Fact]
    public void Then_reading_gives_back_names_shapes_metadata_and_bytes()
    {
        using var folder = new TemporaryFolder();
        Prop.ForAll(Cases(), written => SurvivesARoundTrip(folder["x"], written))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(17, 1).WithQuietOnSuccess(true));
    }

    [Fact]
    public void Shows_no_file_before_it_is_complete_and_leaves_nothing_behind_when_it_never_is()
    {
        using var folder = new TemporaryFolder();
        using (var writer = SafetensorsWriter.Create(folder["x"], [FourBytes]))
        {
            writer.Write([1, 2, 3]);
            Assert.False(File.Exists(folder["x"]));
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Is_not_complete_while_bytes_are_missing()
    {
        using var folder = new TemporaryFolder();
        using var writer = SafetensorsWriter.Create(folder["x"], [FourBytes]);
        writer.Write([1, 2, 3]);
        Assert.Contains("1 bytes", Assert.Throws<InvalidOperationException>(writer.Complete).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_no_more_bytes_than_were_declared()
    {
        using var folder = new TemporaryFolder();
        using var writer = SafetensorsWriter.Create(folder["x"], [FourBytes]);
        writer.Write([1, 2, 3]);
        Assert.Throws<InvalidOperationException>(() => writer.Write([4, 5]));
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "__metadata__")]
    public void Takes_no_name_twice_and_none_that_the_format_needs(params string[] names)
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Create(folder["x"], [.. names.Select(name => FourBytes with { Name = name })]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Can_be_followed_by_the_renaming_of_the_folder()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["before"]);
        using var writer = SafetensorsWriter.Create(Path.Combine(folder["before"], "x"), []);
        writer.Complete();
        Directory.Move(folder["before"], folder["after"]);
    }

    private static bool SurvivesARoundTrip(string path, Written written)
    {
        var tensors = written.Tensors;
        var bytes = new byte[tensors.Sum(tensor => tensor.ByteCount)];
        var random = new Random(written.Seed);
        random.NextBytes(bytes);

        using (var writer = SafetensorsWriter.Create(path, tensors, written.Metadata))
        {
            for (var position = 0; position < bytes.Length;)
            {
                var piece = random.Next(1 + Math.Min(100, bytes.Length - position));
                writer.Write(bytes.AsSpan(position, piece));
                position += piece;
            }

            writer.Complete();
        }

        using var file = SafetensorsFile.Open(path);
        var read = file.Header.Tensors.SelectMany(tensor => file.Tensor(tensor.Spec.Name).Slice(0, (int)tensor.Length).ToArray());
        return file.Header.Tensors.Select(tensor => tensor.Spec).SequenceEqual(tensors)
            && file.Header.Metadata.OrderBy(pair => pair.Key).SequenceEqual(written.Metadata.OrderBy(pair => pair.Key))
            && file.Header.DataStart % 8 == 0
            && read.SequenceEqual(bytes);
    }

    private static Arbitrary<Written> Cases()
    {
        // Whole characters of every plane, with the ones that JSON must escape made frequent.
        var character = Gen.OneOf(Gen.Elements("\"", "\\", "\n", "\0", "/", ".", "é", "\u2028", "\U0001F52E"), Gen.Choose(0, 0xD7FF).Select(code => ((char)code).ToString()));
        var text = character.ListOf().Select(string.Concat);
        var spec =
            from name in text
            from dtype in Gen.Elements(Enum.GetValues<DType>())
            from rank in Gen.Choose(0, 4)
            from shape in Gen.Choose(0, 4).ListOf(rank)
            select new TensorSpec(name, dtype, [.. shape.Select(dimension => (long)dimension)]);
        return Arb.From(
            from tensors in spec.ListOf()
            from keys in text.ListOf()
            from value in text
            from seed in Gen.Choose(0, int.MaxValue)
            select new Written([.. tensors.DistinctBy(tensor => tensor.Name)], keys.Distinct().ToDictionary(key => key, _ => value), seed));
    }

    private sealed record Written(ImmutableArray<TensorSpec> Tensors, Dictionary<string, string> Metadata, int Seed)
    {
        public override string ToString() => $"{string.Join("; ", Tensors.Select(tensor => $"{Encoding.UTF8.GetByteCount(tensor.Name)} {tensor}"))} seed {Seed}";
    }
}
