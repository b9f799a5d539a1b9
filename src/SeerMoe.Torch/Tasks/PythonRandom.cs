namespace SeerMoe.Torch.Tasks;

/// <summary>
/// Python's `random.Random(seed)` and its `sample`, number by number: what lm-evaluation-harness draws examples with.
/// MT19937 (Matsumoto and Nishimura, 1998), seeded as CPython seeds it with a whole number.
/// </summary>
public sealed class PythonRandom
{
    private const int N = 624;
    private const int M = 397;

    private readonly uint[] _state = new uint[N];
    private int _next = N;

    /// <param name="seed">CPython seeds with the 32-bit words of the number: here it is one.</param>
    public PythonRandom(uint seed)
    {
        Fill(19650218);
        uint i = 1;
        for (var k = N; k > 0; k--)
        {
            _state[i] = (_state[i] ^ ((_state[i - 1] ^ (_state[i - 1] >> 30)) * 1664525)) + seed;
            i = Wrapped(i + 1);
        }

        for (var k = N - 1; k > 0; k--)
        {
            _state[i] = (_state[i] ^ ((_state[i - 1] ^ (_state[i - 1] >> 30)) * 1566083941)) - i;
            i = Wrapped(i + 1);
        }

        _state[0] = 0x80000000;
    }

    /// <summary>`sample(range(population), count)`: different numbers in the order in which they are drawn.</summary>
    public int[] Sample(int population, int count)
    {
        // CPython draws from a pool where that is smaller than a set of the same number.
        var setSize = count > 5 ? 21 + Math.Pow(4, Math.Ceiling(Math.Log(count * 3, 4))) : 21;
        return population <= setSize ? FromPool(population, count) : FromSet(population, count);
    }

    private int[] FromPool(int population, int count)
    {
        int[] pool = [.. Enumerable.Range(0, population)];
        var drawn = new int[count];
        for (var i = 0; i < count; i++)
        {
            var at = Below(population - i);
            drawn[i] = pool[at];
            pool[at] = pool[population - i - 1];
        }

        return drawn;
    }

    private int[] FromSet(int population, int count)
    {
        var taken = new HashSet<int>();
        var drawn = new int[count];
        for (var i = 0; i < count; i++)
        {
            int at;
            do
            {
                at = Below(population);
            }
            while (!taken.Add(at));

            drawn[i] = at;
        }

        return drawn;
    }

    /// <summary>`randrange(bound)`: as many bits as the bound has, drawn again until they are below it.</summary>
    public int Below(int bound)
    {
        var bits = 32 - int.LeadingZeroCount(bound);
        uint drawn;
        do
        {
            drawn = NextWord() >> (32 - bits);
        }
        while (drawn >= bound);

        return (int)drawn;
    }

    private uint NextWord()
    {
        if (_next == N)
        {
            Twist();
        }

        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    private void Twist()
    {
        for (var k = 0; k < N; k++)
        {
            var y = (_state[k] & 0x80000000) | (_state[(k + 1) % N] & 0x7fffffff);
            _state[k] = _state[(k + M) % N] ^ (y >> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }

        _next = 0;
    }

    private void Fill(uint seed)
    {
        _state[0] = seed;
        for (uint i = 1; i < N; i++)
        {
            _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + i;
        }
    }

    // The first word stands in for the one before the second once the end is reached.
    private uint Wrapped(uint i)
    {
        if (i < N)
        {
            return i;
        }

        _state[0] = _state[N - 1];
        return 1;
    }
}
