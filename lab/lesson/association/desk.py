"""The experiment: lists, vectors, a guess; then the score of every word, S, d, p, and chance."""

from __future__ import annotations

import zlib

import streamlit as st

from lab.bias.conventions import CONVENTIONS
from lab.bias.cosines import Cosines, without_words
from lab.bias.distribution import permutation_distribution
from lab.bias.own_lists import check
from lab.bias.stimuli import Stimuli, published
from lab.charts.association import permutation_bars, word_dots
from lab.lesson import pictures
from lab.lesson.asking import compute
from lab.lesson.association import found as findings
from lab.lesson.association import lists, vectors
from lab.lesson.association.found import Found, number
from lab.lesson.association.seen import remember
from lab.lesson.association.vectors import RECORDED, Origin
from lab.lesson.frame import SKIP, Lesson, hidden
from lab.lesson.inside import hub
from lab.lesson.lineup import plain

SEEN = "seen"  # instead of a guess
_LABELS = {one.label: one.key for one in CONVENTIONS}
_FORMULAS = r"""
s(w) = \operatorname*{mean}_{a \in A} \cos(w, a) - \operatorname*{mean}_{b \in B} \cos(w, b)
\qquad S = \sum_{x \in X} s(x) - \sum_{y \in Y} s(y)
\qquad d = \frac{\operatorname{mean}_X s - \operatorname{mean}_Y s}{\operatorname{SD}_{X \cup Y}\,s}
"""


def desk(lesson: Lesson, open_: bool) -> Found | None:
    """Draw the test of word vectors.

    Args:
        lesson: asks for the guess.
        open_: whether the tab is seen: nothing is computed before.

    Returns:
        What was found, None while there is nothing.
    """
    lists.presets()
    left, right = st.columns(2, gap="medium")
    with left:
        test = lists.choose()
    with right:
        origin = vectors.choose()
        if not hidden("controls"):
            hub.desk()
    if test is None:
        return None
    with st.expander("The words, and the formulas", icon=":material/list_alt:"):
        st.markdown(lists.listed(test))
        st.caption(f"Source: {plain(test.source or 'your own')}.")
        st.latex(_FORMULAS)
    guess = _guess(lesson, test)
    if not (guess and origin and open_):
        if not guess:
            st.caption("Guess first: then every word's score comes.")
        return None
    with st.spinner("Reading the words …"):
        whole = origin.cosines(test)
    return _tested(test, whole, origin, guess) if whole else None


def _guess(lesson: Lesson, test: Stimuli) -> str | None:
    """Ask for a guess about this test; the link keeps it as "weat1.x"."""
    guesses = st.session_state.setdefault("association-guesses", {})
    about, _, code = st.query_params.get("guess", "").partition(".")
    mark = _mark(test)
    if code and about == mark:
        guesses.setdefault(mark, code)
    if test.key == "own" and mark not in guesses and any(m.startswith("own-") for m in guesses):
        guesses[mark] = SEEN  # changed lists are answered at once: a guess would come too late
    known = {code: plain(text) for code, text in findings.options(test).items()}
    if not hidden("controls") and guesses.get(mark) != SEEN:
        picked = lesson.predict(
            f"Which group stands nearer to “{plain(test.A.name)}” (and further from "
            f"“{plain(test.B.name)}”), and is it more than chance?",
            [*known.values()],
            f"guess_{mark}",
        )
        codes = {text: code for code, text in known.items()} | {SKIP: "skip"}
        if picked in codes:
            guesses[mark] = codes[picked]
    guess = guesses.get(mark)
    if guess:
        st.query_params["guess"] = f"{mark}.{guess}"
    return guess


def _mark(test: Stimuli) -> str:
    # What a guess is about: these very lists. The names of the project's tests are enough.
    if test.key != "own":
        return test.key + (f"-{test.variant}" if test.variant else "")
    words = repr([(one.name, one.words) for one in test.sets.values()])
    return f"own-{zlib.crc32(words.encode()):x}"


def _tested(test: Stimuli, whole: Cosines, origin: Origin, guess: str) -> Found | None:
    _said_of_words(test, whole, origin.key == RECORDED)
    gone = lists.left_out(whole.stimuli)
    try:
        cosines = without_words(whole, gone) if gone else whole
    except ValueError:
        st.error("A list would be empty: leave out fewer of its words.", icon=":material/edit_off:")
        return None
    scores = [part.tolist() for part in cosines.scores()]
    with st.spinner("Dealing the words …"):
        verdicts = compute("lab.bias.asked", "verdicts", first=scores[0], second=scores[1])
    if verdicts is None:
        return None
    found = Found(test, cosines, whole, verdicts, origin, tuple(gone))
    remember(found)
    right, text = findings.outcome(found, guess)
    (st.success if right else st.info)(text, icon=":material/psychology:")
    _drawn(found)
    return found


def _said_of_words(test: Stimuli, whole: Cosines, recorded: bool) -> None:
    if whole.missing:
        some = ", ".join(whole.missing[:12]) + (" …" if len(whole.missing) > 12 else "")
        why = "they have no vector here"
        if recorded:
            why = "their cosines in this role are not recorded"
        st.warning(
            f"Left out, for {why}: {plain(some)} ({len(whole.missing)} of "
            f"{len(test.words)} words).",
            icon=":material/visibility_off:",
        )
    if whole.pieces:
        st.caption(
            f"{len(whole.pieces)} of {len(whole.stimuli.words)} words are several pieces for this "
            "model: each gets the mean of its pieces."
        )
    for finding in [one for one in check(whole.stimuli) if test.key == "own"][:4]:
        st.caption(f":material/warning: {plain(finding.message)}")


def _drawn(found: Found) -> None:
    label = st.segmented_control(
        "Convention",
        list(_LABELS),
        default=CONVENTIONS[0].label,
        key="convention",
        bind="query-params",
        required=True,
        help="Programs and papers compute d and p in different ways. All of them side by side: "
        "see “Conventions” below.",
    )
    verdict = found.by(_LABELS.get(label, CONVENTIONS[0].key))
    left, right = st.columns(2, gap="medium")
    with left:
        own = st.toggle(
            "One word at a time (the slide's formula)",
            key="wefat",
            bind="query-params",
        )
        draw_words(found, own)
    with right:
        _figures(found, verdict)
        draw_chance(found)


def draw_words(found: Found, own: bool) -> None:
    """Draw the score of every word, and say which statistic it is."""
    pictures.show(words_chart(found, own, pictures.half()), f"association-words-{own}")
    if own:
        st.caption(
            "The formula on the course's slide: mean cosine to A minus mean cosine to B, over the "
            "standard deviation (ddof 1) of this **one** word's cosines to A and B. Caliskan et "
            "al. call it WEFAT. WEAT's S, d and p beside it compare two **groups**, by s(w) "
            "without that division."
        )
    else:
        st.caption(
            "A point is a word: how much nearer it is to A than to B. Bars: the mean of each "
            "list. Point at one for both of its mean cosines."
        )


def words_chart(found: Found, own: bool, width: float):
    """Return the chart of every word's score."""
    names = found.names
    return word_dots(found.rows, (names["X"], names["Y"]), (names["A"], names["B"]), own, width)


def chance_chart(found: Found, width: float):
    """Return the chart of S over all splits of the words."""
    drawn = permutation_distribution(*found.cosines.scores(), bins=40)
    return permutation_bars(drawn.edges, drawn.counts, drawn.observed, width)


def draw_chance(found: Found) -> None:
    """Draw the permutation distribution, and name the exact p or its bracket."""
    pictures.show(chance_chart(found, pictures.half()), "association-permutations")
    lab = found.lab
    share = "between " if lab["method"] == "bracket" else "exactly "
    low, high = lab["p_low"], lab["p_high"]
    p = f"{low:.4g} and {high:.4g}" if lab["method"] == "bracket" else f"{low:.4g}"
    st.caption(
        f"All {lab['partitions']:,} splits of the words into two groups of these sizes. At or "
        f"beyond the observed S: {share}{p} of them, this lab's p ({lab['method']}). "
        "Orange: bars at or beyond it; the first may hold a few that are just smaller."
    )


def _figures(found: Found, verdict: dict) -> None:
    given = findings.convention(verdict["convention"])
    d = verdict["effect_size"]
    with st.container(horizontal=True, gap="large"):
        st.metric("S", f"{verdict['statistic']:+.3f}", width="content")
        st.metric(f"d (ddof {given.ddof})", "none" if d is None else f"{d:+.3f}", width="content")
        side = "two-sided" if given.alternative == "two-sided" else "one-sided"
        st.metric(f"p ({side})", findings.p_text(verdict), width="content")
    printed = published(found.test.key)
    if "word2vec_d" in printed:
        st.caption(
            f"Published d (Caliskan et al. 2017): word2vec {printed['word2vec_d']:+.2f}, "
            f"GloVe {printed['glove_d']:+.2f}."
        )
    st.markdown("\n".join(f"- {point}" for point in findings.meaning(found, verdict)))
    if number(verdict["p_low"] or 0) != number(found.lab["p_low"] or 0):
        st.caption(f"{given.label}: {given.note}")
