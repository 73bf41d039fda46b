"""What a run of a language model is: every choice that decides its result. No torch here."""

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

MODELS = ("mlp", "rnn", "gru", "lstm", "transformer")
POSITIONS = ("learned", "sinusoidal", "alibi", "none")


@dataclass(frozen=True, kw_only=True)
class Settings(Hyperparameters):
    """All hyper-parameters of a run. Make one with `Settings.default(model, **changes)`.

    Args:
        model: "mlp", "rnn", "gru", "lstm" or "transformer".
        layers: how many are stacked.
        width: size of the hidden state, or of the residual stream of the Transformer.
        block: length of the training windows in tokens; the Transformer sees no further.
        batch: windows per optimiser step.
        heads: attention heads (Transformer only); they share the width equally.
        positions: how the Transformer knows the order of its tokens.
        window: how many tokens the MLP sees at once.
        embedding: size of the MLP's token vectors; the other models use their width.
        dropout: probability of setting an activation to zero while training, from 0 to below 1.
        sample_length: tokens per sample.
        temperature: logits of a sample are divided by it.
        top_k: draw from the k most probable tokens only; None for all.

    Budget, optimiser, seed and device: see `Hyperparameters`.
    """

    task: ClassVar[str] = "language"
    architecture: ClassVar[tuple[str, ...]] = (
        "model",
        "layers",
        "width",
        "heads",
        "positions",
        "window",
        "embedding",
        "block",
    )
    live: ClassVar[tuple[str, ...]] = ("learning_rate", "temperature", "top_k", "prompt")
    choices: ClassVar[dict[str, tuple[str, ...]]] = {
        **Hyperparameters.choices,
        "model": MODELS,
        "positions": POSITIONS,
    }
    largest: ClassVar[dict[str, int]] = {
        **LARGEST,
        "layers": 48,
        "width": 4096,
        "embedding": 4096,
        "window": 256,
        "heads": 64,
        "block": 4096,
        "sample_length": 5_000,
    }

    model: str = "lstm"
    layers: int = 1
    width: int = 160
    block: int = 64
    heads: int = 8
    positions: str = "alibi"
    window: int = 10
    embedding: int = 32
    sample_length: int = 160
    temperature: float = 0.8
    top_k: int | None = None

    @classmethod
    def default(cls, model: str = "lstm", **changes: Any) -> Settings:
        """Return the settings that learn fastest within about a minute of one CPU core.

        Args:
            model: one of `MODELS`.
            changes: fields to set otherwise. With no budget among them, 30 seconds.

        Raises:
            SettingsError: no such model, no such field, or a value that cannot be.
        """
        if model not in MODELS:
            raise SettingsError(f"There is no model {model!r}; there are {', '.join(MODELS)}.")
        values = {**_DEFAULTS[model], **changes, "model": model}
        if all(values.get(budget) is None for budget in BUDGETS):
            values["seconds"] = 30.0
        return cls.of(**values)

    @property
    def tokens_per_step(self) -> int:
        """Tokens that one optimiser step learns from."""
        return self.batch * self.block

    def validate(
        self,
        vocabulary_size: int | None = None,
        train_tokens: int | None = None,
        validation_tokens: int | None = None,
    ) -> Settings:
        """Check every value, and the fit to a text if its sizes are given; return the settings.

        Raises:
            SettingsError: the first thing that is wrong, in one sentence.
        """
        super().validate()
        if self.top_k is not None and self.top_k < 1:
            raise SettingsError(f"top_k must be at least 1, or None for all, not {self.top_k}.")
        if self.model == "transformer":
            if self.width % self.heads:
                raise SettingsError(
                    f"The width {self.width} must be divisible by the number of heads {self.heads}."
                )
            if self.positions == "sinusoidal" and self.width % 2:
                raise SettingsError(
                    f"Sinusoidal positions need an even width: {self.width} is odd."
                )
        for part, length in (("training", train_tokens), ("validation", validation_tokens)):
            if length is not None and length < self.block + 1:
                raise SettingsError(
                    f"The {part} part of this text has only {length} tokens: choose a block of at "
                    f"most {max(1, length - 1)} instead of {self.block}, or a longer text."
                )
        from lab.training.cost import memory

        needed = memory(self, vocabulary_size or 256)
        if needed > MEMORY_LIMIT:
            raise SettingsError(
                f"This model would need about {needed / 1e9:.0f} GB of memory: choose a smaller "
                "width, fewer layers, a smaller batch or a shorter block."
            )
        return self


_DEFAULTS: dict[str, dict[str, Any]] = {
    "lstm": {},
    "gru": {},
    "rnn": {"learning_rate": 7e-3},
    "mlp": {"width": 384, "learning_rate": 5e-3},
    "transformer": {"layers": 2, "width": 128, "batch": 12, "learning_rate": 3e-3},
}
