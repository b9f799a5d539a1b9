using SeerMoe.Checkpoints;
using SeerMoe.Pruning;
using SeerMoe.Recipes.Planning;
using SeerMoe.Tokenization;
using SeerMoe.Torch;
using SeerMoe.Torch.Evaluation;
using SeerMoe.Torch.Streaming;
using SeerMoe.Torch.Training;

namespace SeerMoe.Recipes.Costs;

/// <summary>What the stages of a recipe will take, one after the other: each runs on what those before it made.</summary>
/// <param name="config">The model's, to be read anew.</param>
/// <param name="cut">What is cut in the last round, as far as numbers of experts go; null for nothing.</param>
internal sealed class StageCosts(RecipeFile file, PlannedModel model, HfConfig config, PrunePlan? cut, Compute compute)
{
    private readonly ModelSize _size = ModelSize.Of(config);
    private readonly StageMemory _memory = new(config, ModelSize.Of(config), compute);
    private readonly StageTokens _tokens = new(file);
    private readonly Estimate _disk = new(file.Recipe, model, cut);
    private PrunePlan? _newest;
    private int _stages;

    /// <summary>Of the next step; steps come in the order of <see cref="Recipe.Rolled"/>.</summary>
    public StageCost Next(Step step)
    {
        var (ran, tokens) = (_size.After(_newest), _tokens.Of(step));
        _newest = step is PruneStep && cut is not null ? _disk.CutIn(step.Round) : _newest;
        var disk = _disk.DiskBytes(step);
        var (bytes, residence) = Memory(step, ran.Parameters, disk);
        return new StageCost(
            $"{++_stages}-{step.StageId}",
            tokens,
            tokens * ran.Flops(Length(step)) * (step is RegularizeStep training ? PassesAStep(training) : 1),
            bytes,
            disk)
        {
            Residence = residence,
        };
    }

    private (long Bytes, Residence Residence) Memory(Step step, long parameters, long disk) => step switch
    {
        CountStep count => _memory.Forward(parameters, new PassSize(count.Options.Batch, count.Options.Window)),
        RegularizeStep train => (_memory.Training(parameters, _size.Trained(train.Options, _newest), train.Options), Residence.Resident),

        // The full model, too, is measured where it is asked for, and a masked one is the full one.
        EvaluateStep evaluate => _memory.Forward(evaluate.Compare.Count > 0 || file.Recipe.IsMasked ? _size.Footprint.Parameters : parameters, Scored(evaluate) with { IsCompared = evaluate.Compare.Contains(Comparison.Base) }),
        _ => (StageMemory.Copying(disk), Residence.Resident),
    };

    /// <summary>The largest pass: with no data at hand, or with data whose fault only the stage itself tells, of inputs as long as they may be.</summary>
    private PassSize Scored(EvaluateStep evaluate)
    {
        var longest = new PassSize(evaluate.Options.Batch, Length(evaluate)) { HeadRows = ScoredModel.HeadRows((int)_size.Vocabulary) };
        if (model.Files.IsEmpty)
        {
            return longest;
        }

        try
        {
            return ScoringSize.Of(evaluate.Tasks.Select(task => PlannedTasks.Of(file, task)), () => TokenizerFolder.Open(model.Folder), (int)_size.Vocabulary, (int)Length(evaluate), evaluate.Options);
        }
        catch (InputException)
        {
            return longest;
        }
    }

    private long Length(Step step) => step switch
    {
        CountStep count => count.Options.Window,
        RegularizeStep train => train.Options.Window,
        EvaluateStep evaluate => evaluate.Options.Window ?? Math.Min(model.MaxPositions, StageTokens.UsualInput),
        _ => 1,
    };

    /// <summary>Forward, backward by the inputs and by the weights cost the same each; recomputing is another forward.</summary>
    private static int PassesAStep(RegularizeStep train) => train.Options.Activations == Activations.Recomputed ? 4 : 3;
}
