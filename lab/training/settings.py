"""What a run of a language model is: every choice that decides its result. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from lab.training.declared import about
from lab.training.hyperparameters import (
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
    standard: ClassVar[dict[str, dict[str, Any]]] = {
        "rnn": {"learning_rate": 7e-3},
        "mlp": {"width": 384, "learning_rate": 5e-3},
        "transformer": {"layers": 2, "width": 128, "batch": 12, "learning_rate": 3e-3},
    }

    model: Annotated[str, about(choices=MODELS)] = "lstm"
    layers: Annotated[
        int, about("Layers", "layers", "Layers on top of each other.", ge=1, le=48, step=1)
    ] = 1
    width: Annotated[
        int,
        about(
            "Width",
            "width",
            "Units of each layer: the size of its state.",
            ge=1,
            le=4096,
            step=8,
        ),
    ] = 160
    block: Annotated[
        int,
        about(
            "Context (tokens)",
            "block",
            "Tokens of context in one training window.",
            ge=1,
            le=4096,
            step=4,
        ),
    ] = 64
    batch: Annotated[
        int,
        about("Batch (windows)", "batch", "Windows in one training step.", ge=1, le=4096, step=1),
    ] = 32
    dropout: Annotated[
        float,
        about(
            "Dropout",
            "dropout",
            "Share of units silenced at random while training; helps against overfitting.",
            ge=0,
            lt=1,
            step=0.05,
        ),
    ] = 0.0
    heads: Annotated[
        int,
        about(
            "Heads",
            "heads",
            "Attention heads; they divide the width.",
            ge=1,
            le=64,
            step=1,
            only=("transformer",),
        ),
    ] = 8
    positions: Annotated[
        str,
        about(
            "Positions",
            "positions",
            "How the Transformer knows the order. ALiBi learns fastest on small budgets.",
            choices=POSITIONS,
            only=("transformer",),
        ),
    ] = "alibi"
    window: Annotated[int, about(ge=1, le=256)] = 10
    embedding: Annotated[int, about(ge=1, le=4096)] = 32
    sample_length: Annotated[int, about(ge=0, le=5_000)] = 160
    temperature: Annotated[float, about(gt=0)] = 0.8
    top_k: (
        Annotated[
            int,
            about(ge=1, refusal="top_k must be at least 1, or None for all, not {value}."),
        ]
        | None
    ) = None

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
