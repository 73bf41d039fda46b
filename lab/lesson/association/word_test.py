"""A test of word vectors: lists, vectors, a guess; then every word's score, S, d, p, and chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import streamlit as st

from lab.bias.conventions import CONVENTIONS
from lab.bias.cosines import Cosines, without_words
from lab.bias.own_lists import check
from lab.bias.stimuli import Stimuli, published
from lab.charts.association import permutation_bars, word_dots
from lab.lesson import pictures
from lab.lesson.association import TEXT, lists, vectors
from lab.lesson.association import result as results
from lab.lesson.association.earlier_results import remember
from lab.lesson.association.result import Result, number
from lab.lesson.association.vectors import WordVectors
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Choice, Control, Key, Switch
from lab.lesson.kit.page import Page
from lab.lesson.kit.question import SKIP, Question, compare
from lab.lesson.kit.text import plain
from lab.lesson.sources.picker import VECTORS

CONVENTION = Choice(
    "convention",
    "Convention",
    {one.key: one.label for one in CONVENTIONS},
    help=TEXT("convention-help"),
)
WEFAT = Switch("wefat", "One word at a time (the slide's formula)")
KEYS: tuple[Key[Any] | Control[Any], ...] = (*lists.KEYS, *vectors.KEYS, CONVENTION, WEFAT)
# Links hold "weat1.x"; earlier versions wrote a code for who would rather not guess, too.
QUESTION = Question(separator=".", former={"skip": SKIP, "seen": SKIP})
_OWN_GUESSED = "association-own-guessed"
_FORMULAS = r"""
s(w) = \operatorname*{mean}_{a \in A} \cos(w, a) - \operatorname*{mean}_{b \in B} \cos(w, b)
\qquad S = \sum_{x \in X} s(x) - \sum_{y \in Y} s(y)
\qquad d = \frac{\operatorname{mean}_X s - \operatorname{mean}_Y s}{\operatorname{SD}_{X \cup Y}\,s}
"""


@dataclass(frozen=True)
class WordTest:
    """What is tested.

    Args:
        lists: the four of them.
        vectors: None while there are none.
    """

    lists: Stimuli
    vectors: WordVectors | None


def choose(page: Page) -> WordTest | None:
    """Draw the choice of lists and vectors, and ask for the guess; None with the reason."""
    page.lesson.offer(lists.PRESETS)
    left, right = st.columns(2, gap="medium")
    with left:
        test = lists.choose()
    with right:
        chosen = vectors.choose(hide_hub=page.lesson.hides("controls"))
    if test is None:
        return None
    with st.expander("The words, and the formulas", icon=":material/list_alt:"):
        st.markdown(lists.listed(test))
        st.caption(TEXT("source", source=plain(test.source or "your own")))
        st.latex(_FORMULAS)
    predict(page, test)
    if not page.answered:
        st.caption(TEXT("guess-first"))
    return WordTest(test, chosen)


def predict(page: Page, test: Stimuli) -> None:
    """Ask for a guess about these lists and vectors; own lists are guessed about once."""
    mark, own = lists.mark(test), test.key == lists.OWN
    if own and st.session_state.get(_OWN_GUESSED, mark) != mark:
        page.guess = SKIP  # changed lists are answered at once: a guess would come too late
        QUESTION.key.set("")
        return
    wording = TEXT("predict", a=plain(test.A.name), b=plain(test.B.name))
    options = {code: plain(name) for code, name in results.options(test).items()}
    page.lesson.ask(page, wording, options, mark, also="" if own else VECTORS.get())
    if own and page.answered:
        st.session_state[_OWN_GUESSED] = mark


def measure(chosen: WordTest) -> Result | None:
    """Return what the vectors give for the lists; None with the reason on the page."""
    if chosen.vectors is None:
        return None
    test = chosen.lists
    with st.spinner(TEXT("reading")):
        whole = chosen.vectors.cosines(test)
    if whole is None:
        return None
    _describe(test, whole, chosen.vectors.recorded)
    gone = lists.draw_left_out(whole.stimuli)
    try:
        cosines = without_words(whole, gone) if gone else whole
    except ValueError:
        st.error(TEXT("list-empty"), icon=":material/edit_off:")
        return None
    first, second = (part.tolist() for part in cosines.scores())
    questions = [
        (*ask.computing(vectors.QUESTION, name, first=first, second=second), "")
        for name in ("verdicts", "chance")
    ]
    with st.spinner(TEXT("shuffling")):
        verdicts, chance = ask.several(questions)
    if verdicts is None or chance is None:
        return None
    result = Result(test, cosines, whole, verdicts, chosen.vectors, tuple(gone), chance)
    remember(result)
    return result


def _describe(test: Stimuli, whole: Cosines, recorded: bool) -> None:
    """Say which words are missing, cut into pieces, or odd."""
    if whole.missing:
        some = ", ".join(whole.missing[:12]) + (" …" if len(whole.missing) > 12 else "")
        name = "left-out-recorded" if recorded else "left-out"
        counts = {"missing": len(whole.missing), "count": len(test.words)}
        st.warning(TEXT(name, words=plain(some), **counts), icon=":material/visibility_off:")
    if whole.pieces:
        st.caption(
            TEXT("pieces", pieces=len(whole.pieces), count=len(whole.stimuli.words)),
        )
    for finding in check(whole.stimuli)[:4] if test.key == lists.OWN else ():
        st.caption(f":material/warning: {plain(finding.message)}")


def draw(result: Result, guess: str | None) -> None:
    """Compare the guess, and draw every word's score, the figures and chance."""
    came, sentence = results.outcome(result)
    compare(results.options(result.test).get(guess or "", guess), guess == came, sentence)
    verdict = result.by(CONVENTION.draw())
    left, right = st.columns(2, gap="medium")
    with left:
        draw_words(result, WEFAT.draw())
    with right:
        _figures(result, verdict)
        draw_chance(result)


def draw_words(result: Result, wefat: bool) -> None:
    """Draw the score of every word, and say which statistic it is."""
    pictures.show(words_chart(result, wefat, pictures.half()), f"association-words-{wefat}")
    st.caption(TEXT("wefat" if wefat else "points"))


def words_chart(result: Result, wefat: bool, width: float) -> alt.LayerChart:
    """Return the chart of every word's score."""
    names = result.names
    return word_dots(result.rows, (names["X"], names["Y"]), (names["A"], names["B"]), wefat, width)


def chance_chart(result: Result, width: float) -> alt.LayerChart:
    """Return the chart of S over all splits of the words."""
    drawn = result.chance or {}
    return permutation_bars(drawn["edges"], drawn["counts"], drawn["observed"], width)


def draw_chance(result: Result) -> None:
    """Draw the permutation distribution, and name the exact p or its bracket."""
    pictures.show(chance_chart(result, pictures.half()), "association-permutations")
    lab = result.lab
    share = f"exactly {lab['p_low']:.4g}"
    if lab["method"] == "bracket":
        share = f"between {lab['p_low']:.4g} and {lab['p_high']:.4g}"
    partitions = f"{lab['partitions']:,}"
    st.caption(TEXT("splits", partitions=partitions, share=share, method=lab["method"]))


def _figures(result: Result, verdict: results.Verdict) -> None:
    given = results.convention(verdict["convention"])
    d = verdict["effect_size"]
    with st.container(horizontal=True, gap="large"):
        st.metric("S", f"{verdict['statistic']:+.3f}", width="content")
        st.metric(f"d (ddof {given.ddof})", "none" if d is None else f"{d:+.3f}", width="content")
        side = "two-sided" if given.alternative == "two-sided" else "one-sided"
        st.metric(f"p ({side})", results.p_text(verdict), width="content")
    printed: dict[str, Any] = published(result.test.key)
    if "word2vec_d" in printed:
        both = {name: f"{printed[f'{name}_d']:+.2f}" for name in ("word2vec", "glove")}
        st.caption(TEXT("published-d", **both))
    st.markdown("\n".join(f"- {point}" for point in results.meaning(result, verdict)))
    if number(verdict["p_low"] or 0) != number(result.lab["p_low"] or 0):
        st.caption(f"{given.label}: {given.note}")
