using SeerMoe.Torch;

namespace SeerMoe.Recipes.Running;

/// <summary>Says of what it is that goes on: "1-count: tokens counted", "requests of facts, full model".</summary>
internal sealed class NamedProgress(IProgress<Progress> inner, Func<string, string> name) : IProgress<Progress>
{
    public void Report(Progress value) => inner.Report(value with { What = name(value.What) });
}
