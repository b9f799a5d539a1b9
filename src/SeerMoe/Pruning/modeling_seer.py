"""A pruned {{class}} whose layers keep different numbers of experts.

Written by `dotnet seer prune` beside the weights. config.json holds the largest count under "{{key}}",
as the family does, and the count of every MoE layer, ascending, under "seer": {"experts_per_layer": [..]}.
Everything else is the class of transformers (5; tried with 5.12.1) as it stands; it is loaded with

    AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True)

The load-balancing loss of transformers (output_router_logits=True) needs equal counts and is not available.
"""

import copy

from torch.nn import Module
from transformers import {{class}}


class Seer{{class}}({{class}}):
    _auto_class = "AutoModelForCausalLM"  # save_pretrained takes this file along

    def __init__(self, config):
        super().__init__(config)
        counts = (getattr(config, "seer", None) or {}).get("experts_per_layer")
        if counts is None:
            return
        places = [place for layer in self.model.layers for place in _moe_blocks(layer)]
        if len(places) != len(counts):
            raise ValueError(f"config.json: seer.experts_per_layer has {len(counts)} numbers, the model has {len(places)} MoE layers.")
        config.output_router_logits = False
        for (layer, name), count in zip(places, counts):
            own = copy.copy(config)
            setattr(own, "{{key}}", count)
            setattr(layer, name, type(getattr(layer, name))(own))
        self.post_init()  # initializes what is new


def _moe_blocks(layer: Module) -> list[tuple[Module, str]]:
    """Where the MoE block of a layer hangs; nothing for a dense layer."""
    return [(layer, name) for name, block in layer.named_children() if hasattr(block, "experts") or hasattr(block, "router")]
