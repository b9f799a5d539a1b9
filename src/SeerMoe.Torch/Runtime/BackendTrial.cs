using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Runtime;

/// <summary>
/// A libtorch may load and still be wrong: one of another version crashed in its first training step. So a backend is accepted only after
/// small computations of every kind that this tool relies on gave what managed code says. They run in a process of their own, because
/// a wrong library does not throw, it ends the process.
/// </summary>
public static class BackendTrial
{
    private const float LearningRate = 0.1f;
    private const float WeightDecay = 0.01f;

    /// <summary>The checks in their order: a name, and what is wrong (null for nothing).</summary>
    private static readonly (string Name, Func<string?> Fault)[] Checks =
    [
        ("numel", Numel),
        ("item", Item),
        ("strides", Strides),
        ("matmul", Matmul),
        ("backward", Backward),
        ("adamw", AdamWSteps),
        ("exceptions", Exceptions),
    ];

    /// <summary>Loads the libraries of a folder into this process, which must have none yet, and tries them.</summary>
    /// <param name="folder">Holds the libraries.</param>
    /// <param name="tell">Gets the name of each step before it runs, so that the last one told is the one that crashed.</param>
    /// <returns>The CUDA devices that it sees.</returns>
    /// <exception cref="InputException">It can't be loaded, or gives a wrong answer.</exception>
    public static int Run(string folder, Action<string> tell)
    {
        tell("load");
        LibTorch.LoadOnTrial(NativeFolder.Existing(folder) ?? throw new InputException(
            $"There is no {NativeFolder.FileOf("torch_cpu")} in the folder.", folder, $"Name the folder that holds the libraries of libtorch {Backend.Version}."));
        foreach (var (name, fault) in Checks)
        {
            tell(name);
            using var scope = NewDisposeScope();
            if (fault() is { } wrong)
            {
                throw new InputException($"libtorch gave a wrong answer in '{name}': {wrong}.", folder, $"Use a build of libtorch {Backend.Version}: dotnet seer backend install {Backend.Cpu}");
            }
        }

        tell("devices");
        return NativeFolder.HoldsCuda(folder) && cuda.is_available() ? cuda.device_count() : 0;
    }

    private static string? Numel() => Same(15, zeros(3, 5).numel());

    private static string? Item() => Same(2.5, tensor(2.5f).item<float>());

    private static string? Strides()
    {
        var transposed = arange(6, ScalarType.Float32).reshape(2, 3).t();
        return Same([1, 3], transposed.stride()) ?? Same([0, 3, 1, 4, 2, 5], transposed.contiguous().data<float>());
    }

    /// <summary>A [64, 48] times B [48, 32] beside a float64 sum: float32 to 1e-4, bfloat16 (8 bits of mantissa) to 0.1 on sums of about 4.</summary>
    private static string? Matmul()
    {
        const int rows = 64, inner = 48, columns = 32;
        var (a, b) = (Numbers(rows * inner, 1), Numbers(inner * columns, 2));
        var expected = new double[rows * columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                for (var k = 0; k < inner; k++)
                {
                    expected[(i * columns) + j] += (double)a[(i * inner) + k] * b[(k * columns) + j];
                }
            }
        }

        var (left, right) = (tensor(a).reshape(rows, inner), tensor(b).reshape(inner, columns));
        var halves = left.to(ScalarType.BFloat16).matmul(right.to(ScalarType.BFloat16)).to(ScalarType.Float32);
        return Near(expected, left.matmul(right).data<float>(), 1e-4) ?? Near(expected, halves.data<float>(), 0.1);
    }

    /// <summary>d/dx of the sum of x^3 is 3 x^2.</summary>
    private static string? Backward()
    {
        var values = Numbers(32, 3);
        var x = tensor(values, requires_grad: true);
        x.pow(3).sum().backward();
        return Near([.. values.Select(value => 3.0 * value * value)], x.grad!.data<float>(), 1e-5);
    }

    /// <summary>Three steps on the sum of x^2 / 2, whose gradient is x, beside the update written out.</summary>
    private static string? AdamWSteps()
    {
        const double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
        var values = Numbers(16, 4);
        using var x = new TorchSharp.Modules.Parameter(tensor(values));
        using var optimizer = optim.AdamW([x], lr: LearningRate, beta1: beta1, beta2: beta2, eps: epsilon, weight_decay: WeightDecay);
        var (expected, m, v) = (values.Select(value => (double)value).ToArray(), new double[values.Length], new double[values.Length]);
        for (var step = 1; step <= 3; step++)
        {
            optimizer.zero_grad();
            x.pow(2).sum().div(2).backward();
            optimizer.step();
            for (var i = 0; i < expected.Length; i++)
            {
                var gradient = expected[i];
                m[i] = (beta1 * m[i]) + ((1 - beta1) * gradient);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * gradient * gradient);
                var move = m[i] / (1 - Math.Pow(beta1, step)) / (Math.Sqrt(v[i] / (1 - Math.Pow(beta2, step))) + epsilon);
                expected[i] = (expected[i] * (1 - (LearningRate * WeightDecay))) - (LearningRate * move);
            }
        }

        return Near(expected, x.detach().data<float>(), 1e-4);
    }

    // Not matmul: TorchSharp catches nothing around that one, so that shapes which don't fit end the process with any build.
    private static string? Exceptions()
    {
        try
        {
            ones(2, 3).reshape(4, 4);
            return "6 elements were given the shape 4 x 4";
        }
        catch (ExternalException)
        {
            return Same(4, ones(2, 2).sum().item<float>());
        }
    }

    /// <summary>From -1 to 1, the same everywhere.</summary>
    private static float[] Numbers(int count, long seed)
    {
        var random = new SplitMix64(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1))];
    }

    private static string? Same(double expected, double found) => expected.Equals(found) ? null : $"{found} instead of {expected}";

    private static string? Same(long[] expected, long[] found) => expected.SequenceEqual(found) ? null : $"{string.Join(", ", found)} instead of {string.Join(", ", expected)}";

    private static string? Same(float[] expected, IEnumerable<float> found) => expected.SequenceEqual(found) ? null : $"{string.Join(", ", found)} instead of {string.Join(", ", expected)}";

    private static string? Near(double[] expected, IEnumerable<float> found, double tolerance)
    {
        var worst = expected.Zip(found, (e, f) => (Expected: e, Found: f)).MaxBy(pair => double.IsNaN(pair.Found) ? double.PositiveInfinity : Math.Abs(pair.Expected - pair.Found));
        return Math.Abs(worst.Expected - worst.Found) <= tolerance ? null : $"{worst.Found} instead of {worst.Expected}";
    }
}
