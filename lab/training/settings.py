"""What a run is: every choice that decides its result, in one frozen record. No torch here."""

from __future__ import annotations

import json
import math
import types
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from typing import Any, get_args, get_type_hints

MODELS = ("mlp", "rnn", "gru", "lstm", "transformer")
POSITIONS = ("learned", "sinusoidal", "alibi", "none")
SCHEDULES = ("cosine", "linear", "constant")
PRECISIONS = ("auto", "float32", "bfloat16")
DEVICES = ("auto", "cpu", "cuda", "mps")
BUDGETS = ("seconds", "tokens", "steps")
MEMORY_LIMIT = 4e9  # bytes that one run may need, by the estimate of lab.training.cost.memory

# The largest value that makes sense on one machine in class; beyond it somebody mistyped.
_LARGEST = {
    "layers": 48,
    "width": 4096,
    "embedding": 4096,
    "window": 256,
    "heads": 64,
    "block": 4096,
    "batch": 4096,
    "warmup": 1_000_000,
    "sample_length": 5_000,
    "seed": 2**63 - 1,
    "steps": 10**9,
    "tokens": 10**13,
}
_AT_LEAST_ZERO = ("warmup", "sample_length", "seed")
_LONGEST_PROMPT = 10_000  # characters


class SettingsError(ValueError):
    """These settings cannot be trained; the message is one sentence that says what to change."""


@dataclass(frozen=True)
class Settings:
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
        learning_rate: of AdamW, at the top of the schedule.
        schedule: how the learning rate falls over the budget: "cosine" or "linear" to zero, or
            "constant". Under a budget of seconds it follows seconds / budget, and two runs on a
            busy and an idle machine differ; under tokens or steps it follows the step exactly.
        warmup: steps over which the learning rate rises linearly from zero.
        clip: largest norm of the gradient; a longer gradient is scaled down to it.
        weight_decay: of AdamW, applied to matrices only.
        beta2: decay of AdamW's mean of squared gradients.
        precision: "float32", "bfloat16" (matrix products only; weights stay float32), or "auto":
            bfloat16 where this machine is measured to be faster with it.
        seed: of the initial weights, the batches, dropout and the samples.
        seconds, tokens, steps: the budget; exactly one of them is given.
        device: "cpu", "cuda", "mps", or "auto" for a GPU if there is one.
        prompt: what samples begin with.
        sample_length: tokens per sample.
        temperature: logits of a sample are divided by it.
        top_k: draw from the k most probable tokens only; None for all.
    """

    model: str = "lstm"
    layers: int = 1
    width: int = 160
    block: int = 64
    batch: int = 32
    heads: int = 8
    positions: str = "alibi"
    window: int = 10
    embedding: int = 32
    dropout: float = 0.0
    learning_rate: float = 1e-2
    schedule: str = "cosine"
    warmup: int = 20
    clip: float = 1.0
    weight_decay: float = 0.01
    beta2: float = 0.99
    precision: str = "auto"
    seed: int = 0
    seconds: float | None = None
    tokens: int | None = None
    steps: int | None = None
    device: str = "auto"
    prompt: str = "\n"
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
        unknown = sorted(set(changes) - {field.name for field in fields(cls)})
        if unknown:
            raise SettingsError(f"There is no setting called {unknown[0]!r}.")
        values = {**_DEFAULTS[model], **changes, "model": model}
        if all(values.get(budget) is None for budget in BUDGETS):
            values["seconds"] = 30.0
        return cls(**values).validate()

    def changed(self, **changes: Any) -> Settings:
        """Return a copy with other values; a new budget replaces the old one."""
        unknown = sorted(set(changes) - {field.name for field in fields(self)})
        if unknown:
            raise SettingsError(f"There is no setting called {unknown[0]!r}.")
        if any(changes.get(budget) is not None for budget in BUDGETS):
            changes = {**dict.fromkeys(BUDGETS), **changes}
        return replace(self, **changes).validate()

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
        _check_types(self)
        for name, choices in _CHOICES.items():
            value = getattr(self, name)
            if value not in choices:
                raise SettingsError(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
        _check_numbers(self)
        given = [budget for budget in BUDGETS if getattr(self, budget) is not None]
        if len(given) != 1:
            found = "none" if not given else " and ".join(given)
            raise SettingsError(
                f"A run needs exactly one budget, seconds, tokens or steps: {found} given."
            )
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

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as a dict that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Settings:
        """Make settings from `to_dict`; nothing may be missing, extra or of another type.

        Raises:
            SettingsError: something is, or a value cannot be.
        """
        names = {field.name for field in fields(cls)}
        if not isinstance(values, dict) or set(values) != names:
            odd = sorted(names ^ set(values)) if isinstance(values, dict) else []
            raise SettingsError(
                "These are not the settings of a run"
                + (f": {odd[0]!r} is missing or too much." if odd else ".")
            )
        return cls(**values).validate()

    def to_json(self) -> str:
        """Return the settings as one JSON object."""
        return json.dumps(self.to_dict(), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Read what `to_json` wrote, strictly.

        Raises:
            SettingsError: the text is something else.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError, TypeError):
            raise SettingsError("These settings are not valid JSON.") from None
        return cls.from_dict(values)


_CHOICES = {
    "model": MODELS,
    "positions": POSITIONS,
    "schedule": SCHEDULES,
    "precision": PRECISIONS,
    "device": DEVICES,
}

_DEFAULTS: dict[str, dict[str, Any]] = {
    "lstm": {},
    "gru": {},
    "rnn": {"learning_rate": 7e-3},
    "mlp": {"width": 384, "learning_rate": 5e-3},
    "transformer": {"layers": 2, "width": 128, "batch": 12, "learning_rate": 3e-3},
}


@cache
def _allowed_types() -> dict[str, tuple[type, ...]]:
    allowed = {}
    for name, kind in get_type_hints(Settings).items():
        kinds = get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
        allowed[name] = (*kinds, int) if float in kinds else kinds
    return allowed


def _check_types(settings: Settings) -> None:
    for name, allowed in _allowed_types().items():
        value = getattr(settings, name)
        # bool is an int to Python, but True layers are a mistake.
        if not isinstance(value, allowed) or isinstance(value, bool):
            words = " or ".join("None" if k is type(None) else k.__name__ for k in allowed)
            raise SettingsError(f"{name} must be of type {words}, not {value!r:.60}.")


def _check_numbers(settings: Settings) -> None:
    for name, largest in _LARGEST.items():
        value, smallest = getattr(settings, name), 0 if name in _AT_LEAST_ZERO else 1
        if value is not None and not smallest <= value <= largest:
            raise SettingsError(f"{name} must lie between {smallest} and {largest}, not {value}.")
    for name in ("learning_rate", "clip", "temperature", "seconds"):
        value = getattr(settings, name)
        if value is not None and not (math.isfinite(value) and value > 0):
            raise SettingsError(f"{name} must be a positive number, not {value}.")
    if not (math.isfinite(settings.weight_decay) and settings.weight_decay >= 0):
        raise SettingsError(f"weight_decay must be zero or more, not {settings.weight_decay}.")
    for name in ("dropout", "beta2"):
        if not 0 <= getattr(settings, name) < 1:
            raise SettingsError(
                f"{name} must lie from 0 to below 1, not {getattr(settings, name)}."
            )
    if settings.top_k is not None and settings.top_k < 1:
        raise SettingsError(f"top_k must be at least 1, or None for all, not {settings.top_k}.")
    if len(settings.prompt) > _LONGEST_PROMPT:
        raise SettingsError(f"The prompt is longer than {_LONGEST_PROMPT} characters: shorten it.")
