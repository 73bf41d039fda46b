"""What came of the shares, on the page: the model's probabilities beside the data's."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.comparison import share_scatter
from lab.charts.image import to_image
from lab.lesson import pictures, service
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Choice
from lab.lesson.kit.measures import drawing as curves
from lab.lesson.kit.measures import metric
from lab.lesson.kit.page import Experiment
from lab.lesson.kit.question import compare
from lab.lesson.kit.runs import names
from lab.lesson.pronouns import TEXT
from lab.lesson.pronouns.findings import Found, nearest_to, outcome, shares_in, summary
from lab.lesson.translation.measures import MEASURES
from lab.models.tokens import SPECIALS
from lab.runs import View
from lab.runs.kinds import kind_of
from lab.seq2seq.generators.pronouns import FINNISH, HE, PRONOUN_AT, SHE, prompt_for

RESULT = Choice("result", "Results of", look="select")
_WIDTHS = {"Profession": 96, "Sampled": 72, "Greedy": 64}  # pixels, 58 for the others


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says."""
    loss, aligned = view.run.validation_loss, metric(view, "alignment accuracy")
    if loss is None:
        return "", ":small[nothing measured yet]"
    return f"**{loss:.3f}** loss", f":small[alignment {aligned or 0:.0%}]"


def results(page: Experiment) -> None:
    """Draw the results of one run, the student's choice where there are several."""
    ended = _ended(page.shown)
    if len(ended) > 1:
        RESULT.draw(list(ended))
    view = _chosen(ended)
    rows = _findings(view) if view else None
    if view is None or rows is None:
        return
    page.found = rows
    _draw(rows)
    _compare(page, view, rows)


def _ended(shown: Sequence[View]) -> dict[str, View]:
    return {
        name: view
        for view, name in zip(shown, names(shown), strict=True)
        if not view.run.status.alive and view.run.checkpoint
    }


def _chosen(ended: dict[str, View]) -> View | None:
    first = next(iter(ended.values()), None)
    return ended.get(RESULT.value, first)


@lru_cache(maxsize=8)
def _learned(digest: str) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the shares of the training part, and the words of the translations.

    Raises:
        OSError, KeyError: the pairs are gone.
        ValueError: these are other pairs.
    """
    stored = service.run_queue().store.corpus_path(digest).read_bytes()
    corpus = kind_of({"task": "translation"}).data(stored)
    words = corpus.target_vocabulary[len(SPECIALS) :]
    if not (set(FINNISH) <= set(words) and {SHE, HE} & set(words)):
        raise ValueError("other pairs")
    return (shares_in(corpus) if corpus.train else {}), tuple(words)


def _asking(view: View, words: Sequence[str]) -> tuple[Hashable, Callable]:
    sources = [prompt_for(name).split() for name in FINNISH]
    return ask.asking(view, "chances", sources=sources, words=list(words), place=PRONOUN_AT)


def _findings(view: View) -> list[Found] | None:
    """Ask the model; None with the reason on the page."""
    try:
        shares, words = _learned(view.run.corpus)
    except (OSError, KeyError, ValueError):
        st.warning(TEXT("other-pairs"), icon=":material/link_off:")
        return None
    if not shares:
        st.warning(TEXT("no-pairs"), icon=":material/link_off:")
        return None
    answer = ask.answer(*_asking(view, words), view.run.name)
    return None if answer is None else _rows(shares, words, answer)


def _known_findings(view: View) -> list[Found] | None:
    """Return what `_findings` asked for, drawing nothing."""
    try:
        shares, words = _learned(view.run.corpus)
    except (OSError, KeyError, ValueError):
        return None
    answer = ask.known(_asking(view, words)[0]) if shares else None
    return None if answer is None else _rows(shares, words, answer)


def _rows(
    shares: dict[str, float], words: Sequence[str], answer: Sequence[Sequence[float]]
) -> list[Found]:
    rows = []
    for name, given in zip(FINNISH, answer, strict=True):
        chances = dict(zip(words, given, strict=True))
        # Data that say "she" of nobody do not even have the word.
        she, he = chances.get(SHE, 0.0), chances.get(HE, 0.0)
        rows.append(Found(name, shares[name], she, he, max(chances, key=chances.__getitem__)))
    return rows


def _draw(rows: Sequence[Found]) -> None:
    """Draw the chart, the table, and what they come to."""
    left, right = st.columns([9, 11], gap="medium")
    with left:
        size = 245 if pictures.on_phone() else 340
        pictures.show(share_scatter(_points(rows), size), "pronoun-scatter")
        st.caption(TEXT("scatter"))
    with right:
        _table(rows)
    st.markdown(summary(rows))


def _points(rows: Sequence[Found]) -> list[dict[str, Any]]:
    return [
        {"profession": r.profession, "share": r.share, "probability": r.among_both} for r in rows
    ]


def drawing(shown: Sequence[View], labels: Sequence[str]) -> Callable[[str], bytes]:
    """Return a drawing of the results for a download; of the learning curves before there are any.

    Args:
        shown: the runs.
        labels: their names.
    """
    view = _chosen(_ended(shown))
    rows = _known_findings(view) if view else None
    if rows is None:
        return curves(MEASURES)(shown, labels)
    points = _points(rows)
    return lambda form: to_image(share_scatter(points), form)


def _table(rows: Sequence[Found]) -> None:
    shares: dict[str, list[Any]] = {
        "Profession": [r.profession for r in rows],
        "Data": [100 * r.share for r in rows],
        "Greedy": [100 * r.greedy for r in rows],
        "Sampled": [100 * r.she for r in rows],
        "Word": [r.word for r in rows],
    }
    chances: dict[str, list[Any]] = {
        "p(she)": [r.she for r in rows],
        "p(he)": [r.he for r in rows],
        "other": [r.other for r in rows],
    }
    if pictures.on_phone():  # eight columns would be cut
        _columns(shares, "pronoun-table")
        _columns({"Profession": shares["Profession"], **chances}, "pronoun-chances")
    else:
        _columns(shares | chances, "pronoun-table")
    st.caption(TEXT("table"))


def _columns(columns: dict[str, list[Any]], key: str) -> None:
    def config(name: str) -> Any:
        width = _WIDTHS.get(name, 58)
        if name in ("Profession", "Word"):
            return st.column_config.TextColumn(width=width)
        form = "%.3f" if name in ("p(she)", "p(he)", "other") else "%.0f %%"
        return st.column_config.NumberColumn(format=form, width=width)

    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        key=key,
        height="content",
        column_config={name: config(name) for name in columns},
    )


def _compare(page: Experiment, view: View, rows: Sequence[Found]) -> None:
    # The run was started with the sentence that was asked about.
    by_name = {row.profession: row for row in rows}
    prompts = {prompt_for(name): name for name in by_name}
    nearest = nearest_to({name: row.share for name, row in by_name.items()})
    asked = prompts.get(view.run.settings.get("prompt", ""), nearest)
    guess = page.lesson.guessed([view])
    compare(guess, *outcome(by_name[asked], prompt_for(asked), guess))
