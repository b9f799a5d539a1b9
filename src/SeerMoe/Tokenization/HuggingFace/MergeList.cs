using System.Text.Json;
using SeerMoe.Tokenization.Steps;

namespace SeerMoe.Tokenization.HuggingFace;

/// <summary>The merges of a tokenizer.json, best first, as token ids.</summary>
internal sealed class MergeList(Dictionary<string, int> vocabulary)
{
    private readonly List<(int Left, int Right, Merge Merge)> _merges = [];
    private bool _spaceWithin;

    public IReadOnlyCollection<(int Left, int Right, Merge Merge)> Merges => _merges;

    /// <summary>"▁" is a token, and no merge puts it behind another character: see <see cref="SpacedWords"/>.</summary>
    public bool SpacesBeginTokens => !_spaceWithin && vocabulary.ContainsKey(SpacedWords.Space.ToString());

    /// <param name="merge">"a b" until tokenizers 0.19, ["a", "b"] since.</param>
    public void Add(JsonElement merge)
    {
        if (merge.ValueKind == JsonValueKind.Array)
        {
            Add(merge[0].GetString()!, merge[1].GetString()!);
        }
        else
        {
            Add(merge.GetString()!.Split(' ') is [var left, var right] ? (left, right) : throw new FormatException($"the merge {merge} is not of two tokens."));
        }
    }

    private void Add((string Left, string Right) merge) => Add(merge.Left, merge.Right);

    private void Add(string left, string right)
    {
        var whole = left + right;
        _merges.Add((Id(left), Id(right), new Merge(_merges.Count, Id(whole))));
        _spaceWithin |= SpacedWords.HasSpaceWithin(whole);
    }

    private int Id(string token) => vocabulary.TryGetValue(token, out var id) ? id : throw new FormatException($"the merges make {token}, which is not in the vocabulary.");
}
