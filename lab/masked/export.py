"""A snapshot as a Hugging Face `BertForMaskedLM` folder, and back.

Only names and one concatenation differ: queries, keys and values are one matrix here and three
there; a table of segments, which we do not have, is one of zeros there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from lab.masked.vocabulary import MASK, PAD, SPECIAL, tokenizer_of
from lab.models.bert import EPSILON, Bert

_STEM = {
    "embedding": "bert.embeddings.word_embeddings",
    "position": "bert.embeddings.position_embeddings",
    "norm": "bert.embeddings.LayerNorm",
    "transform": "cls.predictions.transform.dense",
    "transform_norm": "cls.predictions.transform.LayerNorm",
}
_LAYER = {
    "out": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm2": "output.LayerNorm",
}
_PARTS = ("query", "key", "value")
_SEGMENTS = "bert.embeddings.token_type_embeddings.weight"
_BIAS = "cls.predictions.bias"


def to_hugging_face(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Rename `Bert.state_dict()` to what `BertForMaskedLM` calls its weights."""
    found: dict[str, Tensor] = {}
    for name, tensor in weights.items():
        if name == "bias":
            found[_BIAS] = tensor
            continue
        stem, _, rest = name.partition(".")
        if stem != "layers":
            found[f"{_STEM[stem]}.{rest}"] = tensor
            continue
        number, _, rest = rest.partition(".")
        home = f"bert.encoder.layer.{number}"
        part, _, kind = rest.rpartition(".")
        if part == "attention.qkv":
            for label, piece in zip(_PARTS, tensor.chunk(3), strict=True):
                found[f"{home}.attention.self.{label}.{kind}"] = piece
        else:
            found[f"{home}.{_LAYER[part]}.{kind}"] = tensor
    found[_SEGMENTS] = torch.zeros(2, weights["embedding.weight"].shape[1])
    return found


def from_hugging_face(weights: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Rename the weights of a `BertForMaskedLM` whose segments add nothing to ours.

    Raises:
        ValueError: one is missing, or a segment's vector is not zero.
    """
    try:
        if weights[_SEGMENTS][0].any():
            raise ValueError("This model adds a vector for the first segment: ours has none.")
        found = {"bias": weights[_BIAS]}
        for ours, theirs in _STEM.items():
            for kind in ("weight", "bias"):
                if f"{theirs}.{kind}" in weights:
                    found[f"{ours}.{kind}"] = weights[f"{theirs}.{kind}"]
        for number in range(layers):
            home = f"bert.encoder.layer.{number}"
            for kind in ("weight", "bias"):
                parts = [weights[f"{home}.attention.self.{label}.{kind}"] for label in _PARTS]
                found[f"layers.{number}.attention.qkv.{kind}"] = torch.cat(parts)
                for ours, theirs in _LAYER.items():
                    found[f"layers.{number}.{ours}.{kind}"] = weights[f"{home}.{theirs}.{kind}"]
    except KeyError as missing:
        raise ValueError(
            f"These are not the weights of such a model: {missing} is missing."
        ) from None
    return found


def export(model: Bert, tokens: list[str], folder: Path) -> None:
    """Write config, tokenizer, vocabulary and half-precision weights.

    Args:
        model: of ours.
        tokens: its vocabulary.
        folder: is made if needed; files in it are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = {n: t.half().contiguous() for n, t in to_hugging_face(model.state_dict()).items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    _write(folder / "config.json", config_of(model))
    _write(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "BertTokenizer",
            "do_lower_case": True,
            "model_max_length": model.context,
            **{f"{name}_token": token for name, token in zip(_NAMES, SPECIAL, strict=True)},
        },
    )
    (folder / "vocab.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    tokenizer = tokenizer_of(tokens)
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")


_NAMES = ("pad", "unk", "cls", "sep", "mask")


def config_of(model: Bert) -> dict[str, Any]:
    """Return the `config.json` of a model."""
    size, width = model.embedding.weight.shape
    return {
        "architectures": ["BertForMaskedLM"],
        "model_type": "bert",
        "vocab_size": size,
        "hidden_size": width,
        "num_hidden_layers": len(model.layers),
        "num_attention_heads": model.layers[0].attention.heads,
        "intermediate_size": 4 * width,
        "hidden_act": "gelu",
        "max_position_embeddings": model.context,
        "type_vocab_size": 2,
        "layer_norm_eps": EPSILON,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        "pad_token_id": PAD,
        "mask_token_id": MASK,
        "tie_word_embeddings": True,
        "dtype": "float16",
    }


def load(folder: Path) -> tuple[Bert, list[str]]:
    """Read an exported folder with our own code.

    Returns:
        The model, float32 and ready to be used, and its vocabulary.

    Raises:
        OSError, ValueError, KeyError: it is not such a folder.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    with torch.device("meta"):
        model = Bert(
            config["vocab_size"],
            config["hidden_size"],
            config["num_hidden_layers"],
            config["num_attention_heads"],
            config["max_position_embeddings"],
        )
    weights = load_file(folder / "model.safetensors")
    ours = from_hugging_face({n: t.float() for n, t in weights.items()}, len(model.layers))
    model.load_state_dict(ours, assign=True)
    tokens = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return model.requires_grad_(False).eval(), tokens


def _write(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
