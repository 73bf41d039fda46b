"""What a run of a sentence classifier is: every choice that decides its result. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lab.classify.encoder import shape
from lab.training.hyperparameters import BUDGETS, LARGEST, Hyperparameters, SettingsError

MODELS = ("frozen", "full", "scratch")
POOLS = ("mean", "cls")  # as `lab.models.classifier` has them, which loads torch
STEPS = 300


@dataclass(frozen=True, kw_only=True)
class ClassifySettings(Hyperparameters):
    """All hyper-parameters of a classifier. Make one with `ClassifySettings.default`.

    Args:
        model: what is trained. "frozen": only the linear layer on top of the project's masked
            model; "full": all weights, beginning with those of that model; "scratch": the same
            network, beginning with random weights.
        pool: what the linear layer reads: "mean" of all tokens' vectors, or that of "cls" alone.
        examples: how many of the texts are learned from; 0 for all.
        prompt: a sentence that is judged along the run.

    Budget, optimiser, seed and device: see `Hyperparameters`. A step counts `batch` texts as
    "tokens".
    """

    task: ClassVar[str] = "classification"
    architecture: ClassVar[tuple[str, ...]] = ("model", "pool")
    choices: ClassVar[dict[str, tuple[str, ...]]] = {
        **Hyperparameters.choices,
        "model": MODELS,
        "pool": POOLS,
    }
    largest: ClassVar[dict[str, int]] = {**LARGEST, "batch": 128}
    per_report: ClassVar[int] = 16 * 8
    per_evaluation: ClassVar[int] = 16 * 32

    model: str = "full"
    pool: str = "mean"
    examples: int = 0
    batch: int = 16
    learning_rate: float = 3e-4
    schedule: str = "linear"
    warmup: int = 20
    prompt: str = ""

    @classmethod
    def default(cls, model: str = "full", **changes: Any) -> ClassifySettings:
        """Return settings that learn short sentences within half a minute of one CPU core.

        Args:
            model: "frozen", "full" or "scratch".
            changes: fields to set otherwise. With no budget among them, 300 steps.

        Raises:
            SettingsError: no such model, no such field, or a value that cannot be.
        """
        if model not in MODELS:
            raise SettingsError(f"There is no model {model!r}; there are {', '.join(MODELS)}.")
        values = {**_DEFAULTS[model], **changes, "model": model}
        if all(values.get(budget) is None for budget in BUDGETS):
            values["steps"] = STEPS
        return cls.of(**values)

    def validate(self) -> ClassifySettings:
        """Check every value; return the settings.

        Raises:
            SettingsError: the first thing that is wrong, in one sentence.
        """
        super().validate()
        if not 0 <= self.examples <= 10**6:
            raise SettingsError(
                f"The number of examples must be positive, or 0 for all, not {self.examples}."
            )
        return self

    def parameters(self, classes: int = 2) -> int:
        """Count the numbers that are trained; a test holds it to what torch counts."""
        vocabulary, width, layers, _, context = shape()
        head = classes * (width + 1)
        if self.model == "frozen":
            return head
        norm = 2 * width
        layer = 4 * (width + 1) * width + (width + 1) * 4 * width + (4 * width + 1) * width
        return (vocabulary + context) * width + norm + layers * (layer + 2 * norm) + head


_DEFAULTS: dict[str, dict[str, Any]] = {
    "frozen": {"learning_rate": 1e-2},
    "full": {},
    "scratch": {"learning_rate": 5e-4},
}
