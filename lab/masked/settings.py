"""What a run of a masked language model is. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lab.training.hyperparameters import LARGEST, Hyperparameters, SettingsError


@dataclass(frozen=True, kw_only=True)
class MaskedSettings(Hyperparameters):
    """All hyper-parameters of a run.

    Args:
        layers: L.
        width: C, size of the residual stream.
        heads: nh per layer; they share the width equally.
        context: longest row in tokens.
        batch: tokens per optimiser step, once the batch has grown.
        growth: steps at a quarter of the batch, and then at half of it.
        share: of the tokens that is chosen for prediction.
        pronoun_share: the same for pronouns, of which a text has few.

    Budget, optimiser, seed and device: see `Hyperparameters`.
    """

    task: ClassVar[str] = "masked"
    architecture: ClassVar[tuple[str, ...]] = ("layers", "width", "heads", "context")
    largest: ClassVar[dict[str, int]] = {
        **LARGEST,
        "batch": 1 << 17,
        "growth": 10**6,
        "layers": 24,
        "width": 2048,
        "heads": 64,
        "context": 512,
    }
    per_evaluation: ClassVar[int] = 1_600_000

    layers: int = 4
    width: int = 256
    heads: int = 8
    context: int = 128
    batch: int = 4096
    growth: int = 1
    share: float = 0.2
    pronoun_share: float = 0.35
    learning_rate: float = 1e-3
    schedule: str = "constant"
    warmup: int = 500
    beta2: float = 0.98
    prompt: str = "The nurse said that [MASK] was tired."

    def validate(self) -> MaskedSettings:
        """Check every value; return the settings.

        Raises:
            SettingsError: the first thing that is wrong, in one sentence.
        """
        super().validate()
        if self.width % self.heads:
            raise SettingsError(
                f"The width {self.width} must be divisible by the number of heads {self.heads}."
            )
        for name in ("share", "pronoun_share"):
            if not 0 < getattr(self, name) < 1:
                raise SettingsError(f"{name} must lie between 0 and 1, not {getattr(self, name)}.")
        return self

    @property
    def tokens_per_step(self) -> int:
        """Tokens that one grown optimiser step reads."""
        return self.batch

    def batch_at(self, step: int) -> int:
        """Return the tokens that a step (from 0) reads: a quarter, then half, then all."""
        return self.batch >> max(0, 2 - step // self.growth)

    def tokens_until(self, step: int) -> int:
        """Return the tokens that the first `step` steps read."""
        quarter = min(step, self.growth)
        half = min(step - quarter, self.growth)
        return (
            (quarter * self.batch_at(0))
            + half * (self.batch // 2)
            + (step - quarter - half) * self.batch
        )
