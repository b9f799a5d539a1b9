namespace SeerMoe.Torch.Evaluation;

/// <summary>How fast a model went through what it was asked, the first pass aside where there are more: libraries warm up in it.</summary>
/// <param name="Tokens">Tokens forwarded, padding not counted.</param>
/// <param name="Seconds">In forward passes, the head included.</param>
public sealed record Speed(long Tokens, double Seconds)
{
    public double TokensPerSecond => Tokens / Seconds;
}
