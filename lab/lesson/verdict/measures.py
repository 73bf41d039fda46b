"""What is measured of the classifiers: curves with lines to beat, cards, sentences along a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.image import to_image
from lab.charts.verdict import lined_chart, lined_rows
from lab.classify.settings import ClassifySettings
from lab.lesson import service
from lab.lesson.kit.measures import Measure, choose, key, metric, plot, values
from lab.lesson.kit.panel import compare_best
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.lesson.verdict import TEXT
from lab.runs import View
from lab.runs.kinds import kind_named

WAYS = {"frozen": "Frozen encoder", "full": "Full fine-tuning", "scratch": "From scratch"}
WORDS = "Bag of words"  # the baseline: it can be guessed, and is always measured
MEASURES = {
    "Accuracy": Measure(
        "accuracy", "Unseen sentences classified correctly", True, TEXT("accuracy")
    ),
    "New words": Measure(
        "new", "Classified correctly, of those with new words", True, TEXT("new-words")
    ),
    "Known words": Measure(
        "known", "Classified correctly, of those with known words", True, TEXT("known-words")
    ),
    "Loss": Measure("", "Validation loss (nats per sentence)", False, TEXT("loss")),
}
# Measure -> line -> metric of the events that holds it.
_LINES = {
    "accuracy": {WORDS: "words", "Most frequent class": "majority"},
    "new": {WORDS: "words_new"},
    "known": {WORDS: "words_known"},
}


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says."""
    settings = ClassifySettings.from_dict(view.run.settings)
    sample = view.history.sample_at(view.run.step)
    classes = len(sample["probabilities"][0]) if sample else 2
    many = f"{settings.examples:,}" if settings.examples else "all"
    size = f":small[{settings.parameters(classes):,} weights trained on {many} examples]"
    accuracy = metric(view, "accuracy")
    if accuracy is None:
        return "", size
    parts = [
        f"{words} {value:.0%}"
        for words, name in (("new words", "new"), ("known words", "known"))
        if (value := metric(view, name)) is not None
    ]
    lines = [f":small[{', '.join(parts)}]", f":small[loss {view.run.validation_loss:.3f}]", size]
    return f"**{accuracy:.1%}** right", "  \n".join(lines)


def lines_of(shown: Sequence[View], measure: str) -> dict[str, float]:
    """Return the lines to draw behind a measure; different ones of several experiments apart."""
    found: dict[str, float] = {}
    for line, name in _LINES.get(measure, {}).items():
        figures = {round(v, 4) for view in shown if (v := metric(view, name)) is not None}
        for number, value in enumerate(sorted(figures)):
            found[line if len(figures) == 1 else f"{line} {number + 1}"] = value
    return found


@st.cache_data(max_entries=64, show_spinner=False)
def _spec(labels: tuple[str, ...], title: str, share: bool) -> dict[str, Any]:
    spec = lined_chart(labels, title, share).to_dict()
    # Streamlit brings the rows as the data of the whole chart: every layer inherits them.
    for part in (spec, *spec["layer"]):
        part.pop("data", None)
    return spec


def _rows(
    shown: Sequence[View], labels: Sequence[str], measure: Measure, most: int = 300
) -> pd.DataFrame:
    found = {label: values(v, measure.metric) for v, label in zip(shown, labels, strict=True)}
    return lined_rows(found, lines_of(shown, measure.metric), most)


def chart(shown: Sequence[View]) -> None:
    """Draw the measure that the student chose, with what the bag of words reaches."""
    labels, chosen = names(shown), choose(MEASURES)
    spec = _spec(tuple(labels), chosen.title, chosen.share)
    more = f" {TEXT('bag-of-words')}" if chosen.metric in _LINES else ""
    plot(_rows(shown, labels, chosen), spec, labels, chosen, more)


def drawing(shown: Sequence[View], labels: Sequence[str]) -> Callable[[str], bytes]:
    """Return what `lab.lesson.kit.keep` asks for: a drawing of the chosen measure."""
    chosen = MEASURES[key(MEASURES).value]
    rows = _rows(shown, labels, chosen, 2_000)
    picture = lined_chart(labels, chosen.title, chosen.share, rows)
    return lambda form: to_image(picture, form)


def outcome(guess: str, shown: Sequence[View]) -> None:
    """Compare the guess with what came out."""
    compare_best(guess, figures(shown), "Most often right", 0.03, highest=True, form=".1%")


def figures(shown: Sequence[View]) -> Mapping[str, float]:
    """Return the accuracy of each run, and of the bag of words if they share one."""
    found = {name: metric(v, "accuracy") for v, name in zip(shown, names(shown), strict=True)}
    lines = lines_of(shown, "accuracy")
    if WORDS in lines:
        found[WORDS] = lines[WORDS]
    return {name: value for name, value in found.items() if value is not None}


def through_time(shown: Sequence[View]) -> None:
    """Draw what a classifier said of a few sentences, through its run."""
    labels = names(shown)
    chosen = st.selectbox(
        "Sentences along the run of",
        range(len(shown)),
        format_func=lambda place: labels[place],
        key="looking",
        disabled=len(shown) == 1,
    )
    share = st.slider("Through the run", 0, 100, 100, format="%d%%", key="when")
    view = shown[min(chosen, len(shown) - 1)]
    sample = view.history.sample_at(view.run.step * share / 100)
    if sample is None:
        st.caption(TEXT("first-verdicts"))
        return
    st.caption(TEXT("after-step", step=f"{sample['step']:,}"))
    classes = class_names(view)
    rows = zip(sample["texts"], sample["right"], sample["probabilities"], strict=True)
    st.markdown("\n".join(f"- {_verdict(text, right, p, classes)}" for text, right, p in rows))


def most_probable(probabilities: Sequence[float]) -> int:
    """Return the number of the class that is most probable."""
    return max(range(len(probabilities)), key=probabilities.__getitem__)


def _verdict(text: str, right: int | None, p: Sequence[float], classes: Sequence[str]) -> str:
    verdict = most_probable(p)
    mark = ""
    if right is not None:
        mark = ":green[:material/check:]" if verdict == right else ":red[:material/close:]"
    short = text if len(text) <= 120 else text[:118] + "…"
    return f"{plain(short)}  \n**{plain(classes[verdict])} {p[verdict]:.0%}** {mark}"


@st.cache_resource(max_entries=12, show_spinner=False)
def _class_names(task: str, digest: str) -> tuple[str, ...]:
    stored = service.run_queue().store.corpus_path(digest).read_bytes()
    return kind_named(task).data(stored).classes


def class_names(view: View) -> tuple[str, ...]:
    """Return the names of a run's classes."""
    return _class_names(view.run.settings["task"], view.run.corpus)
