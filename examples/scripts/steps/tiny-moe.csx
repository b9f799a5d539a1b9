// The model, its data and what every recipe on it begins and ends with. Paths start at the folder of the script that is run.

void UseTinyMoe()
{
    Model = "../tiny-moe";
    Data("calibration", "../corpus/calibration.jsonl", Jsonl);
    Data("perplexity", "../corpus/held-out.jsonl", Jsonl);
    Data("facts", "../corpus/facts.jsonl", Choices);
    Count(data: "calibration", tokens: 65536, window: 256);
}

void Measure() => Evaluate(tasks: ["perplexity", "facts"], compare: [Comparison.Base]);
