"""The lab's own view of a model's attention, with a token hidden or not."""

from __future__ import annotations

import hashlib

import streamlit as st

from lab.attention.trace import Block, Trace
from lab.lesson.components.attention import attention_view
from lab.lesson.lineup import plain
from lab.lesson.sources.source import Source

SENTENCE = "The dog did not cross the road because it was tired."
LONGEST_TEXT = 20_000  # characters
_TRACES = "lab.attention.traces"
SHOWN = 12  # predictions


def text_of(source: Source) -> str:
    """Draw the field for the student's text and return it."""
    scene = source.task == "captioning"
    text = st.text_area(
        "Number of a held-out scene" if scene else "Text to read",
        first_text(source),
        # A text stays when another model of its kind is chosen.
        key=f"text_{source.task}",
        height=68,
        max_chars=LONGEST_TEXT,
        bind="query-params",
    )
    return text


def first_text(source: Source) -> str:
    """Return a text to begin with: what a run wrote last, or the lab's sentence."""
    if source.view is None:
        return SENTENCE
    run = source.view.run
    return str(run.live.get("prompt") or run.settings.get("prompt") or SENTENCE)


def trace_of(source: Source, text: str) -> tuple[Trace, Trace | None, str] | None:
    """Ask for the attention of a model on a text.

    Returns:
        The trace, the same with nothing hidden if something is, and a key of source and text;
        None with the reason on the page.
    """
    name = hashlib.sha256(f"{source.key}\n{text}".encode()).hexdigest()[:12]
    state = st.session_state
    if state.get("inside-of") != name:
        hidden = [] if "inside-of" in state else _hidden_in_link()
        state["inside-of"], state["inside-hidden"], state["inside-layer"] = name, hidden, None
    _into_link("hidden", ",".join(map(str, state["inside-hidden"])))
    layer, hidden = state["inside-layer"], state["inside-hidden"]
    with st.spinner("Reading …", show_time=True):
        trace = source.ask("lab.attention.traces", text=text, hidden=hidden, layer=layer)
        before = (
            source.ask("lab.attention.traces", text=text, hidden=[], layer=layer)
            if hidden
            else None
        )
    if trace is None:
        state["inside-hidden"] = []
        return None
    return trace, before, name


def _hidden_in_link() -> list[int]:
    parts = st.query_params.get("hidden", "").split(",")
    return [int(part) for part in parts if part.isdecimal()][:64]


def _into_link(name: str, value: str) -> None:
    if value:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


def part_of(trace: Trace) -> int:
    """Let the student choose a part of the model where it has several; return its number."""
    if len(trace.blocks) == 1:
        return 0
    names = [block.name for block in trace.blocks]
    chosen = st.segmented_control(
        "Part of the model",
        names,
        default=names[-1],
        key="part",
        required=True,
        bind="query-params",
    )
    return names.index(chosen) if chosen in names else len(names) - 1


def view(source: Source, trace: Trace, before: Trace | None, number: int, name: str) -> str:
    """Draw the lab's view of one part; return which head the student picked.

    Args:
        source: of the trace.
        trace, before, name: of `trace_of`.
        number: of the part.
    """
    shown = trace.blocks[number]
    earlier = before.blocks[number] if before and _same(before.blocks[number], shown) else None
    hidden = tuple(st.session_state["inside-hidden"])
    result = attention_view(
        shown,
        # One view for all texts: a head is compared over sentences.
        f"view-{source.key}-{number}",
        hides=trace.hides if number == 0 else "",
        hidden=hidden,
        before=earlier,
        text=name,
        # As the link had it at first: later changes would send all weights again.
        picked=st.session_state.setdefault("inside-head", st.query_params.get("head", "")),
    )
    wanted, layer = result.get("hidden") or {}, result.get("layer")
    if wanted.get("text") == name and list(wanted["places"]) != list(hidden):
        st.session_state["inside-hidden"] = [int(place) for place in wanted["places"]]
        st.rerun()
    if layer is not None and not shown.whole and int(layer) != shown.first:
        st.session_state["inside-layer"] = int(layer)
        st.rerun()
    state = st.session_state
    state["inside-picked"], state["inside-before"] = str(result.get("picked") or ""), before
    _into_link("head", state["inside-picked"])
    return state["inside-picked"]


def _same(before: Block, now: Block) -> bool:
    return before.codes.shape == now.codes.shape


def said(trace: Trace, before: Trace | None) -> None:
    """Show what the model predicts, and what it did before a token was hidden."""
    for note in trace.notes:
        st.caption(plain(note))
    if trace.says is None:
        return
    columns = st.columns(2) if before and before.says else [st.container()]
    both = (trace, ""), (before, " (nothing hidden)")
    for column, (shown, when) in zip(columns, both, strict=False):
        with column:
            st.markdown(f"**{shown.says['title']}{when}**")
            rows = shown.says["rows"]
            for where, top in rows[:SHOWN]:
                words = ", ".join(f"{plain(token) or '∅'} {p:.3f}" for token, p in top)
                st.caption(f"{plain(str(where))}: {words}" if words else plain(str(where)))
            if len(rows) > SHOWN:
                st.caption(f"… and {len(rows) - SHOWN} more.")
