"""What a run of the crop network is: every choice that decides its result. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from lab.crops.network.layers import FEATURES, METHODS, parameters
from lab.places import ASSETS
from lab.training.declared import about
from lab.training.hyperparameters import (
    MEMORY_LIMIT,
    Hyperparameters,
    Prompt,
    Rate,
    SettingsError,
    Warmup,
)

WEIGHTS = ASSETS / "crops"
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
    noun: ClassVar[str] = "method"
    # By the validation parts of scenes that no lesson shows (seeds 1500 to 1502), one run each;
    # never by the paper's table. A few numbers can be moved faster than all of them together.
    standard: ClassVar[dict[str, dict[str, Any]]] = {
        "RI": {"learning_rate": 5e-3},
        "FT": {"learning_rate": 5e-3},
        **{f"last{count}": {"learning_rate": 3e-2} for count in (1, 2, 3)},
    }
    per_report: ClassVar[int] = 4 * 4
    between_evaluations: ClassVar[int] = 4 * 16

    model: Annotated[str, about(choices=tuple(METHODS))] = "FT"
    features: Annotated[str, about(choices=tuple(FEATURES))] = "VH"
    start: Annotated[str, about(choices=STARTS)] = "korea"
    shots: Annotated[
        int,
        about(
            ge=0,
            le=10_000,
            refusal="Shots must be positive, or 0 for all tiles, not {value}.",
        ),
    ] = 0
    patch: Annotated[
        int,
        about(
            ge=16,
            le=256,
            multiple_of=16,
            refusal="A crop has a multiple of 16 pixels a side, up to 256, not {value}.",
        ),
    ] = 64
    width: Annotated[int, about(ge=1, le=32)] = SHIPPED_WIDTH
    batch: Annotated[
        int,
        about("Batch (crops)", "batch", "Pieces of the scene in a step.", ge=1, le=64, step=1),
    ] = 4
    dropout: Annotated[
        float,
        about("Dropout", "dropout", "Share of activations set to zero.", ge=0, lt=1, step=0.1),
    ] = 0.3
    learning_rate: Rate = 1e-2
    warmup: Warmup = 10
    prompt: Prompt = ""

    @classmethod
    def budget(cls, model: str) -> dict[str, Any]:
        """Return 150 steps: seconds of one core. "zero" learns nothing, and needs one."""
        return {"steps": 1 if model == "zero" else STEPS}

    def validate(self) -> CropSettings:
        """Check every value; return the settings.

        Raises:
            SettingsError: the first thing that is wrong, in one sentence.
        """
        super().validate()
        if self.model != "RI" and self.width != SHIPPED_WIDTH:
            raise SettingsError(_NARROW)
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
