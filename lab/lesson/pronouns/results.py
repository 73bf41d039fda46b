"""What came of the shares, on the page: the model's probabilities beside the data's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import pandas as pd
import streamlit as st

from lab.charts.comparison import share_scatter
from lab.charts.image import to_image
from lab.lesson import pictures, service
from lab.lesson.asking import ask
from lab.lesson.measures import drawing as curves
from lab.lesson.measures import metric
from lab.lesson.pronouns.findings import Found, nearest_to, outcome, shares_in, summary
from lab.lesson.shown import names
from lab.lesson.steering import cards, steer_all
from lab.lesson.translation.measures import MEASURES
from lab.models.tokens import SPECIALS
from lab.runs import View
from lab.runs.kinds import kind_of
from lab.seq2seq.generators.pronouns import FINNISH, HE, PRONOUN_AT, SHE, prompt_for

_WIDTHS = {"Profession": 96, "Sampled": 72, "Greedy": 64}  # pixels, 58 for the others


def draw(shown: Sequence[View]) -> None:
    """Draw the run while it trains."""
    steer_all(shown)
    cards(shown, _facts)


def _facts(view: View) -> tuple[str, str]:
    loss, aligned = view.run.validation_loss, metric(view, "alignment accuracy")
    if loss is None:
        return "", ":small[nothing measured yet]"
    return f"**{loss:.3f}** loss", f":small[alignment {aligned or 0:.0%}]"


def choose(shown: Sequence[View]) -> View | None:
    """Return the run whose results are shown: the student's choice where there are several."""
    labels = names(shown)
    ended = {
        label: view
        for view, label in zip(shown, labels, strict=True)
        if not view.run.status.alive and view.run.checkpoint
    }
    if len(ended) < 2:
        return next(iter(ended.values()), None)
    chosen = st.selectbox("Results of", list(ended), key="result", bind="query-params")
    return ended[chosen]


@lru_cache(maxsize=8)
def _learned(digest: str) -> tuple[dict[str, float], tuple[str, ...]]:
    # Shares of the training part, and the words of the translations.
    stored = service.run_queue().store.corpus_path(digest).read_bytes()
    corpus = kind_of({"task": "translation"}).data(stored)
    words = corpus.target_vocabulary[len(SPECIALS) :]
    if not (set(FINNISH) <= set(words) and {SHE, HE} & set(words)):
        raise ValueError("other pairs")
    return (shares_in(corpus) if corpus.train else {}), words


def found(view: View) -> list[Found] | None:
    """Ask the model; None with the reason on the page."""
    try:
        shares, words = _learned(view.run.corpus)
    except (OSError, KeyError, ValueError):
        st.warning(
            "This run did not learn Finnish pronouns, or its pairs are gone: train one here.",
            icon=":material/link_off:",
        )
        return None
    if not shares:
        st.warning(
            "This server does not have the pairs of this run, so there is nothing to compare it "
            "with. Train once with the same shares, pairs and seed, then load its files again.",
            icon=":material/link_off:",
        )
        return None
    sources = [prompt_for(name).split() for name in FINNISH]
    answer = ask(view, "chances", sources=sources, words=words, place=PRONOUN_AT)
    if answer is None:
        return None
    rows = []
    for name, given in zip(FINNISH, answer, strict=True):
        chances = dict(zip(words, given, strict=True))
        # Data that say "she" of nobody do not even have the word.
        she, he = chances.get(SHE, 0.0), chances.get(HE, 0.0)
        rows.append(Found(name, shares[name], she, he, max(chances, key=chances.get)))
    return rows


def results(view: View, rows: Sequence[Found]) -> None:
    """Draw the chart, the table, what they come to, and what the guess was worth.

    Args:
        view: of the run.
        rows: one for each profession.
    """
    left, right = st.columns([9, 11], gap="medium")
    with left:
        size = 245 if pictures.on_phone() else 340
        pictures.show(share_scatter(_points(rows), size), "pronoun-scatter")
        st.caption(
            "Each dot is a profession. On the dashed line the model repeats the share of its data. "
            "Across: counted in the training pairs. Up: p(she) / (p(she) + p(he)) where the "
            "pronoun of “hän on …” is written."
        )
    with right:
        _table(rows)
    st.markdown(summary(rows))
    _guess(view, rows)


def _points(rows: Sequence[Found]) -> list[dict]:
    return [
        {"profession": r.profession, "share": r.share, "probability": r.among_both} for r in rows
    ]


def drawing(rows: Sequence[Found] | None) -> Callable:
    """Return what `lab.lesson.saving.downloads` asks for: the chart of the results.

    Args:
        rows: what the chart shows; None while the run trains, then it is the learning curve.
    """
    if not rows:
        return curves(MEASURES)
    points = _points(rows)
    return lambda shown, labels: lambda form: to_image(share_scatter(points), form)


def _table(rows: Sequence[Found]) -> None:
    shares = {
        "Profession": [r.profession for r in rows],
        "Data": [100 * r.share for r in rows],
        "Greedy": [100 * r.greedy for r in rows],
        "Sampled": [100 * r.she for r in rows],
        "Word": [r.word for r in rows],
    }
    chances = {
        "p(she)": [r.she for r in rows],
        "p(he)": [r.he for r in rows],
        "other": [r.other for r in rows],
    }
    if pictures.on_phone():  # eight columns would be cut
        _columns(shares, "pronoun-table")
        _columns({"Profession": shares["Profession"], **chances}, "pronoun-chances")
    else:
        _columns(shares | chances, "pronoun-table")
    st.caption(
        "**Data, Greedy, Sampled**: per cent of “she” in the training pairs, in greedy "
        "translations, and in translations sampled at temperature 1, where it is p(she). "
        "**Word**: what greedy decoding writes. Then the model's probabilities at that place, "
        "**other** for all other words together."
    )


def _columns(columns: dict[str, list], key: str) -> None:
    def config(name: str):
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


def _guess(view: View, rows: Sequence[Found]) -> None:
    guess = st.query_params.get("guess", "")
    if not guess:
        return
    # The run was started with the sentence that was asked about.
    prompt = view.run.settings.get("prompt")
    by_name = {row.profession: row for row in rows}
    asked = next((name for name in by_name if prompt_for(name) == prompt), None)
    asked = asked or nearest_to({name: row.share for name, row in by_name.items()})
    right, said = outcome(by_name[asked], prompt_for(asked), guess)
    (st.success if right else st.info)(said, icon=":material/psychology:")
