"""The log-probability bias score, asked of a model sentence by sentence: what a page needs of it.

What `lab.bias.log_probability` refuses as a whole is told here part by part, so that a test can be
read as far as a model knows its words: a target of several pieces is left out, with the sentences
that lose a group by it. Each answer has the effect size in every unit of analysis at once, and all
that can be written as JSON.

Source: Kurita, Vyas, Pareek, Black and Tsvetkov 2019, Measuring Bias in Contextualized Word
Representations.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.bias.log_probability import BLANK, log_probability_bias
from lab.bias.stimuli import Template
from lab.bias.units import UNITS, Odds, Reading, judge, observations, per_template, recorded
from lab.bias.weat import CLEAR, effect_size

if TYPE_CHECKING:
    from lab.masked.readers import Reader

MOST_P = 1000  # observations of a p-value
_EXACT = 44  # up to which it is exact within milliseconds
_CELLS = 1 << 15  # of the bracket above that
_MANY, _FINE = 120, 1 << 16  # and with more observations


def ask(
    reader: Reader,
    templates: Sequence[dict[str, Any]],
    attributes: Sequence[Sequence[str]],
    prior: str = "masked",
) -> dict[str, Any]:
    """Return everything that the score says of a model, as JSON can hold it.

    Args:
        reader: the model.
        templates: dicts with text (with {target} and {attribute}), first, second: see
            `lab.bias.stimuli.Template`.
        attributes: words of A, and of B.
        prior: see `lab.bias.log_probability.log_probability_bias`.

    Returns:
        {"rows": dicts of `Odds` with "score", "readings": dicts of `Reading`, "sentences": dicts of
        `Sentence` with "ids", "prior_ids" and "pieces" (of the attribute), "templates": see
        `per_template`, "units": see `verdicts`, "refused": sentences, "kept": numbers of the
        templates that were read, "prior"}. Templates keep the number that they came with.

    Raises:
        ValueError: a template lacks a slot, nothing can be read, or there is too much of it.
    """
    whole = [Template(t["text"], tuple(t["first"]), tuple(t["second"])) for t in templates]
    words = [list(dict.fromkeys(group)) for group in attributes]
    fitting, kept, refused = _fitting(reader, whole, words)
    if not fitting:
        raise ValueError(" ".join([*refused[:1], "No sentence is left to read."]))
    found = log_probability_bias(reader, fitting, None, tuple(words), prior=prior, **_speed(0))
    rows = [replace(row, template=kept[row.template]) for row in found.rows]
    readings = [replace(one, template=kept[one.template]) for one in found.readings]
    sentences = [asdict(one) | {"template": kept[one.template]} for one in found.sentences]
    _with_ids(reader, sentences, dict(zip(kept, fitting, strict=True)), prior)
    return answer(rows, readings, prior) | {
        "sentences": sentences,
        "refused": refused,
        "kept": kept,
    }


def answer(rows: Sequence[Odds], readings: Sequence[Reading], prior: str) -> dict[str, Any]:
    """Return rows with all that follows from them; see `ask`."""
    return {
        "rows": [asdict(row) | {"score": row.score} for row in rows],
        "readings": [asdict(one) | {"difference": one.difference} for one in readings],
        "sentences": [],
        "templates": [
            one | {"effect_size": _none(one["effect_size"])} for one in per_template(rows)
        ],
        "units": verdicts(rows, readings),
        "refused": [],
        "kept": sorted({row.template for row in rows}),
        "prior": prior,
    }


def recorded_answer(key: str, prior: str = "paper") -> dict[str, Any]:
    """Return the same from what Kurita et al. recorded of bert-base-uncased for a test.

    Log-odds of the two groups and the authors' prior are known, and no single log-probability:
    readings and sentences are empty.

    Args:
        key: of the test.
        prior: "none" leaves the prior out; "paper" and "masked" subtract the one they recorded,
            which was read beside the mask.
    """
    return answer(_recorded(key, prior), [], "none" if prior == "none" else "paper")


def _recorded(key: str, prior: str) -> list[Odds]:
    rows = recorded(key)
    return [replace(row, prior=0.0) for row in rows] if prior == "none" else rows


def effect_sizes(key: str, prior: str = "paper") -> dict[str, float | None]:
    """Return the effect sizes of such a record over "rows" and over "words", without p-values."""
    rows = _recorded(key, prior)
    found = {}
    for unit in ("rows", "words"):
        first, second = ([value for _, value in group] for group in observations(unit, rows))
        found[unit] = _none(effect_size(first, second))
    return found


def verdicts(rows: Sequence[Odds], readings: Sequence[Reading] = ()) -> list[dict[str, Any]]:
    """Return effect size and p-value in each unit of analysis; two-sided, ddof 1.

    Returns:
        Dicts with unit, n (observations of both groups), d (None where all are equal or there is
        nothing), p_low and p_high (equal where exact; None above 1,000 observations), values (name
        and score of each, both groups).
    """
    found = []
    for unit in UNITS:
        if unit == "targets" and not readings:
            found.append(
                {"unit": unit, "n": [0, 0], "d": None, "p_low": None, "p_high": None, "values": []}
            )
            continue
        groups = observations(unit, rows, readings)
        first, second = ([value for _, value in group] for group in groups)
        count = len(first) + len(second)
        p = (None, None)
        if count <= MOST_P:
            result = judge(unit, rows, readings, **_speed(count))
            p = (result.p_low, result.p_high)
        found.append(
            {
                "unit": unit,
                "n": [len(first), len(second)],
                "d": _none(effect_size(first, second)),
                "p_low": p[0],
                "p_high": p[1],
                "values": [[list(pair) for pair in group] for group in groups],
            }
        )
    return found


def _speed(count: int) -> dict[str, Any]:
    # A page waits for it: a bracket of a thousandth or so is enough there.
    if 0 < count <= _EXACT:
        return {}
    return {"method": "bracket", "cells": _FINE if count > _MANY else _CELLS}


def _none(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _fitting(
    reader: Reader, templates: Sequence[Template], words: list[list[str]]
) -> tuple[list[Template], list[int], list[str]]:
    # What the model has one token for. Attributes may be several pieces, but none may be unknown.
    from lab.masked.targets import resolve

    refused: dict[str, None] = {}
    for group in words:
        for word in list(group):
            if reader.unknown_id is not None and _unknown(reader, word):
                refused[f"{reader.name} does not know “{word}”, which is left out."] = None
                group.remove(word)
    if not all(words):
        raise ValueError(f"{reader.name} knows no word of one of the two lists: choose others.")
    fitting, kept = [], []
    for number, template in enumerate(templates):
        sides = []
        if template.text.count("{target}") != 1 or template.text.count("{attribute}") != 1:
            raise ValueError(
                f"“{template.text[:60]}” needs {{target}} and {{attribute}} once: write both."
            )
        text = template.text.replace("{target}", BLANK).replace("{attribute}", words[0][0])
        for side in (template.first, template.second):
            seen = resolve(reader, text, side)
            refused |= dict.fromkeys(one.refused for one in seen if one.refused)
            sides.append(tuple(one.word for one in seen if not one.refused))
        if all(sides):
            fitting.append(Template(template.text, *sides))
            kept.append(number)
        else:
            refused[f"Sentence {number + 1} is left out: it has no target to read."] = None
    return fitting, kept, list(refused)


def _unknown(reader: Reader, word: str) -> bool:
    return reader.unknown_id in reader.numbers([word])[0]


def _with_ids(
    reader: Reader, sentences: list[dict[str, Any]], templates: dict[int, Template], prior: str
) -> None:
    # Token numbers of what was read, and how many pieces the attribute has.
    texts, patterns = [], {}
    for number, template in templates.items():
        blank = template.text.replace("{target}", BLANK)
        patterns[number] = reader.encode([blank.replace("{attribute}", BLANK)])[0]
    for one in sentences:
        text = templates[one["template"]].text.replace("{target}", BLANK)
        texts.append(text.replace("{attribute}", one["attribute"]))
    for one, ids in zip(sentences, reader.encode(texts), strict=True):
        pattern = patterns[one["template"]]
        one["ids"], one["pieces"] = list(ids), 1 + len(ids) - len(pattern)
        if prior == "paper":
            one["prior_ids"] = list(pattern)
        else:
            both = zip(ids, one["tokens"], one["prior_tokens"], strict=False)
            one["prior_ids"] = [i if same == other else reader.mask_id for i, same, other in both]


def of_folder(
    path: str,
    templates: Sequence[dict[str, Any]],
    attributes: Sequence[Sequence[str]],
    prior: str = "masked",
    name: str = "",
    or_reason: bool = False,
) -> dict[str, Any]:
    """Return `ask` of a model folder; runs in a worker.

    Args:
        path: of the folder.
        templates, attributes, prior: see `ask`.
        name: to call the model by in messages.
        or_reason: answer {"reason": message} where nothing can be read, instead of an error.
    """
    from lab.masked.readers import from_folder

    return _or_reason(from_folder(path, name), (templates, attributes, prior), or_reason)


def _or_reason(reader: Reader, given: tuple, or_reason: bool) -> dict[str, Any]:
    try:
        return ask(reader, *given)
    except ValueError as error:
        if not or_reason:
            raise
        return {"reason": str(error)}


def of_run(
    checkpoint: bytes,
    rows: Any,
    templates: Sequence[dict[str, Any]],
    attributes: Sequence[Sequence[str]],
    prior: str = "masked",
    or_reason: bool = False,
) -> dict[str, Any]:
    """Return `ask` of a run of the task "masked"; runs in a worker; arguments of `of_folder`."""
    from lab.masked.readers import from_run

    return _or_reason(from_run(checkpoint, rows), (templates, attributes, prior), or_reason)


def spread(values: Sequence[float | None]) -> dict[str, float] | None:
    """Return mean, lowest, highest and the odd one out of the effect sizes of some templates.

    Args:
        values: of each template, None where there is none.

    Returns:
        {"mean", "low", "high", "odd": place of the value that is furthest from the mean of the
        others, -1 with fewer than three, "off": how far it is, "turns": whether there are effects
        of both signs beyond `CLEAR`}; None without a value.
    """
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if not known:
        return None
    numbers = np.array([value for _, value in known])
    odd, off = -1, 0.0
    if len(numbers) > 2:
        apart = np.abs(numbers - (numbers.sum() - numbers) / (len(numbers) - 1))
        odd, off = known[int(apart.argmax())][0], float(apart.max())
    return {
        "mean": float(numbers.mean()),
        "low": float(numbers.min()),
        "high": float(numbers.max()),
        "odd": odd,
        "off": off,
        "turns": bool(numbers.min() < -CLEAR and numbers.max() > CLEAR),
    }
