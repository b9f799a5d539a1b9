using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Training;

/// <summary>Which parameters `regularize` changes.</summary>
public enum Tune
{
    /// <summary>Every parameter.</summary>
    All,

    /// <summary>The routers alone.</summary>
    Routers,

    /// <summary>The experts alone.</summary>
    Experts,
}

/// <summary>In which order the training sequences come.</summary>
public enum SequenceOrder
{
    /// <summary>A seeded permutation, a new one each epoch.</summary>
    Shuffled,

    /// <summary>As they stand in the file, over and over.</summary>
    File,
}

/// <summary>Stage 2 of SEER-MoE: fine-tuning with a router-entropy penalty while top-K is annealed.</summary>
public sealed record TrainOptions
{
    public int Steps { get; init; } = 100;

    /// <summary>Sequences a step.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Tokens a sequence for text and jsonl.</summary>
    public int Window { get; init; } = 256;

    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Steps over which the learning rate rises linearly from zero.</summary>
    public int WarmUp { get; init; }

    /// <summary>What happens to the learning rate after the warm-up.</summary>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Constant;

    /// <summary>Decoupled (AdamW), on every trained tensor.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Lambda of SEER-MoE: loss = task loss + lambda x router entropy (nats).</summary>
    public double EntropyWeight { get; init; } = 0.1;

    /// <summary>Weight of the load-balancing loss, for training from scratch; 0 is off.</summary>
    public double BalanceWeight { get; init; }

    /// <summary>Largest L2 norm of the gradient of all trained tensors together; 0 is no clipping.</summary>
    public double GradientClip { get; init; } = 1;

    /// <summary>Null keeps the model's own top-K.</summary>
    public TopKSchedule? TopK { get; init; }

    public Tune Tune { get; init; } = Tune.All;

    public SequenceOrder Order { get; init; } = SequenceOrder.Shuffled;

    public GateAtTop1 GateAtTop1 { get; init; } = GateAtTop1.Probability;

    public long Seed { get; init; }
}

/// <summary>The learning rate after the warm-up.</summary>
public enum LearningRateDecay
{
    Constant,

    /// <summary>Half a cosine down to a tenth of the peak at the last step.</summary>
    Cosine,
}
