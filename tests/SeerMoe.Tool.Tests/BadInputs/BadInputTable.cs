using System.Text.RegularExpressions;
using SeerMoe.Testing;

namespace SeerMoe.Tool.Tests.BadInputs;

/// <summary>What users get wrong: options, recipes, scripts, data, checkpoints, statistics, plans and locks.</summary>
internal static class BadInputTable
{
    private const string Count = "count --model @model --data @tokens.jsonl --format tokens --output @out";
    private const string CountText = "count --model @model --data @text.txt --output @out";
    private const string Prune = "prune --model @model --statistics @counted --ratio 0.25 --output @out";
    private const string Planned = "prune --model @model --plan @plan.json --output @out";
    private const string Run = "run @recipe.yaml --output @out";
    private const string Script = "run @recipe.csx --trust --output @out";
    private const string Facts = "evaluate --model @model --task facts --data @facts.jsonl --output @out";

    public static readonly IReadOnlyList<BadInput> All = [.. Options(), .. Recipes(), .. Scripts(), .. Data(), .. Checkpoints(), .. Statistics(), .. Plans(), .. Locks()];

    private static IEnumerable<BadInput> Options() =>
    [
        new("option: unknown command", Nothing, "coutn --model @model"),
        new("option: unknown option", Nothing, "count --modle @model"),
        new("option: missing", Nothing, "prune --output @out"),
        new("option: empty", Nothing, "prune --model @model --output @out --plan ''"),
        new("option: decimal comma", Nothing, "prune --model @model --statistics @counted --ratio 0,25 --output @out"),
        new("option: ratio above 1", Nothing, "prune --model @model --statistics @counted --ratio 1.5 --output @out"),
        new("option: ratio of all", Nothing, "prune --model @model --statistics @counted --ratio 1 --output @out"),
        new("option: ratio below a floor", Nothing, "prune --model @model --statistics @counted --ratio 0.9 --output @out"),
        new("option: keep none", Nothing, "prune --model @model --statistics @counted --keep 0 --output @out"),
        new("option: keep too many", Nothing, "prune --model @model --statistics @counted --keep 9 --scope layer --output @out"),
        new("option: ratio and keep", Nothing, "prune --model @model --statistics @counted --ratio 0.5 --keep 3 --output @out"),
        new("option: plan and ratio", Nothing, "prune --model @model --plan @plan.json --ratio 0.5 --output @out"),
        new("option: neither statistics nor plan", Nothing, "prune --model @model --ratio 0.5 --output @out"),
        new("option: unknown scope", Nothing, $"{Prune} --scope glob"),
        new("option: unknown criterion", Nothing, $"{Prune} --criterion sofft"),
        new("option: floor below top-K", Nothing, $"{Prune} --min-experts 1"),
        new("option: unknown device", Nothing, $"{Count} --device gpu"),
        new("option: unknown type", Nothing, $"{Count} --dtype float8"),
        new("option: unknown format", Nothing, "count --model @model --data @tokens.jsonl --format token --output @out"),
        new("option: memory", Nothing, $"{Count} --memory 0.000001"),
        new("option: seed", Nothing, $"{Prune} --seed x"),
        new("option: tokens", Nothing, $"{Count} --tokens 0"),
        new("option: window", Nothing, $"{CountText} --window 0"),
        new("option: output is there", folder => folder.Write("out", "mine"), Count),
        new("option: output is the model", Nothing, "prune --model @model --plan @plan.json --output @model"),
        new("option: ascending top-K", Nothing, "regularize --model @model --train @tokens.jsonl --format tokens --top-k 1:2 --output @out"),
        new("option: learning rate", Nothing, "regularize --model @model --train @tokens.jsonl --format tokens --learning-rate 0 --output @out"),
        new("option: what to tune", Nothing, "regularize --model @model --train @tokens.jsonl --format tokens --tune router --output @out"),
        new("option: unknown task", Nothing, "evaluate --model @model --task mmul --data @absent --output @out"),
        new("option: unknown task on a folder", Nothing, "evaluate --model @model --task perplexty --data @model --output @out"),
        new("option: shots of an unknown task", Nothing, "evaluate --model @model --task mmul --data @facts.jsonl --shots 5 --output @out"),
        new("option: unknown topic", Nothing, "help recipies"),
        new("option: unknown command to explain", Nothing, "help coutn"),
        new("option: nothing like a topic", Nothing, "help everything"),
        new("option: unknown runtime", Nothing, "lint @model --for vlm"),
        new("option: unknown executor", Nothing, "sweep @sweep.yaml --executor slrum --output @out"),
        new("option: nothing swept", Nothing, "sweep @recipe.yaml --output @out"),
        new("option: axis", Nothing, "sweep @recipe.yaml --over prune.ratoi=0.25,0.5 --output @out"),
        new("option: setting", Nothing, $"{Run} --set prune.ratoi=0.5"),
        new("option: setting without a value", Nothing, $"{Run} --set prune.ratio"),
        new("option: nothing to resume", Nothing, $"{Run} --resume"),
        new("option: nothing to inspect", Nothing, "inspect @absent"),
        new("option: something to inspect", Nothing, "inspect @text.txt"),
        new("option: keep of a plan", Nothing, "inspect @plan.json --keep 3"),
        new("option: page of several", Nothing, "report @runs/tiny/1 @runs/tiny/1"),
        new("option: init without a config", Nothing, "init --config @absent.json --seed 1 --output @out"),
    ];

    private static IEnumerable<BadInput> Recipes() =>
    [
        new("recipe: absent", Nothing, "run @absent.yaml --output @out"),
        new("recipe: empty", folder => folder.Write("recipe.yaml", ""), Run),
        new("recipe: folder", Nothing, "run @model --output @out"),
        new("recipe: not UTF-8", folder => File.WriteAllBytes(folder["recipe.yaml"], [0x6e, 0x61, 0xff, 0xfe]), Run),
        new("recipe: not YAML", folder => folder.Write("recipe.yaml", "name: [tiny\nseed: 1\n"), Run),
        new("recipe: unknown key", Replace("recipe.yaml", "ratio:", "ratoi:"), Run),
        new("recipe: key twice", Replace("recipe.yaml", "seed: 17", "seed: 17\nseed: 18"), Run),
        new("recipe: wrong type", Replace("recipe.yaml", "0.25", "a quarter"), Run),
        new("recipe: out of range", Replace("recipe.yaml", "0.25", "1.25"), Run),
        new("recipe: unknown stage", Replace("recipe.yaml", "- prune:", "- prunne:"), Run),
        new("recipe: unknown data", Replace("recipe.yaml", "{ data: tokens }", "{ data: token }"), Run),
        new("recipe: unknown task", Replace("recipe.yaml", "tasks: [facts]", "tasks: [{ task: mmul, data: facts }]"), Run),
        new("recipe: unknown task without data", Replace("recipe.yaml", "tasks: [facts]", "tasks: [mmul]"), Run),
        new("recipe: task without data", Replace("recipe.yaml", "tasks: [facts]", "tasks: [mmlu]"), Run),
        new("recipe: order", Replace("recipe.yaml", "  - count: { data: tokens }\n  - prune: { scope: layer, ratio: 0.25 }", "  - prune: { scope: layer, ratio: 0.25 }\n  - count: { data: tokens }"), Run),
        new("recipe: prune without count", Replace("recipe.yaml", "  - count: { data: tokens }\n", ""), Run),
        new("recipe: no model", Replace("recipe.yaml", "model: model\n", ""), Run),
        new("recipe: model absent", Replace("recipe.yaml", "model: model", "model: absent"), Run),
        new("recipe: data absent", Replace("recipe.yaml", "tokens.jsonl", "absent.jsonl"), Run),
        new("recipe: counted text judges", Replace("recipe.yaml", "tasks: [facts]", "tasks: [tokens]"), Run),
        new("recipe: several at once", Replace("recipe.yaml", "seed: 17", "seed: -1\nsede: 2"), Run),
        new("recipe: swept where one is meant", Replace("sweep.yaml", "prune.ratio", "prune.ratoi"), "run @sweep.yaml --output @out"),
        new("recipe: floor", Replace("recipe.yaml", "ratio: 0.25", "ratio: 0.9"), Run),
    ];

    private static IEnumerable<BadInput> Scripts() =>
    [
        new("script: absent", Nothing, "run @absent.csx --trust --output @out"),
        new("script: does not compile", Replace("recipe.csx", "Count(data", "Cuont(data"), Script),
        new("script: unknown argument", Replace("recipe.csx", "Count(data: \"tokens\")", "Count(data: \"tokens\", tokns: 3)"), Script),
        new("script: throws", Append("recipe.csx", "throw new InvalidOperationException(\"no\");\n"), Script),
        new("script: reference", Prepend("recipe.csx", "#r \"Other.dll\"\n"), Script),
        new("script: loads what is absent", Prepend("recipe.csx", "#load \"absent.csx\"\n"), Script),
        new("script: nothing to do", folder => folder.Write("recipe.csx", "Name = \"tiny\";\nModel = \"model\";\n"), Script),
        new("script: wrong value", Replace("recipe.csx", "Count(data: \"tokens\")", "Count(data: \"tokens\", batch: 0)"), Script),
    ];

    private static IEnumerable<BadInput> Data() =>
    [
        new("data: absent", folder => File.Delete(folder["tokens.jsonl"]), Count),
        new("data: folder", Nothing, "count --model @model --data @model --format tokens --output @out"),
        new("data: empty", folder => folder.Write("tokens.jsonl", ""), Count),
        new("data: empty text", folder => folder.Write("text.txt", ""), CountText),
        new("data: not UTF-8", folder => File.WriteAllBytes(folder["text.txt"], [0x61, 0xff, 0x0a]), CountText),
        new("data: not JSON", folder => folder.Write("tokens.jsonl", "{\"input_ids\": [1, 2]}\n{\"input_ids\": [1, 2\n"), Count),
        new("data: no object", folder => folder.Write("tokens.jsonl", "[1, 2]\n"), Count),
        new("data: no tokens", folder => folder.Write("tokens.jsonl", "{\"ids\": [1, 2]}\n"), Count),
        new("data: token outside of the vocabulary", folder => folder.Write("tokens.jsonl", "{\"input_ids\": [1, 999]}\n"), Count),
        new("data: token that is text", folder => folder.Write("tokens.jsonl", "{\"input_ids\": [\"a\"]}\n"), Count),
        new("data: mask of another length", folder => folder.Write("tokens.jsonl", "{\"input_ids\": [1, 2], \"attention_mask\": [1]}\n"), Count),
        new("data: all padding", folder => folder.Write("tokens.jsonl", "{\"input_ids\": [1, 2], \"attention_mask\": [0, 0]}\n"), Count),
        new("data: field absent", folder => folder.Write("lines.jsonl", "{\"words\": \"a\"}\n"), "count --model @model --data @lines.jsonl --format jsonl --output @out"),
        new("data: answer absent", folder => folder.Write("facts.jsonl", "{\"question\": \"q\", \"choices\": [\"a\", \"b\"]}\n"), Facts),
        new("data: answer beyond the choices", folder => folder.Write("facts.jsonl", "{\"question\": \"q\", \"choices\": [\"a\", \"b\"], \"answer\": 2}\n"), Facts),
        new("data: task without its folder", Nothing, "evaluate --model @model --task mmlu --data @absent --output @out"),
    ];

    private static IEnumerable<BadInput> Checkpoints() =>
    [
        new("checkpoint: absent", Nothing, "inspect @model/absent"),
        new("checkpoint: no config", folder => File.Delete(folder["model/config.json"]), Count),
        new("checkpoint: config is no JSON", folder => folder.Write("model/config.json", "{ \"model_type\": "), Count),
        new("checkpoint: unknown family", Replace("model/config.json", "\"mixtral\"", "\"mixtrall\""), Count),
        new("checkpoint: no experts", Replace("model/config.json", "\"num_local_experts\": 4", "\"num_local_experts\": 0"), Count),
        new("checkpoint: top-K above the experts", Replace("model/config.json", "\"num_experts_per_tok\": 2", "\"num_experts_per_tok\": 5"), Count),
        new("checkpoint: unknown config key", Replace("model/config.json", "\"rope_theta\"", "\"rope_scalling\": 3, \"rope_theta\""), Count),
        new("checkpoint: no weights", folder => File.Delete(folder["model/model.safetensors"]), Count),
        new("checkpoint: weights cut off", folder => Truncate(folder["model/model.safetensors"]), Count),
        new("checkpoint: weights are no safetensors", folder => folder.Write("model/model.safetensors", "not a tensor file, but long enough to look like one"), Count),
        new("checkpoint: other weights than its config", Replace("model/config.json", "\"intermediate_size\": 24", "\"intermediate_size\": 32"), Count),
        new("checkpoint: layers that are not there", Replace("model/config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3"), Count),
        new("checkpoint: no tokenizer", folder => File.Delete(folder["model/tokenizer.json"]), CountText),
        new("checkpoint: tokenizer is no JSON", folder => folder.Write("model/tokenizer.json", "{"), CountText),
    ];

    private static IEnumerable<BadInput> Statistics() =>
    [
        new("statistics: absent", Nothing, "prune --model @model --statistics @absent --ratio 0.25 --output @out"),
        new("statistics: of another checkpoint", Nothing, "prune --model @other --statistics @counted --ratio 0.25 --output @out"),
        new("statistics: cut off", folder => Truncate(folder["counted/statistics.safetensors"]), Prune),
        new("statistics: no JSON", folder => folder.Write("counted/statistics.json", "{"), "prune --model @model --statistics @counted/statistics.json --ratio 0.25 --output @out"),
        new("statistics: other schema", Replace("counted/statistics.json", "seer/statistics@1", "seer/statistics@9"), "prune --model @model --statistics @counted/statistics.json --ratio 0.25 --output @out"),
        new("statistics: a negative count", folder => folder.Write("counted/statistics.json", NegativeCount().Replace(File.ReadAllText(folder["counted/statistics.json"]), "\"soft\": [-1,", 1)), "prune --model @model --statistics @counted/statistics.json --ratio 0.25 --output @out"),
        new("statistics: merged with those of another", folder => Seer.Run("count", "--model", folder["other"], "--data", folder["tokens.jsonl"], "--format", "tokens", "--output", folder["others"], "--quiet"), "merge-statistics @counted @others --output @out"),
    ];

    private static IEnumerable<BadInput> Plans() =>
    [
        new("plan: absent", folder => File.Delete(folder["plan.json"]), Planned),
        new("plan: no JSON", folder => folder.Write("plan.json", "{ \"layers\": ["), Planned),
        new("plan: no layers", folder => folder.Write("plan.json", "{}"), Planned),
        new("plan: other schema", Replace("plan.json", "prune-plan@1", "prune-plan@2"), Planned),
        new("plan: expert that is not there", folder => folder.Write("plan.json", "{ \"layers\": [ { \"layer\": 0, \"survivors\": [0, 1, 7] } ] }"), Planned),
        new("plan: twice the same expert", folder => folder.Write("plan.json", "{ \"layers\": [ { \"layer\": 0, \"survivors\": [0, 1, 1] } ] }"), Planned),
        new("plan: survivors that do not ascend", folder => folder.Write("plan.json", "{ \"layers\": [ { \"layer\": 0, \"survivors\": [2, 0, 1] } ] }"), Planned),
        new("plan: fewer than top-K", folder => folder.Write("plan.json", "{ \"layers\": [ { \"layer\": 0, \"survivors\": [3] } ] }"), Planned),
        new("plan: layer that is not there", folder => folder.Write("plan.json", "{ \"layers\": [ { \"layer\": 9, \"survivors\": [0, 1] } ] }"), Planned),
        new("plan: layer twice", folder => folder.Write("plan.json", "{ \"layers\": [ { \"layer\": 0, \"survivors\": [0, 1] }, { \"layer\": 0, \"survivors\": [0, 1] } ] }"), Planned),
    ];

    private static IEnumerable<BadInput> Locks() =>
    [
        new("lock: absent", folder => File.Delete(folder["runs/tiny/1/seer.lock.json"]), "verify @runs/tiny/1"),
        new("lock: no run", Nothing, "verify @absent"),
        new("lock: no JSON", folder => folder.Write("runs/tiny/1/seer.lock.json", "{"), "verify @runs/tiny/1"),
        new("lock: other schema", Replace("runs/tiny/1/seer.lock.json", "seer/lock@1", "seer/lock@2"), "verify @runs/tiny/1"),
        new("lock: lacks a part", folder => folder.Write("runs/tiny/1/seer.lock.json", "{ \"schema\": \"seer/lock@1\" }"), "verify @runs/tiny/1"),
        new("lock: a file elsewhere", Replace("runs/tiny/1/seer.lock.json", "\"1-count/statistics.json\"", "\"../../../text.txt\""), "verify @runs/tiny/1"),
        new("lock: page of a changed run", Append("runs/tiny/1/2-prune/prune-plan.json", " "), "report @runs/tiny/1"),
        new("lock: page of an unfinished run", folder => File.Delete(folder["runs/tiny/1/seer.lock.json"]), "report @runs/tiny/1"),
        new("lock: nothing to reproduce", Nothing, "reproduce @absent"),
        new("lock: inputs that are gone", folder => File.Delete(folder["tokens.jsonl"]), "reproduce @runs/tiny/1 --inputs @ --output @out"),
        new("lock: inputs that changed", Append("tokens.jsonl", "{\"input_ids\": [4]}\n"), "reproduce @runs/tiny/1 --inputs @ --output @out"),
    ];

    private static void Nothing(TemporaryFolder folder)
    {
        // all is wrong with the command line alone
    }

    private static Action<TemporaryFolder> Replace(string file, string old, string with) => folder =>
    {
        var text = File.ReadAllText(folder[file]);
        Assert.Contains(old, text, StringComparison.Ordinal);
        folder.Write(file, text.Replace(old, with, StringComparison.Ordinal));
    };

    private static Action<TemporaryFolder> Append(string file, string text) => folder => File.AppendAllText(folder[file], text);

    private static Action<TemporaryFolder> Prepend(string file, string text) => folder => folder.Write(file, text + File.ReadAllText(folder[file]));

    private static void Truncate(string path)
    {
        using var stream = new FileStream(path, FileMode.Open);
        stream.SetLength(stream.Length / 2);
    }

    private static Regex NegativeCount() => new(@"""soft"": \[[^,]*,", RegexOptions.CultureInvariant);
}
