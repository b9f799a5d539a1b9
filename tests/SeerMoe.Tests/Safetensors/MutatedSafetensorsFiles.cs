using System.Diagnostics;
using System.Text;
using SeerMoe.Safetensors;
using SeerMoe.Testing;

namespace SeerMoe.Tests.Safetensors;

public sealed class MutatedSafetensorsFiles
{
    private const int Files = 20_000;

    private const string Header = """{"__metadata__":{"format":"pt"},"a.b":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"empty":{"dtype":"BF16","shape":[0,7],"data_offsets":[24,24]},"é\"":{"dtype":"I64","shape":[],"data_offsets":[24,32]}}   """;

    private static readonly string[] Numbers = ["-1", "0", "1", "7", "25", "9223372036854775807", "9223372036854775808", "18446744073709551615", "1e9", "4294967296,4294967296", "0.5", "null", "\"1\"", "[]", "{}"];

    [Fact]
    public void Open_or_are_refused_as_input_and_never_fail_in_another_way()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(17);
        var good = HandMade.Bytes(Header, [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
        var clock = Stopwatch.StartNew();
        int opened = 0, refused = 0;
        for (var i = 0; i < Files; i++)
        {
            var bytes = good;
            for (var times = 1 + random.Next(3); times > 0; times--)
            {
                bytes = Mutated(bytes, random);
            }

            if (Opens(HandMade.File(folder, bytes)))
            {
                opened++;
            }
            else
            {
                refused++;
            }
        }

        // Both must happen, or the mutations test nothing; flips in the data and in names still open.
        Assert.InRange(opened, Files / 100, Files);
        Assert.InRange(refused, Files / 2, Files);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromMilliseconds(5 * Files));
    }

    private static bool Opens(string path)
    {
        try
        {
            using var file = SafetensorsFile.Open(path);
            var sum = 0L;
            foreach (var tensor in file.Header.Tensors)
            {
                foreach (var value in file.Tensor(tensor.Spec.Name).Slice(0, (int)tensor.Length))
                {
                    sum += value;
                }
            }

            return sum >= 0;
        }
        catch (InputException)
        {
            return false;
        }
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length + 1);
        var upTo = random.Next(at, bytes.Length + 1);
        return random.Next(7) switch
        {
            0 => WithBitFlipped(bytes, random),
            1 => bytes[..at],
            2 => [.. bytes[..at], .. bytes[upTo..]],
            3 => [.. bytes[..upTo], .. bytes[at..]],
            4 => WithNumberReplaced(bytes, random),
            5 => WithHeaderLengthChanged(bytes, random),
            _ => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
        };
    }

    private static byte[] WithBitFlipped(byte[] bytes, Random random)
    {
        byte[] flipped = [.. bytes];
        if (flipped.Length > 0)
        {
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        }

        return flipped;
    }

    // The header's length follows, so that the reader gets as far as the number.
    private static byte[] WithNumberReplaced(byte[] bytes, Random random)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var digits = Enumerable.Range(0, text.Length).Where(i => i >= 8 && char.IsAsciiDigit(text[i])).ToArray();
        if (digits.Length == 0)
        {
            return bytes;
        }

        var start = digits[random.Next(digits.Length)];
        var number = Numbers[random.Next(Numbers.Length)];
        var changed = Encoding.Latin1.GetBytes(string.Concat(text.AsSpan(0, start), number, text.AsSpan(start + 1)));
        return [.. HandMade.Length(BitConverter.ToInt64(bytes) + number.Length - 1), .. changed[8..]];
    }

    private static byte[] WithHeaderLengthChanged(byte[] bytes, Random random) => bytes.Length < 8
        ? bytes
        : [.. HandMade.Length(random.Next(2) == 0 ? random.NextInt64(-1, bytes.Length + 20) : random.NextInt64(long.MinValue, long.MaxValue)), .. bytes[8..]];
}
