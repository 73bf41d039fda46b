"""The second part: a direction from pairs, taken out, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from lab.bias.before_after import Tested, Together, together, weat_twice
from lab.bias.stays import Removed, company, neighbours
from lab.charts.analogies import component_shares, lean_dots, stayed_scatter
from lab.lesson import pictures
from lab.lesson.analogies.vectors import Chosen
from lab.lesson.lineup import plain

ABOUT_LOT, SOME, MOST = "about half, as by lot", "60 to 75 %", "more than 75 %"
OPTIONS = (ABOUT_LOT, SOME, MOST)
_NEAR = 50  # neighbours among all words


@dataclass(frozen=True)
class Outcome:
    """What came of a removal.

    Args:
        removed: the direction, and the vectors before and after.
        words: that were projected.
        test: before and after, or None where it cannot be done.
        together: the words that leaned.
        rows: of `lab.bias.stays.company`, for the words.
    """

    removed: Removed
    words: list[str]
    test: Tested | None
    together: Together
    rows: list[dict]

    @property
    def ends(self) -> tuple[str, str]:
        """The first pair, which names the direction."""
        return self.removed.pairs[0]

    @property
    def everyone(self) -> float:
        """The share of all words that had leaned to the first end, 0 to 1."""
        return float((self.removed.leans > 0).mean())

    def correlation(self, when: str) -> float:
        """Return Pearson's r of lean and neighbours, NaN where there is none."""
        leans, shares = ([row[key] for row in self.rows] for key in ("lean", when))
        if len(leans) < 3 or min(np.ptp(leans), np.ptp(shares)) == 0:
            return float("nan")
        return float(np.corrcoef(leans, shares)[0, 1])


@st.cache_resource(max_entries=12, show_spinner=False)
def _together(key: str, pairs: tuple, keep: frozenset, count: int, _removed: Removed) -> Together:
    return together(_removed, count)


@st.cache_resource(max_entries=20, show_spinner=False)
def _tested(key: str, pairs: tuple, test: str, _removed: Removed) -> Tested:
    return weat_twice(_removed, test)


def direction(removed: Removed, words: list[str]) -> None:
    """Draw the shares of the components, and the words along the direction."""
    ends = removed.pairs[0]
    left, right = st.columns(2, gap="medium")
    with left:
        shares = removed.found.shares
        pictures.show(
            component_shares(shares, removed.by_lot, pictures.half()), "analogy-components"
        )
        st.caption(
            f"PCA of {len(removed.pairs)} pairs, each around its centre. The first component has "
            f"**{shares[0]:.0%}** of the variance: that is the direction. Orange: as many pairs of "
            f"words drawn by lot, where the first has {removed.by_lot[0]:.0%} (mean of 20 draws)."
        )
    with right:
        pictures.show(lean_dots(leans(removed, words), ends, pictures.half()), "analogy-leans")
        st.caption(
            f"Cosine to the direction, from {plain(ends[1])} to {plain(ends[0])}. It says who "
            "stands near whom in the text that these vectors were made from, and nothing of what "
            "people can do."
        )


def question(removed: Removed, count: int) -> str:
    """Return what is to be guessed."""
    first, second = map(plain, removed.pairs[0])
    return (
        f"The direction is removed. Of the {count} words that leaned most to *{second}* and the "
        f"{count} to *{first}*: will they still be neighbours? What share of a word's nearest "
        "among them will be of its own side?"
    )


def leans(removed: Removed, words: list[str]) -> list[dict]:
    """Return the cosine of each word to the direction."""
    return [{"word": w, "lean": float(removed.leans[removed.table.places[w]])} for w in words]


def outcome(
    chosen: Chosen, removed: Removed, words: list[str], test: str, count: int
) -> Outcome | None:
    """Measure before and after; None with the reason on the page."""
    key, keep = chosen.key, removed.kept
    try:
        done = _tested(key, removed.pairs, test, removed)
    except ValueError as error:
        st.warning(plain(str(error)), icon=":material/edit_off:")
        done = None
    try:
        groups = _together(key, removed.pairs, keep, count, removed)
    except ValueError:
        st.error("Too few words are left beside the pairs: take vectors of more words.")
        return None
    return Outcome(removed, words, done, groups, company(removed, words, _near(removed)))


def _near(removed: Removed) -> int:
    return min(_NEAR, len(removed.table.words) // 4)


def shown(found: Outcome, guess: str) -> None:
    """Draw the test, the neighbours and the clusters, before and after."""
    right, said = verdict(found, guess)
    (st.success if right else st.info)(said, icon=":material/psychology:")
    left, other = st.columns(2, gap="medium")
    with left:
        pictures.show(scatter(found, pictures.half()), "analogy-stayed")
        _correlations(found)
    with other:
        _numbers(found)
    _look_up(found)


def scatter(found: Outcome, width: int):
    """Return the chart of leans and neighbours."""
    return stayed_scatter(found.rows, found.ends, found.everyone, width)


def verdict(found: Outcome, guess: str) -> tuple[bool, str]:
    """Say who is still together, and what the guess was worth."""
    near = found.together.near
    share = near.after
    true = MOST if share > 0.75 else SOME if share >= 0.6 else ABOUT_LOT
    said = (
        f"Of a word's {near.neighbours} nearest among the {len(found.together.first)} + "
        f"{len(found.together.second)} words that leaned most, **{near.before:.0%}** were of its "
        f"own side before and **{share:.0%}** are after; by lot {near.chance:.0%}."
    )
    if guess not in OPTIONS:
        return False, said
    right = guess == true
    return right, f"{'You guessed it' if right else f'You guessed {guess}'}. {said}"


def _correlations(found: Outcome) -> None:
    before, after = (found.correlation(when) for when in ("before", "after"))
    said = ""
    if np.isfinite(before) and np.isfinite(after):
        said = f" Correlation with the lean: {before:.2f} before, {after:.2f} after."
    st.caption(
        f"For each word: its {_near(found.removed)} nearest words in the whole vocabulary, and the "
        f"share of them that had leaned to {plain(found.ends[0])}; of all words, "
        f"{found.everyone:.0%} had (dashed line).{said} After the removal no word "
        "but the kept ones has any part along the direction; whom it has beside it can still tell."
    )


def _numbers(found: Outcome) -> None:
    both = found.together
    help_ = (
        "k-means makes two clusters of the leaning words and is not told how they leaned: the "
        "share that it sorts as they did. 50 % is what a lot gives."
    )
    _two("Two clusters", f"{both.clustered_before:.0%}", f"{both.clustered_after:.0%}", help_)
    if found.test:
        before, after = found.test.before, found.test.after
        help_ = "WEAT: the difference of the lists' means in standard deviations. It ends near 2."
        _two("Effect size d", f"{before.effect_size:.2f}", f"{after.effect_size:.2f}", help_)
        known, sets = found.test.known, found.test.test.sets
        parts = [f"{plain(sets[r].name)} {known[r]} of {len(sets[r].words)}" for r in "XYAB"]
        st.caption(
            f"WEAT: {plain(found.test.test.title)}. One-sided p {_p(before)} before, {_p(after)} "
            f"after. Words with a vector: {', '.join(parts)}."
        )
    first, second = (", ".join(map(plain, s[:8])) for s in (both.first, both.second))
    a, b = map(plain, found.ends)
    st.caption(f"Leaned most to {a}: {first} …  \nTo {b}: {second} …")


def _two(name: str, before: str, after: str, help_: str) -> None:
    left, right = st.columns(2, gap="small")
    left.metric(f"{name}, before", before, help=help_)
    right.metric(f"{name}, after", after)


def _p(result) -> str:
    value = result.p_high
    return "below 0.001" if value < 0.001 else f"{value:.3f}"


def _look_up(found: Outcome) -> None:
    state = st.session_state
    if state.get("look_up") not in found.words:
        state["look_up"] = "nurse" if "nurse" in found.words else found.words[0]
    word = st.selectbox("Neighbours of one word", found.words, key="look_up")
    before, after = neighbours(found.removed, word)
    stayed = len(set(before) & set(after))
    st.markdown(
        f"- **before:** {plain(', '.join(before))}\n- **after:** {plain(', '.join(after))}\n\n"
        f"{stayed} of {len(before)} stay."
    )
