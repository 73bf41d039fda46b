"""What a run of a picture classifier is: every choice that decides its result. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from lab.training.hyperparameters import (
    BUDGETS,
    LARGEST,
    MEMORY_LIMIT,
    Hyperparameters,
    SettingsError,
)
from lab.vision.labels import WHAT

MODELS = ("vit", "cnn")
PATCHES = (8, 6, 4)  # pixels; as `lab.models.vision` has them, which loads torch
POOLS = ("attention", "mean")
SIDE = 48  # pixels of a scene
MOST_LAYERS = 6


@dataclass(frozen=True, kw_only=True)
class VisionSettings(Hyperparameters):
    """All hyper-parameters of a classifier. Make one with `VisionSettings.default`.

    Args:
        model: "vit", a Vision Transformer, or "cnn", convolutions and a layer of self-attention.
        what: what is to be told, a key of `lab.vision.labels.LABELS`.
        patch: pixels a side of a patch, or between two places of the CNN's feature map: 8, 6, 4.
        width: of the Transformer's residual stream, channels of the CNN's map.
        layers, heads: of the Transformer.
        pool: of the CNN: "attention" or "mean".
        prompt: number of the held-out scene that is shown along the run.

    Budget, optimiser, seed and device: see `Hyperparameters`. A step counts `batch` scenes as
    "tokens".
    """

    task: ClassVar[str] = "vision"
    architecture: ClassVar[tuple[str, ...]] = (
        "model", "what", "patch", "width", "layers", "heads", "pool"
    )  # fmt: skip
    choices: ClassVar[dict[str, tuple[str, ...]]] = {
        **Hyperparameters.choices,
        "model": MODELS,
        "what": WHAT,
        "pool": POOLS,
    }
    largest: ClassVar[dict[str, int]] = {
        **LARGEST,
        "batch": 512,
        "width": 256,
        "layers": MOST_LAYERS,
        "heads": 16,
        "patch": max(PATCHES),
    }
    per_report: ClassVar[int] = 32 * 8
    per_evaluation: ClassVar[int] = 32 * 64

    model: str = "vit"
    what: str = WHAT[0]
    patch: int = 8
    width: int = 64
    layers: int = 2
    heads: int = 4
    pool: str = "attention"
    batch: int = 32
    learning_rate: float = 2e-3
    warmup: int = 50
    prompt: str = "0"

    @classmethod
    def default(cls, model: str = "vit", **changes: Any) -> VisionSettings:
        """Return the settings that learn the lab's scenes within half a minute of one CPU core.

        Args:
            model: "vit" or "cnn".
            changes: fields to set otherwise. With no budget among them, 25 seconds.

        Raises:
            SettingsError: no such model, no such field, or a value that cannot be.
        """
        if model not in MODELS:
            raise SettingsError(f"There is no model {model!r}; there are vit and cnn.")
        values = {**changes, "model": model}
        if all(values.get(budget) is None for budget in BUDGETS):
            values["seconds"] = 25.0
        return cls.of(**values)

    @property
    def grid(self) -> int:
        """Places a side."""
        return SIDE // self.patch

    def validate(self) -> VisionSettings:
        """Check every value; return the settings.

        Raises:
            SettingsError: the first thing that is wrong, in one sentence.
        """
        super().validate()
        if self.patch not in PATCHES:
            raise SettingsError(f"A patch has 8, 6 or 4 pixels a side, not {self.patch}.")
        if self.model == "vit" and self.width % self.heads:
            raise SettingsError(
                f"The width {self.width} cannot be shared equally by {self.heads} heads."
            )
        if self.width % 2:
            raise SettingsError(f"The width {self.width} must be even.")
        if not self.prompt.isdecimal():
            raise SettingsError("The scene to watch must be a number.")
        tokens, deep = self.grid**2 + 1, self.layers if self.model == "vit" else 4
        if (
            4.0 * self.batch * deep * tokens * (12 * self.width + self.heads * tokens)
            > MEMORY_LIMIT
        ):
            raise SettingsError("This model would need too much memory: choose a smaller batch.")
        return self

    def parameters(self) -> int:
        """Count the trained numbers of the network; a test holds it to what torch counts."""
        classes, c = len(_classes(self.what)), self.width
        head = classes * (c + 1)
        norm = 2 * c
        if self.model == "vit":
            block = 2 * norm + (c + 1) * 3 * c + (c + 1) * c + (c + 1) * 2 * c + (2 * c + 1) * c
            tokens = (3 * self.patch**2 + 1) * c + c + (self.grid**2 + 1) * c
            return tokens + self.layers * block + norm + head
        small = max(4, c // 8)
        convolutions = (75 + 1) * (c // 2) + (9 * (c // 2) + 1) * c + (9 * (c + 2) + 1) * c
        attention = 2 * (c + 1) * small + 2 * (c + 1) * c + 1
        return convolutions + attention + norm + (c if self.pool == "attention" else 0) + head


def _classes(what: str) -> tuple[str, ...]:
    from lab.vision.labels import LABELS

    return LABELS[what].classes
