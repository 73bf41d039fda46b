"""Analogies over a whole vocabulary: every word's score, what it is made of, and two baselines.

The library's plain form is `lab.bias.analogy`; here all switches of the lesson are arguments, and
each score comes apart into its three cosines.

Sources: Mikolov, Yih and Zweig 2013 (3CosAdd); Levy and Goldberg 2014, Linguistic Regularities
(3CosMul); Linzen 2016, Issues in Evaluating Semantic Spaces Using Word Analogies (baselines without
arithmetic); Nissim, van Noord and van der Goot 2020, Fair is Better than Sensational.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np

from lab.bias.analogy import METHODS
from lab.bias.tables import Table
from lab.places import ASSETS

QUESTIONS = ASSETS / "words" / "analogies.tsv"
ADD, MULTIPLY = METHODS
_EPSILON = 1e-3  # of 3CosMul, as in the paper


class Question(NamedTuple):
    """a is to b as c is to which word?"""

    a: str
    b: str
    c: str


class Answer(NamedTuple):
    """A word as the fourth of an analogy.

    Attributes:
        word: of the table.
        rank: among the candidates, from 1.
        score: by the method.
        given: whether it is one of the words of the question.
        to_a, to_b, to_c: its cosines to them.
    """

    word: str
    rank: int
    score: float
    given: bool
    to_a: float
    to_b: float
    to_c: float


@dataclass(frozen=True)
class Solved:
    """An analogy with its answers.

    Args:
        question: that was asked.
        answers: the best candidates, the best first.
        ranks: of the given words among all words, from 1, whether they may be answers or not.
        weights: of the cosines to a, b and c in the score of 3CosAdd; None for 3CosMul.
        near_b, near_c: the word nearest to b, and to c, other than the given ones: what one gets
            with no arithmetic.
        between: cosine of a and c, which decides how much of them cancels out.
        size: of the vocabulary.
    """

    question: Question
    answers: tuple[Answer, ...]
    ranks: dict[str, int]
    weights: tuple[float, float, float] | None
    near_b: str
    near_c: str
    between: float
    size: int

    @property
    def best(self) -> Answer:
        """The answer."""
        return self.answers[0]


class Tally(NamedTuple):
    """How many questions of a kind come out right, in four ways of answering.

    Attributes:
        kind: of the questions.
        asked: how many there are.
        known: how many have all four words in the table; the rest is not counted.
        without: right, with the given words left out of the answers.
        among: right, with the given words among the answers.
        near_b, near_c: right, if the answer is only the word nearest to b, or to c.
        returned: how many answers are one of the given words, where they may be.
    """

    kind: str
    asked: int
    known: int
    without: int
    among: int
    near_b: int
    near_c: int
    returned: int


def solve(
    table: Table,
    question: Question,
    method: str = ADD,
    exclude: bool = True,
    normalise: bool = True,
    count: int = 10,
) -> Solved:
    """Answer an analogy.

    Args:
        table: of words.
        question: three words of it.
        method: one of `lab.bias.analogy.METHODS`.
        exclude: whether the given words are left out of the answers.
        normalise: whether a, b and c are made as long as each other before 3CosAdd; without, the
            longest has the most weight, and the score is the cosine to b - a + c. 3CosMul has
            cosines only, which know no length.
        count: of answers.

    Raises:
        ValueError: a word or the method is unknown.
    """
    places = [table.place(word) for word in question]
    cosines = table.unit @ table.unit[places].T  # (V, 3)
    scores, weights = _scores(table, places, cosines, method, normalise)
    ranks = {w: 1 + int((scores > scores[p]).sum()) for w, p in zip(question, places, strict=True)}
    allowed = scores.copy()
    if exclude:
        allowed[places] = -np.inf
    order = np.argsort(-allowed, kind="stable")[:count]
    answers = [
        Answer(table.words[p], r, float(scores[p]), p in places, *map(float, cosines[p]))
        for r, p in enumerate(order.tolist(), 1)
        if np.isfinite(allowed[p])
    ]
    near = _nearest(cosines, places)
    between = float(cosines[places[2], 0])
    words = table.words[near[1]], table.words[near[2]]
    return Solved(question, tuple(answers), ranks, weights, *words, between, len(table.words))


def _scores(table, places, cosines, method, normalise):
    if method == MULTIPLY:
        to_a, to_b, to_c = ((cosines + 1) / 2).T
        return to_b * to_c / (to_a + _EPSILON), None
    if method != ADD:
        raise ValueError(f"There is no method {method!r}: choose {', '.join(METHODS)}.")
    weights = np.array([-1.0, 1.0, 1.0])
    if not normalise:
        weights = weights * table.lengths[places].astype(np.float64)
        wanted = weights @ table.unit[places]
        weights = weights / max(float(np.linalg.norm(wanted)), 1e-12)
    return cosines @ weights, tuple(map(float, weights))


def _nearest(cosines: np.ndarray, places: Sequence[int]) -> np.ndarray:
    # The word nearest to each of the three, other than they.
    near = cosines.copy()
    near[list(places)] = -np.inf
    return near.argmax(axis=0)


@cache
def questions() -> dict[str, tuple[tuple[Question, str], ...]]:
    """Return the lab's own analogy questions with their answers, by kind."""
    found: dict[str, list[tuple[Question, str]]] = {}
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, a, b, c, answer = line.split("\t")
            found.setdefault(kind, []).append((Question(a, b, c), answer))
    return {kind: tuple(rows) for kind, rows in found.items()}


def tally(table: Table, method: str = ADD, normalise: bool = True) -> list[Tally]:
    """Ask all of `questions`, in four ways; arguments as those of `solve`."""
    found = []
    for kind, rows in questions().items():
        known = [(q, d) for q, d in rows if len(table.known((*q, d))) == 4]
        counts = np.zeros(5, dtype=int)
        for question, answer in known:
            options = {"method": method, "normalise": normalise, "count": 1}
            without = solve(table, question, exclude=True, **options)
            among = solve(table, question, exclude=False, **options).best
            said = (without.best.word, among.word, without.near_b, without.near_c)
            counts += [*(word == answer for word in said), among.given]
        found.append(Tally(kind, len(rows), len(known), *map(int, counts)))
    return found
