"""One sentence with a blank, asked along a run: what the model puts there, and words to follow."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lab.charts.pretraining import fill_bars, word_lines, word_rows
from lab.lesson import pictures, service
from lab.lesson.bert import TEXT
from lab.lesson.kit import ask
from lab.lesson.kit.keys import Words
from lab.lesson.kit.runs import names
from lab.lesson.kit.text import plain
from lab.masked.settings import listed
from lab.runs import View

MOST_WORDS = 6  # that can be followed, and bars
SENTENCE = Words(
    "probe", "The sentence that is asked along the run", most=300, help=TEXT("probe-help")
)
FOLLOWED = Words("follow", "Words to follow", most=200, help=TEXT("follow-help"))
KEYS = (SENTENCE, FOLLOWED)


def _words_of(view: View) -> str:
    """Return the words that a run follows."""
    return view.run.live.get("words") or view.run.settings["words"]


def blank(shown: Sequence[View]) -> None:
    """Draw what a run puts in the blank of one sentence."""
    labels, first = names(shown), shown[0].run
    asked = first.live.get("prompt") or first.settings["prompt"]
    sentence = SENTENCE.draw(placeholder=asked).strip()
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        followed = FOLLOWED.draw(placeholder=_words_of(shown[0]))
    with right:
        chosen = st.selectbox(
            "Look at",
            range(len(shown)),
            format_func=lambda place: labels[place],
            key="looking",
            disabled=len(shown) == 1,
        )
    if sentence and "[MASK]" not in sentence:
        st.warning(TEXT("no-blank"), icon=":material/edit:")
        sentence = ""
    _ask_along(shown, sentence, followed)
    view = shown[min(chosen, len(shown) - 1)]
    if sentence and not view.run.status.alive and sentence != _last_sample(view).get("sentence"):
        _ask_now(view, sentence)
    else:
        _bars(view)


def _ask_along(shown: Sequence[View], sentence: str, followed: str) -> None:
    """Let the samples along this browser's runs follow the controls."""
    queue, session = service.run_queue(), service.session()
    new = {"prompt": sentence, "words": ", ".join(listed(followed)[:MOST_WORDS])}
    for view in shown:
        changed = {n: v for n, v in new.items() if v and view.run.live.get(n) != v}
        if changed and view.run.status.alive and view.run.session == session:
            queue.set_live(view.run.id, session, **changed)


def _last_sample(view: View) -> Mapping[str, Any]:
    return view.history.sample_at(view.run.step) or {}


def _ask_now(view: View, sentence: str) -> None:
    """Ask the last weights of a run that has ended."""
    answers = ask.of_run(view, "fill", sentences=[sentence])
    if answers:
        best = dict(zip(answers[0]["tokens"], answers[0]["probabilities"], strict=True))
        pictures.show(fill_bars({}, best, ("before", "at the end"), pictures.half()), "bert-asked")
        st.caption(TEXT("asked-now"))


def _bars(view: View) -> None:
    if not view.history.samples:
        st.caption(TEXT("first-look"))
        return
    share = st.slider("Through the run", 0, 100, 100, format="%d%%", key="when")
    now = view.history.sample_at(view.run.step * share / 100) or {}
    first = next(s for s in _samples(view) if s["sentence"] == now["sentence"])
    st.markdown(f":small[*{plain(now['sentence'])}*]")
    labels = (f"step {first['step']:,}", f"step {now['step']:,} ")
    bars = fill_bars(*_before_and_now(first, now), labels, pictures.half())
    pictures.show(bars, f"bert-bars-{view.run.id}")
    st.caption(TEXT("before-and-now"))


def _before_and_now(
    first: Mapping[str, Any], now: Mapping[str, Any]
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the probabilities of the tokens that lead then or now, in the first sample and now."""
    leading = dict(list(zip(now["tokens"], now["probabilities"], strict=True))[:MOST_WORDS])
    then = dict(zip(first["tokens"], first["probabilities"], strict=True))
    followed = first.get("words") or {}
    words = [*leading, *list(then)[:3]]
    before = {word: then.get(word, followed.get(word)) for word in words}
    return {word: chance for word, chance in before.items() if chance is not None}, leading


def _samples(view: View) -> list[dict[str, Any]]:
    return [json.loads(encoded) for _, encoded in view.history.samples]


def followed_words(shown: Sequence[View]) -> None:
    """Draw how probable the words to follow are in the blank that is asked, through the runs."""
    wanted, found = listed(FOLLOWED.value or _words_of(shown[0]))[:MOST_WORDS], {}
    for view, name in zip(shown, names(shown), strict=True):
        samples = _samples(view)
        last = samples[-1]["sentence"] if samples else ""
        found[name] = [
            (s["step"], {w: p for w, p in (s.get("words") or {}).items() if w in wanted})
            for s in samples
            if s["sentence"] == last
        ]
    rows = word_rows(found)
    known = [word for word in wanted if word in set(rows["word"])]
    if not known:
        if wanted:
            st.caption(TEXT("not-followed", words=plain(", ".join(wanted))))
        return
    st.markdown("**In the blank**, through the run")
    pictures.show(word_lines(rows, known, list(found), pictures.half()), "bert-words")
