using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>
/// Stage 2 of SEER-MoE (arXiv 2404.05089): loss = task loss + lambda H, AdamW, while top-K is annealed.
/// One call of <see cref="Step"/> is the whole training loop's body.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly MoeTransformer _model;
    private readonly TrainOptions _options;
    private readonly TrainableSet _trained;
    private readonly AdamW _optimizer;
    private readonly GateEntropy _entropy = new();
    private readonly BalanceLoss _balance = new();

    public Trainer(MoeTransformer model, TrainableSet trained, TrainOptions options)
    {
        (_model, _trained, _options) = (model, trained, options);
        _optimizer = optim.AdamW(
            trained.Parameters.Select(parameter => parameter.Value), options.LearningRate, beta1: 0.9, beta2: 0.999, eps: 1e-8, options.WeightDecay);
    }

    /// <param name="batch">The sequences of this step.</param>
    /// <param name="step">Counted from 0.</param>
    /// <returns>What was measured before the update.</returns>
    public TrainingStep Step(TokenBatch batch, int step)
    {
        using var scope = NewDisposeScope();
        _model.Routing = RuleOf(step);
        var learningRate = LearningRate.Of(step, _options);

        _optimizer.zero_grad();
        var hidden_BSD = ForwardPass.Hidden(_model, batch, new RoutingObservers(_entropy, _balance));
        var task = NextTokenLoss.Of(_model, hidden_BSD, batch);
        var entropy = _entropy.Take();
        var balance = _balance.Take();
        var loss = task + (_options.EntropyWeight * entropy) + (_options.BalanceWeight * balance);
        loss.backward();

        var norm = _trained.GradientNorm();
        var measured = new TrainingStep(
            step + 1,
            Number(loss),
            Number(task),
            Number(entropy),
            _model.Routing.TopK,
            learningRate,
            norm,
            batch.RealRowsOrNull?.shape[0] ?? (batch.Sequences * batch.Length),
            _options.BalanceWeight > 0 ? Number(balance) : null);
        RefuseDivergence(measured);
        Update(learningRate, norm);
        return measured;
    }

    /// <summary>Keeps everything that the next step depends on.</summary>
    public void Save(string path, TrainingPosition position) => TrainingState.Save(path, _trained, _optimizer, position);

    /// <summary>Goes on where <see cref="Save"/> was called.</summary>
    public TrainingPosition Restore(string path)
    {
        var position = TrainingState.Restore(path, _trained, _optimizer);
        _model.Routing = RuleOf(position.Steps - 1);
        return position;
    }

    public void Dispose() => _optimizer.Dispose();

    private RoutingRule RuleOf(int step) => new(_options.TopK?.KOf(step, _options.Steps) ?? _model.Routing.TopK, _options.GateAtTop1);

    private void Update(double learningRate, double norm)
    {
        if (_options.GradientClip > 0 && norm > _options.GradientClip)
        {
            _trained.ScaleGradients(_options.GradientClip / norm);
        }

        foreach (var group in _optimizer.ParamGroups)
        {
            group.LearningRate = learningRate;
        }

        _optimizer.step();
    }

    private static void RefuseDivergence(TrainingStep step)
    {
        if (!double.IsFinite(step.Loss) || !double.IsFinite(step.GradientNorm))
        {
            throw new InputException("The training diverged: loss or gradient is not finite.", $"step {step.Step}", "Lower the learning rate, or clip the gradient.");
        }
    }

    private static double Number(Tensor scalar) => scalar.detach().to_type(ScalarType.Float64).cpu().item<double>();
}
