"""The experiment of the lesson: cards, curves, one blank through the run, he and she."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from lab.charts.pretraining import fill_bars, ratio_panels, ratio_rows, word_lines, word_rows
from lab.lesson import pictures, service
from lab.lesson.asking import ask
from lab.lesson.bert.start import LOSSES, NO_WORSE, STORY_NAMES, WORSE
from lab.lesson.experiment import compare_guess
from lab.lesson.lineup import plain
from lab.lesson.measures import Measure, chart, metric, values
from lab.lesson.shown import names
from lab.lesson.steering import cards, steer_all
from lab.masked.settings import listed
from lab.runs import View

RATIO = "he : she, "  # before an occupation, among the metrics of a run
PERSON = "person"
MEASURES = {
    "Loss": Measure(
        "",
        "Held-out loss (nats per hidden token)",
        False,
        "**Loss**: cross-entropy of the hidden tokens in held-out text; along the run in a part "
        "of it, at the end in all. Losses can be compared where text, vocabulary and the shares "
        "hidden are the same.",
    ),
    "Right": Measure(
        "top1",
        "Hidden tokens guessed right at once",
        True,
        "**Right**: the share of the hidden held-out tokens whose first guess is the right one.",
    ),
    "Everyday": Measure(
        "everyday",
        "Loss on everyday sentences (nats per hidden token)",
        False,
        "**Everyday**: the loss on 32 everyday sentences of the project, for runs that go on from "
        "its weights. Where it rises, the model forgets.",
    ),
}


def draw(shown: Sequence[View]) -> None:
    """Draw the runs."""
    steer_all(shown)
    cards(shown, facts)
    left, right = st.columns([1, 1], gap="medium")
    with right:
        follow = blank(shown)
    with left:
        chart(shown, MEASURES)
        outcome(shown)
        lines(shown, follow)
    pronouns(shown)


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says."""
    right, loss = metric(view, "top1"), view.run.validation_loss
    if right is None or loss is None:
        return "", ":small[nothing measured yet]"
    lines = [f":small[{right:.0%} guessed right at once]"]
    everyday = values(view, "everyday")
    if everyday:
        first, last = everyday[0]["value"], everyday[-1]["value"]
        lines.append(f":small[everyday sentences {first:.2f} → {last:.2f}]")
    return f"loss **{loss:.2f}** nats", "  \n".join(lines)


def ratios(view: View) -> list[tuple[int, dict[str, float]]]:
    """Return step, and log p(he)/p(she) of each occupation, wherever they were measured."""
    found = []
    for point in view.history.points:
        metrics = point.get("metrics") or {}
        here = {
            name.removeprefix(RATIO): value
            for name, value in metrics.items()
            if name.startswith(RATIO) and value is not None
        }
        if here:
            found.append((point["step"], here))
    return found


def outcome(shown: Sequence[View]) -> None:
    """Compare the guess with what came out, once every run has ended."""
    guess, labels = st.query_params.get("guess", ""), names(shown)
    if any(view.run.status.alive for view in shown):
        return
    if all(label.startswith(STORY_NAMES) for label in labels) and len(shown) > 1:
        moved = {name: abs(by) for v, name in zip(shown, labels, strict=True) if (by := moves(v))}
        compare_guess(shown, moved, "The nurse moved furthest on", 0.3, highest=True, form=".2f")
    elif len(shown) > 1:
        found = {n: m for v, n in zip(shown, labels, strict=True) if (m := metric(v, "top1"))}
        compare_guess(shown, found, "Most often right at once", 0.02, highest=True, form=".1%")
    elif guess in LOSSES and (loss := shown[0].run.validation_loss) is not None:
        _told(guess, band(loss), f"The held-out loss is {loss:.2f} nats.")
    elif guess in (WORSE, NO_WORSE) and (points := values(shown[0], "everyday")):
        first, last = points[0]["value"], points[-1]["value"]
        right = WORSE if last > first + 0.1 else NO_WORSE
        _told(guess, right, f"The loss on everyday sentences went from {first:.2f} to {last:.2f}.")


def moves(view: View, occupation: str = "nurse") -> float | None:
    """Return by how much log p(he)/p(she) of an occupation has moved; None if not watched."""
    found = [here[occupation] for _, here in ratios(view) if occupation in here]
    return found[-1] - found[0] if found else None


def band(loss: float) -> str:
    """Return which of the options of the guess a loss belongs to."""
    return LOSSES[sum(loss <= bound for bound in (5, 4, 3))]


def _told(guess: str, right: str, result: str) -> None:
    said = "You guessed it." if guess == right else f"You guessed {plain(guess)}."
    (st.success if guess == right else st.info)(f"{said} {result}", icon=":material/psychology:")


def blank(shown: Sequence[View]) -> str:
    """Draw what a run puts in the blank of one sentence; return the words to follow."""
    labels = names(shown)
    asked = shown[0].run.live.get("prompt") or shown[0].run.settings["prompt"]
    words = shown[0].run.live.get("words") or shown[0].run.settings["words"]
    sentence = st.text_input(
        "The sentence that is asked along the run",
        key="probe",
        bind="query-params",
        max_chars=300,
        placeholder=asked,
        help="With one [MASK]. Change it while a run trains: it is asked from the next look on.",
    ).strip()
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        follow = st.text_input(
            "Words to follow",
            key="follow",
            bind="query-params",
            max_chars=200,
            placeholder=words,
            help="Up to six, each one token of the vocabulary; others are left out.",
        )
    with right:
        chosen = st.selectbox(
            "Look at",
            range(len(shown)),
            format_func=lambda place: labels[place],
            key="looking",
            disabled=len(shown) == 1,
        )
    if sentence and "[MASK]" not in sentence:
        st.warning("Put [MASK] where a word is to be guessed.", icon=":material/edit:")
        sentence = ""
    _tell(shown, sentence, follow)
    view = shown[min(chosen, len(shown) - 1)]
    if sentence and not view.run.status.alive and sentence != _last(view).get("sentence"):
        _ask_now(view, sentence)
    else:
        _bars(view)
    return follow or words


def _tell(shown: Sequence[View], sentence: str, follow: str) -> None:
    queue, session = service.run_queue(), service.session()
    new = {"prompt": sentence, "words": ", ".join(listed(follow)[:6])}
    for view in shown:
        changed = {n: v for n, v in new.items() if v and view.run.live.get(n) != v}
        if changed and view.run.status.alive and view.run.session == session:
            queue.set_live(view.run.id, session, **changed)


def _last(view: View) -> Mapping:
    return view.history.sample_at(view.run.step) or {}


def _ask_now(view: View, sentence: str) -> None:
    """Ask the last weights of a run that has ended."""
    answers = ask(view, "fill", sentences=[sentence])
    if answers:
        best = dict(zip(answers[0]["tokens"], answers[0]["probabilities"], strict=True))
        pictures.show(fill_bars({}, best, ("before", "at the end"), pictures.half()), "bert-asked")
        st.caption("This sentence was not asked along the run: the guesses of its last weights.")


def _bars(view: View) -> None:
    if not view.history.samples:
        st.caption("The first guess comes with the first second of training.")
        return
    share = st.slider("Through the run", 0, 100, 100, format="%d%%", key="when")
    now = view.history.sample_at(view.run.step * share / 100)
    first = next(s for s in _samples(view) if s["sentence"] == now["sentence"])
    st.markdown(f":small[*{plain(now['sentence'])}*]")
    most = 6
    here = dict(list(zip(now["tokens"], now["probabilities"], strict=True))[:most])
    then = dict(zip(first["tokens"], first["probabilities"], strict=True))
    followed = first.get("words") or {}
    before = {w: then.get(w, followed.get(w)) for w in {**here, **dict(list(then.items())[:3])}}
    before = {word: chance for word, chance in before.items() if chance is not None}
    labels = (f"step {first['step']:,}", f"step {now['step']:,} ")
    pictures.show(fill_bars(before, here, labels, pictures.half()), f"bert-bars-{view.run.id}")
    st.caption("Grey bars: before. A token without one was not among the first eight then.")


def _samples(view: View) -> list[dict]:
    return [json.loads(encoded) for _, encoded in view.history.samples]


def lines(shown: Sequence[View], words: str) -> None:
    """Draw how probable the words to follow are in the blank that is asked, through the runs."""
    wanted, found = listed(words)[:6], {}
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
            st.caption(
                f"{plain(', '.join(wanted))}: not among the tokens of this vocabulary, or not "
                "followed by this run."
            )
        return
    st.markdown("**In the blank**, through the run")
    pictures.show(word_lines(rows, known, list(found), pictures.half()), "bert-words")


def pronouns(shown: Sequence[View]) -> None:
    """Draw log p(he)/p(she) of the occupations that are watched, through all runs."""
    found = {name: ratios(view) for view, name in zip(shown, names(shown), strict=True)}
    found = {name: points for name, points in found.items() if points}
    if not found:
        return
    occupations = list(dict.fromkeys(w for points in found.values() for w in points[0][1]))
    st.markdown("**He or she?** log p(he) / p(she) in nats: above the dashed line *he* is ahead")
    less = ""
    if PERSON in occupations and len(occupations) > 1:
        centred = st.toggle(
            "Minus that of *person*",
            key="centred",
            bind="query-params",
            help="Takes away what the model says of anybody: what is left belongs to the "
            "occupation.",
        )
        less = PERSON if centred else ""
    phone = pictures.on_phone()
    chosen = [word for word in occupations if word != less]
    drawn = ratio_panels(
        ratio_rows(found, less),
        chosen,
        list(found),
        pictures.PHONE if phone else 2 * pictures.HALF + 60,
        2 if phone else 4,
    )
    st.altair_chart(drawn, key="bert-ratios", width="content")
    odds = float(np.exp(1))
    st.caption(
        "The mean of five sentences such as “The nurse said that [MASK] was tired.” One nat: *he* "
        f"{odds:.1f} times as probable as *she*. All runs of a text begin at the same weights."
    )
