"""Language models that only count: the baseline that every network has to beat.

An n-gram model predicts the next token from the n-1 tokens before it, by how often each token
followed them in the training text. Counting is exact and quick; what it lacks is any idea that two
contexts are alike, so most long contexts are new to it. That is the sparsity problem, and the two
answers to it are here: add a little to every count, or fall back on shorter contexts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

SMOOTHINGS = ("add-k", "back-off")
LARGEST_ORDER = 10
Ids = np.ndarray | Sequence[int]


@dataclass
class _Level:
    """The distinct j-grams of the training text, for one length j.

    Each is written as one number, context * V + token, where `context` is the place of its first
    j-1 tokens among the level below. So a key stays far below 2**63 for any V and any order, and
    the j-grams that share a context stand next to each other.
    """

    keys: np.ndarray  # (M_j,) int64, ascending
    counts: np.ndarray  # (M_j,) how often each occurs
    weights: np.ndarray  # (M_j,) what probabilities are made of: the counts, or see `NGram.fit`
    totals: np.ndarray  # (M_{j-1},) sum of the weights that share a context
    followers: np.ndarray  # (M_{j-1},) how many distinct tokens with weight follow the context

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Give the place of each key, -1 where it was never seen; a negative key never was."""
        if not self.keys.size:
            return np.full(len(keys), -1)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, place, -1)


class NGram:
    """An n-gram model with probabilities that are never zero and always sum to one.

    With `smoothing="add-k"`, k is added to the count of every token in every context:

        p(w | c) = (count(c, w) + k) / (count(c) + k V)

    where c is the n-1 tokens before w. A context that was never seen gives 1/V for each token.
    The default k = 0.05 is one value for all orders, near the best for the longer ones: on Tiny
    Shakespeare by characters it gives 3.347, 2.485, 2.050, 1.777 and 1.756 nats for n = 1 ... 5
    (90/10 split); k = 0.1 would be better for n = 3 (2.046) and worse for n = 5 (1.788). It was
    chosen by these same validation losses, so they flatter it a little.

    With `smoothing="back-off"`, a discount D is taken off every count that is not zero, and what
    was taken is handed to the tokens in proportion to their probability after the shorter context
    c' (c without its first token), down to the single token and at last 1/V:

        p(w | c) = max(count(c, w) - D, 0) / count(c) + D followers(c) / count(c) * p(w | c')

    followers(c) is the number of distinct tokens seen after c. A context that was never seen gives
    p(w | c') alone. Below the highest order, count(c, w) is replaced by the number of distinct
    tokens seen before the n-gram: "Francisco" may be frequent, but it follows one word only, so it
    is no good guess after a new one. D = n1 / (n1 + 2 n2) for each order, with n1 and n2 the number
    of n-grams that have count one and two (0.5 where there are none with one). This is interpolated
    Kneser-Ney smoothing. The same text gives 3.347, 2.484, 2.045, 1.729 and 1.579 nats.

    Where fewer than n-1 tokens precede, at the beginning of a text, the model of the lower order
    answers. Order 0 is the uniform distribution 1/V, order 1 looks at no context at all.

    Args:
        order: n, from 0 to 10.
        vocabulary_size: V, the number of distinct tokens that there can be.
        smoothing: "add-k" or "back-off".
        k: what is added to each count, above 0; only for "add-k".

    Raises:
        ValueError: an argument is out of range.

    Sources: additive smoothing and interpolated Kneser-Ney: Chen and Goodman 1999, An empirical
    study of smoothing techniques for language modeling, sections 2.1, 2.6 and 2.7, where the
    discount D is from Ney, Essen and Kneser 1994; the counts of distinct predecessors: Kneser and
    Ney 1995, Improved backing-off for m-gram language modeling.
    """

    def __init__(self, order: int, vocabulary_size: int, smoothing: str = "add-k", k: float = 0.05):
        if not 0 <= order <= LARGEST_ORDER:
            raise ValueError(f"The order must be from 0 to {LARGEST_ORDER}, not {order}.")
        if vocabulary_size < 1:
            raise ValueError(f"The vocabulary needs at least one token, not {vocabulary_size}.")
        if smoothing not in SMOOTHINGS:
            raise ValueError(f"There is no smoothing {smoothing!r}: use one of {SMOOTHINGS}.")
        if not 0 < k < float("inf"):
            raise ValueError(f"k must be a number above 0, not {k}: zero would forbid new n-grams.")
        self.order, self.vocabulary_size = order, vocabulary_size
        self.smoothing, self.k = smoothing, k
        self.discounts: list[float] = []  # D of the orders 1, 2, ... n, for "back-off"
        self._levels: list[_Level] = []

    def fit(self, ids: Ids) -> NGram:
        """Count the n-grams of a training text, (T,) ids; counts of an earlier text are dropped.

        Returns:
            the model itself.

        Raises:
            ValueError: there are no ids, or one is outside the vocabulary.
        """
        ids = self._checked(ids)
        if not ids.size:
            raise ValueError("An n-gram model needs at least one token to count.")
        size = self.vocabulary_size
        self._levels, self.discounts = [], []
        places = np.zeros(len(ids) + 1, dtype=np.int64)  # of the empty context, before each token
        width = 1  # distinct contexts
        for order in range(1, self.order + 1):
            # places[i] belongs to the context that begins at token i, order - 1 tokens long.
            tokens = ids[order - 1 :]
            keys, longer, counts = _distinct(places[: len(tokens)] * size + tokens, width * size)
            if self.smoothing == "back-off" and order > 1:
                # Any occurrence of an n-gram tells which shorter one it ends with.
                example = np.empty(len(keys), dtype=np.int64)
                example[longer] = np.arange(len(longer))
                predecessors = np.bincount(places[example + 1], minlength=width)
                self._weigh(self._levels[-1], predecessors)
            level = _Level(keys, counts, counts, np.zeros(width), np.zeros(width))
            self._weigh(level, counts)
            self._levels.append(level)
            places, width = longer, len(keys)
        if self.smoothing == "back-off":
            self.discounts = [_discount(level.weights) for level in self._levels]
        return self

    def _weigh(self, level: _Level, weights: np.ndarray) -> None:
        contexts = level.keys // self.vocabulary_size
        width = len(level.totals)
        level.weights = weights
        level.totals = np.bincount(contexts, weights, minlength=width)
        level.followers = np.bincount(contexts, weights > 0, minlength=width)

    def probabilities(self, context: Ids = ()) -> np.ndarray:
        """Give the probability of each token after `context`, (V,) float64, summing to one.

        Args:
            context: ids of the tokens before, of any length; the last n-1 count.

        Raises:
            ValueError: an id is outside the vocabulary.
        """
        size = self.vocabulary_size
        context = self._history(context)
        result = np.full(size, 1 / size)
        for order, level in enumerate(self._counted()[: len(context) + 1], start=1):
            place = self._place(context[len(context) - order + 1 :])
            if place < 0:
                if self.smoothing == "add-k":
                    result = np.full(size, 1 / size)
                continue
            first, last = np.searchsorted(level.keys, [place * size, (place + 1) * size])
            weights = np.zeros(size)
            weights[level.keys[first:last] - place * size] = level.weights[first:last]
            result = self._mix(order, weights, level.totals[place], level.followers[place], result)
        return result

    def _place(self, context: np.ndarray) -> int:
        # Of a whole context among the n-grams of its length; 0 for the empty one.
        place = 0
        for level, token in zip(self._levels, context.tolist(), strict=False):
            place = int(level.find(np.array([place * self.vocabulary_size + token]))[0])
            if place < 0:
                break
        return place

    def _mix(
        self,
        order: int,
        weights: np.ndarray,
        totals: np.ndarray,
        followers: np.ndarray,
        lower: np.ndarray | float,
    ) -> np.ndarray:
        # The two equations of the class, for arrays that belong together element by element.
        if self.smoothing == "add-k":
            return (weights + self.k) / (totals + self.k * self.vocabulary_size)
        discount = self.discounts[order - 1]
        some = np.maximum(totals, 1)  # where it is zero, the lower order alone answers
        mixed = (np.maximum(weights - discount, 0) + discount * followers * lower) / some
        return np.where(totals > 0, mixed, lower)

    def _walk(
        self, ids: np.ndarray, context: Ids
    ) -> Iterator[tuple[int, _Level, slice, np.ndarray, np.ndarray]]:
        # For each order j: where among `ids` it can be used, and the places of the contexts and
        # of the n-grams there (-1: never seen).
        before = self._history(context)
        stream = np.concatenate([before, ids])
        places = np.zeros(len(stream) + 1, dtype=np.int64)
        for order, level in enumerate(self._counted(), start=1):
            tokens = stream[order - 1 :]
            contexts = places[: len(tokens)]
            # The place -1 of an unseen context makes a negative key, which is unseen again.
            places = level.find(contexts * self.vocabulary_size + tokens)
            # The n-gram at i ends at stream[i + order - 1], and ids begin at stream[len(before)].
            skip = max(0, len(before) - order + 1)
            start = len(ids) - len(tokens) + skip
            yield order, level, slice(start, None), contexts[skip:], places[skip:]

    def token_probabilities(self, ids: Ids, context: Ids = ()) -> np.ndarray:
        """Give p(ids[t] | what precedes it) for each t, (T,) float64.

        Args:
            ids: (T,) the tokens to predict.
            context: tokens that precede them; without, the first ones have a short history.

        Raises:
            ValueError: an id is outside the vocabulary.
        """
        ids = self._checked(ids)
        result = np.full(len(ids), 1 / self.vocabulary_size)
        for order, level, part, contexts, places in self._walk(ids, context):
            result[part] = self._mix(
                order,
                _take(level.weights, places),
                _take(level.totals, contexts),
                _take(level.followers, contexts),
                result[part],
            )
        return result

    def cross_entropy(self, ids: Ids, context: Ids = ()) -> float:
        """Give the mean of -ln p(token | what precedes it) over `ids`, in nats per token.

        Args:
            ids: (T,) the tokens to predict, for instance the validation part.
            context: tokens that precede them, for instance the end of the training part.

        Raises:
            ValueError: there are no ids, or one is outside the vocabulary.
        """
        probabilities = self.token_probabilities(ids, context)
        if not probabilities.size:
            raise ValueError("The cross-entropy of no tokens is not defined: give at least one.")
        return float(-np.log(probabilities).mean())

    @property
    def parameters(self) -> int:
        """The number of stored counts: of n-grams of the order, for "back-off" of all orders."""
        levels = self._levels if self.smoothing == "back-off" else self._levels[-1:]
        return sum(len(level.keys) for level in levels)

    def sparsity(self, ids: Ids | None = None, context: Ids = ()) -> dict[str, int | float]:
        """Tell how little of what could be said was ever seen.

        Args:
            ids: (T,) validation tokens, to learn how many of their n-grams are new.
            context: tokens that precede them.

        Returns:
            `order`; `possible_ngrams` V^n, `seen_ngrams` (distinct, in training),
            `seen_only_once`, `share_of_possible_seen`; `possible_contexts` V^(n-1) and
            `seen_contexts`. With `ids` also `validation_ngrams`, how many n-grams they hold,
            `share_of_validation_ngrams_never_seen` (a plain count would give probability 0) and
            `share_of_validation_contexts_never_seen` (it would divide by 0). Shares are from 0
            to 1. Counts of what is possible are exact and may be too long for a float.
        """
        possible = self.vocabulary_size**self.order
        last = self._counted()[-1] if self.order else None
        counts = last.counts if last else np.zeros(0, dtype=np.int64)
        report: dict[str, int | float] = {
            "order": self.order,
            "possible_ngrams": possible,
            "seen_ngrams": len(counts),
            "seen_only_once": int((counts == 1).sum()),
            "share_of_possible_seen": len(counts) / possible,
            "possible_contexts": self.vocabulary_size ** max(self.order - 1, 0),
            "seen_contexts": int((last.followers > 0).sum()) if last else 0,
        }
        if ids is None:
            return report
        new_ngrams, new_contexts, held = 0.0, 0.0, 0
        for order, level, _, context_places, places in self._walk(self._checked(ids), context):
            if order == self.order and (held := len(places)):
                new_ngrams = float((places < 0).mean())
                # A context at the very end of the training text was never followed by anything.
                new_contexts = float((_take(level.totals, context_places) == 0).mean())
        report["validation_ngrams"] = held
        report["share_of_validation_ngrams_never_seen"] = new_ngrams
        report["share_of_validation_contexts_never_seen"] = new_contexts
        return report

    def sample(
        self,
        length: int,
        prompt: Ids = (),
        rng: np.random.Generator | int | None = None,
        temperature: float = 1.0,
        top_k: int | None = None,
    ) -> np.ndarray:
        """Draw `length` tokens one after the other, each from its probabilities.

        Args:
            length: how many tokens follow the prompt.
            prompt: ids to go on from.
            rng: a generator or a seed.
            temperature: each p becomes p^(1/temperature), normalised: below 1 the likely tokens
                become likelier, 0 always takes the likeliest.
            top_k: only so many of the likeliest tokens can be drawn; None for all.

        Returns:
            (length,) int64, without the prompt.

        Raises:
            ValueError: an argument is out of range, or an id outside the vocabulary.
        """
        if not 0 <= temperature < float("inf"):
            raise ValueError(f"The temperature must be a number from 0 up, not {temperature}.")
        if top_k is not None and top_k < 1:
            raise ValueError(f"top_k must be at least 1, or None, not {top_k}.")
        rng = np.random.default_rng(rng)
        text = self._checked(prompt).tolist()
        reach = max(self.order - 1, 1)
        start = len(text)
        for _ in range(length):
            weights = self.probabilities(text[-reach:])
            if top_k is not None and top_k < len(weights):
                weights[np.argsort(-weights, kind="stable")[top_k:]] = 0
            if temperature == 0:
                text.append(int(weights.argmax()))
                continue
            weights = (weights / weights.max()) ** (1 / temperature)
            text.append(int(rng.choice(len(weights), p=weights / weights.sum())))
        return np.array(text[start:], dtype=np.int64)

    def _counted(self) -> list[_Level]:
        if len(self._levels) < self.order:
            raise RuntimeError("This n-gram model has counted nothing yet: call fit() first.")
        return self._levels

    def _history(self, context: Ids) -> np.ndarray:
        # The part of the context that an n-gram can reach: at most n - 1 tokens.
        context = self._checked(context)
        return context[len(context) - min(len(context), max(self.order - 1, 0)) :]

    def _checked(self, ids: Ids) -> np.ndarray:
        ids = np.asarray(ids, dtype=np.int64)
        if ids.ndim != 1:
            raise ValueError(f"Token ids come as one row, not with shape {ids.shape}.")
        if ids.size and (ids.min() < 0 or ids.max() >= self.vocabulary_size):
            raise ValueError(f"Token ids must lie between 0 and {self.vocabulary_size - 1}.")
        return ids


def _distinct(keys: np.ndarray, possible: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # np.unique(keys) with inverse and counts. Where the keys that can occur are few, a table of
    # them is several times faster than sorting.
    if possible > 8 * len(keys) + 1_000_000:
        distinct, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
        return distinct, places, counts
    table = np.bincount(keys, minlength=1)
    distinct = np.flatnonzero(table)
    counts = table[distinct]
    table[distinct] = np.arange(len(distinct))
    return distinct, table[keys], counts


def _take(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    # values[places], and 0 where the place is -1.
    return np.append(values, 0)[places]


def _discount(weights: np.ndarray) -> float:
    once, twice = int((weights == 1).sum()), int((weights == 2).sum())
    return once / (once + 2 * twice) if once else 0.5
