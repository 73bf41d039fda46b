"""Pairs as a file: safetensors with small integers inside, read back with distrust."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from lab.models.tokens import SPECIALS
from lab.seq2seq.words import check_unit

FORMAT = "glasshouse-pairs-1"
LONGEST = 400  # tokens of a side; far above what any reader or generator lets through
_LARGEST = 64_000_000  # bytes of a saved corpus
_PARTS = ("source", "source_lengths", "target", "target_lengths")
_LINKS = ("sure", "sure_counts", "possible", "possible_counts")
_ABOUT = {
    "format", "name", "unit", "target_unit", "train", "remarks", "source_vocabulary",
    "source_others", "target_vocabulary", "target_others",
}  # fmt: skip


class DamagedError(ValueError):
    """The bytes are not what `save` writes."""


def pack(corpus) -> tuple[dict, dict[str, np.ndarray]]:
    """Turn a `PairCorpus` into JSON-able metadata and flat arrays of whole numbers.

    Ids count from 0 without the special tokens. Words that only the held-out part has follow
    those of the vocabulary, so that nothing is lost.
    """
    everything = corpus.train + corpus.held_out
    about = {
        "format": FORMAT,
        "name": corpus.name,
        "unit": corpus.unit,
        "target_unit": corpus.target_unit,
        "train": len(corpus.train),
        "remarks": list(corpus.remarks),
    }
    parts = {}
    for side in ("source", "target"):
        sentences = [getattr(pair, side) for pair in everything]
        known = list(getattr(corpus, f"{side}_vocabulary")[len(SPECIALS) :])
        places = {token: place for place, token in enumerate(known)}
        for token in (token for sentence in sentences for token in sentence):
            places.setdefault(token, len(places))
        about[f"{side}_vocabulary"] = known
        about[f"{side}_others"] = list(places)[len(known) :]
        parts[side] = _array(places[token] for sentence in sentences for token in sentence)
        parts[f"{side}_lengths"] = _array(len(sentence) for sentence in sentences)
    links = {
        "sure": [sorted(pair.sure) for pair in everything],
        "possible": [sorted(pair.possible - pair.sure) for pair in everything],
    }
    for kind, lists in links.items():
        parts[kind] = _array(place for found in lists for link in found for place in link)
        parts[f"{kind}_counts"] = _array(len(found) for found in lists)
    return about, parts


def save(corpus) -> bytes:
    """Give a `PairCorpus` as the bytes of a safetensors file."""
    from safetensors.numpy import save as save_arrays

    about, parts = pack(corpus)
    small = {
        key: part.astype(np.min_scalar_type(part.max(initial=0))) for key, part in parts.items()
    }
    return save_arrays(small, metadata={key: json.dumps(value) for key, value in about.items()})


def load(data: bytes) -> dict:
    """Read and check what `save` wrote.

    Returns:
        The fields of a `PairCorpus`; each pair is a tuple (source, target, sure, possible).

    Raises:
        DamagedError: the bytes are something else, or anything in them is not as `pack` makes it.
    """
    from safetensors import SafetensorError

    try:
        return _loaded(data)
    except (ValueError, KeyError, TypeError, RecursionError, MemoryError, SafetensorError):
        raise DamagedError from None


def _loaded(data: bytes) -> dict:
    from safetensors.numpy import load as load_arrays

    _require(len(data) <= _LARGEST)
    length = int.from_bytes(data[:8], "little")
    about = json.loads(data[8 : 8 + length])["__metadata__"]
    _require(set(about) == _ABOUT)
    about = {key: json.loads(value) for key, value in about.items()}
    _require(about["format"] == FORMAT and isinstance(about["name"], str))
    parts = load_arrays(data)
    _require(set(parts) == {*_PARTS, *_LINKS})
    _require(all(part.ndim == 1 and part.dtype.kind == "u" for part in parts.values()))
    check_unit(about["unit"])
    check_unit(about["target_unit"])
    _require(_texts(about["remarks"]))
    sides = [_sentences(about, parts, side) for side in ("source", "target")]
    links = [_links(parts, kind, *sides) for kind in ("sure", "possible")]
    pairs = list(zip(*sides, *links, strict=True))
    cut = about["train"]
    # A run that was saved to files has its vocabularies and no pairs.
    _require(type(cut) is int and (0 < cut < len(pairs) or cut == len(pairs) == 0))
    train, held_out = pairs[:cut], pairs[cut:]
    _require({source for source, *_ in train}.isdisjoint(source for source, *_ in held_out))
    return {
        "name": about["name"],
        "unit": about["unit"],
        "target_unit": about["target_unit"],
        "source_vocabulary": (*SPECIALS, *about["source_vocabulary"]),
        "target_vocabulary": (*SPECIALS, *about["target_vocabulary"]),
        "train": train,
        "held_out": held_out,
        "remarks": tuple(about["remarks"]),
    }


def _require(condition) -> None:
    if not condition:
        raise ValueError("damaged")


def _texts(values) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _sentences(about: dict, parts: dict, side: str) -> list[tuple[str, ...]]:
    known, others = about[f"{side}_vocabulary"], about[f"{side}_others"]
    _require(_texts(known) and _texts(others))
    tokens = [*known, *others]
    _require(all(tokens) and len(set(tokens)) == len(tokens))
    _require(set(known).isdisjoint(SPECIALS))
    ids, lengths = parts[side], parts[f"{side}_lengths"].astype(np.int64)
    _require(lengths.min(initial=1) >= 1 and lengths.max(initial=1) <= LONGEST)
    _require(lengths.sum() == len(ids) and ids.max(initial=0) <= max(0, len(tokens) - 1))
    ends = np.cumsum(lengths).tolist()
    found = [tokens[place] for place in ids.tolist()]
    return [tuple(found[a:b]) for a, b in pairwise([0, *ends])]


def _links(parts: dict, kind: str, sources: list, targets: list) -> list[frozenset]:
    counts = parts[f"{kind}_counts"].astype(np.int64)
    _require(len(counts) == len(sources) == len(targets))
    _require(counts.max(initial=0) <= LONGEST**2 and 2 * counts.sum() == len(parts[kind]))
    flat = iter(parts[kind].tolist())
    links = []
    for source, target, count in zip(sources, targets, counts.tolist(), strict=True):
        found = [(next(flat), next(flat)) for _ in range(count)]
        _require(all(i < len(source) and j < len(target) for i, j in found))
        _require(len(set(found)) == count)
        links.append(frozenset(found))
    return links


def _array(numbers: Iterable[int]) -> np.ndarray:
    return np.fromiter(numbers, dtype=np.int64)
