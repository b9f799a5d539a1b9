namespace SeerMoe.Tokenization.Steps;

/// <summary>Takes delimiters and what lies between them in their order, and hands on the pieces that a <see cref="SplitBehavior"/> makes of them.</summary>
internal ref struct SplitPieces(PatternSplit split, ReadOnlySpan<char> text, ReadOnlySpan<int> offsets, List<int> ids)
{
    private readonly ReadOnlySpan<char> _text = text;
    private readonly ReadOnlySpan<int> _offsets = offsets;
    private readonly SplitBehavior _behavior = split.Behavior;
    private (int Start, int End) _held;
    private bool _holds;
    private bool _heldDelimiter;

    /// <summary>A piece may be empty, and counts then too.</summary>
    public void Add(int start, int end, bool isDelimiter)
    {
        switch (_behavior)
        {
            case SplitBehavior.Isolated:
            case SplitBehavior.Removed when !isDelimiter:
                HandOn(start, end);
                break;
            case SplitBehavior.Removed:
                break;
            case SplitBehavior.MergedWithPrevious when _holds && isDelimiter && !_heldDelimiter:
            case SplitBehavior.MergedWithNext when _holds && !isDelimiter && _heldDelimiter:
            case SplitBehavior.Contiguous when _holds && isDelimiter == _heldDelimiter:
                _held.End = end;
                _heldDelimiter = isDelimiter;
                break;
            default:
                Close();
                (_held, _holds, _heldDelimiter) = ((start, end), true, isDelimiter);
                break;
        }
    }

    /// <summary>Nothing follows what was added last.</summary>
    public void Close()
    {
        if (_holds)
        {
            HandOn(_held.Start, _held.End);
            _holds = false;
        }
    }

    private readonly void HandOn(int start, int end)
    {
        if (end > start)
        {
            var (from, to) = _offsets.IsEmpty ? (start, end) : (_offsets[start], _offsets[end]);
            split.HandOn(_text, from, to, ids);
        }
    }
}
