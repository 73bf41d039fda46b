"""Units of analysis: the same numbers, three effect sizes, and Kurita's recorded table."""

from __future__ import annotations

import math

import pytest

from lab.bias import stimuli, units
from lab.bias.units import Odds, Reading


@pytest.mark.parametrize(
    ("key", "rows", "words"),
    [
        ("career_family", 1.125524, 1.540971),
        ("math_arts", 0.849540, 1.265669),
        ("science_arts", 0.957194, 1.454055),
        ("ea_aa", -0.886405, -1.107499),
        ("flowers_insects", 0.445774, 0.919963),
    ],
)
def test_recomputing_what_kurita_et_al_recorded(key, rows, words):
    recorded, published = units.recorded(key), stimuli.published(key)
    coarse = {"method": "bracket", "cells": 1000}
    # Recorded to six decimals: five of the effect size are certain.
    found = units.judge("rows", recorded, **coarse)
    assert found.effect_size == pytest.approx(rows, abs=2e-6)
    assert found.effect_size == pytest.approx(published["notebook"]["log_prob"], abs=2e-6)
    assert published["recomputed_rows"] == rows
    averaged = units.judge("words", recorded, **coarse).effect_size
    assert averaged == pytest.approx(words, abs=2e-6)
    assert published["recomputed_words"] == words


def test_p_values_of_the_recorded_rows():
    science = units.judge("rows", units.recorded("science_arts"), method="bracket")
    assert science.p_low < 0.000560827 < science.p_high  # their 100,000 draws: .00057
    words = units.judge("words", units.recorded("science_arts"))
    assert words.p_value == 16 / 12870


def readings():
    # template, attribute, group, target, side, log P, prior
    given = [
        (0, "sums", "A", "he", "first", -1.0, -2.0),
        (0, "sums", "A", "she", "second", -2.0, -2.5),
        (0, "home", "B", "he", "first", -2.2, -2.0),
        (0, "home", "B", "she", "second", -1.5, -2.5),
        (1, "sums", "A", "men", "first", -3.0, -3.0),
        (1, "sums", "A", "women", "second", -3.0, -2.0),
        (1, "home", "B", "men", "first", -3.5, -3.0),
        (1, "home", "B", "women", "second", -1.0, -2.0),
    ]
    return [Reading(*row) for row in given]


def test_three_units_of_the_same_readings():
    rows = units.odds_of(readings())
    assert [row.score for row in rows] == pytest.approx([0.5, -1.2, 1.0, -1.5])
    a, b = units.observations("rows", rows)
    assert [value for _, value in a] == pytest.approx([0.5, 1.0])
    a, b = units.observations("words", rows)
    assert (a, b) == ([("sums", pytest.approx(0.75))], [("home", pytest.approx(-1.35))])
    he, she = units.observations("targets", rows, readings())
    assert dict(he) == pytest.approx({"he": 1.0 - -0.2, "men": 0.5})
    assert dict(she) == pytest.approx({"she": 0.5 - 1.0, "women": -1.0 - 1.0})
    found = units.judge("targets", rows, readings(), alternative="greater")
    assert found.p_value == 1 / 6
    assert found.statistic == pytest.approx(1.7 + 2.5)


def test_several_targets_are_added_as_probabilities():
    both = [
        Reading(0, "w", "A", "boys", "first", math.log(0.1), math.log(0.1)),
        Reading(0, "w", "A", "men", "first", math.log(0.2), math.log(0.3)),
        Reading(0, "w", "A", "girls", "second", math.log(0.1), math.log(0.2)),
    ]
    (row,) = units.odds_of(both)
    assert row.odds == pytest.approx(math.log(3))
    assert row.score == pytest.approx(math.log(3) - math.log(2))
    bare = [Reading(*[getattr(r, n) for n in ("template", "attribute", "group", "target", "side")],
                    r.log_p, None) for r in both]  # fmt: skip
    assert units.odds_of(bare)[0].score == pytest.approx(math.log(3))


def test_with_one_template_the_prior_cancels():
    def rows(prior):
        scores = [("a", "A", 0.4), ("b", "A", 0.1), ("c", "B", -0.2), ("d", "B", 0.3)]
        return [Odds(0, word, group, odds, prior) for word, group, odds in scores]

    (plain,), (shifted,) = units.per_template(rows(0.0)), units.per_template(rows(9.0))
    assert shifted["effect_size"] == pytest.approx(plain["effect_size"])
    assert shifted["mean_a"] == pytest.approx(plain["mean_a"] - 9)


def test_what_cannot_be_judged():
    rows = units.odds_of(readings())
    with pytest.raises(ValueError, match="no unit"):
        units.judge("sentences", rows)
    with pytest.raises(ValueError, match="targets"):
        units.judge("targets", rows)
    with pytest.raises(ValueError, match="Both groups"):
        units.judge("rows", rows[:1])
    with pytest.raises(ValueError, match="both groups"):
        units.odds_of(readings()[:1])
