namespace SeerMoe.Recipes;

/// <summary>Where each value of a recipe was written, by its path: `prune.ratio`, `data.calibration.path`, `evaluate.tasks[1]`.</summary>
public sealed class RecipePlaces
{
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unread = new(StringComparer.Ordinal);

    /// <summary>Places of a recipe that was not read from a file.</summary>
    public static RecipePlaces None { get; } = new();

    /// <summary>The place of the value, else of the nearest thing that holds it, else null.</summary>
    public Place? Of(string path)
    {
        while (!_places.ContainsKey(path))
        {
            if (path.Length == 0)
            {
                return null;
            }

            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return _places[path];
    }

    /// <summary>Whether the value itself was written, not left to its default.</summary>
    public bool Has(string path) => _places.ContainsKey(path);

    /// <summary>Whether it was written but could not be read: what the record holds instead is no fault of its own.</summary>
    public bool Unread(string path) => _unread.Contains(path);

    internal void AddUnread(string path, Place place)
    {
        _places.TryAdd(path, place);
        _unread.Add(path);
    }

    internal void Add(string path, Place place) => _places[path] = place;
}
