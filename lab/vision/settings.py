"""What a run of a picture classifier is: every choice that decides its result. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from lab.models.choices import PATCHES, PICTURE_POOLS, SIDE
from lab.training.declared import about
from lab.training.hyperparameters import (
    MEMORY_LIMIT,
    Hyperparameters,
    Rate,
    SceneNumber,
    SettingsError,
    Warmup,
)
from lab.vision.labels import WHAT

MODELS = ("vit", "cnn")
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
    per_report: ClassVar[int] = 32 * 8
    between_evaluations: ClassVar[int] = 32 * 64

    model: Annotated[str, about(choices=MODELS)] = "vit"
    what: Annotated[str, about(choices=WHAT)] = WHAT[0]
    patch: Annotated[
        int,
        about(
            "Patch (pixels)",
            "patch",
            "Side of a patch; of the CNN, pixels from one place of its map to the next. 8, 6 or 4.",
            ge=min(PATCHES),
            le=max(PATCHES),
            multiple_of=2,
            step=2,
            refusal="A patch has 8, 6 or 4 pixels a side, not {value}.",
        ),
    ] = 8
    width: Annotated[
        int,
        about("Width", "width", "Of each token, or channels of the map.", ge=1, le=256, step=8),
    ] = 64
    layers: Annotated[
        int,
        about(
            "Layers",
            "layers",
            "Layers of the Transformer.",
            ge=1,
            le=MOST_LAYERS,
            step=1,
            only=("vit",),
        ),
    ] = 2
    heads: Annotated[
        int,
        about(
            "Heads", "heads", "They share the width equally.", ge=1, le=16, step=1, only=("vit",)
        ),
    ] = 4
    pool: Annotated[
        str,
        about(
            "Pooling",
            "pooling",
            "How the places of the map become one answer: weighted by a learned query, or a plain "
            "mean.",
            choices=PICTURE_POOLS,
            only=("cnn",),
        ),
    ] = "attention"
    batch: Annotated[
        int, about("Batch (scenes)", "batch", "Scenes in one training step.", ge=1, le=512, step=1)
    ] = 32
    learning_rate: Rate = 2e-3
    warmup: Warmup = 50
    prompt: SceneNumber = "0"

    @classmethod
    def budget(cls, model: str) -> dict[str, Any]:
        """Return 25 seconds: they learn the lab's scenes."""
        return {"seconds": 25.0}

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
        if self.model == "vit" and self.width % self.heads:
            raise SettingsError(
                f"The width {self.width} cannot be shared equally by {self.heads} heads."
            )
        if self.width % 2:
            raise SettingsError(f"The width {self.width} must be even.")
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
