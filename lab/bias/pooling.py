"""Reading sentences in batches and making one vector of each word out of them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

_TOKENS = 4096  # of a batch, padding included


class UnknownWords(ValueError):
    """None of the words is in the vocabulary."""


class Encoded(NamedTuple):
    """A sentence as tokens.

    Attributes:
        ids: (T) numbers.
        places: (T) where each stands in the sentence, (0, 0) for special ones.
        known: (T) whether the vocabulary has it.
    """

    ids: list[int]
    places: list[tuple[int, int]]
    known: list[bool]


class Network(NamedTuple):
    """What is needed of a network.

    Attributes:
        encode: sentences -> tokens.
        states: ids (B, T) and mask (B, T) -> L + 1 tensors (B, T, D), the input first.
        table: the input vectors (V, D).
        padding: number of the token that fills short rows.
        padded: whether rows of different lengths can be read together.
    """

    encode: Callable[[Sequence[str]], list[Encoded]]
    states: Callable[[Tensor, Tensor], list[Tensor]]
    table: Tensor
    padding: int
    padded: bool


@torch.inference_mode()
def vectors(
    network: Network, words: Sequence[str], way: str, layer: int, templates: Sequence[str]
) -> dict[str, Any]:
    """Return vectors of words; arguments and answer as of `lab.bias.embeddings.of_folder`."""
    asked = list(dict.fromkeys(words))
    sentences = [t.replace("{}", word) for word in asked for t in templates]
    rows = network.encode(sentences)
    inside = []
    for number, (_, places, known) in enumerate(rows):
        template = templates[number % len(templates)]
        span = _span(asked[number // len(templates)], template)
        at = [i for i, (a, b) in enumerate(places) if a < b and a < span[1] and b > span[0]]
        inside.append(at if all(known[i] for i in at) else [])
    sums: dict[str, list[Tensor]] = {}
    pieces: dict[str, int] = {}
    layers = 0
    for batch in _batches(rows, [number for number, at in enumerate(inside) if at], network.padded):
        ids, mask = _padded([rows[number][0] for number in batch], network.padding)
        if way == "static":
            chosen = network.table[ids]
        else:
            found = network.states(ids, mask)
            layers = len(found) - 1
            if not -layers - 1 <= layer <= layers:
                raise ValueError(f"This model has the layers 0 to {layers}, and no {layer}.")
            chosen = found[layer]
        for line, number in enumerate(batch):
            word = asked[number // len(templates)]
            pieces.setdefault(word, len(inside[number]))
            sums.setdefault(word, []).append(_pool(chosen[line], way, inside[number], mask[line]))
    # A word that is not known in one of the templates is left out of all.
    means = {
        w: torch.stack(all_).mean(0) for w, all_ in sums.items() if len(all_) == len(templates)
    }
    return pack(words, means, pieces, layers)


def _span(word: str, template: str) -> tuple[int, int]:
    start = template.index("{}")
    return start, start + len(word)


def _pool(x: Tensor, way: str, inside: Sequence[int], mask: Tensor) -> Tensor:
    # x (T, D)
    if way == "cls":
        return x[0]
    if way == "mean":
        return x[mask.bool()].mean(0)
    return x[list(inside)].mean(0)


def _batches(rows: Sequence[Encoded], numbers: Sequence[int], padded: bool) -> list[list[int]]:
    found: list[list[int]] = []
    for number in sorted(numbers, key=lambda n: len(rows[n][0])):
        length = len(rows[number][0])
        fits = found and (len(found[-1]) + 1) * length <= _TOKENS
        if fits and (padded or len(rows[found[-1][0]][0]) == length):
            found[-1].append(number)
        else:
            found.append([number])
    return found


def _padded(rows: Sequence[list[int]], padding: int) -> tuple[Tensor, Tensor]:
    length = max(map(len, rows))
    ids = torch.full((len(rows), length), padding, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for line, row in enumerate(rows):
        ids[line, : len(row)] = torch.tensor(row)
        mask[line, : len(row)] = 1
    return ids, mask


def pack(
    words: Sequence[str],
    found: dict[str, Tensor],
    pieces: dict[str, int],
    layers: int,
) -> dict[str, Any]:
    """Return vectors of words as JSON can hold them; see `lab.bias.embeddings.of_folder`.

    Args:
        words: that were asked for.
        found: their vectors (D).
        pieces: how many pieces each is.
        layers: of the network.

    Raises:
        UnknownWords: none was found.
    """
    asked = list(dict.fromkeys(words))
    there = [word for word in asked if word in found]
    if not there:
        raise UnknownWords("This model knows none of the words: choose others.")
    vectors = torch.stack([found[word] for word in there]).float().numpy().astype("<f4")
    return {
        "words": there,
        "vectors": base64.b64encode(vectors.tobytes()).decode("ascii"),
        "pieces": [pieces[word] for word in there],
        "missing": [word for word in asked if word not in found],
        "layers": layers,
    }
