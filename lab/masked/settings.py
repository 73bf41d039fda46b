"""What a run of a masked language model is. No torch here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Self

from lab.places import ASSETS
from lab.training.declared import about
from lab.training.hyperparameters import (
    Hyperparameters,
    Prompt,
    Rate,
    Schedule,
    SettingsError,
    Warmup,
)

PROJECT = ASSETS / "masked"
STARTS = ("random", "project")
MOST_WORDS = 12  # that a run follows
# What runs had before they could say otherwise: older files do not name these.
_ADDED: dict[str, Any] = {
    "start": "random",
    "head_start": True,
    "look": 1_600_000,
    "words": "",
    "watch": "",
}
_NEW = ("random",)
_FOLLOWED = f"at most {MOST_WORDS} words can be followed."


@lru_cache(maxsize=1)
def project_architecture() -> dict[str, int]:
    """Return layers, width, heads and context of the project's own model.

    Raises:
        SettingsError: it is not there.
    """
    names = {
        "layers": "num_hidden_layers",
        "width": "hidden_size",
        "heads": "num_attention_heads",
        "context": "max_position_embeddings",
    }
    try:
        config = json.loads((PROJECT / "config.json").read_text(encoding="utf-8"))
        return {ours: int(config[theirs]) for ours, theirs in names.items()}
    except (OSError, ValueError, KeyError):
        raise SettingsError(
            "The project's own weights are not in assets/masked: begin from random weights."
        ) from None


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
        start: "random" weights, or those of the "project" in assets/masked.
        head_start: whether random weights get word vectors from counts, heads that look at
            neighbours and the frequencies of the tokens (`lab.masked.initialise`).
        look: tokens between two measurements on held-out text.
        words: whose probability in the prompt's blank is followed through the run.
        watch: occupations whose log p(he)/p(she) is.

    Budget, optimiser, seed and device: see `Hyperparameters`.
    """

    task: ClassVar[str] = "masked"
    first: ClassVar[str] = "start"
    architecture: ClassVar[tuple[str, ...]] = ("layers", "width", "heads", "context")
    live: ClassVar[tuple[str, ...]] = (*Hyperparameters.live, "words")
    # What a run in class begins with.
    standard: ClassVar[dict[str, dict[str, Any]]] = {
        "random": {
            "layers": 2, "width": 128, "heads": 4, "context": 64, "batch": 1024, "growth": 20,
            "learning_rate": 2e-3, "warmup": 20, "schedule": "linear", "look": 32_768,
        },
        "project": {
            "batch": 256, "growth": 1, "learning_rate": 4e-4, "warmup": 5, "schedule": "linear",
            "look": 4_096,
        },
    }  # fmt: skip

    layers: Annotated[
        int,
        about("Layers", "layers", "Layers of the encoder.", ge=1, le=24, step=1, only=_NEW),
    ] = 4
    width: Annotated[
        int,
        about("Width", "width", "Of each token's vector.", ge=1, le=2048, step=16, only=_NEW),
    ] = 256
    heads: Annotated[
        int, about("Heads", "heads", "They share the width.", ge=1, le=64, step=1, only=_NEW)
    ] = 8
    context: Annotated[int, about(ge=1, le=512)] = 128
    batch: Annotated[
        int,
        about("Batch (tokens)", "batch", "Tokens in one training step.", ge=1, le=1 << 17, step=64),
    ] = 4096
    growth: Annotated[int, about(ge=1, le=10**6)] = 1
    share: Annotated[
        float,
        about("Share hidden", "hidden", "Of the tokens; BERT's is 0.15.", gt=0, lt=1, step=0.05),
    ] = 0.2
    pronoun_share: Annotated[
        float,
        about(
            "Share of pronouns hidden",
            "pronouns",
            "Of he, she, his, her and their kin, of which a text has few.",
            gt=0,
            lt=1,
            step=0.05,
        ),
    ] = 0.35
    learning_rate: Rate = 1e-3
    schedule: Schedule = "constant"
    warmup: Warmup = 500
    beta2: Annotated[float, about(ge=0, lt=1)] = 0.98
    prompt: Prompt = "The nurse said that [MASK] was tired."
    start: Annotated[str, about(choices=STARTS)] = "random"
    head_start: Annotated[
        bool,
        about(
            "Head start",
            "head start",
            "Begin with word vectors from counts of neighbours (PPMI, SVD), heads that look at "
            "the tokens beside them, and the frequency of each token. Off: random numbers alone.",
            only=_NEW,
        ),
    ] = True
    look: Annotated[int, about(ge=1, le=10**9)] = 1_600_000
    words: Annotated[str, about(max_length=300, refusal=f"words: {_FOLLOWED}")] = ""
    watch: Annotated[str, about(max_length=300, refusal=f"watch: {_FOLLOWED}")] = ""

    @classmethod
    def default(cls, model: str | None = None, **changes: Any) -> Self:
        """Return settings for a run in class: small from random weights, or as the project's own.

        Raises:
            SettingsError: a value that cannot be, or no weights of the project's.
        """
        start = changes.pop("start", model) or "random"
        shape = project_architecture() if start == "project" else {}
        return super().default(start, **{**shape, **changes})

    @classmethod
    def budget(cls, model: str) -> dict[str, Any]:
        """Return 20 seconds: enough to see a small text take effect."""
        return {"seconds": 20.0}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Make settings from `to_dict`, or from that of an older version.

        Raises:
            SettingsError: something is missing, or a value cannot be.
        """
        return super().from_dict({**_ADDED, **values} if isinstance(values, dict) else values)

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
        for name in ("words", "watch"):
            if len(listed(getattr(self, name))) > MOST_WORDS:
                raise SettingsError(f"{name}: {_FOLLOWED}")
        return self

    @property
    def per_evaluation(self) -> int:
        """Tokens between two measurements on held-out text."""
        return self.look

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


def listed(text: str) -> list[str]:
    """Return the different words of "he, she, they", in lower case and in their order."""
    return list(dict.fromkeys(text.lower().replace(",", " ").split()))
