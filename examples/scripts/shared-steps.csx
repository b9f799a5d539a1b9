// Teaches   #load: what several recipes have in common stands in a file of its own, as functions.
// Run       dotnet seer run examples/scripts/shared-steps.csx --trust
// Expect    perplexity 1.808, facts 0.820 beside 1.432, 1.000 of the full model (2026-11-24, Debian 12, 2 cores; 15 seconds)

#load "steps/tiny-moe.csx"

Name = "shared-steps";
Seed = 17;

UseTinyMoe();
Prune(criterion: "soft-topk", scope: Scope.Layer, ratio: 0.25);
Measure();
