"""What a run of a captioner is: every choice that decides its result. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from lab.models.choices import CAPTION_ATTENTIONS
from lab.training.declared import about
from lab.training.hyperparameters import (
    MEMORY_LIMIT,
    Hyperparameters,
    Rate,
    SceneNumber,
    SettingsError,
    Warmup,
)


@dataclass(frozen=True, kw_only=True)
class CaptionSettings(Hyperparameters):
    """All hyper-parameters of a captioner. Make one with `CaptionSettings.default`.

    Args:
        attention: "soft" looks at every place by its weight; "hard" at one place, drawn by chance
            while training (Xu et al. 2015, sections 4.1 and 4.2); "none" has the mean of all.
        width: size of the decoder's state and of the word vectors.
        prompt: number of the held-out scene whose caption is shown along the run.

    Budget, optimiser, seed and device: see `Hyperparameters`. A step counts `batch` scenes as
    "tokens".
    """

    task: ClassVar[str] = "captioning"
    first: ClassVar[str] = "attention"
    architecture: ClassVar[tuple[str, ...]] = ("attention", "width")
    per_report: ClassVar[int] = 32 * 4
    between_evaluations: ClassVar[int] = 32 * 64

    attention: Annotated[str, about(choices=CAPTION_ATTENTIONS)] = "soft"
    width: Annotated[
        int,
        about(
            "Width",
            "width",
            "Size of the decoder's state.",
            ge=2,
            le=512,
            multiple_of=2,
            step=16,
            refusal="The width {value} must be even, and at most 512.",
        ),
    ] = 96
    batch: Annotated[
        int, about("Batch (scenes)", "batch", "Scenes in one training step.", ge=1, le=512, step=1)
    ] = 32
    learning_rate: Rate = 6e-3
    warmup: Warmup = 20
    prompt: SceneNumber = "0"

    def validate(self) -> CaptionSettings:
        """Check every value; return the settings.

        Raises:
            SettingsError: the first thing that is wrong, in one sentence.
        """
        super().validate()
        if 4.0 * self.batch * (200_000 + 400 * self.width) > MEMORY_LIMIT:
            raise SettingsError("This model would need too much memory: choose a smaller batch.")
        return self
