"""The controls of an experiment: its models, its budget, and the button that starts it."""

from __future__ import annotations

import itertools

import streamlit as st

from lab.lesson import lineup, service
from lab.lesson.lineup import CHANGES, KINDS, MOST, POSITIONS, RANGES, Entry
from lab.training import Settings, SettingsError, cost

_MENU = "\N{HORIZONTAL ELLIPSIS}"
_uid = itertools.count()

BUDGETS = {"seconds": "Seconds", "tokens": "Tokens"}


def current() -> list[Entry]:
    """Return the line-up: from the session, else from the link, else an LSTM."""
    if "lineup" not in st.session_state:
        entries, left_out = lineup.from_link(st.query_params.get("models", ""))
        if left_out:
            st.warning(
                "A part of this link could not be read and was left out: "
                + ", ".join(lineup.plain(part) for part in left_out),
                icon=":material/link_off:",
            )
        replace(entries or [Entry("lstm")])
    return [entry for _, entry in st.session_state["lineup"]]


def replace(entries: list[Entry]) -> None:
    """Set the line-up, in the session and in the link."""
    st.session_state["lineup"] = [(next(_uid), entry) for entry in entries]
    _to_link()


def _to_link() -> None:
    st.query_params["models"] = lineup.to_link([e for _, e in st.session_state["lineup"]])


def model_picker(vocabulary_size: int) -> list[Entry]:
    """Draw the line-up with a settings menu for each model, and return it."""
    entries = current()
    st.markdown(f"**Models** (up to {MOST}, each on the same budget)")
    names = lineup.labels(entries)
    for (uid, entry), name in zip(list(st.session_state["lineup"]), names, strict=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.popover(name, width="stretch", icon=":material/tune:"):
                _settings(uid, entry, vocabulary_size)
            st.button(
                "Remove",
                key=f"remove-{uid}",
                icon=":material/close:",
                type="tertiary",
                on_click=_remove,
                args=(uid,),
                disabled=len(entries) == 1,
                help=f"Remove {name}",
            )
    if len(entries) < MOST:
        with st.container(horizontal=True, gap="small"):
            for kind, label in KINDS.items():
                st.button(
                    label,
                    key=f"add-{kind}",
                    icon=":material/add:",
                    on_click=_add,
                    args=(kind,),
                    help=f"Add a {label} with its default settings",
                )
    return current()


def _add(kind: str) -> None:
    if len(st.session_state["lineup"]) < MOST:
        st.session_state["lineup"].append((next(_uid), Entry(kind)))
    _to_link()


def _remove(uid: int) -> None:
    st.session_state["lineup"] = [pair for pair in st.session_state["lineup"] if pair[0] != uid]
    _to_link()


def _change(uid: int, kind: str) -> None:
    defaults = Settings.default(kind)
    changes = {}
    for key in CHANGES:
        value = st.session_state.get(f"{key}-{uid}")
        if value is not None and value != getattr(defaults, key):
            changes[key] = value
    st.session_state["lineup"] = [
        (number, Entry(kind, changes) if number == uid else entry)
        for number, entry in st.session_state["lineup"]
    ]
    _to_link()


_HELP = {
    "learning_rate": "How far each optimiser step goes.",
    "layers": "Layers on top of each other.",
    "width": "Units of each layer: the size of its state.",
    "block": "Tokens of context in one training window.",
    "batch": "Windows in one training step.",
    "dropout": "Share of units silenced at random while training; helps against overfitting.",
    "heads": "Attention heads; they divide the width.",
    "positions": "How the Transformer knows the order. ALiBi learns fastest on small budgets.",
}
_NAMES = {
    "learning_rate": "Learning rate",
    "layers": "Layers",
    "width": "Width",
    "block": "Context (tokens)",
    "batch": "Batch (windows)",
    "dropout": "Dropout",
    "heads": "Heads",
    "positions": "Positions",
}


def _settings(uid: int, entry: Entry, vocabulary_size: int) -> None:
    defaults = Settings.default(entry.kind)
    st.markdown(f"**{KINDS[entry.kind]}**")
    columns = st.columns(2)
    shown = [key for key in CHANGES if lineup.applies(entry.kind, key)]
    for index, key in enumerate(shown):
        value = entry.changes.get(key, getattr(defaults, key))
        common = {
            "key": f"{key}-{uid}",
            "on_change": _change,
            "args": (uid, entry.kind),
            "help": _HELP[key],
        }
        with columns[index % 2]:
            if key == "positions":
                st.selectbox(_NAMES[key], POSITIONS, index=POSITIONS.index(value), **common)
            elif key == "learning_rate":
                st.number_input(
                    _NAMES[key],
                    1e-6,
                    1.0,
                    value,
                    step=defaults.learning_rate / 2,
                    format="%.2g",
                    **common,
                )
            elif key == "dropout":
                st.number_input(_NAMES[key], 0.0, 0.9, value, step=0.05, **common)
            else:
                low, high, step = RANGES[key]
                st.number_input(_NAMES[key], low, high, value, step=step, **common)
    try:
        settings = Settings.default(entry.kind, **dict(entry.changes))
    except SettingsError as error:
        st.warning(str(error), icon=":material/tune:")
        return
    st.caption(f"{cost.parameters(settings, vocabulary_size):,} parameters")


def budget() -> dict[str, float]:
    """Draw the budget and return it as {"seconds": s} or {"tokens": n}."""
    kind = st.segmented_control(
        "Equal budget of",
        list(BUDGETS),
        format_func=BUDGETS.get,
        default="seconds",
        key="budget",
        bind="query-params",
        required=True,
        help="Equal seconds favour what computes fast, equal tokens what learns most from each "
        "token. Which model wins can depend on it: try both.",
    )
    if kind == "seconds":
        amount = st.number_input(
            "Training seconds for each model",
            1,
            3600,
            10,
            key="seconds",
            bind="query-params",
            help="Seconds of computing, without the time spent waiting for a turn. The clock "
            "decides where such a run ends, so two runs differ by a few steps; choose tokens for "
            "the same curve twice.",
        )
    else:
        amount = st.number_input(
            "Tokens for each model",
            10_000,
            500_000_000,
            1_000_000,
            step=100_000,
            key="tokens",
            bind="query-params",
            help="Tokens read during training; passing over the text twice counts twice. The same "
            "seed and settings give the same curve on a CPU.",
        )
    left, right = st.columns(2)
    with left:
        st.number_input(
            "Seed",
            0,
            2**31 - 1,
            0,
            key="seed",
            bind="query-params",
            help="Where the random numbers start: weights and batches.",
        )
    with right:
        found = service.devices() or ["cpu"]
        st.selectbox(
            "Train on",
            ["auto", *found],
            key="device",
            bind="query-params",
            format_func={
                "auto": "Automatic",
                "cpu": "CPU",
                "cuda": "GPU (CUDA)",
                "mps": "GPU (MPS)",
            }.get,
            help="Automatic takes a GPU when there is one.",
        )
    return {kind: amount}
