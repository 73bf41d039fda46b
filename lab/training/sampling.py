"""Writing with a language model: one token after the other, drawn from what it predicts."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from lab.models.language_model import LanguageModel
from lab.text.tokenizers import Tokenizer
from lab.training.events import Sample

ALTERNATIVES = 8


@torch.inference_mode()
def generate(
    model: LanguageModel,
    start: Tensor,
    length: int,
    random: np.random.Generator,
    temperature: float = 1.0,
    top_k: int | None = None,
) -> tuple[list[int], Tensor]:
    """Go on from `start` token by token; each is read once, what the model remembers is kept.

    A model with a limited context starts afresh from the later half of it whenever it is full:
    every prediction is one that the model would make on that piece of text.

    Args:
        model: in evaluation mode.
        start: (T) ids, at least one.
        length: L, tokens to draw, at least one.
        random: where chance comes from; L numbers are taken.
        temperature: logits are divided by it before drawing; near 0 always the most probable.
        top_k: draw from the k most probable only.

    Returns:
        The drawn ids (L), and the logits (L, V) that each was drawn from, before temperature and
        top-k, on the CPU.
    """
    context, drawn, predictions = model.context, [], []
    unread = start if context is None else start[-context:]
    seen, state, read = unread.tolist(), None, 0
    for chance in random.random(length).tolist():
        if context is not None and read + len(unread) > context:
            unread, state, read = start.new_tensor(seen[-(context // 2 + 1) :]), None, 0
        logits, state = model(unread[None], state)  # (1, T, V)
        read += len(unread)
        predictions.append(logits[0, -1].float().cpu())  # (V)
        drawn.append(draw(predictions[-1].numpy(), chance, temperature, top_k))
        seen.append(drawn[-1])
        unread = start.new_tensor(drawn[-1:])
    return drawn, torch.stack(predictions)


def draw(
    logits: np.ndarray, chance: float, temperature: float = 1.0, top_k: int | None = None
) -> int:
    """Draw a token: the one at whose place the cumulative probability passes `chance`.

    Plain numpy: on a few dozen numbers it is several times faster than torch.

    Args:
        logits: (V) unnormalised log-probabilities.
        chance: uniform in [0, 1).
        temperature, top_k: see `generate`.
    """
    scaled = (logits - logits.max()).astype(np.float64) / temperature
    if top_k is not None and top_k < len(logits):
        scaled[logits < np.partition(logits, -top_k)[-top_k]] = -np.inf
    cumulative = np.exp(scaled).cumsum()
    return min(int(cumulative.searchsorted(chance * cumulative[-1], "right")), len(logits) - 1)


def sample(
    model: LanguageModel,
    tokenizer: Tokenizer,
    prompt: str,
    length: int,
    temperature: float,
    top_k: int | None,
    random: np.random.Generator,
    step: int = 0,
    fallback: int = 0,
) -> Sample | None:
    """Let a model write, and note what it thought at each place.

    Args:
        model: any language model.
        tokenizer: of its vocabulary.
        prompt: what it goes on from; unknown pieces are left out or become <unk>.
        length: tokens to draw; None is returned for 0.
        temperature, top_k, random: see `generate`.
        step: to note in the sample.
        fallback: token to begin with if nothing of the prompt is known.
    """
    if not length:
        return None
    device = next(model.parameters()).device
    ids = tokenizer.encode(prompt)
    start = torch.from_numpy(ids if len(ids) else np.array([fallback])).to(device)
    training = model.training
    model.eval()
    numbers, logits = generate(model, start, length, random, temperature, top_k)
    model.train(training)
    probabilities = logits.softmax(1)  # (L, V)
    own = probabilities[range(length), numbers]
    top = probabilities.topk(min(ALTERNATIVES, probabilities.shape[1]))
    names = [tokenizer.tokens(row) for row in top.indices.tolist()]
    return Sample(
        step=step,
        prompt=prompt,
        text=tokenizer.decode(numbers),
        tokens=tokenizer.tokens(numbers),
        ids=numbers,
        probabilities=_rounded(own),
        alternatives=[
            list(zip(words, values, strict=True))
            for words, values in zip(names, map(_rounded, top.values), strict=True)
        ],
        temperature=temperature,
        top_k=top_k,
        unknown=tokenizer.unknown(prompt),
    )


def _rounded(values: Tensor) -> list[float]:
    # Four digits are more than a page shows, and half as long as JSON.
    return [float(f"{value:.4g}") for value in values.tolist()]
