"""Short questions that a page asks a worker about a translator."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lab.models.seq2seq import Seq2Seq
from lab.models.tokens import END, START
from lab.seq2seq import decoding
from lab.seq2seq.alignment import MOST_CELLS, alignment_error_rate, diagonal, ibm_model_1
from lab.seq2seq.arrays import arrays, links, padded
from lab.seq2seq.judging import judge, pieces, summary
from lab.seq2seq.pairs import Pair, PairCorpus
from lab.seq2seq.settings import TranslationSettings
from lab.seq2seq.tracing import QuestionError, after_prefix, rounded, steps
from lab.seq2seq.translation import as_translation, build, split
from lab.training.checkpoint import CheckpointError, rebuild, unpack
from lab.training.randomness import SAMPLE, stream

LONGEST_SENTENCE = 120  # tokens of a sentence of one's own


def load(checkpoint: bytes, corpus: PairCorpus) -> Seq2Seq:
    """Rebuild the network of a checkpoint, ready to read.

    Raises:
        CheckpointError: the checkpoint is damaged or learned other tokens.
    """
    state = unpack(checkpoint, TranslationSettings)
    vocabularies = {"source": corpus.source_vocabulary, "target": corpus.target_vocabulary}
    if state.about != {side: json.dumps(words) for side, words in vocabularies.items()}:
        raise CheckpointError("This checkpoint learned from pairs with other tokens.")
    return rebuild(state, lambda: build(state.settings, corpus))


def read(corpus: PairCorpus, text: str) -> tuple[tuple[str, ...], list[str], Tensor]:
    """Split a sentence that somebody typed; return tokens, unknown pieces, ids (1, S).

    Raises:
        QuestionError: it is empty or too long.
    """
    tokens, unknown = split(corpus, text)
    if not tokens:
        raise QuestionError("Write a sentence to translate.")
    if len(tokens) > LONGEST_SENTENCE:
        raise QuestionError(
            f"This sentence has {len(tokens)} tokens: shorten it to {LONGEST_SENTENCE}."
        )
    return tokens, unknown, torch.tensor([corpus.encode_source(tokens)])


def translate(
    checkpoint: bytes,
    corpus: PairCorpus,
    text: str,
    method: str = "greedy",
    width: int = 4,
    length_norm: float = 0.0,
    temperature: float = 1.0,
    seed: int = 0,
    prefix: list[str] | None = None,
) -> dict[str, Any]:
    """Translate a sentence and keep every number on the way.

    Args:
        checkpoint: of the run.
        corpus: of the run.
        text: the source sentence.
        method: "greedy", "sample" or "beam".
        width, length_norm: of the beam.
        temperature, seed: of a sample.
        prefix: target tokens that are written first, whatever the model thinks of them; it goes
            on greedily from there.

    Returns:
        translation: `Translation` as a dict.
        hypotheses: other sentences of the beam, best first, as {"text", "score"}.
        steps: see `lab.seq2seq.tracing.steps`.
        encoder: (S, H) states of the encoder, rounded.
        score: name of the score function; "multi-head" for the Transformer.
        look: "after" or "before".

    Raises:
        QuestionError: the sentence or the prefix cannot be read.
    """
    settings = unpack(checkpoint, TranslationSettings).settings
    model = load(checkpoint, corpus)
    tokens, unknown, source = read(corpus, text)
    longest = decoding.limit(source)
    hypotheses = []
    if prefix:
        out = after_prefix(model, corpus, source, prefix, longest)
    elif method == "beam":
        found = decoding.beam(model, source, longest, width, length_norm)
        out = found[0]
        hypotheses = [
            {"text": _text(corpus, other.ids), "score": round(other.score, 4)} for other in found
        ]
    elif method == "sample":
        out = decoding.sampled(model, source, longest, temperature, stream(seed, SAMPLE))[0]
    else:
        out = decoding.greedy(model, source, longest)[0]
    reference = next(
        (p.target for part in (corpus.held_out, corpus.train) for p in part if p.source == tokens),
        None,
    )
    shown = as_translation(corpus, tokens, unknown, out, reference)
    return {
        "translation": vars(shown),
        "hypotheses": hypotheses,
        "steps": steps(model, corpus, source, out.ids),
        "encoder": rounded(model.encode(source).states[0]),
        "score": "multi-head" if settings.model == "transformer" else settings.score,
        "look": settings.look,
    }


def _text(corpus: PairCorpus, ids: list[int]) -> str:
    return corpus.target_text([corpus.target_vocabulary[i] for i in ids if i != END])


def match_by_length(checkpoint: bytes, corpus: PairCorpus) -> list[dict[str, Any]]:
    """Return exact match on all held-out pairs by the length of the source.

    Returns:
        For each length: length (tokens, without END), hits, pairs.
    """
    model, held_out = load(checkpoint, corpus), arrays(corpus, "held_out")
    exact = np.concatenate(
        [
            judge(model, tuple(torch.from_numpy(array[rows]) for array in held_out)).exact
            for rows in pieces(np.arange(len(corpus.held_out)))
        ]
    )
    lengths = np.array([len(pair.source) for pair in corpus.held_out])
    return [
        {
            "length": int(length),
            "hits": int(exact[lengths == length].sum()),
            "pairs": int((lengths == length).sum()),
        }
        for length in np.unique(lengths)
    ]


def alignment(checkpoint: bytes, corpus: PairCorpus) -> dict[str, float]:
    """Judge attention as an alignment on every pair that has gold links, in both parts.

    Links are never learned from, so pairs of the training part may be judged, as is the custom for
    word alignment.

    Returns:
        "alignment accuracy" and "alignment error rate" (see `summary`), and "pairs" with gold.
    """
    model, judged, count = load(checkpoint, corpus), [], 0
    for part in ("train", "held_out"):
        ids, pairs = arrays(corpus, part), getattr(corpus, part)
        rows = np.array([row for row, pair in enumerate(pairs) if pair.possible], dtype=int)
        count += len(rows)
        for some in pieces(rows) if len(rows) else []:
            batch = tuple(torch.from_numpy(array[some]) for array in ids)
            sides = ids.target_out.shape[1], ids.source.shape[1]
            judged.append(judge(model, batch, *links([pairs[row] for row in some], *sides)))
    if not judged:
        return {"pairs": 0}
    _, metrics = summary(judged)
    metrics.pop("exact match")
    return {**metrics, "pairs": count}


def alignment_baselines(corpus: PairCorpus) -> dict[str, dict[str, float]]:
    """Judge two alignments that need no network, on every pair that has gold links.

    Returns:
        "diagonal" and "ibm model 1" -> figures as in `alignment`; nothing without gold.
    """
    pairs = [*corpus.train, *corpus.held_out]
    judged = [place for place, pair in enumerate(pairs) if pair.possible]
    if not judged:
        return {}
    made = {"diagonal": [diagonal(len(p.source), len(p.target)) for p in pairs]}
    if sum(len(pair.source) * len(pair.target) for pair in pairs) < MOST_CELLS:
        made["ibm model 1"] = ibm_model_1(pairs)
    return {
        name: _figures([links[i] for i in judged], [pairs[i] for i in judged])
        for name, links in made.items()
    }


def _figures(links: list[set[tuple[int, int]]], pairs: list[Pair]) -> dict[str, float]:
    right = linked = 0
    for found, pair in zip(links, pairs, strict=True):
        targets = {j for _, j in pair.possible}
        linked += len(targets)
        right += len({j for i, j in found if (i, j) in pair.possible})
    sure, possible = [pair.sure for pair in pairs], [pair.possible for pair in pairs]
    return {
        "alignment accuracy": right / max(1, linked),
        "alignment error rate": alignment_error_rate(links, sure, possible),
        "pairs": len(pairs),
    }


def chances(
    checkpoint: bytes,
    corpus: PairCorpus,
    sources: list[list[str]],
    words: list[str],
    place: int = 0,
) -> list[list[float]]:
    """Return the probability of some words at a place of the greedy translation of each source.

    Args:
        checkpoint: of the run.
        corpus: of the run.
        sources: tokens of each sentence.
        words: target words.
        place: of the target, from 0.

    Returns:
        A list for each source, with a probability for each word.
    """
    model = load(checkpoint, corpus)
    source = torch.from_numpy(padded([corpus.encode_source(tokens) for tokens in sources]))
    asked = [corpus.encode_target([word])[0] for word in words]
    with torch.no_grad():
        memory = model.encode(source)
        state, tokens = memory.start, torch.full((len(sources),), START)
        for _ in range(place + 1):
            step = model.step(tokens, state, memory)
            scores = decoding.log_probabilities(step.logits)
            state, tokens = step.state, scores.argmax(1)
    return scores[:, asked].exp().tolist()


def blocks(checkpoint: bytes, corpus: PairCorpus, text: str) -> dict[str, Any]:
    """Open the blocks of a Transformer on one sentence and its greedy translation.

    Returns:
        source and target (tokens; the target begins with START), encoder and decoder: one dict per
        layer, see `TranslationTransformer.open_blocks`, rounded.

    Raises:
        QuestionError: the model is no Transformer, or the sentence cannot be read.
    """
    model = load(checkpoint, corpus)
    if not hasattr(model, "open_blocks"):
        raise QuestionError("Only a Transformer has blocks to open: choose one of them.")
    tokens, _, source = read(corpus, text)
    out = decoding.greedy(model, source, decoding.limit(source))[0]
    target = [START, *out.ids[:-1]]
    with torch.no_grad():
        opened = model.open_blocks(source, torch.tensor([target]))
    layers = {
        side: [{name: rounded(value) for name, value in layer.items()} for layer in opened[side]]
        for side in ("encoder", "decoder")
    }
    return {
        "source": [*tokens, corpus.target_vocabulary[END]],
        "target": [corpus.target_vocabulary[i] for i in target],
        "written": [corpus.target_vocabulary[i] for i in out.ids],
        **layers,
    }
