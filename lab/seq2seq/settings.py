"""What a run of a translator is: every choice that decides its result. No torch here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from lab.training.declared import about
from lab.training.hyperparameters import (
    MEMORY_LIMIT,
    Hyperparameters,
    Prompt,
    Rate,
    SettingsError,
    Warmup,
)

MODELS = ("gru", "lstm", "rnn", "transformer")
SCORES = ("none", "dot", "scaled dot", "general", "concat", "mlp")
LOOKS = ("after", "before")
_RECURRENT = ("gru", "lstm", "rnn")


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
    standard: ClassVar[dict[str, dict[str, Any]]] = {
        "rnn": {"learning_rate": 3e-3},
        "transformer": {"width": 64, "layers": 1, "learning_rate": 2e-3, "warmup": 20},
    }
    # An evaluation takes as long as two or three steps, and a picture that moves is the lesson.
    per_report: ClassVar[int] = 32 * 4
    between_evaluations: ClassVar[int] = 32 * 32

    model: Annotated[str, about(choices=MODELS)] = "gru"
    score: Annotated[
        str,
        about(
            "Attention score",
            "score",
            "How the decoder's state s is compared with each encoder state h. 'none' is no "
            "attention: the decoder must do with one vector. The equations are below, under "
            "'Step by step'.",
            choices=SCORES,
            only=_RECURRENT,
        ),
    ] = "general"
    look: Annotated[
        str,
        about(
            "Attend",
            "attends",
            "After the recurrence (Luong 2015): fast. Before it, with the state before the word "
            "(Bahdanau 2015, and the lectures): word by word, two to three times slower here.",
            choices=LOOKS,
            only=_RECURRENT,
        ),
    ] = "after"
    bidirectional: Annotated[
        bool,
        about(
            "Read from both ends",
            "both ends",
            "A bidirectional encoder: h knows what follows it as well.",
            only=_RECURRENT,
        ),
    ] = True
    attend_end: Annotated[
        bool,
        about(
            "May look at </s>",
            "</s> seen",
            "The end of the sentence is a convenient place to rest on; masked, attention must "
            "choose a word.",
        ),
    ] = True
    teacher_forcing: Annotated[
        float,
        about(
            "Teacher forcing",
            "forcing",
            "Share of training steps that read the true word before them; the others read the "
            "model's own (scheduled sampling). Below 1 it trains word by word, slower.",
            ge=0,
            le=1,
            step=0.1,
            only=_RECURRENT,
        ),
    ] = 1.0
    width: Annotated[
        int, about("Width", "width", "Size of embeddings and states.", ge=1, le=1024, step=16)
    ] = 96
    layers: Annotated[
        int,
        about(
            "Layers",
            "layers",
            "Of the encoder, and of the decoder.",
            ge=1,
            le=8,
            step=1,
            only=("transformer",),
        ),
    ] = 2
    heads: Annotated[
        int,
        about(
            "Heads",
            "heads",
            "Attention heads; they divide the width.",
            ge=1,
            le=32,
            step=1,
            only=("transformer",),
        ),
    ] = 4
    batch: Annotated[
        int, about("Batch (pairs)", "batch", "Pairs in one training step.", ge=1, le=1024, step=1)
    ] = 32
    learning_rate: Rate = 8e-3
    warmup: Warmup = 5
    # The dot product's scores leap otherwise: French 0.93 of 0.96, measured.
    clip: Annotated[float, about(gt=0)] = 0.3
    prompt: Prompt = ""

    @classmethod
    def budget(cls, model: str) -> dict[str, Any]:
        """Return 400 steps: the lab's own tasks are learned in seconds."""
        return {"steps": 400}

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
