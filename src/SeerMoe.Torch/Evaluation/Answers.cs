namespace SeerMoe.Torch.Evaluation;

/// <summary>What a model answered to each question of a task, a subject or a domain, in order.</summary>
/// <param name="Chosen">Index of the likeliest choice; of a single continuation 1 where nothing is likelier, else 0.</param>
/// <param name="Right">Whether it was right, as `acc` counts.</param>
public sealed record Answers(IReadOnlyList<int> Chosen, IReadOnlyList<bool> Right)
{
    /// <summary>Beside the base's answers to the same questions.</summary>
    /// <exception cref="InputException">They are not as many.</exception>
    public PairedAnswers Beside(Answers ofBase)
    {
        if (ofBase.Chosen.Count != Chosen.Count)
        {
            throw new InputException($"The base answered {ofBase.Chosen.Count} questions, not {Chosen.Count}.", "the record of the base", "Evaluate both again.");
        }

        var questions = Enumerable.Range(0, Chosen.Count).ToList();
        return new PairedAnswers(
            Chosen.Count,
            questions.Count(i => Chosen[i] != ofBase.Chosen[i]),
            questions.Count(i => ofBase.Right[i] && !Right[i]),
            questions.Count(i => Right[i] && !ofBase.Right[i]));
    }
}
