"""WEAT from cosines alone: all that the test needs of vectors is how near words are to each other.

Whoever may not pass vectors on can pass on these: every score, convention and leave-one-out
follows from the cosines between targets and attributes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lab.bias.own_lists import without
from lab.bias.stimuli import Stimuli
from lab.bias.weat import WeatResult, effect_size, from_associations, unit


@dataclass(frozen=True)
class Cosines:
    """The cosines between the lists of an association test.

    Attributes:
        stimuli: the lists, without words that have no vector.
        X, Y: of the targets, (n, k + l) and (m, k + l); columns are the words of A, then of B.
        missing: words that were asked for and have no vector.
        pieces: words that a model reads in several pieces, and in how many.
        layers: of the model, 0 where there are none.
    """

    stimuli: Stimuli
    X: np.ndarray
    Y: np.ndarray
    missing: tuple[str, ...] = ()
    pieces: Mapping[str, int] | None = None
    layers: int = 0

    @property
    def sizes(self) -> tuple[int, int]:
        """How many words A and B have, k and l."""
        return len(self.stimuli.A.words), len(self.stimuli.B.words)

    def means(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean cosine of every target to A and to B, (n + m) each, X first."""
        both, count = np.concatenate([self.X, self.Y]), self.sizes[0]
        return both[:, :count].mean(axis=1), both[:, count:].mean(axis=1)

    def scores(self) -> tuple[np.ndarray, np.ndarray]:
        """Return s of the words of X (n) and of Y (m): mean cosine to A minus that to B."""
        to_a, to_b = self.means()
        return np.split(to_a - to_b, [len(self.X)])


def of_vectors(stimuli: Stimuli, vectors: Mapping[str, ArrayLike]) -> Cosines:
    """Return the cosines of the words that have a vector.

    Args:
        stimuli: the lists.
        vectors: word -> (D).

    Raises:
        ValueError: none of a list is there, a vector is zero or not finite, dimensions differ.
    """
    kept, missing = _kept(stimuli, vectors)
    sets = {
        role: unit([vectors[word] for word in one.words], one.name)
        for role, one in kept.sets.items()
    }
    if len({part.shape[1] for part in sets.values()}) > 1:
        raise ValueError("All vectors need the same number of dimensions.")
    attributes = np.concatenate([sets["A"], sets["B"]]).T  # (D, k + l)
    return Cosines(kept, sets["X"] @ attributes, sets["Y"] @ attributes, missing)


def of_pairs(stimuli: Stimuli, pairs: Mapping[str, Mapping[str, float]]) -> Cosines:
    """Return the cosines that are known of pairs of words.

    Args:
        stimuli: the lists.
        pairs: target -> attribute -> cosine; all targets know the same attributes.

    Raises:
        ValueError: none of a list is there.
    """
    attributes = next(iter(pairs.values()), {})
    known = {"X": pairs, "Y": pairs, "A": attributes, "B": attributes}
    absent = {r: [w for w in one.words if w not in known[r]] for r, one in stimuli.sets.items()}
    sets = {
        role: [word for word in one.words if word not in absent[role]]
        for role, one in stimuli.sets.items()
    }
    kept = with_words(stimuli, sets)
    columns = [*kept.A.words, *kept.B.words]
    x, y = (
        np.array([[pairs[word][other] for other in columns] for word in one.words])
        for one in (kept.X, kept.Y)
    )
    return Cosines(kept, x, y, tuple(dict.fromkeys(w for gone in absent.values() for w in gone)))


def with_words(stimuli: Stimuli, sets: Mapping[str, Sequence[str]]) -> Stimuli:
    """Return the lists with other words; names and all the rest stay.

    Raises:
        ValueError: a list would be empty.
    """
    changed = {}
    for role, one in stimuli.sets.items():
        if not sets[role]:
            raise ValueError(f"No word of the list {one.name} is known here: choose other words.")
        changed[role] = type(one)(one.name, tuple(sets[role]))
    rest = {name: getattr(stimuli, name) for name in ("about", "source", "variant", "note")}
    return Stimuli(stimuli.key, stimuli.title, **changed, **rest)


def _kept(stimuli: Stimuli, vectors: Mapping[str, ArrayLike]) -> tuple[Stimuli, tuple[str, ...]]:
    missing = tuple(word for word in stimuli.words if word not in vectors)
    return without(stimuli, missing) if missing else stimuli, missing


def weat(cosines: Cosines, **options: Any) -> WeatResult:
    """Do the test; options as those of `lab.bias.weat.weat`."""
    return from_associations(*cosines.scores(), **options)


def wefat(cosines: Cosines, ddof: int = 1) -> np.ndarray:
    """Return each target's own effect size (n + m), X first; see `lab.bias.weat.wefat`."""
    count = cosines.sizes[0]
    both = np.concatenate([cosines.X, cosines.Y])
    return np.array([effect_size(row[:count], row[count:], ddof=ddof) for row in both])


def rows(cosines: Cosines) -> list[dict[str, Any]]:
    """Return a row for each target: what its score is made of.

    Returns:
        {"word", "role" ("X" or "Y"), "group" (name of the list), "to_a", "to_b" (mean cosines),
        "s" (their difference), "wefat" (the same in standard deviations of the word's own
        cosines, None where they are all equal)}.
    """
    to_a, to_b = cosines.means()
    own = wefat(cosines)
    names = [("X", cosines.stimuli.X, word) for word in cosines.stimuli.X.words]
    names += [("Y", cosines.stimuli.Y, word) for word in cosines.stimuli.Y.words]
    return [
        {
            "word": word,
            "role": role,
            "group": group.name,
            "to_a": float(a),
            "to_b": float(b),
            "s": float(a - b),
            "wefat": float(w) if np.isfinite(w) else None,
        }
        for (role, group, word), a, b, w in zip(names, to_a, to_b, own, strict=True)
    ]


def leave_one_out(cosines: Cosines) -> list[tuple[str, str, np.ndarray, np.ndarray]]:
    """Return the scores without each word in turn; lists of one word are kept whole.

    Returns:
        (role, word, s of X, s of Y) for each word of each list, targets first.
    """
    first, second = cosines.scores()
    found = []
    for role, words, scores in (
        ("X", cosines.stimuli.X.words, first),
        ("Y", cosines.stimuli.Y.words, second),
    ):
        for place, word in enumerate(words if len(words) > 1 else ()):
            less = np.delete(scores, place)
            found.append((role, word, *((less, second) if role == "X" else (first, less))))
    count = cosines.sizes[0]
    for role, words, start in (
        ("A", cosines.stimuli.A.words, 0),
        ("B", cosines.stimuli.B.words, count),
    ):
        for place, word in enumerate(words if len(words) > 1 else ()):
            smaller = count - (role == "A")
            x, y = (np.delete(part, start + place, axis=1) for part in (cosines.X, cosines.Y))
            s = [p[:, :smaller].mean(axis=1) - p[:, smaller:].mean(axis=1) for p in (x, y)]
            found.append((role, word, *s))
    return found


def without_words(cosines: Cosines, gone: Sequence[str]) -> Cosines:
    """Return the cosines without some words, wherever they stand.

    Raises:
        ValueError: a list would be empty.
    """
    sets = cosines.stimuli.sets
    keep = {role: [w not in gone for w in one.words] for role, one in sets.items()}
    words = {r: [w for w, k in zip(s.words, keep[r], strict=True) if k] for r, s in sets.items()}
    kept = with_words(cosines.stimuli, words)
    columns = [*keep["A"], *keep["B"]]
    x, y = cosines.X[keep["X"]][:, columns], cosines.Y[keep["Y"]][:, columns]
    return Cosines(kept, x, y, cosines.missing, cosines.pieces, cosines.layers)
