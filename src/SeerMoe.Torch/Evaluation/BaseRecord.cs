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

    /// <summary>The same in another place; where it is, if somebody put an equal one there.</summary>
    public BaseRecord MoveTo(string target)
    {
        try
        {
            Directory.Move(folder, target);
        }
        catch (IOException) when (new BaseRecord(target).IsWhole)
        {
            return this; // theirs may be removed when they are done with it
        }

        return new BaseRecord(target);
    }

    /// <summary>It is of use only while others are compared with it.</summary>
    public void Delete()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

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
