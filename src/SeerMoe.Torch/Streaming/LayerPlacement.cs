namespace SeerMoe.Torch.Streaming;

/// <summary>
/// Which device each layer goes to where one is too small for all: runs of layers, as many on each device as it has room for, in order.
/// <code>
/// room 10, 10, 4     layers of 3 3 3 3 3 2     device 0: 3 3 3     device 1: 3 3 2     device 2: nothing
/// room 4, 20                                   device 1: all of them, which one alone has room for
/// </code>
/// </summary>
public static class LayerPlacement
{
    /// <param name="room">Bytes of each device that weights may take.</param>
    /// <param name="layers">Bytes of each layer; the embedding counts with the first, norm and head with the last.</param>
    /// <returns>The device of each layer, ascending; null where all together are too small.</returns>
    public static int[]? Of(IReadOnlyList<long> room, IReadOnlyList<long> layers)
    {
        var all = layers.Sum();
        for (var device = 0; device < room.Count; device++)
        {
            if (all <= room[device])
            {
                return [.. Enumerable.Repeat(device, layers.Count)];
            }
        }

        var places = new int[layers.Count];
        var (current, taken) = (0, 0L);
        for (var layer = 0; layer < layers.Count; layer++)
        {
            while (taken + layers[layer] > room[current])
            {
                (current, taken) = (current + 1, 0);
                if (current == room.Count)
                {
                    return null;
                }
            }

            places[layer] = current;
            taken += layers[layer];
        }

        return places;
    }
}
