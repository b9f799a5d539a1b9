using SeerMoe.Checkpoints;
using SeerMoe.Torch.Models;
using SeerMoe.Torch.Streaming;

namespace SeerMoe.Torch.Evaluation;

/// <summary>A model's part in a comparison with its base: it is the base, or stands beside it.</summary>
public abstract record BasePart(BaseRecord Record)
{
    /// <summary>What the base says is kept in the record.</summary>
    public static BasePart IsBase(BaseRecord record) => new Base(record);

    /// <summary>The model is compared with what the record holds.</summary>
    /// <param name="model">The base's checkpoint: its head is loaded too.</param>
    public static BasePart Beside(BaseRecord record, Checkpoint model) => new Other(record, model);

    internal abstract BaseWork Begin(Checkpoint checkpoint, Compute compute);

    private sealed record Base(BaseRecord Record) : BasePart(Record)
    {
        internal override BaseWork Begin(Checkpoint checkpoint, Compute compute)
        {
            var writer = Record.Writer(checkpoint);
            return new BaseWork(writer, answersOfBase: null, Record.Write, writer);
        }
    }

    private sealed record Other(BaseRecord Record, Checkpoint Model) : BasePart(Record)
    {
        internal override BaseWork Begin(Checkpoint checkpoint, Compute compute)
        {
            // Streamed: no layer is ever asked for, so nothing but the ends is loaded.
            var ends = MoeTransformer.Load(Model, compute, residency: Residency.Streamed);
            if (ends.Family.VocabularySize != checkpoint.Config.Positive("vocab_size"))
            {
                ends.Dispose();
                throw new InputException("The two models have vocabularies of different sizes.", checkpoint.Folder, "Compare a model with the one that it was made from.");
            }

            var divergence = Record.Divergence(Model, ends.Ends);
            return new BaseWork(divergence, Record.ReadAnswers(), _ => { }, divergence, ends);
        }
    }
}

/// <summary>A comparison under way.</summary>
/// <param name="observer">Of every scored place.</param>
/// <param name="answersOfBase">By name of the result; null for the base itself.</param>
/// <param name="keep">What is done with all answers at the end.</param>
/// <param name="owned">Disposed of afterwards.</param>
internal sealed class BaseWork(IScoringObserver observer, IReadOnlyDictionary<string, Answers>? answersOfBase, Action<IReadOnlyDictionary<string, Answers>> keep, params IDisposable[] owned) : IDisposable
{
    private readonly SortedDictionary<string, Answers> _answers = new(StringComparer.Ordinal);

    public IScoringObserver Observer { get; } = observer;

    /// <summary>Notes the answers of one result.</summary>
    /// <returns>The same beside the base's; null for the base itself.</returns>
    public PairedAnswers? Pair(string name, Answers answers)
    {
        _answers.Add(name, answers);
        return answersOfBase is null ? null
            : answersOfBase.TryGetValue(name, out var ofBase) ? answers.Beside(ofBase)
            : throw new InputException($"The base has no answers to '{name}'.", "the record of the base", "Evaluate both again.");
    }

    public void Finish() => keep(_answers);

    public void Dispose() => Array.ForEach(owned, one => one.Dispose());
}
