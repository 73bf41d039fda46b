"""Short questions that a page asks a worker: let a checkpoint write, or tell what comes next."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from lab import models
from lab.models.language_model import LanguageModel
from lab.text.corpus import Corpus
from lab.training import sampling
from lab.training.checkpoint import CheckpointError, rebuild, unpack
from lab.training.randomness import SAMPLE, stream


def load(checkpoint: bytes, corpus: Corpus) -> LanguageModel:
    """Rebuild the network of a checkpoint, ready to read.

    Raises:
        CheckpointError: the checkpoint is damaged or learned from another text.
    """
    state = unpack(checkpoint)
    if state.about.get("tokenizer") != corpus.tokenizer.to_json():
        raise CheckpointError("This checkpoint learned from a text with other tokens.")
    return rebuild(state, lambda: models.build(state.settings, corpus.vocabulary_size))


def generate(
    checkpoint: bytes,
    corpus: Corpus,
    prompt: str = "\n",
    length: int = 200,
    temperature: float = 0.8,
    top_k: int | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Let a model write.

    Returns:
        `lab.training.Sample.to_dict()`.

    Raises:
        ValueError: the length is 0.
    """
    step = unpack(checkpoint).progress.step
    drawn = sampling.sample(
        load(checkpoint, corpus),
        corpus.tokenizer,
        prompt,
        length,
        temperature,
        top_k,
        stream(seed, SAMPLE),
        step,
        int(corpus.train[0]),
    )
    if drawn is None:
        raise ValueError("A text has at least one token: choose a longer one.")
    return drawn.to_dict()


def next_tokens(
    checkpoint: bytes, corpus: Corpus, prompt: str, k: int = 20
) -> list[tuple[str, float]]:
    """Return the k most probable tokens after a prompt, as (token, probability)."""
    model, tokenizer = load(checkpoint, corpus), corpus.tokenizer
    known = tokenizer.encode(prompt)
    ids = torch.from_numpy(known if len(known) else corpus.train[:1].astype(np.int64))
    if model.context is not None:
        ids = ids[-model.context :]
    with torch.no_grad():
        logits, _ = model(ids[None])
    top = logits[0, -1].softmax(0).topk(min(k, corpus.vocabulary_size))
    return list(zip(tokenizer.tokens(top.indices.tolist()), top.values.tolist(), strict=True))


def ngram_baselines(
    corpus: Corpus,
    orders: list[int],
    smoothing: str = "add-k",
    length: int = 200,
    seed: int = 0,
) -> list[dict[str, Any]]:
    """Fit n-gram counts of several orders: the horizontal lines on the chart of losses.

    Returns:
        For each order: order, smoothing, validation_loss and train_loss (nats per token),
        parameters (counts stored), sparsity (see `lab.text.NGram.sparsity`), and a sample of
        `length` tokens as text.

    Raises:
        ValueError: the text is not here (`Corpus.has_text`): there is nothing to count.
    """
    if not corpus.has_text:
        raise ValueError("The text of this run is not on this server, so nothing can be counted.")
    from lab.text.ngrams import NGram

    answers = []
    for order in orders:
        model = NGram(order, corpus.vocabulary_size, smoothing).fit(corpus.train)
        answers.append(
            {
                "order": order,
                "smoothing": smoothing,
                "validation_loss": model.cross_entropy(corpus.validation),
                "train_loss": model.cross_entropy(corpus.train),
                "parameters": model.parameters,
                "sparsity": model.sparsity(corpus.validation),
                "sample": corpus.tokenizer.decode(
                    model.sample(length, corpus.train[:1], np.random.default_rng(seed), 1.0, None)
                ),
            }
        )
    return answers
