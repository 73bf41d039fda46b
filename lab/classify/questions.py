"""Short questions that a page asks a worker about a sentence classifier."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from lab.classify import encoder
from lab.classify.baseline import baseline
from lab.classify.features import padded
from lab.classify.settings import ClassifySettings
from lab.classify.task import build
from lab.classify.texts import LONGEST, Labelled, tokenizer
from lab.training.checkpoint import CheckpointError, rebuild, unpack

LONGEST_SENTENCE = 500  # characters
_AT_ONCE = 32


def load(checkpoint: bytes, data: Labelled) -> nn.Module:
    """Rebuild the network of a checkpoint, ready to judge.

    Raises:
        CheckpointError: the checkpoint is damaged, learned other classes, or stands on weights of
            the lab's model that are not here any more.
    """
    return _opened(checkpoint, data)[0]


def _opened(checkpoint: bytes, data: Labelled) -> tuple[nn.Module, ClassifySettings]:
    state = unpack(checkpoint, ClassifySettings)
    if state.about.get("classes") != "\n".join(data.classes):
        raise CheckpointError("This checkpoint learned other classes.")
    if state.settings.model == "frozen" and state.about.get("encoder") != encoder.fingerprint():
        raise CheckpointError(
            "This run stands on an encoder that this lab does not have any more: train it anew."
        )
    return rebuild(state, lambda: build(state.settings, len(data.classes))), state.settings


def explain(checkpoint: bytes, data: Labelled, sentence: str) -> dict[str, Any]:
    """Judge a sentence, and the same sentence without each of its words.

    Args:
        checkpoint, data: of the run.
        sentence: any text.

    Returns:
        "classes" (K); "words" (W) as they stand in the sentence; "probabilities" (K); "without"
        (W, K), when that word is left out; "counted": the same two of the baseline that learned
        from the same texts, or None without them; "cut": whether the end was not read.

    Raises:
        ValueError: there is no word in it, or it is too long.
    """
    if len(sentence) > LONGEST_SENTENCE:
        raise ValueError(f"The sentence is longer than {LONGEST_SENTENCE} characters: shorten it.")
    model, settings = _opened(checkpoint, data)
    encoding = tokenizer().encode(sentence)
    numbers = [number for number in encoding.word_ids if number is not None]
    if not numbers:
        raise ValueError("There is no word to judge: type a sentence.")
    places = sorted(set(numbers))
    spans = [encoding.word_to_chars(place) for place in places]
    words = [sentence[start:end] for start, end in spans]
    rows = [encoding.ids] + [
        [i for i, word in zip(encoding.ids, encoding.word_ids, strict=True) if word != place]
        for place in places
    ]
    found = _probabilities(model, rows)
    return {
        "classes": list(data.classes),
        "words": words,
        "probabilities": found[0].tolist(),
        "without": found[1:].tolist(),
        "counted": _counted(data, settings, sentence, words),
        "cut": len(encoding.ids) == LONGEST and bool(encoding.overflowing),
    }


def _probabilities(model: nn.Module, rows: list[list[int]]) -> np.ndarray:
    parts = [rows[n : n + _AT_ONCE] for n in range(0, len(rows), _AT_ONCE)]
    with torch.no_grad():
        logits = torch.cat([model(*padded(part)) for part in parts])
    return torch.softmax(logits.float(), 1).numpy().astype(float)


def _counted(
    data: Labelled, settings: ClassifySettings, sentence: str, words: list[str]
) -> dict[str, Any] | None:
    if not len(data.train):
        return None
    without = [" ".join(words[:n] + words[n + 1 :]) for n in range(len(words))]
    found = baseline(data, settings.examples, settings.seed).probabilities([sentence, *without])
    return {"probabilities": found[0].tolist(), "without": found[1:].tolist()}


def mistakes(checkpoint: bytes, data: Labelled, count: int = 20) -> list[dict[str, Any]]:
    """Return the held-out texts whose right class is given the least probability.

    Args:
        checkpoint, data: of the run.
        count: how many at most.

    Returns:
        Worst first: {"text", "right", "said" (classes), "probability" (of the right class),
        "new" (whether it has a word that no text to learn from has)}.

    Raises:
        ValueError: the texts are not here, as with a run from a file.
    """
    model = load(checkpoint, data)
    if not len(data.held_out):
        raise ValueError("The held-out texts of this run are not here: it came from a file.")
    rows, right = data.ids["held_out"], np.array(data.held_out.labels)
    order = np.argsort([len(row) for row in rows], kind="stable")
    found = np.empty((len(rows), len(data.classes)))
    found[order] = _probabilities(model, [rows[n] for n in order])
    chance = found[np.arange(len(rows)), right]
    wrong = [n for n in np.argsort(chance, kind="stable") if found[n].argmax() != right[n]]
    return [
        {
            "text": data.held_out.texts[n],
            "right": data.classes[right[n]],
            "said": data.classes[int(found[n].argmax())],
            "probability": float(chance[n]),
            "new": bool(data.new[n]),
        }
        for n in wrong[:count]
    ]
