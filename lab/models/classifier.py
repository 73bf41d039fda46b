"""A sentence classifier on BERT's encoder: many tokens in, one answer out.

The encoder gives a vector for each token; one of them, or their mean, goes through one linear
layer. What BERT needs to guess tokens is not needed here and left out.

Source: Devlin et al. 2019, BERT, section 3.2 and figure 4(b): the vector of [CLS] is read, and
all weights are fine-tuned. Peters, Ruder and Smith 2019, To Tune or Not to Tune, compare that with
an encoder that stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from lab.models.bert import Bert
from lab.models.choices import SENTENCE_POOLS

_ONLY_TO_GUESS = ("transform", "transform_norm", "bias")  # parts of a `Bert`


class SentenceClassifier(nn.Module):
    """A Transformer encoder, a pooling and a linear layer.

    Args:
        encoder: its weights become those of this network; its masked head is taken off.
        classes: K.
        pool: "cls" reads the vector of the first token, "mean" the mean over all tokens.
        frozen: the encoder is used and not trained: its weights are no parameters of this network
            and are not saved with it.

    Raises:
        ValueError: there is no such pooling.
    """

    def __init__(self, encoder: Bert, classes: int, pool: str = "mean", frozen: bool = False):
        super().__init__()
        if pool not in SENTENCE_POOLS:
            raise ValueError(
                f"There is no pooling {pool!r}; there are {', '.join(SENTENCE_POOLS)}."
            )
        for part in _ONLY_TO_GUESS:
            setattr(encoder, part, None)
        # In a tuple torch does not find it: no optimiser sees it, no checkpoint holds it.
        self._aside: tuple[Bert, ...] = (encoder.requires_grad_(False),) if frozen else ()
        self.own = None if frozen else encoder
        self.pool = pool
        width = encoder.embedding.weight.shape[1]
        self.head = nn.Linear(width, classes)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    @property
    def encoder(self) -> Bert:
        """The encoder, trained or not."""
        return self.own if self.own is not None else self._aside[0]

    def _apply(self, change: Callable[[Tensor], Tensor], *more: Any) -> SentenceClassifier:
        for encoder in self._aside:  # a frozen encoder moves to a device with the rest
            encoder._apply(change, *more)  # type: ignore[no-untyped-call]
        super()._apply(change, *more)  # type: ignore[no-untyped-call]
        return self

    def features(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Return the pooled vector of each row, (B, C).

        Args:
            ids: (B, T) token numbers; what stands behind a row's length is not read.
            lengths: (B) tokens of each row.
        """
        real = torch.arange(ids.shape[1], device=ids.device) < lengths[:, None]  # (B, T)
        x, _ = self.encoder.encode(ids, real=real)  # (B, T, C)
        if self.pool == "cls":
            return x[:, 0]
        return (x * real[..., None]).sum(1) / lengths[:, None]

    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Return logits (B, K); arguments as for `features`."""
        return self.head(self.features(ids, lengths))
