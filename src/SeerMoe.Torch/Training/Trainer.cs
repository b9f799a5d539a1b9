using System.Runtime.InteropServices;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SeerMoe.Torch.Training;

/// <summary>
/// Stage 2 of SEER-MoE (arXiv 2404.05089): loss = task loss + lambda H, AdamW, while top-K is annealed.
/// One call of <see cref="Step(IReadOnlyList{TokenBatch}, int)"/> is the whole training loop's body.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly MoeTransformer _model;
    private readonly TrainOptions _options;
    private readonly TrainableSet _trained;
    private readonly IGradientPass _pass;
    private readonly FusedAdamW _optimizer = new();
    private readonly LossWatch _watch;

    public Trainer(MoeTransformer model, TrainableSet trained, TrainOptions options, IObjective? objective = null)
    {
        (_model, _trained, _options) = (model, trained, options);
        _watch = new LossWatch(options.LossSpike);
        Good = new LastGood(trained);
        objective ??= new NextTokenLoss();
        _pass = options.Activations == Activations.Recomputed ? new RecomputedActivations(model, objective) : new KeptActivations(model, objective);
        foreach (var parameter in trained.Parameters)
        {
            _optimizer.Add(parameter.Value, options.WeightDecayOn == Decayed.All || IsMatrix(parameter) ? options.WeightDecay : 0);
        }
    }

    /// <summary>What to fall back on.</summary>
    internal LastGood Good { get; }

    /// <summary>A step of a single pass.</summary>
    public TrainingStep Step(TokenBatch batch, int step) => Step([batch], step);

    /// <param name="passes">The sequences of this step; a prediction counts the same in whichever of them it stands.</param>
    /// <param name="step">Counted from 0.</param>
    /// <returns>What was measured before the update.</returns>
    /// <exception cref="DivergedException">Loss or gradient is not finite, or the loss leapt; nothing was updated.</exception>
    public TrainingStep Step(IReadOnlyList<TokenBatch> passes, int step)
    {
        using var scope = NewDisposeScope();
        _model.Routing = RuleOf(step);
        var weights = new LossTerms(1, EntropyWeight.Of(step, _options), _options.BalanceWeight);
        var learningRate = LearningRate.Of(step, _options);

        var (terms, layerEntropy) = Gradients(passes, step, weights);
        var norm = _trained.GradientNorm();
        var measured = new TrainingStep(
            step + 1,
            terms.Weighed(weights),
            terms.Task,
            terms.Entropy,
            _model.Routing.TopK,
            learningRate,
            norm,
            passes.Sum(Tokens),
            _options.BalanceWeight > 0 ? terms.Balance : null)
        {
            BalanceWeight = _options.BalanceWeight > 0 ? _options.BalanceWeight : null,
            EntropyWeight = _options.EntropySchedule == EntropySchedule.Constant ? null : weights.Entropy,
            LayerEntropy = layerEntropy,
            Fade = _model.Routing.Fade > 0 ? _model.Routing.Fade : null,
        };
        _watch.Refuse(measured);
        Good.Keep(step);
        Update(learningRate, norm);
        return measured;
    }

    /// <summary>Keeps everything that the next step depends on.</summary>
    public void Save(string path, TrainingPosition position) => TrainingState.Save(path, _trained.Parameters, _optimizer, position);

    /// <summary>Goes on where <see cref="Save"/> was called.</summary>
    public TrainingPosition Restore(string path)
    {
        var position = TrainingState.Restore(path, _trained.Parameters, _optimizer);
        _trained.Publish();
        _model.Routing = RuleOf(position.Steps - 1);
        return position;
    }

    /// <summary>Losses of steps that were made before a training was stopped.</summary>
    public void Remember(IEnumerable<double> losses)
    {
        foreach (var loss in losses)
        {
            _watch.Remember(loss);
        }
    }

    public void Dispose()
    {
        Good.Dispose();
        _optimizer.Dispose();
    }

    /// <summary>How tokens are routed in a step, and in use if the training ended there.</summary>
    public RoutingRule RuleOf(int step) => new(
        _options.TopK?.KOf(step, _options.Steps) ?? _model.Routing.TopK, _options.GateAtTop1, _options.TopK?.FadeOf(step, _options.Steps) ?? 0);

    /// <summary>In as many passes as memory asks for: all begin anew with smaller ones where it runs out.</summary>
    private (LossTerms Terms, double[] LayerEntropy) Gradients(IReadOnlyList<TokenBatch> passes, int step, LossTerms weights)
    {
        while (true)
        {
            var parts = passes.SelectMany(_model.Limit.Parts).ToList();
            try
            {
                _optimizer.ForgetGradients();
                return Sums(parts, step, weights);
            }
            catch (ExternalException error) when (OutOfMemory.Is(error))
            {
                _pass.Forget();
                _trained.DropGradients();
                _model.Limit.Halve(parts.MaxBy(part => part.Sequences > 1 ? part.Sequences * part.Length : 0)!, error);
            }
            finally
            {
                parts.Except(passes).ToList().ForEach(part => part.Dispose());
            }
        }
    }

    private (LossTerms Terms, double[] LayerEntropy) Sums(IReadOnlyList<TokenBatch> passes, int step, LossTerms weights)
    {
        double predictions = passes.Sum(Predictions);
        double tokens = passes.Sum(Tokens);
        var (sum, layerEntropy) = (default(LossTerms), Array.Empty<double>());
        for (var i = 0; i < passes.Count; i++)
        {
            // Task losses are means over predictions, the others over tokens.
            var share = new LossTerms(Predictions(passes[i]) / predictions, Tokens(passes[i]) / tokens, Tokens(passes[i]) / tokens);
            _trained.Dropout?.Begin(step, i);
            _model.Limit.Try(passes[i]);
            sum += _pass.Run(passes[i], weights.Times(share)).Times(share);
            layerEntropy = [.. _pass.LayerEntropies.Select((entropy, l) => layerEntropy.ElementAtOrDefault(l) + (entropy * share.Entropy))];
            _trained.CollectGradients();
        }

        _trained.Dropout?.End();
        return (sum, layerEntropy);
    }

    private void Update(double learningRate, double norm)
    {
        var clip = _options.GradientClip;
        _optimizer.Step(learningRate, clip > 0 && norm > clip ? norm / clip : 1);
        _trained.Publish();
    }

    // gpt-oss has a row of biases for each expert.
    private static bool IsMatrix(KeyValuePair<string, Parameter> parameter) =>
        parameter.Value.dim() > 1 && !parameter.Key.EndsWith("bias", StringComparison.Ordinal);

    private static long Tokens(TokenBatch batch) => batch.RealRowsOrNull?.shape[0] ?? (batch.Sequences * batch.Length);

    private static long Predictions(TokenBatch batch) => batch.Predicted.sum().cpu().item<long>();
}
