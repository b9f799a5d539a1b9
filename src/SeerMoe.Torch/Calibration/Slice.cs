namespace SeerMoe.Torch.Calibration;

/// <summary>
/// One part of a count that is done in several: every so many-th batch. Batches are what the whole count would make of the
/// same data, so each is the same forward pass, and what the parts sum up to is the whole up to the order of summation.
/// <code>
/// batches    0 1 2 3 4 5 6
/// slice 1/3  0     3     6
/// slice 2/3    1     4
/// slice 3/3      2     5
/// </code>
/// </summary>
/// <param name="Number">From 1.</param>
/// <param name="Of">How many slices make the whole.</param>
public sealed record Slice(int Number, int Of)
{
    public bool Takes(long batch) => batch % Of == Number - 1;

    /// <summary>"2/4".</summary>
    public override string ToString() => $"{Number}/{Of}";
}
