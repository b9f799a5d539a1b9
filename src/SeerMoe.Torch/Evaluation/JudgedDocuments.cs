using SeerMoe.Torch.Calibration;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Evaluation;

/// <summary>What a task judges by, as documents that nothing may have been learned from: texts, questions, and questions with their answers.</summary>
public static class JudgedDocuments
{
    /// <summary>Every row, whatever the limit.</summary>
    /// <exception cref="InputException">A row is damaged.</exception>
    public static IEnumerable<HashedDocument> Of(IEvalTask task) => task switch
    {
        EvalTask { Form: TaskForm.MultipleChoice } own => Of(OwnQuestions.Of(own.Name, own.Source.Path)),
        EvalTask text => HashedDocument.Of(text.Source),
        GenerationTask generation => HashedDocument.Of(generation.Source),
        DefinedTask defined => Of(defined),
        _ => [],
    };

    private static IEnumerable<HashedDocument> Of(DefinedTask task) => task.JudgedTexts().Select(text => new HashedDocument(DocumentHash.Of(text.Text), text.Where));
}
