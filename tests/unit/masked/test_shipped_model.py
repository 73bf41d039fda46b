"""The model that ships: small, complete, read by our own code, and its card as promised."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lab.masked.export import load
from lab.masked.filling import fill
from lab.masked.probes import COURSE, EVERYDAY
from lab.masked.settings import PROJECT as MODEL

pytestmark = pytest.mark.skipif(
    not (MODEL / "model.safetensors").exists(),
    reason="no model in assets/masked: make one with python -m assets.masked.make",
)


def test_the_folder_is_small_enough_to_ship():
    assert sum(path.stat().st_size for path in MODEL.iterdir() if path.is_file()) <= 12_000_000


def test_it_prefers_words_that_fit():
    model, tokens = load(MODEL)
    sentences = ["The boy and [MASK] mother.", "She studied at the [MASK] of Oxford."]
    first, second = fill(model, tokens, sentences)
    his, her, ran = (first.log_probabilities[0, tokens.index(w)] for w in ("his", "her", "ran"))
    assert his > her > ran
    best = int(np.argmax(second.log_probabilities[0]))
    assert tokens[best] == "university"


def test_the_card_lists_what_was_promised():
    card = (MODEL / "README.md").read_text(encoding="utf-8")
    assert all(sentence in card for sentence in (*EVERYDAY, *COURSE))
    for word in ("CC BY-SA 3.0", "not good for", "perplexity", "Spearman", "Make it again"):
        assert word in card


def test_the_journey_is_in_order():
    points = json.loads((MODEL / "journey.json").read_text(encoding="utf-8"))
    read = [point["tokens_read"] for point in points]
    assert read == sorted(read)
    assert all(len(point["ratios"]) == 60 for point in points)
    assert points[-1]["loss"] < points[0]["loss"]
