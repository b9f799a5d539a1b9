using SeerMoe.Torch.Models;

namespace SeerMoe.Torch.Training;

/// <summary>Looks at held-out data from time to time, keeps the best parameters, and says when it is enough.</summary>
internal sealed class HeldOutWatch(HeldOutLoss loss, HeldOutLog log, TrainableSet trained, TrainOptions options, string bestPath)
{
    /// <summary>Whether patience has come to its end.</summary>
    public bool IsOver => options.Patience > 0 && log.Best is not null && log.Since >= options.Patience;

    /// <summary>Before the first step, unless a training that was stopped had looked already.</summary>
    /// <param name="own">The rule of the checkpoint that the training begins with.</param>
    public void Begin(RoutingRule own)
    {
        if (log.At(0) is null)
        {
            log.Add(new HeldOutLook(0, loss.Of(own), own.TopK, IsFinal: false));
        }
    }

    /// <summary>After a step.</summary>
    /// <param name="steps">Steps made.</param>
    /// <param name="rule">By which the last of them routed.</param>
    public void Look(int steps, RoutingRule rule)
    {
        if (steps < options.Steps && (options.CheckEvery == 0 || steps % options.CheckEvery != 0))
        {
            return;
        }

        var used = rule with { Fade = 0 };
        log.Add(new HeldOutLook(steps, loss.Of(used), used.TopK, IsFinal: rule.Fade == 0 && used.TopK == (options.TopK?.To ?? used.TopK)));
        if (options.Patience > 0 && log.Best?.Step == steps)
        {
            ParameterFile.Save(bestPath, trained);
        }
    }

    /// <summary>Goes back to the best parameters, if a patience asks for that.</summary>
    /// <param name="steps">Steps made.</param>
    public Acceptance End(int steps)
    {
        var chosen = options.Patience > 0 ? log.Best! : log.At(steps)!;
        if (chosen.Step != steps)
        {
            ParameterFile.Load(bestPath, trained);
        }

        return Acceptance.Of(log.At(0)!.Loss, chosen, options.Accept);
    }
}
