"""The second part: a direction from pairs, taken out, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import streamlit as st

from lab.bias.before_after import Tested, Together, together, weat_twice
from lab.bias.stays import Removed, company, neighbours
from lab.charts.analogies import component_shares, lean_dots, stayed_scatter
from lab.lesson import pictures
from lab.lesson.analogies import TEXT
from lab.lesson.analogies.pairs import Removal
from lab.lesson.kit.question import compare
from lab.lesson.kit.text import plain

ABOUT_HALF, SOME, MOST = "about half, as by lot", "60 to 75 %", "more than 75 %"
OPTIONS = (ABOUT_HALF, SOME, MOST)
_NEAR = 50  # neighbours among all words


@dataclass(frozen=True)
class BeforeAfter:
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
    rows: list[dict[str, Any]]

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
def _together(
    identity: str, pairs: tuple, keep: frozenset, count: int, _removed: Removed
) -> Together:
    return together(_removed, count)


@st.cache_resource(max_entries=20, show_spinner=False)
def _tested(identity: str, pairs: tuple, test: str, _removed: Removed) -> Tested:
    return weat_twice(_removed, test)


def draw_direction(removal: Removal) -> None:
    """Draw the shares of the components, and the words along the direction."""
    removed = removal.removed
    ends = removed.pairs[0]
    left, right = st.columns(2, gap="medium")
    with left:
        shares = removed.found.shares
        chart = component_shares(shares.tolist(), removed.by_lot.tolist(), pictures.half())
        pictures.show(chart, "analogy-components")
        share, by_lot = f"{shares[0]:.0%}", f"{removed.by_lot[0]:.0%}"
        st.caption(TEXT("components", pairs=len(removed.pairs), share=share, by_lot=by_lot))
    with right:
        rows = leans(removed, removal.words)
        pictures.show(lean_dots(rows, ends, pictures.half()), "analogy-leans")
        st.caption(TEXT("leans", first=plain(ends[0]), second=plain(ends[1])))


def wording(removal: Removal) -> str:
    """Return what is to be guessed."""
    first, second = map(plain, removal.removed.pairs[0])
    return TEXT("predict-stay", count=removal.count, first=first, second=second)


def leans(removed: Removed, words: list[str]) -> list[dict[str, Any]]:
    """Return the cosine of each word to the direction."""
    return [{"word": w, "lean": float(removed.leans[removed.table.places[w]])} for w in words]


def measure(removal: Removal) -> BeforeAfter | None:
    """Measure before and after; None with the reason on the page."""
    identity, removed = removal.vocabulary.identity, removal.removed
    try:
        tested = _tested(identity, removed.pairs, removal.test, removed)
    except ValueError as error:
        st.warning(plain(str(error)), icon=":material/edit_off:")
        tested = None
    try:
        groups = _together(identity, removed.pairs, removed.kept, removal.count, removed)
    except ValueError:
        st.error(TEXT("too-few"))
        return None
    rows = company(removed, removal.words, _near(removed))
    return BeforeAfter(removed, removal.words, tested, groups, rows)


def _near(removed: Removed) -> int:
    return min(_NEAR, len(removed.table.words) // 4)


def draw(measured: BeforeAfter, guess: str | None) -> None:
    """Draw the test, the neighbours and the clusters, before and after."""
    true, came = outcome(measured)
    compare(guess, guess == true, came)
    left, other = st.columns(2, gap="medium")
    with left:
        pictures.show(scatter(measured, pictures.half()), "analogy-stayed")
        _correlations(measured)
    with other:
        _numbers(measured)
    _look_up(measured)


def scatter(measured: BeforeAfter, width: int) -> alt.LayerChart:
    """Return the chart of leans and neighbours."""
    return stayed_scatter(measured.rows, measured.ends, measured.everyone, width)


def outcome(measured: BeforeAfter) -> tuple[str, str]:
    """Return which option came true, and a sentence on who is still together."""
    near, share = measured.together.near, measured.together.near.after
    true = MOST if share > 0.75 else SOME if share >= 0.6 else ABOUT_HALF
    return true, TEXT(
        "came-stay",
        neighbours=near.neighbours,
        first=len(measured.together.first),
        second=len(measured.together.second),
        before=f"{near.before:.0%}",
        after=f"{share:.0%}",
        chance=f"{near.chance:.0%}",
    )


def _correlations(measured: BeforeAfter) -> None:
    before, after = (measured.correlation(when) for when in ("before", "after"))
    correlation = ""
    if np.isfinite(before) and np.isfinite(after):
        figures = TEXT("correlation", before=f"{before:.2f}", after=f"{after:.2f}")
        correlation = f" {figures}"
    st.caption(
        TEXT(
            "company",
            near=_near(measured.removed),
            end=plain(measured.ends[0]),
            everyone=f"{measured.everyone:.0%}",
            correlation=correlation,
        )
    )


def _numbers(measured: BeforeAfter) -> None:
    both = measured.together
    clustered = f"{both.clustered_before:.0%}", f"{both.clustered_after:.0%}"
    _two("Two clusters", *clustered, TEXT("clusters-help"))
    if measured.test:
        before, after = measured.test.before, measured.test.after
        sizes = f"{before.effect_size:.2f}", f"{after.effect_size:.2f}"
        _two("Effect size d", *sizes, TEXT("effect-help"))
        st.caption(
            TEXT(
                "weat",
                title=plain(measured.test.test.title),
                before=_p(before),
                after=_p(after),
                known=_known(measured.test),
            )
        )
    first, second = (", ".join(map(plain, s[:8])) for s in (both.first, both.second))
    a, b = map(plain, measured.ends)
    st.caption(f"Leaned most to {a}: {first} …  \nTo {b}: {second} …")


def _known(tested: Tested) -> str:
    known, sets = tested.known, tested.test.sets
    return ", ".join(f"{plain(sets[r].name)} {known[r]} of {len(sets[r].words)}" for r in "XYAB")


def _two(name: str, before: str, after: str, help: str) -> None:
    left, right = st.columns(2, gap="small")
    left.metric(f"{name}, before", before, help=help)
    right.metric(f"{name}, after", after)


def _p(result: Any) -> str:
    value = result.p_high
    return "below 0.001" if value < 0.001 else f"{value:.3f}"


def _look_up(measured: BeforeAfter) -> None:
    state = st.session_state
    if state.get("look_up") not in measured.words:
        state["look_up"] = "nurse" if "nurse" in measured.words else measured.words[0]
    word = st.selectbox("Neighbours of one word", measured.words, key="look_up")
    before, after = neighbours(measured.removed, word)
    st.markdown(
        TEXT(
            "neighbours",
            before=plain(", ".join(before)),
            after=plain(", ".join(after)),
            stayed=len(set(before) & set(after)),
            count=len(before),
        )
    )
