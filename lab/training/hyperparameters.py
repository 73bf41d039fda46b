"""What every run of the lab has in common: budget, optimiser, seed, device. No torch here."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from typing import Annotated, Any, ClassVar, Self

from lab.training.declared import about, settings_of

SCHEDULES = ("cosine", "linear", "constant")
PRECISIONS = ("auto", "float32", "bfloat16")
DEVICES = ("auto", "cpu", "cuda", "mps")
BUDGETS = ("seconds", "tokens", "steps")
MEMORY_LIMIT = 4e9  # bytes that one run may need, by the estimate of its task
LONGEST_PROMPT = 10_000  # characters

# The largest values make sense on one machine in class; beyond them somebody mistyped.
Rate = Annotated[float, about("Learning rate", "lr", "How far each optimiser step goes.", gt=0)]
Warmup = Annotated[
    int,
    about(
        "Warm-up (steps)",
        "warm-up",
        "Steps in which the rate rises from zero.",
        ge=0,
        le=1_000_000,
        step=1,
    ),
]
Dropout = Annotated[
    float,
    about("Dropout", "dropout", "Share of units silenced while training.", ge=0, lt=1, step=0.05),
]
Schedule = Annotated[str, about(choices=SCHEDULES)]
Prompt = Annotated[
    str,
    about(
        max_length=LONGEST_PROMPT,
        refusal=f"The prompt is longer than {LONGEST_PROMPT} characters: shorten it.",
    ),
]
# The number of a held-out scene.
SceneNumber = Annotated[
    str, about(pattern=r"^[0-9]{1,9}\Z", refusal="The scene to watch must be a number.")
]


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
        first: the setting that the models of a line-up differ in; its choices are their names.
        noun: what a sentence calls it; its name if empty.
        standard: model -> values other than the defaults below.
        architecture: the settings that the shapes of the weights depend on.
        live: what may change during a run.
        per_report: tokens (see `tokens_per_step`) between two points of the curves.
        between_evaluations: tokens between two validation losses.
    """

    task: ClassVar[str]
    first: ClassVar[str] = "model"
    noun: ClassVar[str] = ""
    standard: ClassVar[dict[str, dict[str, Any]]] = {}
    architecture: ClassVar[tuple[str, ...]] = ()
    live: ClassVar[tuple[str, ...]] = ("learning_rate", "prompt")
    per_report: ClassVar[int] = 32_768
    between_evaluations: ClassVar[int] = 200_000

    batch: Annotated[int, about(ge=1, le=4096)] = 32
    dropout: Dropout = 0.0
    learning_rate: Rate = 1e-2
    schedule: Schedule = "cosine"
    warmup: Warmup = 20
    clip: Annotated[float, about(gt=0)] = 1.0
    weight_decay: Annotated[float, about(ge=0)] = 0.01
    beta2: Annotated[float, about(ge=0, lt=1)] = 0.99
    precision: Annotated[str, about(choices=PRECISIONS)] = "auto"
    seed: Annotated[int, about(ge=0, le=2**63 - 1)] = 0
    seconds: Annotated[float, about(gt=0)] | None = None
    tokens: Annotated[int, about(ge=1, le=10**13)] | None = None
    steps: Annotated[int, about(ge=1, le=10**9)] | None = None
    device: Annotated[str, about(choices=DEVICES)] = "auto"
    prompt: Prompt = "\n"

    @classmethod
    def default(cls, model: str | None = None, **changes: Any) -> Self:
        """Return the settings that learn well within the lesson's minute of one CPU core.

        Args:
            model: one of the choices of the setting `first`; None for its own default.
            changes: fields to set otherwise. With no budget among them, that of the task.

        Raises:
            SettingsError: no such model, no such field, or a value that cannot be.
        """
        model = changes.pop(cls.first, model)
        if model is None:
            model = str(getattr(cls, cls.first))  # a dataclass keeps its defaults on the class
        choices = settings_of(cls)[cls.first].choices
        if model not in choices:
            raise SettingsError(
                f"There is no {cls.noun or cls.first} {model!r}; there are {', '.join(choices)}."
            )
        given = {
            name: value
            for name, value in changes.items()
            if name not in BUDGETS or value is not None
        }
        budget = {} if any(name in given for name in BUDGETS) else cls.budget(model)
        values = {**cls.standard.get(model, {}), **budget, **given, cls.first: model}
        return cls.of(**values)

    @classmethod
    def budget(cls, model: str) -> dict[str, Any]:
        """Return what a run is given when nobody says how much."""
        return {"seconds": 30.0}

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

    def tokens_until(self, step: int) -> int:
        """Return the tokens that the first `step` optimiser steps learn from."""
        return step * self.tokens_per_step

    @property
    def per_evaluation(self) -> int:
        """Tokens between two validation losses."""
        return self.between_evaluations

    def validate(self) -> Self:
        """Check every value; return the settings.

        Raises:
            SettingsError: the first thing that is wrong, in one sentence.
        """
        for name, setting in settings_of(type(self)).items():
            refused = setting.refused(getattr(self, name))
            if refused is not None:
                raise SettingsError(refused)
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
