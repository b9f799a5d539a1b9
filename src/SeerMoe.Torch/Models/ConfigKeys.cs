using System.Collections.Frozen;
using SeerMoe.Checkpoints;

namespace SeerMoe.Torch.Models;

/// <summary>
/// Every key of a config.json is read by its family or listed here as irrelevant to the numbers. A loader elsewhere once missed a
/// single key (`rope_scaling`), and was wrong in silence.
/// </summary>
public static class ConfigKeys
{
    private static readonly FrozenSet<string> Irrelevant = FrozenSet.Create(
        StringComparer.Ordinal,

        // names, versions, where it came from
        "_name_or_path", "architectures", "auto_map", "model_type", "transformers_version", "_commit_hash", "name_or_path",

        // storage: the tensors say it themselves
        "dtype", "torch_dtype",
        "quantization_config.activation_scheme", "quantization_config.fmt", "quantization_config.modules_to_not_convert", "quantization_config.weight_block_size",
        "quantization_config.scale_fmt", "quantization_config.dequantize",

        // special tokens: the tokenizer's and the generator's
        "bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id", "decoder_start_token_id", "unk_token_id",

        // training alone: dropout, initial weights, losses, noise, capacities
        "attention_dropout", "hidden_dropout", "embd_pdrop", "resid_pdrop", "initializer_range", "router_aux_loss_coef", "output_router_logits", "router_z_loss_coef",
        "aux_loss_alpha", "seq_aux", "aux_loss_free", "router_jitter_noise", "input_jitter_noise", "moe_capacity", "moe_use_aux_free", "moe_aux_loss_lambda", "moe_dropout_prob", "moe_use_hard_gate",
        "gradient_checkpointing",

        // layers for further tokens, which no forward pass here uses
        "num_nextn_predict_layers", "use_mtp", "num_mtp_modules", "mtp_transformer_layers",

        // how a runtime computes, not what
        "use_cache", "pretraining_tp", "ep_size", "tensor_parallel_degree", "_attn_implementation", "_experts_implementation", "experts_implementation", "attn_implementation", "use_flash_attention", "torchscript", "return_dict",
        "output_attentions", "output_hidden_states", "chunk_size_feed_forward", "is_encoder_decoder", "is_decoder", "add_cross_attention", "problem_type", "id2label", "label2id");

    /// <summary>Takes keys as harmless because the user says so.</summary>
    /// <exception cref="InputException">There is no such key: most likely it is mistyped.</exception>
    public static void Ignore(HfConfig config, IReadOnlyList<string> keys)
    {
        if (keys.FirstOrDefault(key => !config.Names(key)) is { } absent)
        {
            throw new InputException($"The config has no key '{absent}'.", $"--ignore-config-key {absent}", $"{DidYouMean.Hint(absent, config.Unread)}Name a key of {config.Path}.");
        }

        config.Ignore([.. keys]);
    }

    /// <exception cref="InputException">A key that is neither read nor irrelevant; names it.</exception>
    public static void RefuseUnknown(HfConfig config)
    {
        if (config.Unread.FirstOrDefault(key => !Irrelevant.Contains(key)) is { } unknown)
        {
            throw new InputException(
                $"The key '{unknown}' is not known for a {config.ModelType}, and may change its numbers.",
                config.Path,
                $"If you know that it does not, go on with --ignore-config-key {unknown}.");
        }
    }
}
