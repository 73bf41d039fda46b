"""Ask a masked model of `transformers`, whatever its architecture calls its head."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from lab.masked.batches import Batch
from lab.masked.readers import Reader
from lab.pretrained.folders import ModelError
from lab.pretrained.loading import Opened

# Type of a model -> what the weights of its masked head are called in the file.
_HEADS = {
    "bert": "cls.predictions",
    "roberta": "lm_head",
    "xlm-roberta": "lm_head",
    "camembert": "lm_head",
    "distilbert": "vocab_transform",
    "albert": "predictions",
    "electra": "generator_predictions",
    "deberta": "cls.predictions",
    "deberta-v2": "cls.predictions",
    "mpnet": "lm_head",
    "modernbert": "head",
}
# Types that take the positions of tokens, and who may look at whom, as they are told.
_PACKED = ("bert", "roberta", "xlm-roberta", "camembert", "electra", "albert")
_AFTER_PADDING = ("roberta", "xlm-roberta", "camembert")  # whose positions begin after its number
# First modules of masked heads, which work on each place alone.
_FIRST = (
    "cls",
    "lm_head",
    "vocab_transform",
    "generator_predictions",
    "predictions",
    "lm_predictions",
    "pred_layer",
    "head",
)


class FolderReader(Reader):
    """A masked model of `transformers`.

    Args:
        opened: of `lab.pretrained.loading.open_model`.

    Raises:
        ModelError: it has no masked head, or no mask token.
    """

    padded = True

    def __init__(self, opened: Opened) -> None:
        _refuse(opened)
        tokenizer = opened.tokenizer
        self.name, self.longest = opened.name, opened.longest
        self.mask, self.mask_id = tokenizer.mask_token, tokenizer.mask_token_id
        self.unknown_id = tokenizer.unk_token_id
        self.size = opened.model.get_input_embeddings().weight.shape[0]
        self._model, self._tokenizer = opened.model, tokenizer
        self._kind = getattr(opened.model.config, "model_type", "")
        # Attention that is written out adds the mask that it is given.
        self.packed = self._kind in _PACKED and opened.model.config._attn_implementation == "eager"
        self._head = next(
            (part for name in _FIRST if (part := getattr(opened.model, name, None)) is not None),
            None,
        )

    @property
    def filler(self) -> int:
        """See `Reader`: RoBERTa counts positions by it."""
        return self._tokenizer.pad_token_id or 0

    def numbers(self, sentences: Sequence[str]) -> list[list[int]]:
        """See `Reader`."""
        return self._tokenizer(list(sentences)).input_ids

    def show(self, ids: Sequence[int]) -> list[str]:
        """See `Reader`: what a byte-level tokenizer writes for bytes is undone."""
        tokens = [str(token) for token in self._tokenizer.convert_ids_to_tokens(list(ids))]
        special = set(self._tokenizer.all_special_tokens)
        if self._byte_level:
            back = self._tokenizer.convert_tokens_to_string
            return [token if token in special else back([token]) for token in tokens]
        return [token.replace("▁", " ") for token in tokens]

    def computed(self, row: Sequence[int]) -> int:
        """See `Reader`: everywhere, where the head is not known."""
        return len(row) if self._head is None else super().computed(row)

    @cached_property
    def _byte_level(self) -> bool:
        (row,) = self.numbers(["a a"])
        return any("Ġ" in str(t) for t in self._tokenizer.convert_ids_to_tokens(row))

    def logits(self, batch: Batch) -> Tensor:
        """See `Reader`: the head is given the vectors of the blanks instead of all of them."""
        seen: list[bool] = []

        def only(_: Any, given: tuple, named: dict) -> tuple[tuple, dict] | None:
            others = [*given[1:], *named.values()]
            same = given and given[0].shape[:2] == batch.ids.shape
            if same and all(one is None for one in others):
                seen.append(True)
                return (given[0].flatten(0, 1)[batch.places][None], *given[1:]), named  # (1, M, C)
            return None  # a head of another kind: it computes every place

        hook = self._head and self._head.register_forward_pre_hook(only, with_kwargs=True)
        try:
            logits = self._model(input_ids=batch.ids, **self._who_sees_whom(batch)).logits
        finally:
            if hook:
                hook.remove()
        return logits[0] if seen else logits.flatten(0, 1)[batch.places]

    def _who_sees_whom(self, batch: Batch) -> dict[str, Tensor]:
        if not self.packed:
            return {"attention_mask": (batch.owner >= 0).long()}
        same = batch.owner[:, None, :, None] == batch.owner[:, None, None, :]  # (B, 1, T, T)
        mask = torch.where(same, 0.0, torch.finfo(torch.float32).min)
        padding = self._model.config.pad_token_id or 0
        first = padding + 1 if self._kind in _AFTER_PADDING else 0
        return {"attention_mask": mask, "position_ids": batch.positions + first}


def _refuse(opened: Opened) -> None:
    name = opened.name
    if opened.kind == "causal":
        raise ModelError(
            f"{name} writes from left to right and has no blank to fill: choose a masked model, "
            "such as bert-base-uncased."
        )
    if opened.kind == "seq2seq":
        raise ModelError(
            f"{name} turns one text into another and has no blank of one token to fill: choose a "
            "masked model, such as bert-base-uncased."
        )
    if opened.kind != "masked":
        head = _HEADS.get(getattr(opened.model.config, "model_type", ""))
        which = f"its weights for {head} are" if head else "its weights are"
        raise ModelError(
            f"{name} has no masked head: {which} not in the file, so its guesses would be random. "
            "Choose a checkpoint for masked language modelling, such as bert-base-uncased."
        )
    if opened.tokenizer.mask_token_id is None:
        raise ModelError(f"The tokenizer of {name} has no mask token: choose another model.")
