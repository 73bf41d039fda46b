"""The lab's own view of a model's attention on a text, with a token hidden or not."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

import streamlit as st

from lab.attention.trace import Block, Trace
from lab.lesson.components.attention import attention_view
from lab.lesson.inside import TEXT
from lab.lesson.kit.keys import Choice, Key, Words
from lab.lesson.kit.text import plain
from lab.lesson.sources.source import Source

LONGEST_TEXT = 20_000  # characters
MOST_HIDDEN = 64  # tokens
SHOWN = 12  # predictions
_TRACES = "lab.attention.traces"
_PICKED = re.compile(r"rollout|\d{1,4}\.(\d{1,4}|mean)")


def _texts() -> dict[str, Words]:
    # A text stays when another model of its kind is chosen.
    labels = {
        "model": "Text to read",
        "language": "Text to read",
        "translation": "Text to read",
        "captioning": "Number of a held-out scene",
    }
    return {
        task: Words(f"text_{task}", label, TEXT("sentence"), LONGEST_TEXT, area=True)
        for task, label in labels.items()
    }


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if _is_place(part)][:MOST_HIDDEN]


def _is_place(part: str) -> bool:
    return part.isascii() and part.isdecimal() and len(part) < 7


def _picked(text: str) -> str:
    if not _PICKED.fullmatch(text):
        raise ValueError(text[:40])
    return text


TEXTS = _texts()
HIDDEN: Key[list[int]] = Key(
    "hidden",
    [],
    _numbers,
    lambda places: ",".join(map(str, places)),
    lambda text: [part for part in text.split(",") if not _is_place(part)],
)
HEAD: Key[str] = Key("head", "", _picked)
PART = Choice("part", "Part of the model")


@dataclass(frozen=True)
class Reading:
    """The attention of a model on a text.

    Attributes:
        trace: of the text.
        before: the same with nothing hidden, if something is.
        number: of the part that is shown.
        name: of source and text, a key.
    """

    trace: Trace
    before: Trace | None
    number: int
    name: str

    @property
    def block(self) -> Block:
        """The part that is shown."""
        return self.trace.blocks[self.number]

    @property
    def block_before(self) -> Block | None:
        """The same part with nothing hidden; None if nothing is, or it is another text's."""
        earlier = self.before.blocks[self.number] if self.before else None
        same = earlier is not None and earlier.codes.shape == self.block.codes.shape
        return earlier if same else None


def text_of(source: Source) -> str:
    """Draw the field for the student's text and return it."""
    return TEXTS.get(source.task, TEXTS["model"]).draw(default=first_text(source), height=68)


def first_text(source: Source) -> str:
    """Return a text to begin with: what a run wrote last, or the lab's sentence."""
    if source.view is None:
        return TEXT("sentence")
    run = source.view.run
    written = str(run.live.get("prompt") or run.settings.get("prompt") or TEXT("sentence"))
    return written[:LONGEST_TEXT]


def read(source: Source, text: str) -> Reading | None:
    """Ask for the attention of a model on a text; None with the reason on the page."""
    name = hashlib.sha256(f"{source.key}\n{text}".encode()).hexdigest()[:12]
    state = st.session_state
    if state.get("inside-of") != name:
        hidden = [] if "inside-of" in state else HIDDEN.get()
        state["inside-of"], state["inside-hidden"], state["inside-layer"] = name, hidden, None
    HIDDEN.set(state["inside-hidden"])
    hidden, given = state["inside-hidden"], {"text": text, "layer": state["inside-layer"]}
    before = None
    with st.spinner(TEXT("reading"), show_time=True):
        if hidden:
            source.begin(_TRACES, hidden=[], **given)
        trace = source.ask(_TRACES, hidden=hidden, **given)
        if hidden and trace is not None:
            before = source.ask(_TRACES, hidden=[], **given)
    if trace is None:
        if not source.under_way(_TRACES, hidden=hidden, **given):
            state["inside-hidden"] = []  # refused, perhaps for a place that this text lacks
        return None
    return Reading(trace, before, part_of(trace), name)


def part_of(trace: Trace) -> int:
    """Let the student choose a part of the model where it has several; return its number."""
    if len(trace.blocks) == 1:
        return 0
    names = [block.name for block in trace.blocks]
    chosen = PART.draw(names, default=names[-1])
    return names.index(chosen) if chosen in names else len(names) - 1


def draw(source: Source, reading: Reading) -> None:
    """Draw the lab's view of one part, and what the model predicts."""
    shown, state = reading.block, st.session_state
    result = attention_view(
        shown,
        # One view for all texts: a head is compared over sentences.
        f"view-{source.key}-{reading.number}",
        hides=reading.trace.hides if reading.number == 0 else "",
        hidden=tuple(state["inside-hidden"]),
        before=reading.block_before,
        text=reading.name,
        # As the link had it at first: later changes would send all weights again.
        picked=state.setdefault("inside-head", HEAD.get()),
    )
    _take(result, reading)
    state["inside-before"] = reading.before
    predictions(reading)


def _take(result: dict, reading: Reading) -> None:
    """Take what the student did in the view: another token hidden, layer asked for, head picked."""
    state, shown = st.session_state, reading.block
    wanted, layer = result.get("hidden") or {}, result.get("layer")
    if wanted.get("text") == reading.name and list(wanted["places"]) != state["inside-hidden"]:
        state["inside-hidden"] = [int(place) for place in wanted["places"]]
        st.rerun()
    if layer is not None and not shown.whole and int(layer) != shown.first:
        state["inside-layer"] = int(layer)
        st.rerun()
    state["inside-picked"] = str(result.get("picked") or "")
    HEAD.set(state["inside-picked"])


def predictions(reading: Reading) -> None:
    """Show what the model predicts, and what it did before a token was hidden."""
    trace, before = reading.trace, reading.before
    for note in trace.notes:
        st.caption(plain(note))
    if trace.says is None:
        return
    both = [(trace.says, "")]
    if before is not None and before.says:
        both.append((before.says, " (nothing hidden)"))
    for column, (says, when) in zip(st.columns(len(both)), both, strict=True):
        with column:
            st.markdown(f"**{says['title']}{when}**")
            _rows(says["rows"])


def _rows(rows: list) -> None:
    for where, top in rows[:SHOWN]:
        words = ", ".join(f"{plain(token) or '∅'} {p:.3f}" for token, p in top)
        st.caption(f"{plain(str(where))}: {words}" if words else plain(str(where)))
    if len(rows) > SHOWN:
        st.caption(f"… and {len(rows) - SHOWN} more.")
