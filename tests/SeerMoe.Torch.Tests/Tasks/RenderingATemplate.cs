using System.Text.Json.Nodes;
using SeerMoe.Torch.Tasks;

namespace SeerMoe.Torch.Tests.Tasks;

public class RenderingATemplate
{
    private static readonly JsonObject Row = JsonNode.Parse("""
        {
          "question": " 1 + 1? \n", "choices": ["2", 3], "n": 4, "yes": true, "nothing": null,
          "nested": { "text": ["a", "b"], "stem": "s" },
          "items": [{ "label": "A", "text": "red" }, { "label": "B", "text": "blue" }],
          "sentence": "The trophy _ the case _ it.", "word": "I'm in the USA"
        }
        """)!.AsObject();

    [Theory]
    [InlineData("plain } { text", "plain } { text")]
    [InlineData("", "")]
    [InlineData("Q: {{question.strip()}}\nA. {{choices[0]}}\nB. {{choices[1]}}", "Q: 1 + 1?\nA. 2\nB. 3")]
    [InlineData("{{question.lstrip()}}|", "1 + 1? \n|")]
    [InlineData("{{question.rstrip()}}|", " 1 + 1?|")]
    [InlineData("{{ n }}{{yes}}", "4true")]
    [InlineData("{{nested.stem}}", "s")]
    [InlineData("{{items[1].text}}", "blue")]
    [InlineData("{{word.capitalize()}}", "I'm in the usa")]
    [InlineData("{{sentence.before('_')}}", "The trophy ")]
    [InlineData("{{sentence.after('_').strip()}}", "the case _ it.")]
    [InlineData("{{sentence.before_last(' ')}}", "The trophy _ the case _")]
    [InlineData("{{sentence.after_last(' ')}}", "it.")]
    [InlineData("{{n.before_last(' ')}}|{{n.after_last(' ')}}", "|4")]
    [InlineData("{{word.replace(\"I'm\", 'You, ').replace('USA', '')}}", "You,  in the ")]
    public void Puts_in_what_the_row_has(string template, string text) => Assert.Equal(text, Template.Parse(template).Render(Row));

    [Theory]
    [InlineData("{{choices}}", new[] { "2", "3" })]
    [InlineData("{{nested.text}}", new[] { "a", "b" })]
    [InlineData("{{items.text}}", new[] { "red", "blue" })]
    [InlineData("{{items.label.replace('A', 'a')}}", new[] { "a", "B" })]
    public void Gives_a_list_where_one_is_asked_for(string template, string[] texts) => Assert.Equal(texts, Template.Parse(template).RenderList(Row));

    [Theory]
    [InlineData("{{absent}}")]
    [InlineData("{{nothing}}")]
    [InlineData("{{choices[2]}}")]
    [InlineData("{{choices}}")]
    [InlineData("{{nested}}")]
    [InlineData("{{n.absent}}")]
    [InlineData("{{word.before('_')}}")]
    public void Refuses_a_row_that_lacks_it(string template) => Assert.Throws<FormatException>(() => Template.Parse(template).Render(Row));

    [Theory]
    [InlineData("{{n}} {{choices}}")]
    [InlineData("{{n}}")]
    public void Refuses_to_make_a_list_of_anything_else(string template) => Assert.Throws<FormatException>(() => Template.Parse(template).RenderList(Row));

    [Theory]
    [InlineData("{{question", "without")]
    [InlineData("{{}}", "not a field")]
    [InlineData("{{a + b}}", "not a field")]
    [InlineData("{{question | upper}}", "not a field")]
    [InlineData("{{question.upper()}}", "unknown method 'upper'; there are after, after_last, before, before_last, capitalize, lstrip, replace, rstrip, strip")]
    [InlineData("{{question.replace('a')}}", "takes 2 texts")]
    [InlineData("{{question.replace('', 'a')}}", "not empty")]
    [InlineData("{{question.strip('a')}}", "takes 0 texts")]
    public void Refuses_what_is_not_of_the_language(string template, string what) =>
        Assert.Contains(what, Assert.Throws<FormatException>(() => Template.Parse(template)).Message, StringComparison.Ordinal);
}
