"""What a run of the crop network is: every choice that decides its result. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from lab.crops.network.layers import FEATURES, METHODS, parameters
from lab.training.hyperparameters import (
    BUDGETS,
    LARGEST,
    MEMORY_LIMIT,
    Hyperparameters,
    SettingsError,
)

WEIGHTS = Path(__file__).parents[3] / "assets" / "crops"
STARTS = ("korea", "spain")  # weights of the project's own
STEPS = 150
SHIPPED_WIDTH = 4
_NARROW = f"The pre-trained weights have width {SHIPPED_WIDTH}: choose it, or RI."


@dataclass(frozen=True, kw_only=True)
class CropSettings(Hyperparameters):
    """All hyper-parameters of a run. Make one with `CropSettings.default(method, **changes)`.

    Args:
        model: the method, a key of `METHODS`: what is trained, and whether from random weights.
        features: "VH", or "VH+VV" (a second channel of the first layer, after Eq. 3).
        start: the weights to begin with, "korea" or "spain"; RI does not read it.
        shots: labelled tiles of 64 x 64 pixels of the training part to learn from, 0 for all.
        patch: pixels a side of the crops of a batch, a multiple of 16.
        width: channels of the first level; 4 for the weights of the project, 16 in the paper.

    Budget, optimiser, seed and device: see `Hyperparameters`. A step counts `batch` crops as
    "tokens". Loss, optimiser, learning rates and steps are the lab's choice: the paper's are not
    known here.
    """

    task: ClassVar[str] = "crops"
    architecture: ClassVar[tuple[str, ...]] = ("model", "features", "width")
    live: ClassVar[tuple[str, ...]] = ("learning_rate",)
    choices: ClassVar[dict[str, tuple[str, ...]]] = {
        **Hyperparameters.choices,
        "model": tuple(METHODS),
        "features": tuple(FEATURES),
        "start": STARTS,
    }
    largest: ClassVar[dict[str, int]] = {**LARGEST, "batch": 64, "width": 32, "patch": 256}
    per_report: ClassVar[int] = 4 * 4
    per_evaluation: ClassVar[int] = 4 * 16

    model: str = "FT"
    features: str = "VH"
    start: str = "korea"
    shots: int = 0
    patch: int = 64
    width: int = SHIPPED_WIDTH
    batch: int = 4
    dropout: float = 0.3
    learning_rate: float = 1e-2
    warmup: int = 10
    prompt: str = ""

    @classmethod
    def default(cls, model: str = "FT", **changes: Any) -> CropSettings:
        """Return settings that adapt the small network within seconds of one CPU core.

        Args:
            model: a key of `METHODS`.
            changes: fields to set otherwise. With no budget among them, 150 steps (one for
                "zero", which learns nothing).

        Raises:
            SettingsError: no such method, no such field, or a value that cannot be.
        """
        if model not in METHODS:
            raise SettingsError(f"There is no method {model!r}; there are {', '.join(METHODS)}.")
        values = {**_DEFAULTS.get(model, {}), **changes, "model": model}
        if all(values.get(budget) is None for budget in BUDGETS):
            values["steps"] = 1 if model == "zero" else STEPS
        return cls.of(**values)

    def validate(self) -> CropSettings:
        """Check every value; return the settings.

        Raises:
            SettingsError: the first thing that is wrong, in one sentence.
        """
        super().validate()
        if self.model != "RI" and self.width != SHIPPED_WIDTH:
            raise SettingsError(_NARROW)
        if self.patch % 16:
            raise SettingsError(f"A crop has a multiple of 16 pixels a side, not {self.patch}.")
        if not 0 <= self.shots <= 10_000:
            raise SettingsError(f"Shots must be positive, or 0 for all tiles, not {self.shots}.")
        # About thirty numbers are kept for each pixel, image and channel of the first level.
        if 4.0 * 30 * 8 * self.batch * self.patch**2 * self.width > MEMORY_LIMIT:
            raise SettingsError("This would need too much memory: choose a smaller batch or patch.")
        return self

    @property
    def bands(self) -> tuple[str, ...]:
        """What is read, such as ("VH", "VV")."""
        return FEATURES[self.features]

    def parameters(self) -> int:
        """Count the numbers of the network."""
        return parameters(self.model, self.width, self.features)[1]

    def trained(self) -> int:
        """Count those that are trained."""
        return parameters(self.model, self.width, self.features)[0]


# By the validation parts of scenes that no lesson shows (seeds 1500 to 1502), one run each; never
# by the paper's table. A few numbers can be moved faster than all of them together.
_DEFAULTS: dict[str, dict[str, Any]] = {
    "RI": {"learning_rate": 5e-3},
    "FT": {"learning_rate": 5e-3},
    **{f"last{count}": {"learning_rate": 3e-2} for count in (1, 2, 3)},
}
