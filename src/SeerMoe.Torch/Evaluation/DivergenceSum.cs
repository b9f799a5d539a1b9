namespace SeerMoe.Torch.Evaluation;

/// <summary>Scored tokens, and the divergence from the base summed over them.</summary>
internal sealed class DivergenceSum
{
    private double? _nats = 0;

    public long Tokens { get; private set; }

    /// <summary>Nats a token; null where there is no base.</summary>
    public double? Mean => Tokens == 0 ? null : _nats / Tokens;

    public void Add(Score score) => (Tokens, _nats) = (Tokens + score.Tokens, _nats + score.KlToBase);
}
