using System.Text.Json;
using SeerMoe.Safetensors;

namespace SeerMoe.Checkpoints;

/// <summary>model.safetensors.index.json: which tensor stands in which file. Its metadata.total_size is often wrong in published checkpoints, so nobody reads it.</summary>
/// <param name="Path">The index file.</param>
/// <param name="WeightMap">Tensor name to file name.</param>
public sealed record ShardIndex(string Path, IReadOnlyDictionary<string, string> WeightMap)
{
    public const string FileName = "model.safetensors.index.json";

    private const string WhatToDo = "Download the index again.";

    /// <summary>The shards, ordinal.</summary>
    public IEnumerable<string> ShardNames => WeightMap.Values.Distinct().Order(StringComparer.Ordinal);

    /// <exception cref="InputException">Not an index, or one that names a file outside its folder.</exception>
    public static ShardIndex Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(InputFile.ReadBytes(path), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root
                || !root.TryGetProperty("weight_map", out var map)
                || map.ValueKind != JsonValueKind.Object
                || !map.EnumerateObject().Any())
            {
                throw new InputException("The index has no weight_map.", path, WhatToDo);
            }

            return new ShardIndex(path, map.EnumerateObject().ToDictionary(entry => entry.Name, entry => ShardName(entry, path)));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InputException($"The index is not valid JSON: {error.Message}", path, WhatToDo, error);
        }
    }

    // An index comes from strangers: it may name files beside it and nothing else.
    private static string ShardName(JsonProperty entry, string path) =>
        entry.Value.ValueKind == JsonValueKind.String
        && entry.Value.GetString() is { } name
        && name.EndsWith(".safetensors", StringComparison.Ordinal)
        && name.IndexOfAny(['/', '\\', ':', '\0']) < 0
            ? name
            : throw new InputException(
                $"The index maps {Damage.Quoted(entry.Name)} to {Damage.Quoted(entry.Value.ToString())}, which is not a .safetensors file in the same folder.",
                path,
                WhatToDo);
}
