"""The attention of models from elsewhere, and of the project's own masked model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from lab.attention.own import TOP, check_places
from lab.attention.trace import MOST_TOKENS, Pack, Trace, TraceError, block
from lab.pretrained.loading import Opened, open_model

_GENERATED = 40  # tokens that an encoder-decoder writes


@dataclass(frozen=True)
class Reading:
    """A text as a model reads it.

    Args:
        ids: (1, T).
        tokens: T, as they are shown.
        notes: sentences on what was cut.
    """

    ids: Tensor
    tokens: list[str]
    notes: list[str]


def read(opened: Opened, text: str) -> Reading:
    """Split a text that somebody typed.

    Raises:
        TraceError: there is nothing to read.
    """
    if not text.strip():
        raise TraceError("Write a text to look at.")
    longest = min(opened.longest, MOST_TOKENS)
    # Far more characters than any token has: a pasted book is not split first and cut then.
    ids = opened.tokenizer(text[: 40 * longest]).input_ids
    if not ids:
        raise TraceError("This model's tokenizer finds nothing to read in this text.")
    notes = []
    if len(ids) > longest:
        end = ids[-1:] if ids[-1] in opened.tokenizer.all_special_ids else []
        ids = ids[: longest - len(end)] + end
        notes.append(f"This text is longer than {longest} tokens: its beginning is shown.")
    return Reading(torch.tensor([ids]), shown(opened, ids), notes)


def shown(opened: Opened, ids: Sequence[int]) -> list[str]:
    """Return tokens as they are read: what a byte-level tokenizer writes for bytes is undone."""
    tokens = opened.tokenizer.convert_ids_to_tokens(list(ids))
    byte_level = any(token and token[0] in "ĠĊ" for token in tokens)
    if not byte_level:
        return [str(token).replace("▁", " ") for token in tokens]
    special = set(opened.tokenizer.all_special_tokens)
    return [
        token if token in special else opened.tokenizer.convert_tokens_to_string([token])
        for token in tokens
    ]


def trace(
    path: str,
    text: str,
    hidden: Sequence[int] = (),
    layer: int | None = None,
    name: str = "",
    pack: Pack = block,
) -> Trace:
    """Return the attention of a model folder on a text.

    Args:
        path: of the folder.
        text: to read.
        hidden: places of tokens to hide: replaced by the mask token where the model has one,
            otherwise nobody may look at them.
        layer: see `lab.attention.trace.block`.
        name: what to call the model; by default its folder.
        pack: what is kept of the weights.

    Raises:
        ModelError: the model cannot be opened.
        TraceError: it gives no attention, or the text cannot be read.
    """
    opened = open_model(path)
    reading = read(opened, text)
    ids, given = reading.ids.clone(), {}
    places = check_places(hidden, ids.shape[1])
    has_mask = opened.kind == "masked" and opened.tokenizer.mask_token_id is not None
    if places and has_mask:
        ids[0, places] = opened.tokenizer.mask_token_id
    elif places:
        given["attention_mask"] = torch.ones_like(ids)
        given["attention_mask"][0, places] = 0
    tokens = shown(opened, ids[0].tolist())
    run = _sequence_to_sequence if opened.kind == "seq2seq" else _one_stack
    blocks, says = run(opened, ids, tokens, given, lambda *part: pack(*part, layer))
    hides = "mask token" if has_mask else "no look"
    return Trace(name or opened.name, blocks, says, tuple(reading.notes), hides)


def _stacked(layers: Any) -> Any:
    if not layers or layers[0] is None:
        raise TraceError("This model does not give its attention: choose another.")
    if len({tuple(layer.shape) for layer in layers}) > 1 or layers[0].ndim != 4:
        raise TraceError("This model's layers attend in different sizes, which cannot be drawn.")
    return torch.stack([layer[0] for layer in layers]).float().numpy()  # (L, H, T, S)


@torch.no_grad()
def _one_stack(opened: Opened, ids: Tensor, tokens: list[str], given: dict, pack: Any):
    out = opened.model(ids, output_attentions=True, **given)
    found = pack("self-attention", tokens, tokens, _stacked(out.attentions))
    return (found,), _says(opened, ids, getattr(out, "logits", None))


def _says(opened: Opened, ids: Tensor, logits: Tensor | None) -> dict[str, Any] | None:
    if opened.kind == "causal":
        return {
            "title": "What comes next",
            "rows": [("after the last token", _top(opened, logits[0, -1]))],
        }
    if opened.kind != "masked":
        return None
    masks = (ids[0] == opened.tokenizer.mask_token_id).nonzero()[:, 0].tolist()
    rows = [(f"token {place + 1}", _top(opened, logits[0, place])) for place in masks]
    return {"title": "What stands behind the mask", "rows": rows} if rows else None


def _top(opened: Opened, logits: Tensor) -> list[tuple[str, float]]:
    top = logits.softmax(0).topk(min(TOP, len(logits)))
    return list(zip(shown(opened, top.indices.tolist()), top.values.tolist(), strict=True))


@torch.no_grad()
def _sequence_to_sequence(opened: Opened, ids: Tensor, tokens: list[str], given: dict, pack: Any):
    written = opened.model.generate(
        ids, do_sample=False, num_beams=1, max_new_tokens=_GENERATED, **given
    )
    out = opened.model(ids, decoder_input_ids=written, output_attentions=True, **given)
    rows = shown(opened, written[0].tolist())
    blocks = (
        pack("encoder", tokens, tokens, _stacked(out.encoder_attentions)),
        pack("decoder", rows, rows, _stacked(out.decoder_attentions)),
        pack("cross-attention", rows, tokens, _stacked(out.cross_attentions)),
    )
    text = opened.tokenizer.decode(written[0], skip_special_tokens=True)
    return blocks, {"title": "What it writes", "rows": [(text, [])]}
