"""One sentence, four pretext tasks: BERT's blanks, next sentences, GPT's next token, T5's spans.

What each shows its network and what it asks for, as plain lists of tokens; seeded, no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lab.masked.pretext import SHARE, corrupt
from lab.masked.vocabulary import SPECIAL, UNK

FATES = ("masked", "random", "kept")  # by the numbers of `lab.masked.pretext.Corrupted`
START = "<s>"  # what GPT reads before the first token
SPAN = 3.0  # tokens: mean length of a span that T5 hides
SENTINEL = "<extra_id_{}>"
MOST = 120  # tokens of a text that is shown


class Place(NamedTuple):
    """One token under BERT's task.

    Attributes:
        token: what stands in the text.
        shown: what the network reads there.
        fate: "masked", "random" or "kept" for a token that must be guessed, "" for all others.
    """

    token: str
    shown: str
    fate: str

    @property
    def predicted(self) -> bool:
        """Whether the loss asks for it."""
        return bool(self.fate)


def blanks(
    tokens: Sequence[str], vocabulary: Sequence[str], seed: int, share: float = SHARE
) -> list[Place]:
    """Corrupt a text as BERT's masked language modelling does.

    Args:
        tokens: of the text, without [CLS] and [SEP]; one that the vocabulary lacks is never chosen.
        vocabulary: random tokens are drawn from its ordinary ones.
        seed: of the draw.
        share: of the tokens that is chosen; 80 % of those are masked, 10 % random, 10 % kept.

    Source: Devlin et al. 2019, section 3.1, task 1.
    """
    numbers = {token: number for number, token in enumerate(vocabulary)}
    ids = np.array([[numbers.get(token, UNK) for token in tokens]])
    random = np.random.default_rng(seed)
    found = corrupt(ids, random, len(vocabulary), share, special=len(SPECIAL))
    fates = dict(zip(found.places.tolist(), found.fates.tolist(), strict=True))
    return [
        Place(token, vocabulary[found.ids[0, n]], FATES[fates[n]]) if n in fates
        else Place(token, token, "")
        for n, token in enumerate(tokens)
    ]  # fmt: skip


class Pair(NamedTuple):
    """An input of next-sentence prediction.

    Attributes:
        tokens: [CLS] A [SEP] B [SEP].
        segments: 0 for [CLS], A and its [SEP]; 1 for the rest.
        follows: whether B is the sentence that stands after A in the text.
    """

    tokens: list[str]
    segments: list[int]
    follows: bool


def next_sentences(
    sentences: Sequence[Sequence[str]], others: Sequence[Sequence[str]], seed: int
) -> list[Pair]:
    """Make a pair of each sentence but the last: half the time with the one that follows it.

    Args:
        sentences: of one text, in order, as tokens; two or more.
        others: sentences of other texts, from which the wrong ones are drawn.
        seed: of the draw.

    Raises:
        ValueError: there is no pair to make.

    Source: Devlin et al. 2019, section 3.1, task 2.
    """
    if len(sentences) < 2:
        raise ValueError("Write two sentences or more: a pair has a sentence and its next.")
    if not others:
        raise ValueError("There is no sentence of another text to draw from.")
    random, pairs = np.random.default_rng(seed), []
    for first, following in pairwise(sentences):
        follows = bool(random.random() < 0.5)
        second = following if follows else others[int(random.integers(len(others)))]
        tokens = ["[CLS]", *first, "[SEP]", *second, "[SEP]"]
        border = len(first) + 2
        segments = [0] * border + [1] * (len(tokens) - border)
        pairs.append(Pair(tokens, segments, follows))
    return pairs


def next_tokens(tokens: Sequence[str]) -> list[tuple[list[str], str]]:
    """Return for each token what GPT sees when it predicts it, and the token.

    Args:
        tokens: of the text; before the first one stands a start token.

    Source: Radford et al. 2018, section 3.1, equation 1.
    """
    return [([START, *tokens[:n]], token) for n, token in enumerate(tokens)]


def draw_spans(
    count: int, seed: int, share: float = SHARE, mean: float = SPAN
) -> list[tuple[int, int]]:
    """Draw which stretches of a text T5 hides.

    Hidden and visible stretches take turns, and their lengths are random partitions of their sums.
    T5's own code begins with a visible stretch and ends with a hidden one; here both ends are
    drawn, so that in a short text any token can be hidden.

    Args:
        count: tokens of the text, two or more.
        seed: of the draw.
        share: of the tokens that is hidden.
        mean: length of a hidden stretch, in tokens.

    Returns:
        (start, end) of each stretch, end not included; no two touch.

    Raises:
        ValueError: the text has fewer than two tokens.

    Source: Raffel et al. 2020, sections 3.1.4 and 3.3.4.
    """
    if count < 2:
        raise ValueError("Write two tokens or more: one must stay visible.")
    hidden = min(max(1, round(share * count)), count - 1)
    number = min(max(1, round(hidden / mean)), count - hidden + 1)
    random = np.random.default_rng(seed)
    # One more at either end, to be taken away again: there a stretch may be empty.
    visible = _partition(random, count - hidden + 2, number + 1)
    visible[0] -= 1
    spans, place = [], 0
    for before, length in zip(visible[:-1], _partition(random, hidden, number), strict=True):
        start = place + before
        place = start + length
        spans.append((start, place))
    return spans


def _partition(random: np.random.Generator, total: int, parts: int) -> list[int]:
    cuts = np.sort(random.choice(np.arange(1, total), parts - 1, replace=False))
    return np.diff([0, *cuts.tolist(), total]).tolist()


def hide_spans(
    tokens: Sequence[str], spans: Sequence[tuple[int, int]]
) -> tuple[list[str], list[str]]:
    """Return what T5 reads, and what it must write.

    Args:
        tokens: of the text.
        spans: of `draw_spans`, rising.

    Returns:
        The source, with a sentinel for each span; the target, with each span after its sentinel
        and one sentinel more at the end.
    """
    source, target, place = [], [], 0
    for number, (start, end) in enumerate(spans):
        mark = SENTINEL.format(number)
        source += [*tokens[place:start], mark]
        target += [mark, *tokens[start:end]]
        place = end
    return [*source, *tokens[place:]], [*target, SENTINEL.format(len(spans))]


def is_sentinel(token: str) -> bool:
    """Tell whether a token stands for a hidden span."""
    return token.startswith("<extra_id_")
