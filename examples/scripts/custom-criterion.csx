// Teaches   a criterion of your own: one score for each expert of a layer, from the sums that count left; the highest scores survive.
// Run       dotnet seer run examples/scripts/custom-criterion.csx --trust
// Expect    perplexity 1.472 beside 1.432 of the full model and 2.233 +- 0.469 of random prunes; the catalog's soft count gives 2.269
//           (2026-11-24, Debian 12, 2 cores; 20 seconds)

Name = "custom-criterion";
Seed = 17;
Model = "../tiny-moe";
Data("calibration", "../corpus/calibration.jsonl", Jsonl);
Data("perplexity", "../corpus/held-out.jsonl", Jsonl);

// How much the router wants an expert, times how large what it adds is. The lambda's text is part of the stage's key and stands in the
// lock; that is why it may use nothing of the script around it.
var softNorm = Criterion("soft-norm", layer =>
{
    var scores = new double[layer.Experts];
    for (var expert = 0; expert < layer.Experts; expert++)
    {
        scores[expert] = layer.Actual[expert] == 0 ? 0 : layer.Soft[expert] * layer.Norm[expert] / layer.Actual[expert];
    }

    return scores;
});

Count(data: "calibration", tokens: 65536, window: 256);
Prune(criterion: softNorm, ratio: 0.25);
Evaluate(tasks: ["perplexity"], compare: [Comparison.Base, Comparison.Random]);
