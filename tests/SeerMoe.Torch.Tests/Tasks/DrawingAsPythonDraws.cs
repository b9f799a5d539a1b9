using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Tests.Tasks;

/// <summary>Values of CPython 3's random.Random(1234), drawn one after the other.</summary>
public class DrawingAsPythonDraws
{
    [Fact]
    public void Samples_are_those_of_python()
    {
        var random = new PythonRandom(1234);

        Assert.Equal([1805, 478, 30, 371, 143], random.Sample(2251, 5));
        Assert.Equal([343, 403, 1452, 969, 71], random.Sample(2251, 5));
        Assert.Equal([0, 9, 5], random.Sample(10, 3)); // from a pool
        Assert.Equal([82, 79, 61, 78, 59, 19], random.Sample(100, 6)); // from a set, whose size counts from six on
        Assert.Equal([1495, 2999, 11688, 1874, 13850, 239, 8242, 7974], random.Sample(16113, 8));
        Assert.Equal(1, random.Below(7));
    }

    [Fact]
    public void It_goes_on_beyond_the_first_624_words()
    {
        var random = new PythonRandom(1234);
        var last = 0;
        for (var i = 0; i < 2000; i++)
        {
            last = random.Below(1 << 30);
        }

        // r = random.Random(1234); [r.randrange(1 << 30) for _ in range(2000)][-1]
        Assert.Equal(530773723, last);
    }
}
