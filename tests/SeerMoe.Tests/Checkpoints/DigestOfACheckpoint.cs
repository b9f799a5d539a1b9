using SeerMoe.Checkpoints;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Checkpoints;

public sealed class DigestOfACheckpoint
{
    [Fact]
    public void Is_64_hexadecimal_digits_and_the_same_every_time()
    {
        using var folder = SmallCheckpoint.InTwoShards();
        Assert.Matches("^[0-9a-f]{64}$", DigestOf(folder));
        Assert.Equal(DigestOf(folder), DigestOf(folder));
    }

    [Fact]
    public void Changes_with_any_byte_of_the_router()
    {
        using var folder = SmallCheckpoint.InOneFile();
        Assert.Equal(8, DigestsWithEachByteChanged(folder, SmallCheckpoint.Router).Append(DigestOf(folder)).Distinct().Count() - 1);
    }

    [Fact]
    public void Changes_with_any_byte_of_a_small_expert()
    {
        using var folder = SmallCheckpoint.InOneFile();
        Assert.All(DigestsWithEachByteChanged(folder, SmallCheckpoint.Expert), digest => Assert.NotEqual(DigestOf(folder), digest));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(4095, true)]
    [InlineData(8000, false)]
    [InlineData(16511, true)]
    public void Reads_the_first_and_last_4_KiB_of_a_large_tensor(int position, bool changes)
    {
        using var folder = new TemporaryFolder();
        PicoCheckpoint.Write(folder["model"]);
        var before = DigestOf(folder["model"]);
        long start;
        using (var checkpoint = Checkpoint.Open(folder["model"]))
        {
            // 258 x 16 float32: 16,512 bytes
            start = checkpoint.Shards[0].File.Header.Tensors.Single(entry => entry.Spec.Name == "model.embed_tokens.weight").Start;
        }

        using (var file = new FileStream(folder["model/model.safetensors"], FileMode.Open))
        {
            file.Position = start + position;
            var old = file.ReadByte();
            file.Position = start + position;
            file.WriteByte((byte)(old ^ 1));
        }

        Assert.Equal(changes, before != DigestOf(folder["model"]));
    }

    [Fact]
    public void Changes_with_any_byte_of_the_config()
    {
        using var folder = SmallCheckpoint.InOneFile();
        var before = DigestOf(folder);
        folder.Write("config.json", SmallCheckpoint.Config + " ");
        Assert.NotEqual(before, DigestOf(folder));
    }

    [Fact]
    public void Changes_with_the_shape_of_any_tensor()
    {
        using var folder = SmallCheckpoint.InOneFile();
        var before = DigestOf(folder);
        SmallCheckpoint.WriteWeights(folder["model.safetensors"], [.. SmallCheckpoint.Tensors().Select(tensor => tensor.Name == SmallCheckpoint.Expert ? tensor with { Shape = [3, 2] } : tensor)]);
        Assert.NotEqual(before, DigestOf(folder));
    }

    [Fact]
    public void Does_not_change_with_files_that_are_not_the_model()
    {
        using var folder = SmallCheckpoint.InOneFile();
        var before = DigestOf(folder);
        folder.Write("README.md", "x");
        folder.Write("tokenizer.json", "{}");
        Assert.Equal(before, DigestOf(folder));
    }

    [Fact]
    public void Needs_a_family_that_is_known()
    {
        using var folder = SmallCheckpoint.InOneFile();
        folder.Write("config.json", """{"model_type":"gpt2"}""");
        using var checkpoint = Checkpoint.Open(folder.Path);
        Assert.Contains("'gpt2'", Assert.Throws<InputException>(() => CheckpointDigest.Of(checkpoint)).What, StringComparison.Ordinal);
    }

    private static List<string> DigestsWithEachByteChanged(TemporaryFolder folder, string tensor)
    {
        var path = folder["model.safetensors"];
        var good = File.ReadAllBytes(path);
        var (start, length) = Place(folder, tensor);
        var digests = new List<string>();
        for (var i = start; i < start + length; i++)
        {
            byte[] changed = [.. good];
            changed[i] ^= 1;
            File.WriteAllBytes(path, changed);
            digests.Add(DigestOf(folder));
        }

        File.WriteAllBytes(path, good);
        return digests;
    }

    private static (long Start, long Length) Place(TemporaryFolder folder, string tensor)
    {
        using var checkpoint = Checkpoint.Open(folder.Path);
        var entry = checkpoint.Shards[0].File.Header.Tensors.Single(entry => entry.Spec.Name == tensor);
        return (entry.Start, entry.Length);
    }

    private static string DigestOf(TemporaryFolder folder) => DigestOf(folder.Path);

    private static string DigestOf(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return CheckpointDigest.Of(checkpoint);
    }
}
