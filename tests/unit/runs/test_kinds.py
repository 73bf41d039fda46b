"""Kinds of runs: one base, and samples of files read as they were declared or not at all."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest

from lab.runs.kinds import kinds
from lab.training.kind import Kind

NAN = float("nan")
SAMPLES = {
    "language": {
        "step": 4,
        "prompt": "to ",
        "text": "be",
        "tokens": ["b", "e"],
        "probabilities": [1, 0.25],  # JSON writes 1.0 as 1 in some hands
        "alternatives": [[["b", 0.5]], []],
        "temperature": 0.8,
        "top_k": None,
        "ids": [],
    },
    "translation": {
        "step": 0,
        "shown": {
            "source": ["a", "</s>"],
            "target": ["b"],
            "weights": [[0.25, 0.7501]],
            "probabilities": [0.5],
            "reference": None,
            "unknown": [],
        },
        "examples": [["a", "b", "c"]],
    },
    "captioning": {
        "step": 3,
        "scene": 7,
        "shown": {
            "words": ["two", "red"],
            "weights": None,
            "probabilities": [0.5, 1.0],
            "reference": ["two"],
        },
        "examples": [["two red", "two blue"]],
    },
    "vision": {
        "step": 1,
        "scene": 0,
        "probabilities": [0.5, 0.5],
        "right": 1,
        "read": [0.25] * 4,
        "rolled": [0.25] * 4,
    },
    "classification": {
        "step": 2,
        "texts": ["good", "bad"],
        "right": [None, 1],
        "probabilities": [[0.5, 0.5], [0.0, 1.0]],
    },
    "masked": {
        "step": 9,
        "sentence": "A [MASK].",
        "tokens": ["nurse"],
        "probabilities": [0.5],
        "words": {"he": 0.1},
    },
    "crops": {"step": 0, "top": 0, "left": 64, "probability": [[0.5, 1.0]], "truth": [[1, 255]]},
}


def test_each_task_has_a_kind_of_the_one_base():
    assert set(kinds()) == set(SAMPLES)
    assert all(isinstance(kind, Kind) for kind in kinds().values())


@pytest.mark.parametrize("task", SAMPLES)
def test_a_sample_from_a_file_is_taken_as_it_was(task):
    sample = json.loads(json.dumps(SAMPLES[task]))
    assert kinds()[task].sample(sample) == SAMPLES[task]
    assert kinds()[task].sample({**sample, "of later versions": 1}) == SAMPLES[task]


@pytest.mark.parametrize(
    ("task", "path", "value"),
    [
        *((task, ("step",), odd) for task in SAMPLES for odd in (None, "1", 1.5, True)),
        ("language", ("tokens",), ["b"]),
        ("language", ("tokens",), ["b"] * 5_001),
        ("language", ("probabilities", 0), NAN),
        ("language", ("alternatives", 0, 0, 1), "0.5"),
        ("translation", ("shown", "weights"), [[0.5]]),
        ("translation", ("shown", "weights", 0, 0), 1.5),
        ("translation", ("shown", "probabilities", 0), NAN),
        ("translation", ("shown", "source", 0), "x" * 10_001),
        ("translation", ("examples", 0), ["a", "b"]),
        ("captioning", ("shown", "weights"), [[0.1]]),
        ("captioning", ("shown", "weights"), [[0.1], [0.1, 0.2]]),
        ("captioning", ("scene",), "7"),
        ("vision", ("right",), 2),
        ("vision", ("right",), -1),
        ("vision", ("rolled",), [0.25] * 3),
        ("vision", ("read",), []),
        ("classification", ("right", 1), 2),
        ("classification", ("probabilities", 1), [1.0]),
        ("classification", ("texts",), ["good"]),
        ("classification", ("probabilities", 0), []),
        ("masked", ("words", "he"), "0.1"),
        ("masked", ("tokens",), ["a"] * 51),
        ("crops", ("truth", 0), [1, 2]),
        ("crops", ("probability", 0), [0.5]),
    ],
)
def test_a_sample_that_cannot_be_is_refused(task, path, value):
    sample = place = deepcopy(SAMPLES[task])
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ValueError, match=r"^"):
        kinds()[task].sample(sample)
