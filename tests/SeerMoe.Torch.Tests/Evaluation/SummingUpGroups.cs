using SeerMoe.Torch.Evaluation;

namespace SeerMoe.Torch.Tests.Evaluation;

public class SummingUpGroups
{
    [Fact]
    public void Weighs_subjects_by_their_size()
    {
        var group = GroupMean.Of([new TaskResult { N = 3, Acc = 1, Shots = 5, Version = 7 }, new TaskResult { N = 1, Acc = 0, Shots = 5, Version = 7 }]);

        Assert.Equal((4, 0.75, 5, 7), (group.N, group.Acc, group.Shots, group.Version));
        Assert.Null(group.AccNorm);
    }

    [Fact]
    public void Pools_their_errors()
    {
        // (3 - 1) x 3 x 0.3² = 0.54 and (5 - 1) x 5 x 0.1² = 0.2; 0.74 / (8 - 2) / 8
        var group = GroupMean.Of([new TaskResult { N = 3, Acc = 1, AccStderr = 0.3 }, new TaskResult { N = 5, Acc = 1, AccStderr = 0.1 }]);

        Assert.Equal(Math.Sqrt(0.74 / 48), group.AccStderr!.Value, precision: 14);
    }

    [Fact]
    public void Gives_the_error_of_all_questions_together_where_subjects_are_alike()
    {
        // Two subjects, each with right and wrong answers 1, 0: variance 0.5 in each.
        var one = new TaskResult { N = 2, Acc = 0.5, AccStderr = Math.Sqrt(0.5 / 2) };

        Assert.Equal(Math.Sqrt(0.5 / 4), GroupMean.Of([one, one]).AccStderr!.Value, precision: 14);
    }

    [Fact]
    public void Has_no_error_where_a_subject_has_none() =>
        Assert.Null(GroupMean.Of([new TaskResult { N = 1, Acc = 1 }, new TaskResult { N = 2, Acc = 1, AccStderr = 0 }]).AccStderr);
}
