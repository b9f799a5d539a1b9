using System.Runtime.InteropServices;
using SeerMoe.Checkpoints;
using SeerMoe.Testing;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Tests.Parity;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SeerMoe.Torch.Tests.Models;

/// <summary>
/// Nothing but last bits may tell a packed matrix from a plain one. The fixtures go as count and evaluate do, in inference mode, so through our own kernels
/// too. Where no matrix can be packed (another system, no AVX-512) all of this holds of plain ones.
/// </summary>
public sealed class WhenMatricesArePacked
{
    /// <summary>All of the fixtures' matrices, small as they are.</summary>
    private const long All = 1;

    private const string WhyNot = "packed matrices need AVX-512, and in bfloat16 Linux";

    private const string FullBlocks = """
        {
          "model_type": "mixtral", "architectures": ["MixtralForCausalLM"], "vocab_size": 64, "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
          "num_attention_heads": 4, "num_key_value_heads": 4, "num_local_experts": 4, "num_experts_per_tok": 2, "rms_norm_eps": 1e-05, "rope_theta": 10000.0,
          "max_position_embeddings": 256, "sliding_window": null, "tie_word_embeddings": false, "torch_dtype": "float32"
        }
        """;

    [Theory]
    [MemberData(nameof(Oracle.WholeCases), MemberType = typeof(Oracle))]
    public void The_model_gives_the_reference_logits_router_logits_and_choices(string fixture, string caseName)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32, packFrom: All);
        using var inference = inference_mode();
        ForwardPassOfTheFixtures.AssertParity(oracle, model, caseName);
    }

    [Theory]
    [MemberData(nameof(Oracle.PrunedCases), MemberType = typeof(Oracle))]
    public void With_dropped_experts_masked_it_gives_the_reference_of_the_pruned_model(string fixture, string caseName)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32, mask: oracle.Plan(caseName), packFrom: All);
        using var inference = inference_mode();
        ForwardPassOfTheFixtures.AssertParity(oracle, model, caseName, oracle.Plan(caseName));
    }

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void Streamed_equals_resident_bit_for_bit(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var resident = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32, packFrom: All);
        using var streamed = MoeTransformer.Load(oracle.Checkpoint, Oracle.Float32, residency: Residency.Streamed, packFrom: All);
        using var inference = inference_mode();
        using var batch = TokenBatch.Of(oracle.Sequences("left_pad"), CPU);
        using var scope = NewDisposeScope();

        Assert.Equal(0, Close.Difference(ForwardPass.Logits(streamed, batch), ForwardPass.Logits(resident, batch)));
    }

    [Theory]
    [MemberData(nameof(Oracle.Names), MemberType = typeof(Oracle))]
    public void In_bfloat16_the_model_stays_near_the_float32_reference(string fixture)
    {
        using var oracle = new Oracle(fixture);
        using var model = MoeTransformer.Load(oracle.Checkpoint, new Compute(ComputeDevice.Cpu, ComputeType.BFloat16), packFrom: All);
        using var inference = inference_mode();
        ForwardPassOfTheFixtures.AssertNear(oracle, model);
    }

    [Theory]
    [InlineData(ScalarType.Float32, 128, 16, 2e-5)]
    [InlineData(ScalarType.Float32, 72, 21, 2e-5)]
    [InlineData(ScalarType.Float32, 7, 1100, 2e-5)]
    [InlineData(ScalarType.BFloat16, 128, 16, 7e-2)]
    [InlineData(ScalarType.BFloat16, 48, 21, 7e-2)]
    [InlineData(ScalarType.BFloat16, 7, 2100, 7e-2)]
    public void Products_are_those_of_the_plain_one(ScalarType type, int outputs, int inputs, double tolerance)
    {
        Assert.SkipUnless(PackedMatrix.Serve(type, CPU), WhyNot);
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        Tensor Some(params long[] shape) => randn(shape, generator: generator).to_type(type);
        var (weight, bias, upWeight, upBias) = (Some(outputs, inputs) / Math.Sqrt(inputs), Some(outputs), Some(outputs, inputs) / Math.Sqrt(inputs), Some(outputs));
        AssertLike(PackedMatrix.Of(weight)!, PackedMatrix.Of(upWeight)!);
        if (type == ScalarType.BFloat16)
        {
            AssertLike(OneDnnMatrix.Like(weight)!, OneDnnMatrix.Like(upWeight)!);
        }

        void AssertLike(PackedMatrix packed, PackedMatrix up)
        {
            foreach (var x in new[] { Some(5, inputs), Some(1, inputs), Some(2, inputs), Some(3, inputs), Some(11, inputs), Some(2, 3, inputs), Some(130, inputs), Some(inputs, 6).transpose(0, 1), Some(9, inputs + 11).narrow(1, 7, inputs) })
            {
                foreach (var (added, upAdded) in new[] { (bias, upBias), (null, null), (bias, null) })
                {
                    var plain = linear(x, weight, added);
                    Close.Absolute(plain, packed.Of(x, added), tolerance);
                    var there = zeros_like(plain);
                    packed.Into(x, added, there);
                    Close.Absolute(packed.Of(x, added), there, 0);
                    Close.Absolute(silu(plain) * linear(x, upWeight, upAdded), packed.SwiGlu(x, added, up, upAdded), tolerance * 3);
                }
            }

            packed.Dispose();
            up.Dispose();
        }
    }

    /// <summary>Tiles have one to six rows, but a row no other sum.</summary>
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void A_row_has_the_same_bits_whatever_stands_beside_it(ScalarType type)
    {
        Assert.SkipUnless(PackedMatrix.Serve(type, CPU), WhyNot);
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        Tensor Some(params long[] shape) => randn(shape, generator: generator).to_type(type);
        var (weight, all) = (Some(100, 38), Some(30, 38));
        using var packed = PackedMatrix.Of(weight)!;
        Assert.SkipWhen(packed is OneDnnMatrix, "oneDNN does not promise it");
        var products = packed.Of(all, bias: null);

        for (var rows = 1; rows < 30; rows++)
        {
            Assert.Equal(0, Close.Difference(products.narrow(0, 30 - rows, rows), packed.Of(all.narrow(0, 30 - rows, rows), bias: null)));
        }
    }

    [Fact]
    public void OneDnn_leaves_a_matrix_with_numbers_that_are_none_plain()
    {
        Assert.SkipUnless(OneDnnMatrix.CanHold(ScalarType.BFloat16, CPU), WhyNot);
        using var scope = NewDisposeScope();

        Assert.Null(OneDnnMatrix.Like(full(64, 16, float.NaN).to_type(ScalarType.BFloat16)));
    }

    /// <summary>Sizes that fill blocks, which the fixtures' don't: every matrix of the layers is packed in both types.</summary>
    [Theory]
    [InlineData("float32", 1e-4)]
    [InlineData("bfloat16", 0.2)]
    public void A_model_of_full_blocks_gives_the_logits_of_the_plain_one(string type, double tolerance)
    {
        using var folder = new TemporaryFolder();
        Initializing.Initialize(folder.Write("config.json", FullBlocks), seed: 1, folder["model"]);
        using var checkpoint = Checkpoint.Open(folder["model"]);
        var compute = new Compute(ComputeDevice.Cpu, ComputeType.Parse(type));
        using var plain = MoeTransformer.Load(checkpoint, compute);
        using var packed = MoeTransformer.Load(checkpoint, compute, packFrom: All);
        using var streamed = MoeTransformer.Load(checkpoint, compute, residency: Residency.Streamed, packFrom: All);
        using var threads = ComputeThreads.Fix(2);
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var random = new Random(3);
        var batch = TokenBatch.Of([.. Enumerable.Range(0, 8).Select(_ => new TokenSequence([.. Enumerable.Range(0, 128).Select(_ => random.Next(64))]))], CPU);

        var logits = ForwardPass.Logits(packed, batch);

        // A token whose last chosen and first rejected expert nearly tie may change experts in bfloat16: of the middle of the differences.
        var differences = (ForwardPass.Logits(plain, batch) - logits).abs().flatten();
        Assert.InRange(type == "float32" ? differences.max().item<float>() : differences.median().item<float>(), 0, tolerance);
        Assert.Equal(0, Close.Difference(ForwardPass.Logits(streamed, batch), logits));
        Assert.Equal(PackedMatrix.Serve(compute.Type.ToTorch(compute.Device), CPU), !packed.Weights.Any(weight => weight.Key.EndsWith(".w1.weight", StringComparison.Ordinal)));
        batch.Dispose();
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void No_rows_give_no_rows(ScalarType type)
    {
        Assert.SkipUnless(PackedMatrix.Serve(type, CPU), WhyNot);
        using var scope = NewDisposeScope();
        using var packed = PackedMatrix.Of(ones(64, 16, type))!;

        Assert.Equal([2, 0, 64], packed.Of(ones(2, 0, 16, type), bias: null).shape);
        Assert.Equal([0, 64], packed.SwiGlu(ones(0, 16, type), bias: null, packed, upBias: null).shape);
    }

    [Fact]
    public void A_product_of_oneDnn_that_fails_is_taken_for_memory_that_ran_out()
    {
        Assert.SkipUnless(OneDnnMatrix.CanHold(ScalarType.BFloat16, CPU), WhyNot);
        using var packed = OneDnnMatrix.Like(ones(64, 16, ScalarType.BFloat16))!;
        using var others = ones(3, 15, ScalarType.BFloat16);

        Assert.True(OutOfMemory.Is(Assert.ThrowsAny<ExternalException>(() => packed.Of(others, bias: null))));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.SkipUnless(PackedMatrix.Serve(ScalarType.Float32, CPU), WhyNot);
        using var scope = NewDisposeScope();
        using var packed = PackedMatrix.Of(ones(64, 16))!;
        using var larger = PackedMatrix.Of(ones(70, 16))!;

        Assert.Throws<ArgumentException>(() => packed.Of(ones(3, 15), bias: null));
        Assert.Throws<ArgumentException>(() => packed.Of(ones(3, 16, ScalarType.BFloat16), bias: null));
        Assert.Throws<ArgumentException>(() => packed.Of(ones(3, 16), ones(63)));
        Assert.Throws<ArgumentException>(() => packed.Into(ones(3, 16), bias: null, ones(2, 64)));
        Assert.Throws<ArgumentException>(() => packed.SwiGlu(ones(3, 16), bias: null, larger, upBias: null));
    }
}
