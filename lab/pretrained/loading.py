"""Opening a model folder in a worker: no code of others is run, and no pickle is read unguarded."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.pretrained.folders import ModelError, look_into

_KEPT_BYTES = 1_200_000_000  # of weights in one worker
_opened: OrderedDict[str, Opened] = OrderedDict()


@dataclass(frozen=True)
class Opened:
    """A model and its tokenizer, ready to read.

    Args:
        name: of its folder.
        model: a `transformers` model in float32 with eager attention.
        tokenizer: of the model.
        kind: "masked", "causal", "seq2seq", or "encoder" for a network without a head.
        bytes: of the weights on disk.
    """

    name: str
    model: Any
    tokenizer: Any
    kind: str
    bytes: int

    @property
    def longest(self) -> int:
        """How many tokens it can read."""
        config = self.model.config
        most = getattr(config, "max_position_embeddings", None) or getattr(
            config, "n_positions", None
        )
        if getattr(config, "model_type", "") in ("roberta", "xlm-roberta", "camembert"):
            most = most and most - 2  # its positions begin after the padding index
        return int(most or 512)


def open_model(path: str) -> Opened:
    """Open a model folder, or take it from this worker's cache.

    Raises:
        ModelError: something is missing, damaged or not supported.
    """
    folder = look_into(Path(path))
    stamp = f"{path} {max(file.stat().st_mtime_ns for file in Path(path).iterdir())}"
    if stamp in _opened:
        _opened.move_to_end(stamp)
        return _opened[stamp]
    for old in [key for key in _opened if key.startswith(f"{path} ")]:
        del _opened[old]
    size = int(folder.megabytes * 1e6)
    while _opened and size + sum(model.bytes for model in _opened.values()) > _KEPT_BYTES:
        _opened.popitem(last=False)
    _opened[stamp] = _open(path, folder.name, folder.architecture, size)
    return _opened[stamp]


def kind_of(architecture: str) -> str:
    """Return what a network is for, by the name of its class."""
    if architecture.endswith(("ForMaskedLM", "ForPreTraining")):
        return "masked"
    if architecture.endswith(("ForCausalLM", "LMHeadModel")):
        return "causal"
    if architecture.endswith(("ForConditionalGeneration", "MTModel")):
        return "seq2seq"
    return "encoder"


def _open(path: str, name: str, architecture: str, size: int) -> Opened:
    import torch
    import transformers
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    kind = kind_of(architecture)
    auto = {
        "masked": transformers.AutoModelForMaskedLM,
        "causal": transformers.AutoModelForCausalLM,
        "seq2seq": transformers.AutoModelForSeq2SeqLM,
        "encoder": transformers.AutoModel,
    }
    safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    given = {**safe, "attn_implementation": "eager", "dtype": torch.float32}
    try:
        model, info = auto[kind].from_pretrained(path, output_loading_info=True, **given)
        if kind != "encoder" and info["missing_keys"]:
            # The head is not in the file: its random weights must not speak.
            model, info = auto["encoder"].from_pretrained(path, output_loading_info=True, **given)
            kind = "encoder"
    except Exception as error:  # transformers raises whatever its parts raise
        raise ModelError(_why(name, error)) from error
    missing = [key for key in info["missing_keys"] if "pooler" not in key]
    if missing:
        raise ModelError(
            f"{name} lacks {len(missing)} of its weights ({missing[0]} …): copy the model anew."
        )
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(path, **safe)
    except Exception as error:
        raise ModelError(
            f"The tokenizer of {name} cannot be read: copy its tokenizer files beside the weights."
        ) from error
    return Opened(name, model.eval(), tokenizer, kind, size)


def _why(name: str, error: Exception) -> str:
    said = str(error)
    if "attn_implementation" in said or "eager" in said:
        return f"{name} has no eager attention, so its weights cannot be seen: choose another."
    if "model type" in said or "Unrecognized" in said:
        return f"{name} is of a kind that the installed transformers does not know."
    with contextlib.suppress(ImportError):
        from safetensors import SafetensorError

        if isinstance(error, SafetensorError):
            return f"The weights of {name} are damaged: copy the model anew."
    return f"{name} cannot be opened: its weights do not fit its configuration, or are damaged."
