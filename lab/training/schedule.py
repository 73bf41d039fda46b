"""When things happen in a run: the learning rate of a step, and at which steps it reports."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.training.hyperparameters import Hyperparameters


def learning_rate_factor(schedule: str, warmup: int, step: int, progress: float) -> float:
    """Return what the learning rate of a step is multiplied by, from 0 to 1.

    Args:
        schedule: "constant", "linear" or "cosine", the latter two falling to zero.
        warmup: steps of linear rise.
        step: the step about to be done, from 0.
        progress: share of the budget used, from 0 to 1.

    Source of the cosine: Loshchilov and Hutter 2017, SGDR, equation 5, one period.
    """
    progress = min(1.0, max(0.0, progress))
    rise = min(1.0, (step + 1) / (warmup + 1))
    if schedule == "cosine":
        return rise * 0.5 * (1 + math.cos(math.pi * progress))
    if schedule == "linear":
        return rise * (1 - progress)
    return rise


def reports(step: int, settings: Hyperparameters) -> bool:
    """Tell whether an event follows a step: all of the first 16, then one every few tokens.

    A function of the step alone, never of a clock, so that two runs have the same points however
    fast they went and however they were sliced.
    """
    every = max(1, min(16, settings.per_report // settings.tokens_per_step))
    return step <= 16 or step % every == 0 or evaluates(step, settings)


def evaluates(step: int, settings: Hyperparameters) -> bool:
    """Tell whether a step is followed by a validation loss and a sample.

    Steps 0, 1, 4, 16 and 64, where most changes, then at equal distances. An evaluation and a
    sample cost about as much as training on 7,000 tokens (measured, within a factor of two, for
    every model), so one for each 200,000 tokens takes about 3.5 % of the time.
    """
    every = max(1, 16 * round(settings.per_evaluation / settings.tokens_per_step / 16))
    return step in (0, 1, 4, 16, 64) or step % every == 0
