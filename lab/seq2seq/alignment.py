"""What a translator looked at, held against a gold alignment and against simple baselines.

A link is a pair (source index, target index), both from 0.

References:
    Och and Ney (2003), "A systematic comparison of various statistical alignment models".
    Brown, Della Pietra, Della Pietra and Mercer (1993), "The mathematics of statistical machine
    translation", model 1.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from lab.seq2seq.pairs import Pair

Link = tuple[int, int]
Links = Collection[Link]
MOST_CELLS = 8_000_000  # pairs of words that IBM model 1 keeps in memory at once


def alignment_accuracy(looked: Iterable[tuple[np.ndarray, Pair]]) -> float:
    """Share of target words with gold that look most at a word they come from.

    Args:
        looked: for each sentence its attention weights (T, S), or for each target position the
            index of the source position looked at most (T,); and its pair. T and S may be larger
            than the sentences by what belongs to `</s>`: more rows are left out, and looking at
            `</s>` is looking wrong.

    Returns:
        A share from 0 to 1 over all sentences together; nan where no word has gold.

    Raises:
        ValueError: fewer rows than the target has words.
    """
    right = known = 0
    for seen, pair in looked:
        seen = np.asarray(seen)
        places = seen.argmax(axis=1) if seen.ndim == 2 else seen
        if len(places) < len(pair.target):
            raise ValueError(f"{len(places)} rows cannot align {len(pair.target)} target words.")
        targets = {j for _, j in pair.possible}
        known += len(targets)
        right += sum((int(places[j]), j) in pair.possible for j in targets)
    return right / known if known else float("nan")


def alignment_error_rate(
    alignment: Links | Sequence[Links],
    sure: Links | Sequence[Links],
    possible: Links | Sequence[Links],
) -> float:
    """Alignment error rate of Och and Ney (2003): 1 - (|A and S| + |A and P|) / (|A| + |S|).

    Args:
        alignment, sure, possible: A, S and P as sets of links, of one sentence or as sequences of
            sets, of a corpus: then the counts are summed before they are divided, as usual. Leave
            sentences without gold out. P counts as containing S.

    Returns:
        0 (all sure links found, and none that is not possible) to 1; nan without any link.
    """
    sentences = (alignment, sure, possible)
    if isinstance(alignment, (set, frozenset)):
        sentences = tuple([links] for links in sentences)
    agreed = size = 0
    for found, certain, allowed in zip(*map(_sets, sentences), strict=True):
        allowed = allowed | certain
        agreed += len(found & certain) + len(found & allowed)
        size += len(found) + len(certain)
    return 1 - agreed / size if size else float("nan")


def _sets(sentences: Iterable[Links]) -> list[set[Link]]:
    return [set(links) for links in sentences]


def diagonal(source_length: int, target_length: int) -> set[Link]:
    """Link each target word with the source word at the same part of its sentence.

    The baseline that knows nothing of either language.
    """
    return {(int((j + 0.5) * source_length / target_length), j) for j in range(target_length)}


def ibm_model_1(pairs: Sequence[Pair], iterations: int = 5) -> list[set[Link]]:
    """Align pairs by counting which words occur together: model 1 of Brown et al. (1993).

    Trained on the pairs themselves; their gold is not looked at. Each target word is linked with
    the source word that it most probably translates, or with none if that is the empty word.

    Args:
        iterations: rounds of expectation and maximisation.

    Returns:
        For each pair a set of at most one link for each target word.

    Raises:
        ValueError: the pairs have more than `MOST_CELLS` combinations of words.
    """
    cells = _Cells(pairs)
    return cells.best(cells.train(iterations))


class _Cells:
    """All combinations of a target word with a source word of its sentence, in one long row.

    A target word has a stretch of the row: the source words in their order, then the empty word.
    So of equally probable words the first of the sentence is taken, and the empty word last.
    """

    def __init__(self, pairs: Sequence[Pair]):
        size = sum((len(pair.source) + 1) * len(pair.target) for pair in pairs)
        if size > MOST_CELLS:
            raise ValueError(
                f"These pairs have {size:,} combinations of words, and {MOST_CELLS:,} are the "
                "limit for model 1: use fewer pairs."
            )
        self.pairs = pairs
        self.sources: dict[str | None, int] = {None: 0}
        self.targets: dict[str, int] = {}
        for pair in pairs:
            for word in pair.source:
                self.sources.setdefault(word, len(self.sources))
            for word in pair.target:
                self.targets.setdefault(word, len(self.targets))
        keys = [np.zeros(0, dtype=np.int64)]
        for pair in pairs:
            source = np.array([self.sources[word] for word in (*pair.source, None)])
            target = np.array([self.targets[word] for word in pair.target])
            keys.append((source * len(self.targets) + target[:, None]).ravel())
        self.keys, self.cells = np.unique(np.concatenate(keys), return_inverse=True)
        self.widths = np.repeat(
            [len(pair.source) + 1 for pair in pairs], [len(pair.target) for pair in pairs]
        )

    def train(self, iterations: int) -> np.ndarray:
        """Return t(target | source) for each key after some rounds, from equal probabilities."""
        table = np.full(len(self.keys), 1 / max(len(self.targets), 1))
        starts = np.cumsum(self.widths) - self.widths
        source = self.keys // max(len(self.targets), 1)
        for _ in range(iterations if len(table) else 0):
            likely = table[self.cells]
            share = likely / np.repeat(np.add.reduceat(likely, starts), self.widths)
            counts = np.bincount(self.cells, share, len(table))
            table = counts / np.bincount(source, counts)[source]
        return table

    def best(self, table: np.ndarray) -> list[set[Link]]:
        """Return the most probable links of each pair."""
        likely, start, links = table[self.cells], 0, []
        for pair in self.pairs:
            rows, columns = len(pair.target), len(pair.source) + 1
            block = likely[start : start + rows * columns].reshape(rows, columns)
            start += rows * columns
            places = block.argmax(axis=1).tolist()
            links.append({(i, j) for j, i in enumerate(places) if i < columns - 1})
        return links
