using static TorchSharp.torch;

namespace SeerMoe.Torch.Models;

/// <summary>The routed experts of a layer.</summary>
public interface IExperts
{
    int Count { get; }

    /// <inheritdoc cref="IProjection.WantsFewShapes"/>
    bool WantFewShapes => true;

    /// <summary>One expert: [T, D] to [T, D].</summary>
    Tensor Forward(int expert, Tensor x_TD);

    /// <summary>The same into rows that are there, where nobody learns.</summary>
    void Into(int expert, Tensor x_TD, Tensor y_TD) => y_TD.copy_(Forward(expert, x_TD));
}

/// <summary>Experts with tensors of their own.</summary>
public sealed class SeparateExperts(IReadOnlyList<IProjection> experts) : IExperts
{
    public int Count => experts.Count;

    public bool WantFewShapes => experts[0].WantsFewShapes;

    public Tensor Forward(int expert, Tensor x_TD) => experts[expert].Forward(x_TD);

    public void Into(int expert, Tensor x_TD, Tensor y_TD) => experts[expert].Into(x_TD, y_TD);
}
