namespace SeerMoe.Recipes.Yaml;

/// <summary>What every key of a recipe means, a sentence each: an editor shows it beside the key.</summary>
internal static class KeyMeanings
{
    private static readonly Dictionary<string, string> Sentences = new(StringComparer.Ordinal)
    {
        ["the recipe.name"] = "Names the run's folder: letters, digits, '-', '_' and '.'.",
        ["the recipe.seed"] = "The seed of everything random in the run.",
        ["the recipe.threads"] = "Threads of the CPU that every stage computes with; the last bits of sums depend on it.",
        ["the recipe.allow_overlap"] = "Goes on although documents that are learned from judge the model too.",
        ["the recipe.rounds"] = "How often count, prune and regularize are done; each round drops its share of the experts.",
        ["the recipe.model"] = "Folder of the checkpoint, relative to the recipe's.",
        ["the recipe.data"] = "Data files and folders under the names by which stages ask for them.",
        ["the recipe.stages"] = "What is done, in the order count, prune, regularize, evaluate; any may be left out.",

        ["data.path"] = "The file or folder, relative to the recipe's folder.",
        ["data.format"] = "text: plain UTF-8. jsonl: an object a line. tokens: an object a line with input_ids. choices: multiple choice. folder: the data of a known task.",
        ["data.field"] = "The field of each object that holds the text (jsonl).",
        ["data.prompt_field"] = "The field whose text stands before that of 'field' and is not learned (jsonl).",

        ["count.data"] = "The data to count on, by name.",
        ["count.tokens"] = "Tokens to count at most; all of the data where it is left out.",
        ["count.window"] = "Tokens a sequence.",
        ["count.batch"] = "Sequences a forward pass.",
        ["count.shards"] = "Slices that are counted apart, on a cluster at once, and added up.",

        ["prune.plan"] = "A plan file to apply as it stands, instead of the other keys.",
        ["prune.criterion"] = "What experts are ranked by: soft is the summed router probability, actual the tokens routed.",
        ["prune.scope"] = "layer: each layer drops as many. global: all experts are ranked together.",
        ["prune.ratio"] = "The share of the experts to drop.",
        ["prune.keep"] = "Experts to keep: of every layer, or of all layers together with global scope.",
        ["prune.min_experts"] = "Experts that every layer keeps at least; 0 is the model's top-K.",

        ["criterion.name"] = "The name of a criterion that a script wrote.",
        ["criterion.source"] = "Its C#, as a frozen recipe records it.",

        ["regularize.data"] = "The data to train on, by name.",
        ["regularize.held_out"] = "Data that is not trained on, to judge by.",
        ["regularize.steps"] = "Optimiser steps.",
        ["regularize.batch"] = "Sequences a pass.",
        ["regularize.accumulate"] = "Passes a step.",
        ["regularize.window"] = "Tokens a sequence.",
        ["regularize.packing"] = "packed: sequences are filled with text to the end. padded: a prompt and its completion have a sequence of their own.",
        ["regularize.learning_rate"] = "The learning rate after the warm-up.",
        ["regularize.warm_up"] = "Steps over which the learning rate rises from zero.",
        ["regularize.decay"] = "What happens to the learning rate after the warm-up.",
        ["regularize.weight_decay"] = "Decoupled weight decay of AdamW.",
        ["regularize.weight_decay_on"] = "Which tensors decay: all, or matrices alone.",
        ["regularize.entropy_weight"] = "Lambda of SEER-MoE: loss = task loss + lambda x router entropy (nats).",
        ["regularize.entropy_schedule"] = "How lambda changes over the steps.",
        ["regularize.balance"] = "Where the weight of the load-balancing loss comes from: balance_weight, or the checkpoint's own config.",
        ["regularize.balance_weight"] = "Weight of the load-balancing loss; 0 is off.",
        ["regularize.gradient_clip"] = "Largest L2 norm of the gradient; 0 is no clipping.",
        ["regularize.loss_spike"] = "A loss so many nats above the mean of the last 20 stops the training; 0 is never.",
        ["regularize.top_k"] = "How top-K is annealed; the model's own where it is left out.",
        ["regularize.tune"] = "Which parameters are trained.",
        ["regularize.lora"] = "The low-rank matrices of tune: lora.",
        ["regularize.objective"] = "next-token: learn the text. distill: stay near the unpruned model.",
        ["regularize.activations"] = "kept: fastest. recomputed: the memory of one layer and the inputs of all.",
        ["regularize.order"] = "The order in which training sequences come.",
        ["regularize.gate_at_top1"] = "What stands for a gate that would be constant at top-1.",
        ["regularize.check_every"] = "Steps between two looks at the held-out loss; 0 looks before the first and after the last alone.",
        ["regularize.patience"] = "Looks without a smaller held-out loss after which the training stops; 0 is never.",
        ["regularize.accept"] = "Whether the tuned checkpoint is the result always, or only if its held-out loss is smaller.",

        ["top_k.from"] = "Experts a token at the first step.",
        ["top_k.to"] = "Experts a token at the end.",
        ["top_k.schedule"] = "step: at once. linear: one after another. ramp: each fades out.",
        ["top_k.at"] = "When the schedule ends, as a share of the steps.",

        ["lora.rank"] = "Columns of the low-rank matrices.",
        ["lora.alpha"] = "Their product is scaled by alpha / rank.",
        ["lora.dropout"] = "Share of their inputs that is dropped while training.",
        ["lora.targets"] = "Which weights get them.",
        ["lora.save"] = "merged: into the weights. adapter: also as a PEFT adapter.",

        ["evaluate.tasks"] = "Names of data (choices by accuracy, text by perplexity), and known tasks on folders of data.",
        ["evaluate.cut"] = "written: a pruned checkpoint is written. masked: its routers are masked, which gives the same numbers.",
        ["evaluate.compare"] = "What each result stands beside: the unpruned model, random prunes of the same size.",
        ["evaluate.random_seeds"] = "Random prunes that make up the control.",
        ["evaluate.window"] = "Tokens a sequence; the model's own limit where it is left out.",
        ["evaluate.batch"] = "Sequences a forward pass.",
        ["evaluate.limit"] = "Questions or documents of each task at most.",

        ["a task.task"] = "A known task, generation, or the path of a task file.",
        ["a task.data"] = "The data it is measured on, by name.",
        ["a task.shots"] = "Examples before each question.",
        ["a task.limit"] = "Questions or documents of each subject at most.",
        ["a task.prompts"] = "Prompts to continue (generation).",
        ["a task.prompt_tokens"] = "Tokens of each prompt (generation).",
        ["a task.new_tokens"] = "Tokens to add to each (generation).",
    };

    /// <param name="record">What the record is called in messages: "prune", "the recipe".</param>
    /// <param name="key">The key in it.</param>
    public static string Of(string record, string key) => Sentences.GetValueOrDefault($"{record}.{key}")
        ?? throw new InvalidOperationException($"The key '{key}' of {record} has no meaning written down.");
}
