using SeerMoe.Checkpoints;
using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Evaluation;

/// <summary>
/// What the base said, on disk, for the models that are compared with it: each is loaded alone, memory stays that of one model.
/// <code>
/// states.bin      input of the head at every scored place, [places, D] float32
/// answers.json    written last: what it chose, question by question
/// </code>
/// </summary>
/// <param name="folder">Is made when something is written; whoever asked for the record removes it.</param>
public sealed class BaseRecord(string folder)
{
    /// <summary>Whether the base was evaluated to the end.</summary>
    public bool IsWhole => File.Exists(AnswersPath);

    private string StatesPath => Path.Combine(folder, "states.bin");

    private string AnswersPath => Path.Combine(folder, "answers.json");

    internal BaseStatesWriter Writer(Checkpoint model)
    {
        Directory.CreateDirectory(folder);
        return new BaseStatesWriter(StatesPath, Hidden(model));
    }

    internal BaseDivergence Divergence(Checkpoint model, ModelEnds ends) => new(StatesPath, Hidden(model), ends);

    internal void Write(IReadOnlyDictionary<string, Answers> answers) => SeerJson.Write(AnswersPath, answers);

    internal Dictionary<string, Answers> ReadAnswers() => SeerJson.Read<Dictionary<string, Answers>>(AnswersPath, "Evaluate again.");

    private static int Hidden(Checkpoint model) => model.Config.Positive("hidden_size");
}
