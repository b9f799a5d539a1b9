using SeerMoe.Recipes.Tasks;
using SeerMoe.Testing;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Recipes.Tests.Tasks;

/// <summary>Published files, read and not scored: each row is whole, and there are as many as the task says.</summary>
public class TheRealFiles
{
    [Theory]
    [InlineData("mmlu", "mmlu", 5, 14_042)]
    [InlineData("sst5", "sst5", 3, 2_210)]
    [InlineData("lambada", "lambada", 0, 5_153)]
    [InlineData("piqa", "piqa", 0, 1_838)]
    public void Have_all_their_questions(string task, string folder, int shots, int questions)
    {
        var read = new DefinedTask(TaskCatalog.Read(task), Fixtures.Data(folder), shots);

        Assert.Equal(questions * read.Questions(read.Subjects.First()).First().Options.Count, read.Check());
        Assert.Equal(questions, read.Subjects.Sum(subject => read.Questions(subject).Count()));
    }

    [Fact]
    public void Of_wikitext_have_62_pages_in_4358_lines()
    {
        var read = new DefinedTask(TaskCatalog.Read("wikitext"), Fixtures.Data("wikitext2", "raw"));
        var pages = read.Documents(subject: null).ToList();

        Assert.Equal(62, read.Check());
        Assert.Equal((62, 4358), (pages.Count, pages.Sum(page => page.Row!.Lines)));
        Assert.StartsWith(" = Robert Boulter = \n \n Robert Boulter is", pages[0].Counted, StringComparison.Ordinal);
        Assert.Equal(241_335, pages.Sum(page => SeerMoe.Torch.Evaluation.Perplexity.Words(page.Counted)));
    }
}
