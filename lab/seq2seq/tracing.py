"""One translation with every number on the way: what the page steps through."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from lab.models.encoder_decoder import EncoderDecoder, Look
from lab.models.seq2seq import Memory, Seq2Seq
from lab.models.tokens import END, START
from lab.seq2seq.decoding import Decoded, log_probabilities
from lab.seq2seq.pairs import PairCorpus

SHOWN = 8  # most probable tokens at each step


class QuestionError(ValueError):
    """A question that cannot be answered; the message is one sentence that says what to do."""


def after_prefix(
    model: Seq2Seq, corpus: PairCorpus, source: Tensor, prefix: list[str], longest: int
) -> Decoded:
    """Write a beginning whatever the model thinks of it, and go on greedily.

    Args:
        model: a translator.
        corpus: of the vocabularies.
        source: (1, S).
        prefix: target tokens.
        longest: tokens in all.

    Raises:
        QuestionError: the model has no such token.
    """
    known = set(corpus.target_vocabulary)
    for token in prefix:
        if token not in known:
            raise QuestionError(f"The model has no word {token!r} to write: choose another.")
    forced = corpus.encode_target(prefix)[:-1]
    memory = model.encode(source)
    state, tokens, written, chances, looks = memory.start, START, [], [], []
    with torch.no_grad():
        while len(written) < longest and (not written or written[-1] != END):
            step = model.step(torch.tensor([tokens]), state, memory)
            scores = log_probabilities(step.logits)[0]
            place = len(written)
            tokens = forced[place] if place < len(forced) else int(scores.argmax())
            written.append(tokens)
            chances.append(scores[tokens].exp().item())
            state = step.state
            if step.weights is not None:
                looks.append(step.weights[0].tolist())
    return Decoded(written, chances, looks or None, float(np.sum(np.log(chances))))


@torch.no_grad()
def steps(
    model: Seq2Seq, corpus: PairCorpus, source: Tensor, ids: list[int]
) -> list[dict[str, Any]]:
    """Return for each step what went in and what came of it.

    A dict of read (the token read), chosen, probability, top ((token, probability), most probable
    first), and for a recurrent model with attention query (H), scores (S), weights (S),
    context (H), and terms: the two vectors whose dot product is the score of the most attended
    place. Without attention query alone.
    """
    memory = model.encode(source)
    state, token, passed = memory.start, START, []
    for chosen in ids:
        if isinstance(model, EncoderDecoder):
            seen = model.look(torch.tensor([[token]]), state, memory)
            logits, state = seen.logits[:, 0], seen.state
            inner = {
                name: None if value is None else rounded(value[0, 0])
                for name, value in (
                    ("query", seen.query),
                    ("scores", seen.scores),
                    ("weights", seen.weights),
                    ("context", seen.context),
                )
            }
            if seen.scores is not None:
                inner["terms"] = _terms(model, memory, seen)
        else:
            step = model.step(torch.tensor([token]), state, memory)
            logits, state = step.logits, step.state
            inner = {"query": None, "scores": None, "context": None}
            inner["weights"] = rounded(step.weights[0])
        chances = log_probabilities(logits)[0].exp()
        top = chances.topk(min(SHOWN, len(chances)))
        passed.append(
            {
                "read": corpus.target_vocabulary[token],
                "chosen": corpus.target_vocabulary[chosen],
                "probability": round(chances[chosen].item(), 5),
                "top": [
                    (corpus.target_vocabulary[i], round(p, 5))
                    for p, i in zip(top.values.tolist(), top.indices.tolist(), strict=True)
                ],
                **inner,
            }
        )
        token = chosen
    return passed


def _terms(model: EncoderDecoder, memory: Memory, seen: Look) -> list[list[float]]:
    # The two vectors whose dot product is the score of the most attended place.
    place = seen.weights[0, 0].argmax()
    pair = model.score.terms(seen.query[0, 0], memory.states[0, place])
    return [rounded(vector) for vector in pair]


def rounded(values: Tensor) -> Any:
    """Return a tensor as nested lists of numbers with five decimals."""
    return np.round(values.float().cpu().numpy().astype(np.float64), 5).tolist()
