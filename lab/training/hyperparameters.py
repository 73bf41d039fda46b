"""What every run of the lab has in common: budget, optimiser, seed, device. No torch here."""

from __future__ import annotations

import json
import math
import types
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import Any, ClassVar, Self, get_args, get_origin, get_type_hints

SCHEDULES = ("cosine", "linear", "constant")
PRECISIONS = ("auto", "float32", "bfloat16")
DEVICES = ("auto", "cpu", "cuda", "mps")
BUDGETS = ("seconds", "tokens", "steps")
MEMORY_LIMIT = 4e9  # bytes that one run may need, by the estimate of its task
LONGEST_PROMPT = 10_000  # characters

# The largest value that makes sense on one machine in class; beyond it somebody mistyped.
LARGEST = {
    "batch": 4096,
    "warmup": 1_000_000,
    "seed": 2**63 - 1,
    "steps": 10**9,
    "tokens": 10**13,
}
_AT_LEAST_ZERO = ("warmup", "sample_length", "seed")


class SettingsError(ValueError):
    """These settings cannot be trained; the message is one sentence that says what to change."""


@dataclass(frozen=True, kw_only=True)
class Hyperparameters:
    """The part of a run's settings that does not depend on what is learned.

    Args:
        batch: examples per optimiser step.
        dropout: probability of setting an activation to zero while training, from 0 to below 1.
        learning_rate: of AdamW, at the top of the schedule.
        schedule: how the learning rate falls over the budget: "cosine" or "linear" to zero, or
            "constant". Under a budget of seconds it follows seconds / budget, and two runs on a
            busy and an idle machine differ; under tokens or steps it follows the step exactly.
        warmup: steps over which the learning rate rises linearly from zero.
        clip: largest norm of the gradient; a longer gradient is scaled down to it.
        weight_decay: of AdamW, applied to matrices only.
        beta2: decay of AdamW's mean of squared gradients.
        precision: "float32", "bfloat16" (matrix products only; weights stay float32), or "auto":
            bfloat16 where this machine is measured to be faster with it.
        seed: of the initial weights, the batches, dropout and the samples.
        seconds, tokens, steps: the budget; exactly one of them is given.
        device: "cpu", "cuda", "mps", or "auto" for a GPU if there is one.
        prompt: what samples begin with, or are made of.

    Attributes:
        task: names what is learned; `lab.runs.kinds` finds the code by it.
        architecture: the settings that the shapes of the weights depend on.
        live: what may change during a run.
        choices: setting -> the values it may have.
        largest: setting -> the largest value it may have.
        per_report, per_evaluation: tokens (see `tokens_per_step`) between two points of the
            curves, and between two validation losses.
    """

    task: ClassVar[str]
    architecture: ClassVar[tuple[str, ...]] = ()
    live: ClassVar[tuple[str, ...]] = ("learning_rate", "prompt")
    choices: ClassVar[dict[str, tuple[str, ...]]] = {
        "schedule": SCHEDULES,
        "precision": PRECISIONS,
        "device": DEVICES,
    }
    largest: ClassVar[dict[str, int]] = LARGEST
    per_report: ClassVar[int] = 32_768
    per_evaluation: ClassVar[int] = 200_000

    batch: int = 32
    dropout: float = 0.0
    learning_rate: float = 1e-2
    schedule: str = "cosine"
    warmup: int = 20
    clip: float = 1.0
    weight_decay: float = 0.01
    beta2: float = 0.99
    precision: str = "auto"
    seed: int = 0
    seconds: float | None = None
    tokens: int | None = None
    steps: int | None = None
    device: str = "auto"
    prompt: str = "\n"

    @classmethod
    def of(cls, **values: Any) -> Self:
        """Make settings from named values and check them.

        Raises:
            SettingsError: no such field, or a value that cannot be.
        """
        unknown = sorted(set(values) - {field.name for field in fields(cls)})
        if unknown:
            raise SettingsError(f"There is no setting called {unknown[0]!r}.")
        return cls(**values).validate()

    def changed(self, **changes: Any) -> Self:
        """Return a copy with other values; a new budget replaces the old one."""
        unknown = sorted(set(changes) - {field.name for field in fields(self)})
        if unknown:
            raise SettingsError(f"There is no setting called {unknown[0]!r}.")
        if any(changes.get(budget) is not None for budget in BUDGETS):
            changes = {**dict.fromkeys(BUDGETS), **changes}
        return replace(self, **changes).validate()

    @property
    def tokens_per_step(self) -> int:
        """Tokens that one optimiser step learns from, or what the task counts instead."""
        return self.batch

    def validate(self) -> Self:
        """Check every value; return the settings.

        Raises:
            SettingsError: the first thing that is wrong, in one sentence.
        """
        _check_types(self)
        for name, choices in self.choices.items():
            value = getattr(self, name)
            if value not in choices:
                raise SettingsError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
        _check_numbers(self)
        given = [budget for budget in BUDGETS if getattr(self, budget) is not None]
        if len(given) != 1:
            found = "none" if not given else " and ".join(given)
            raise SettingsError(
                f"A run needs exactly one budget, seconds, tokens or steps: {found} given."
            )
        return self

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as a dict that JSON can hold, with the name of the task."""
        return {"task": self.task, **asdict(self)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Make settings from `to_dict`; nothing may be missing, extra or of another type.

        Raises:
            SettingsError: something is, or a value cannot be.
        """
        names = {field.name for field in fields(cls)} | {"task"}
        if isinstance(values, dict):  # saved when there was one task only
            values = {"task": "language", **values}
        if not isinstance(values, dict) or set(values) != names or values["task"] != cls.task:
            odd = sorted(names ^ set(values), key=str) if isinstance(values, dict) else []
            raise SettingsError(
                "These are not the settings of a run"
                + (f": {odd[0]!r} is missing or too much." if odd else ".")
            )
        return cls(**{name: value for name, value in values.items() if name != "task"}).validate()

    def to_json(self) -> str:
        """Return the settings as one JSON object."""
        return json.dumps(self.to_dict(), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote, strictly.

        Raises:
            SettingsError: the text is something else.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError, TypeError):
            raise SettingsError("These settings are not valid JSON.") from None
        return cls.from_dict(values)


@cache
def _allowed_types(cls: type[Hyperparameters]) -> dict[str, tuple[type, ...]]:
    allowed = {}
    for name, kind in get_type_hints(cls).items():
        if get_origin(kind) is ClassVar:
            continue
        kinds = get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
        allowed[name] = (*kinds, int) if float in kinds else kinds
    return allowed


def _check_types(settings: Hyperparameters) -> None:
    for name, allowed in _allowed_types(type(settings)).items():
        value = getattr(settings, name)
        # bool is an int to Python, but True layers are a mistake.
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            words = " or ".join("None" if k is type(None) else k.__name__ for k in allowed)
            raise SettingsError(f"{name} must be of type {words}, not {value!r:.60}.")


def _check_numbers(settings: Hyperparameters) -> None:
    for name, largest in settings.largest.items():
        value, smallest = getattr(settings, name), 0 if name in _AT_LEAST_ZERO else 1
        if value is not None and not smallest <= value <= largest:
            raise SettingsError(f"{name} must lie between {smallest} and {largest}, not {value}.")
    for name in ("learning_rate", "clip", "temperature", "seconds"):
        value = getattr(settings, name, None)
        if value is not None and not (math.isfinite(value) and value > 0):
            raise SettingsError(f"{name} must be a positive number, not {value}.")
    if not (math.isfinite(settings.weight_decay) and settings.weight_decay >= 0):
        raise SettingsError(f"weight_decay must be zero or more, not {settings.weight_decay}.")
    for name in ("dropout", "beta2"):
        if not 0 <= getattr(settings, name) < 1:
            raise SettingsError(
                f"{name} must lie from 0 to below 1, not {getattr(settings, name)}."
            )
    if len(settings.prompt) > LONGEST_PROMPT:
        raise SettingsError(f"The prompt is longer than {LONGEST_PROMPT} characters: shorten it.")
