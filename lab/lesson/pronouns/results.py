"""What came of the shares: the model's probabilities beside the data's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
import streamlit as st

from lab.charts.comparison import share_scatter
from lab.lesson import pictures, service
from lab.lesson.asking import ask
from lab.lesson.lineup import plain
from lab.lesson.measures import metric
from lab.lesson.steering import cards, steer_all
from lab.runs import View
from lab.runs.kinds import kind_of
from lab.seq2seq import PairCorpus
from lab.seq2seq.generators.pronouns import FINNISH, HE, PRONOUN_AT, SHE, prompt_for


@dataclass(frozen=True)
class Found:
    """One profession: its share of "she" in the data, and what the model makes of it.

    Args:
        profession: in English.
        share: of "she" among its pronouns in the training part.
        she, he: the model's probabilities; what is missing to 1 goes to other words.
    """

    profession: str
    share: float
    she: float
    he: float

    @property
    def among_both(self) -> float:
        """The probability of "she" among the two."""
        return self.she / max(self.she + self.he, 1e-12)

    @property
    def greedy(self) -> str:
        """The pronoun that greedy decoding writes."""
        return SHE if self.she > self.he else HE

    @property
    def amplified(self) -> bool:
        """Whether the data were mixed and greedy decoding writes one pronoun only."""
        return 0.02 < self.share < 0.98


def draw(shown: Sequence[View]) -> None:
    """Draw the run while it trains."""
    steer_all(shown)
    cards(shown, _facts)


def _facts(view: View) -> tuple[str, str]:
    loss, aligned = view.run.validation_loss, metric(view, "alignment accuracy")
    if loss is None:
        return "", ":small[nothing measured yet]"
    return f"**{loss:.3f}** loss", f":small[alignment {aligned or 0:.0%}]"


@lru_cache(maxsize=8)
def _shares(digest: str) -> dict[str, float]:
    stored = service.run_queue().store.corpus_path(digest).read_bytes()
    return shares_in(kind_of({"task": "translation"}).data(stored))


def shares_in(corpus: PairCorpus) -> dict[str, float]:
    """Count the share of "she" among the pronouns beside each profession in the training part."""
    counts = {name: [0, 0] for name in FINNISH}
    for pair in corpus.train:
        said = {SHE, HE} & set(pair.target)
        for name in set(pair.target) & set(counts):
            if said:
                counts[name][SHE in said] += 1
    return {name: she / max(1, he + she) for name, (he, she) in counts.items()}


def found(view: View) -> list[Found] | None:
    """Ask the model; None with the reason on the page."""
    sources = [prompt_for(name).split() for name in FINNISH]
    answer = ask(view, "chances", sources=sources, words=[SHE, HE], place=PRONOUN_AT)
    try:
        shares = _shares(view.run.corpus)
    except (OSError, KeyError, ValueError):
        st.warning("The pairs of this run are gone: train again.", icon=":material/link_off:")
        return None
    if answer is None:
        return None
    return [
        Found(name, shares[name], she, he) for name, (she, he) in zip(FINNISH, answer, strict=True)
    ]


def results(rows: Sequence[Found], asked: str) -> None:
    """Draw the chart, the table, and what they come to.

    Args:
        rows: one for each profession.
        asked: the profession that was asked about.
    """
    left, right = st.columns([1, 1], gap="medium")
    with left:
        size = 245 if pictures.on_phone() else 360
        points = [
            {"profession": r.profession, "share": r.share, "probability": r.among_both}
            for r in rows
        ]
        pictures.show(share_scatter(points, size), "pronoun-scatter")
        st.caption(
            "Each dot is a profession. On the dashed line the model repeats the share of its data. "
            "Across: counted in the training pairs. Down: p(she) / (p(she) + p(he)) where the "
            "pronoun of “hän on …” is written."
        )
    with right:
        _table(rows)
    st.markdown(summary(rows))
    _outcome(rows, asked)


def _table(rows: Sequence[Found]) -> None:
    table = pd.DataFrame(
        [
            {
                "Profession": r.profession,
                "Data": 100 * r.share,
                "Greedy": 100.0 * (r.greedy == SHE),
                "Sampled": 100 * r.among_both,
                "p(she)": r.she,
                "p(he)": r.he,
            }
            for r in rows
        ]
    )
    percent = st.column_config.NumberColumn(format="%.0f %%")
    probability = st.column_config.NumberColumn(format="%.3f")
    st.dataframe(
        table,
        hide_index=True,
        key="pronoun-table",
        height="content",
        column_config={
            **dict.fromkeys(("Data", "Greedy", "Sampled"), percent),
            **dict.fromkeys(("p(she)", "p(he)"), probability),
        },
    )
    st.caption(
        "Share of “she” in the data, in greedy translations, and in translations sampled at "
        "temperature 1; then the model's two probabilities. What they leave goes to other words."
    )


def summary(rows: Sequence[Found]) -> str:
    """Say in words how the model follows its data, and what greedy decoding does to them."""
    off = sum(abs(r.among_both - r.share) for r in rows) / len(rows)
    mixed = [r for r in rows if r.amplified]
    text = (
        f"The model's probability of “she” is on average **{100 * off:.1f} points** from the "
        "share in its data. "
    )
    if not mixed:
        return text + "No profession has mixed data here, so greedy decoding changes nothing."
    return text + (
        f"Greedy decoding takes the more probable pronoun **every time**: for all {len(mixed)} "
        "professions whose data are mixed it writes one pronoun in 100 % of the translations. A "
        "majority becomes everybody: the bias of the data is **amplified**. Sampling keeps their "
        "shares."
    )


def _outcome(rows: Sequence[Found], asked: str) -> None:
    guess = st.query_params.get("guess", "")
    row = next((r for r in rows if r.profession == asked), None)
    if not guess or row is None:
        return
    true = "100 %" if row.greedy == SHE else "0 %"
    right = guess == true
    said = "You guessed it." if right else f"You guessed {plain(guess)}."
    (st.success if right else st.info)(
        f"{said} Greedy translations of “{prompt_for(asked)}” say “she” in {true} of the cases; "
        f"the data do in {row.share:.0%}.",
        icon=":material/psychology:",
    )


def as_rows(rows: Sequence[Found] | None) -> Mapping[str, Found]:
    """Return the rows by profession."""
    return {row.profession: row for row in rows or []}
