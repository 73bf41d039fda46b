"""What a run of a translator is: every choice that decides its result. No torch here."""

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

MODELS = ("gru", "lstm", "rnn", "transformer")
SCORES = ("none", "dot", "scaled dot", "general", "concat", "mlp")
LOOKS = ("after", "before")


@dataclass(frozen=True, kw_only=True)
class TranslationSettings(Hyperparameters):
    """All hyper-parameters of a translator. Make one with `TranslationSettings.default`.

    Args:
        model: "gru", "lstm", "rnn", or "transformer".
        score: how attention scores a place of the source, "none" for no attention; see
            `lab.models.scores`. The Transformer has its own and does not read it.
        look: when the decoder attends, "after" its recurrence (Luong et al. 2015) or "before" it
            (Bahdanau et al. 2015); see `lab.models.encoder_decoder`.
        bidirectional: whether the recurrent encoder reads from both ends.
        attend_end: whether attention may look at the end-of-sentence token of the source.
        teacher_forcing: probability that a decoder step of training reads the true token before it
            rather than the model's own (recurrent models only).
        width: size of embeddings and states.
        layers, heads: of the Transformer; the recurrent models have one layer.
        prompt: the source sentence whose translation and alignment are shown along the run.

    Budget, optimiser, seed and device: see `Hyperparameters`. A step counts `batch` pairs as
    "tokens".
    """

    task: ClassVar[str] = "translation"
    architecture: ClassVar[tuple[str, ...]] = (
        "model",
        "score",
        "look",
        "bidirectional",
        "attend_end",
        "width",
        "layers",
        "heads",
    )
    choices: ClassVar[dict[str, tuple[str, ...]]] = {
        **Hyperparameters.choices,
        "model": MODELS,
        "score": SCORES,
        "look": LOOKS,
    }
    largest: ClassVar[dict[str, int]] = {
        **LARGEST,
        "batch": 1024,
        "width": 1024,
        "layers": 8,
        "heads": 32,
    }
    # An evaluation takes as long as two or three steps, and a picture that moves is the lesson.
    per_report: ClassVar[int] = 32 * 4
    per_evaluation: ClassVar[int] = 32 * 32

    model: str = "gru"
    score: str = "general"
    look: str = "after"
    bidirectional: bool = True
    attend_end: bool = True
    teacher_forcing: float = 1.0
    width: int = 96
    layers: int = 2
    heads: int = 4
    batch: int = 32
    learning_rate: float = 8e-3
    warmup: int = 5
    clip: float = 0.3  # the dot product's scores leap otherwise: French 0.93 of 0.96, measured
    prompt: str = ""

    @classmethod
    def default(cls, model: str = "gru", **changes: Any) -> TranslationSettings:
        """Return the settings that learn the lab's own tasks within seconds of one CPU core.

        Args:
            model: one of `MODELS`.
            changes: fields to set otherwise. With no budget among them, 400 steps.

        Raises:
            SettingsError: no such model, no such field, or a value that cannot be.
        """
        if model not in MODELS:
            raise SettingsError(f"There is no model {model!r}; there are {', '.join(MODELS)}.")
        values = {**_DEFAULTS.get(model, {}), **changes, "model": model}
        if all(values.get(budget) is None for budget in BUDGETS):
            values["steps"] = 400
        return cls.of(**values)

    @property
    def attends(self) -> bool:
        """Whether there are attention weights to look at."""
        return self.model == "transformer" or self.score != "none"

    def validate(self, longest: int | None = None) -> TranslationSettings:
        """Check every value, and the memory for sentences of a length; return the settings.

        Args:
            longest: tokens of the longest sentence, on either side.

        Raises:
            SettingsError: the first thing that is wrong, in one sentence.
        """
        super().validate()
        if not 0 <= self.teacher_forcing <= 1:
            raise SettingsError(
                f"teacher_forcing must lie between 0 and 1, not {self.teacher_forcing}."
            )
        if self.model == "transformer":
            if self.width % self.heads or self.width % 2:
                raise SettingsError(
                    f"The width {self.width} must be even and divisible by the number of heads "
                    f"{self.heads}."
                )
            if self.teacher_forcing < 1:
                raise SettingsError(
                    "The Transformer learns all places at once from the true tokens: set teacher "
                    "forcing to 1, or choose a recurrent model."
                )
        elif self.width % 4:
            raise SettingsError(f"The width {self.width} must be divisible by 4.")
        needed = self._memory(longest or 30)
        if needed > MEMORY_LIMIT:
            raise SettingsError(
                f"This model would need about {needed / 1e9:.0f} GB of memory: choose a smaller "
                "width, a smaller batch or shorter sentences."
            )
        return self

    def _memory(self, length: int) -> float:
        # Bytes for the activations, within a factor of two: vectors at every place, and whatever
        # there is for every pair of places.
        pairs = {"concat": self.width, "mlp": self.width, "transformer": 4 * self.heads}
        kind = "transformer" if self.model == "transformer" else self.score
        layers = 2 * self.layers if self.model == "transformer" else 1
        vectors = 40 * layers * self.width * length
        return 4.0 * self.batch * (vectors + layers * length**2 * pairs.get(kind, 4))


_DEFAULTS: dict[str, dict[str, Any]] = {
    "rnn": {"learning_rate": 3e-3},
    "transformer": {"width": 64, "layers": 1, "learning_rate": 2e-3, "warmup": 20},
}
