"""What a translator makes of the shares in its data: the figures and the sentences about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.lesson.kit.text import plain
from lab.lesson.pronouns import TEXT
from lab.seq2seq import PairCorpus
from lab.seq2seq.generators.pronouns import FINNISH, HE, SHE

SAME = TEXT("same")
OPTIONS = ("0 %", SAME, "100 %")  # what can be guessed for a greedy share


@dataclass(frozen=True)
class Found:
    """One profession: its share of "she" in the data, and what the model makes of it.

    Args:
        profession: in English.
        share: of "she" among its pronouns in the training part.
        she, he: the model's probabilities at the pronoun's place; a translation sampled at
            temperature 1 says "she" with the first of them.
        word: the most probable word there, which is what greedy decoding writes.
    """

    profession: str
    share: float
    she: float
    he: float
    word: str

    @property
    def shown_word(self) -> str:
        """The most probable word as Markdown shows it: it may come from pairs that were loaded."""
        return plain(self.word)

    @property
    def among_both(self) -> float:
        """The probability of "she" among the two pronouns."""
        return self.she / max(self.she + self.he, 1e-12)

    @property
    def other(self) -> float:
        """The probability of all other words."""
        return max(0.0, 1 - self.she - self.he)

    @property
    def greedy(self) -> float:
        """The share of "she" in greedy translations: one or nothing."""
        return float(self.word == SHE)

    @property
    def mixed(self) -> bool:
        """Whether the data say both pronouns of it."""
        return 0 < self.share < 1

    @property
    def majority(self) -> str:
        """The pronoun of most of its sentences in the data, "" for half and half."""
        return "" if self.share == 0.5 else (SHE if self.share > 0.5 else HE)


def percent(share: float) -> str:
    """Write a share as whole per cents."""
    return f"{100 * share:.0f} %"


def shares_in(corpus: PairCorpus) -> dict[str, float]:
    """Count the share of "she" among the pronouns beside each profession in the training part."""
    counts = {name: [0, 0] for name in FINNISH}
    for pair in corpus.train:
        said = {SHE, HE} & set(pair.target)
        for name in set(pair.target) & set(counts):
            if said:
                counts[name][SHE in said] += 1
    return {name: she / max(1, he + she) for name, (he, she) in counts.items()}


def nearest_to(shares: dict[str, float], wanted: float = 0.65) -> str:
    """Return the profession whose share is nearest to a wanted one."""
    return min(shares, key=lambda name: abs(shares[name] - wanted))


def right(rows: Sequence[Found]) -> tuple[float, float]:
    """Return how often greedy and sampled translations write the pronoun that the data would.

    Both over the professions alike. A source that stands in the data with "she" in a share s of
    its sentences is met by greedy decoding in s or 1 - s of them, by sampling in
    s p(she) + (1 - s) p(he).
    """
    greedy = [{SHE: r.share, HE: 1 - r.share}.get(r.word, 0.0) for r in rows]
    sampled = [r.share * r.she + (1 - r.share) * r.he for r in rows]
    return sum(greedy) / len(rows), sum(sampled) / len(rows)


def summary(rows: Sequence[Found]) -> str:
    """Say in words how the model follows its data, and what greedy decoding does to them."""
    off = {r.profession: abs(r.among_both - r.share) for r in rows}
    far = max(off, key=off.__getitem__)
    mean, most = f"{100 * sum(off.values()) / len(off):.1f}", f"{100 * off[far]:.1f}"
    said = [TEXT("follows", mean=mean, most=most, profession=far)]
    mixed = [r for r in rows if r.mixed]
    larger = [r for r in mixed if r.word == r.majority]
    if larger:
        said.append(TEXT("amplified", larger=len(larger), mixed=len(mixed)))
    elif not mixed:
        said.append(TEXT("nothing-mixed"))
    said += _exceptions(mixed, rows)
    if mixed:
        said.append(TEXT("sampling"))
    return " ".join(said)


def _exceptions(mixed: Sequence[Found], rows: Sequence[Found]) -> list[str]:
    """Return sentences on the professions that do not follow their majority."""
    lost = [r for r in rows if r.word not in (SHE, HE)]
    groups = {
        "even": [r.profession for r in mixed if not r.majority],
        "against": [r.profession for r in mixed if {r.word, r.majority} == {SHE, HE}],
        "no-pronoun": [f"{r.profession} (“{r.shown_word}”)" for r in lost],
    }
    return [TEXT(name, professions=", ".join(some)) for name, some in groups.items() if some]


def outcome(row: Found, prompt: str, guess: str) -> tuple[bool, str]:
    """Compare a guess with the greedy share.

    Args:
        row: of the profession that was asked about.
        prompt: the sentence that was asked about.
        guess: one of `OPTIONS`, or whatever stands in the link.

    Returns:
        Whether it was right, and what came out, a sentence.
    """
    came = percent(row.greedy)
    true = {came} | ({SAME} if abs(row.share - row.greedy) < 0.05 else set())
    figures = {"greedy": came, "data": percent(row.share), "sampled": percent(row.she)}
    return guess in true, TEXT("outcome", prompt=prompt, **figures)
