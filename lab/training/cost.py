"""What a model costs: parameters, arithmetic, memory and energy, before anything is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.training.settings import Settings

GATES = {"rnn": 1, "gru": 3, "lstm": 4}  # matrices of a cell for each of its inputs
WATTS = 15.0


def parameters(settings: Settings, vocabulary_size: int) -> int:
    """Count the trained numbers of a model, exactly.

    Args:
        settings: of the model.
        vocabulary_size: V, the number of tokens it tells apart.
    """
    inner, w, v = settings.layers, settings.width, vocabulary_size
    if settings.model in GATES:
        # A cell: input and recurrent matrix for each gate, and PyTorch's two biases.
        cell = GATES[settings.model] * (2 * w * w + 2 * w)
        return v * w + inner * cell + (w * v + v)
    if settings.model == "mlp":
        first = settings.window * settings.embedding * w + w
        more = (inner - 1) * (w * w + w)
        return (v + 1) * settings.embedding + first + more + (w * v + v)
    norm = 2 * w
    attention = (3 * w * w + 3 * w) + (w * w + w)
    feed_forward = (4 * w * w + 4 * w) + (4 * w * w + w)
    learned = settings.block * w if settings.positions == "learned" else 0
    layer = 2 * norm + attention + feed_forward
    return v * w + learned + inner * layer + norm + (w * v + v)


def flops_per_token(settings: Settings, vocabulary_size: int) -> int:
    """Estimate the floating-point operations that learning from one token takes.

    A multiplication and an addition for each weight of each matrix going forward, and twice that
    going backward: 6 N, where N leaves out embeddings, since looking up a row is no arithmetic.
    The Transformer adds its attention scores and weighted means: 2 * layers * block * width
    forward, times 3.

    Source: Kaplan et al. 2020, Scaling Laws for Neural Language Models, section 2.1 (table 1).
    """
    lookups = vocabulary_size * settings.width
    if settings.model == "mlp":
        lookups = (vocabulary_size + 1) * settings.embedding
    attention = 0
    if settings.model == "transformer":
        attention = 2 * settings.layers * settings.block * settings.width
        if settings.positions == "learned":
            lookups += settings.block * settings.width
    return 6 * (parameters(settings, vocabulary_size) - lookups) + 3 * attention


def memory(settings: Settings, vocabulary_size: int) -> float:
    """Estimate the bytes that training needs, within about a factor of two.

    Weights, gradients and AdamW's two means in float32, and the activations that the backward
    pass needs: the logits three times over, and a few dozen vectors per layer and token.
    """
    vectors = {"rnn": 6, "gru": 14, "lstm": 14, "mlp": 6, "transformer": 34}[settings.model]
    per_token = 3 * vocabulary_size + settings.layers * settings.width * vectors
    if settings.model == "mlp":
        per_token += settings.window * settings.embedding * 2
    if settings.model == "transformer":
        per_token += settings.layers * settings.heads * settings.block * 2
    return 4.0 * (
        4 * parameters(settings, vocabulary_size) + settings.batch * settings.block * per_token
    )


def energy(seconds: float, watts: float = WATTS) -> float:
    """Estimate the electrical energy of a computation in watt-hours.

    Assumption: one busy core of a laptop or server draws 15 W, its share of memory, supply and
    cooling included. Measured values lie between about 5 and 40 W; no meter is read here.

    Args:
        seconds: CPU seconds of one core.
        watts: power drawn meanwhile.
    """
    return seconds * watts / 3600
