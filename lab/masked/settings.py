"""What a run of a masked language model is. No torch here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Self

from lab.training.hyperparameters import BUDGETS, LARGEST, Hyperparameters, SettingsError

PROJECT = Path(__file__).parent.parent.parent / "assets" / "masked"
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
# What a run in class begins with, by its start.
_LIVE: dict[str, dict[str, Any]] = {
    "random": {
        "layers": 2, "width": 128, "heads": 4, "context": 64, "batch": 1024, "growth": 20,
        "learning_rate": 2e-3, "warmup": 20, "schedule": "linear", "look": 32_768,
    },
    "project": {
        "batch": 256, "growth": 1, "learning_rate": 4e-4, "warmup": 5, "schedule": "linear",
        "look": 4_096,
    },
}  # fmt: skip


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
    architecture: ClassVar[tuple[str, ...]] = ("layers", "width", "heads", "context")
    largest: ClassVar[dict[str, int]] = {
        **LARGEST,
        "batch": 1 << 17,
        "growth": 10**6,
        "layers": 24,
        "width": 2048,
        "heads": 64,
        "context": 512,
        "look": 10**9,
    }
    live: ClassVar[tuple[str, ...]] = (*Hyperparameters.live, "words")
    choices: ClassVar[dict[str, tuple[str, ...]]] = {**Hyperparameters.choices, "start": STARTS}

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
    start: str = "random"
    head_start: bool = True
    look: int = 1_600_000
    words: str = ""
    watch: str = ""

    @classmethod
    def default(cls, start: str = "random", **changes: Any) -> Self:
        """Return settings for a run in class: small from random weights, or as the project's own.

        Raises:
            SettingsError: a value that cannot be, or no weights of the project's.
        """
        shape = project_architecture() if start == "project" else {}
        given = any(changes.get(budget) is not None for budget in BUDGETS)
        budget = {} if given else {"seconds": 20.0}
        return cls.of(start=start, **{**_LIVE.get(start, {}), **shape, **budget, **changes})

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
        for name in ("share", "pronoun_share"):
            if not 0 < getattr(self, name) < 1:
                raise SettingsError(f"{name} must lie between 0 and 1, not {getattr(self, name)}.")
        for name in ("words", "watch"):
            if len(getattr(self, name)) > 300 or len(listed(getattr(self, name))) > MOST_WORDS:
                raise SettingsError(f"{name}: at most {MOST_WORDS} words can be followed.")
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
