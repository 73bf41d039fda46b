"""What a run of a captioner is: every choice that decides its result. No torch here."""

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

ATTENTIONS = ("soft", "hard", "none")


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
    architecture: ClassVar[tuple[str, ...]] = ("attention", "width")
    choices: ClassVar[dict[str, tuple[str, ...]]] = {
        **Hyperparameters.choices,
        "attention": ATTENTIONS,
    }
    largest: ClassVar[dict[str, int]] = {**LARGEST, "batch": 512, "width": 512}
    per_report: ClassVar[int] = 32 * 4
    per_evaluation: ClassVar[int] = 32 * 64

    attention: str = "soft"
    width: int = 96
    batch: int = 32
    learning_rate: float = 6e-3
    warmup: int = 20
    prompt: str = "0"

    @classmethod
    def default(cls, attention: str = "soft", **changes: Any) -> CaptionSettings:
        """Return the settings that learn the lab's scenes within a minute of one CPU core.

        Args:
            attention: "soft", "hard" or "none".
            changes: fields to set otherwise. With no budget among them, 30 seconds.

        Raises:
            SettingsError: no such attention, no such field, or a value that cannot be.
        """
        if attention not in ATTENTIONS:
            raise SettingsError(
                f"There is no attention {attention!r}; there are soft, hard and none."
            )
        values = {**changes, "attention": attention}
        if all(values.get(budget) is None for budget in BUDGETS):
            values["seconds"] = 30.0
        return cls.of(**values)

    def validate(self) -> CaptionSettings:
        """Check every value; return the settings.

        Raises:
            SettingsError: the first thing that is wrong, in one sentence.
        """
        super().validate()
        if self.width % 2:
            raise SettingsError(f"The width {self.width} must be even.")
        if not self.prompt.isdecimal():
            raise SettingsError("The scene to watch must be a number.")
        if 4.0 * self.batch * (200_000 + 400 * self.width) > MEMORY_LIMIT:
            raise SettingsError("This model would need too much memory: choose a smaller batch.")
        return self
