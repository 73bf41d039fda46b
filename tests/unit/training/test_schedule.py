"""Learning-rate schedules, and the points at which a run reports."""

from itertools import pairwise

import pytest

from lab.training.schedule import evaluates, learning_rate_factor, reports
from lab.training.settings import MODELS, Settings


def test_cosine_goes_from_one_through_a_half_to_zero():
    values = [learning_rate_factor("cosine", 0, 100, p) for p in (0, 0.5, 1, 1.5)]
    assert values == pytest.approx([1, 0.5, 0, 0], abs=1e-12)
    assert learning_rate_factor("cosine", 0, 100, 0.25) == pytest.approx(0.8535534)


def test_linear_and_constant():
    assert learning_rate_factor("linear", 0, 100, 0.25) == 0.75
    assert learning_rate_factor("constant", 0, 100, 0.99) == 1


def test_warmup_rises_step_by_step():
    values = [learning_rate_factor("constant", 3, step, 0.5) for step in range(5)]
    assert values == [0.25, 0.5, 0.75, 1, 1]


@pytest.mark.parametrize("model", MODELS)
def test_points_are_dense_at_first_and_even_later(model):
    settings = Settings.default(model)
    points = [step for step in range(5000) if evaluates(step, settings)]
    assert points[:5] == [0, 1, 4, 16, 64]
    gaps = {b - a for a, b in pairwise(points[6:])}
    assert len(gaps) == 1
    tokens = gaps.pop() * settings.tokens_per_step
    assert 120_000 < tokens < 260_000
    assert all(reports(step, settings) for step in points)


def test_wide_steps_report_more_often():
    small = Settings.default("lstm", batch=32, block=64)
    large = Settings.default("lstm", batch=256, block=128)
    after = range(100, 200)
    assert sum(reports(step, small) for step in after) < 15
    assert all(reports(step, large) for step in after)
