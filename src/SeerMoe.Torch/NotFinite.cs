namespace SeerMoe.Torch;

/// <summary>A model that computes NaN or infinity has damaged weights: nothing measured on it means anything.</summary>
internal static class NotFinite
{
    /// <exception cref="InputException">One of the numbers is not finite.</exception>
    public static void Refuse(IEnumerable<double> numbers, string where)
    {
        if (!numbers.All(double.IsFinite))
        {
            throw new InputException("The model computes numbers that are not finite.", where, "Its weights are damaged or it overflows: download it again, or compute in float32.");
        }
    }
}
