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

    /// <summary>Low-rank matrices beside weights that stay as they are (see <see cref="LoraOptions"/>).</summary>
    Lora,
}

/// <summary>In which order the training sequences come.</summary>
public enum SequenceOrder
{
    /// <summary>A seeded permutation, a new one each epoch.</summary>
    Shuffled,

    /// <summary>As they stand in the file, over and over.</summary>
    File,
}

/// <summary>What the task loss is.</summary>
public enum Objective
{
    /// <summary>Cross entropy of the next token.</summary>
    NextToken,

    /// <summary>Divergence from a teacher, the unpruned model (see <see cref="Distillation"/>).</summary>
    Distill,
}

/// <summary>What becomes of activations between the forward and the backward pass.</summary>
public enum Activations
{
    /// <summary>All of them stay in memory: the fastest.</summary>
    Kept,

    /// <summary>Each layer's input alone stays; the rest is computed again, one layer at a time: about a third slower, and the memory of one layer.</summary>
    Recomputed,
}

/// <summary>What weight decay is for.</summary>
public enum Decayed
{
    /// <summary>Every trained tensor, norms and biases included.</summary>
    All,

    /// <summary>Neither norms nor biases.</summary>
    Matrices,
}

/// <summary>Which of two checkpoints a training leaves as its result.</summary>
public enum Accept
{
    /// <summary>The tuned one.</summary>
    Always,

    /// <summary>The one with the smaller held-out loss.</summary>
    IfBetter,
}

/// <summary>Where the weight of the load-balancing loss comes from.</summary>
public enum BalanceSource
{
    /// <summary>The option; 0 is off.</summary>
    Weight,

    /// <summary>The checkpoint's own config: `router_aux_loss_coef`, or `aux_loss_alpha`.</summary>
    Family,
}

/// <summary>Stage 2 of SEER-MoE: fine-tuning with a router-entropy penalty while top-K is annealed.</summary>
public sealed record TrainOptions
{
    public int Steps { get; init; } = 100;

    /// <summary>Sequences a pass.</summary>
    public int Batch { get; init; } = 8;

    /// <summary>Passes a step, whose gradients are added up as if they were one batch.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Tokens a sequence for text, jsonl and choices.</summary>
    public int Window { get; init; } = 256;

    /// <summary>Null packs text, and gives every prompt with its completion a sequence of its own.</summary>
    public Packing? Packing { get; init; }

    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Steps over which the learning rate rises linearly from zero.</summary>
    public int WarmUp { get; init; }

    /// <summary>What happens to the learning rate after the warm-up.</summary>
    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Constant;

    /// <summary>Decoupled (AdamW).</summary>
    public double WeightDecay { get; init; } = 0.01;

    public Decayed WeightDecayOn { get; init; } = Decayed.All;

    /// <summary>Lambda of SEER-MoE: loss = task loss + lambda x router entropy (nats).</summary>
    public double EntropyWeight { get; init; } = 0.1;

    public EntropySchedule EntropySchedule { get; init; } = EntropySchedule.Constant;

    /// <summary>Weight of the load-balancing loss; 0 is off.</summary>
    public double BalanceWeight { get; init; }

    public BalanceSource Balance { get; init; } = BalanceSource.Weight;

    /// <summary>Largest L2 norm of the gradient of all trained tensors together; 0 is no clipping.</summary>
    public double GradientClip { get; init; } = 1;

    /// <summary>A loss that lies so many nats above the mean of the last 20 stops the training; 0 is never.</summary>
    public double LossSpike { get; init; } = 3;

    /// <summary>Null keeps the model's own top-K.</summary>
    public TopKSchedule? TopK { get; init; }

    public Tune Tune { get; init; } = Tune.All;

    /// <summary>For <see cref="Tune.Lora"/>; null is its defaults.</summary>
    public LoraOptions? Lora { get; init; }

    public Objective Objective { get; init; } = Objective.NextToken;

    public Activations Activations { get; init; } = Activations.Kept;

    public SequenceOrder Order { get; init; } = SequenceOrder.Shuffled;

    public GateAtTop1 GateAtTop1 { get; init; } = GateAtTop1.Probability;

    /// <summary>Steps between two looks at the held-out loss; 0 looks before the first step and after the last alone.</summary>
    public int CheckEvery { get; init; }

    /// <summary>Looks without a smaller held-out loss after which the training stops and goes back to its best; 0 is never.</summary>
    public int Patience { get; init; }

    public Accept Accept { get; init; } = Accept.Always;

    public long Seed { get; init; }
}
