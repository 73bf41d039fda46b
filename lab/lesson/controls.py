"""The controls of an experiment: its models and its budget."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lab.lesson import lineup, service
from lab.lesson.lineup import MOST, Catalogue, Entry
from lab.training import SettingsError
from lab.training.declared import Setting

_uid = itertools.count()
_DEVICES = {"auto": "Automatic", "cpu": "CPU", "cuda": "GPU (CUDA)", "mps": "GPU (MPS)"}


@dataclass(frozen=True)
class Amount:
    """A kind of budget: its name, its range, what it starts with, and a sentence of help."""

    name: str
    label: str
    low: int
    high: int
    value: int
    step: int
    help: str


def seconds_of(value: int, step: int) -> Amount:
    """Return a budget of computing seconds for each model, with what it starts with."""
    told = "Seconds of computing, without the time spent waiting for a turn."
    return Amount("Seconds", "Training seconds for each model", 1, 3600, value, step, told)


def steps_of(value: int) -> Amount:
    """Return a budget of optimiser steps for each model, with what it starts with."""
    told = "Optimiser steps. The same seed and settings give the same result on a CPU."
    return Amount("Steps", "Training steps for each model", 10, 100_000, value, 100, told)


def _key(catalogue: Catalogue) -> str:
    return f"lineup-{catalogue.name}"


def current(catalogue: Catalogue, first: list[Entry]) -> list[Entry]:
    """Return the line-up: from the session, else from the link, else the lesson's first one."""
    if _key(catalogue) not in st.session_state:
        entries, left_out = catalogue.from_link(st.query_params.get("models", ""))
        if left_out:
            st.warning(
                "A part of this link could not be read and was left out: "
                + ", ".join(lineup.plain(part) for part in left_out),
                icon=":material/link_off:",
            )
        replace(catalogue, entries or first)
    return [entry for _, entry in st.session_state[_key(catalogue)]]


def replace(catalogue: Catalogue, entries: list[Entry]) -> None:
    """Set the line-up, in the session and in the link."""
    _set(catalogue, [(next(_uid), entry) for entry in entries])


def _set(catalogue: Catalogue, pairs: list[tuple[int, Entry]]) -> None:
    st.session_state[_key(catalogue)] = pairs
    st.query_params["models"] = catalogue.to_link([entry for _, entry in pairs])


def model_picker(
    catalogue: Catalogue,
    first: list[Entry],
    parameters: Callable[[Any], int] | None = None,
) -> list[Entry]:
    """Draw the line-up with a settings menu for each model, and return it.

    Args:
        catalogue: of the lesson.
        first: the line-up of a fresh page.
        parameters: settings -> number of trained parameters, shown in the menu.
    """
    entries = current(catalogue, first)
    st.markdown(f"**Models** (up to {MOST}, each on the same budget)")
    names = catalogue.labels(entries)
    for (uid, entry), name in zip(list(st.session_state[_key(catalogue)]), names, strict=True):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.popover(name, width="stretch", icon=":material/tune:"):
                _settings(catalogue, uid, entry, parameters)
            st.button(
                "Remove",
                key=f"remove-{uid}",
                icon=":material/close:",
                type="tertiary",
                on_click=_remove,
                args=(catalogue, uid),
                disabled=len(entries) == 1,
                help=f"Remove {name}",
            )
    if len(entries) < MOST:
        with st.container(horizontal=True, gap="small"):
            for kind, label in catalogue.kinds.items():
                st.button(
                    label,
                    key=f"add-{kind}",
                    icon=":material/add:",
                    on_click=_add,
                    args=(catalogue, kind),
                    help=f"Add a {label} with its default settings",
                )
    return current(catalogue, first)


def _add(catalogue: Catalogue, kind: str) -> None:
    pairs = st.session_state[_key(catalogue)]
    if len(pairs) < MOST:
        _set(catalogue, [*pairs, (next(_uid), Entry(kind))])


def _remove(catalogue: Catalogue, uid: int) -> None:
    _set(catalogue, [pair for pair in st.session_state[_key(catalogue)] if pair[0] != uid])


def _change(catalogue: Catalogue, uid: int, kind: str) -> None:
    defaults, changes = catalogue.default(kind), {}
    for key in catalogue.changes:
        value = st.session_state.get(f"{key}-{uid}")
        if value is not None and value != getattr(defaults, key):
            changes[key] = value
    pairs = st.session_state[_key(catalogue)]
    _set(catalogue, [(n, Entry(kind, changes) if n == uid else entry) for n, entry in pairs])


def _settings(catalogue: Catalogue, uid: int, entry: Entry, parameters) -> None:
    defaults = catalogue.default(entry.kind)
    st.markdown(f"**{catalogue.kinds[entry.kind]}**")
    columns = st.columns(2)
    keys = [key for key in catalogue.changes if catalogue.applies(entry.kind, key)]
    for index, key in enumerate(keys):
        with columns[index % 2]:
            _setting(
                catalogue.changes[key],
                entry.changes.get(key, getattr(defaults, key)),
                getattr(defaults, key),
                key=f"{key}-{uid}",
                on_change=_change,
                args=(catalogue, uid, entry.kind),
            )
    try:
        settings = catalogue.default(entry.kind, **dict(entry.changes))
    except SettingsError as error:
        st.warning(str(error), icon=":material/tune:")
        return
    if parameters is not None:
        st.caption(f"{parameters(settings):,} parameters")


def _setting(what: Setting, value: Any, default: Any, **common: Any) -> None:
    common["help"] = what.help
    if what.type is bool:
        st.toggle(what.title, value, **common)
    elif what.type is str:
        st.selectbox(what.title, what.choices, index=what.choices.index(value), **common)
    elif what.step is None:  # a learning rate: its scale is its own
        st.number_input(
            what.title, what.low, what.high, value, step=default / 2, format="%.2g", **common
        )
    else:
        low, high, step = (what.type(number) for number in (what.low, what.high, what.step))
        st.number_input(what.title, low, high, value, step=step, **common)


def budget(amounts: Mapping[str, Amount], help: str) -> dict[str, float]:
    """Draw the budget, the seed and the device.

    Args:
        amounts: "seconds", "tokens" or "steps" -> what can be chosen; the first is preset.
        help: what the choice between them means.

    Returns:
        {"seconds": s}, {"tokens": n} or {"steps": n}.
    """
    kind = st.segmented_control(
        "Equal budget of",
        list(amounts),
        format_func=lambda key: amounts[key].name,
        default=next(iter(amounts)),
        key="budget",
        bind="query-params",
        required=True,
        help=help,
    )
    chosen = amounts[kind]
    amount = st.number_input(
        chosen.label,
        chosen.low,
        chosen.high,
        chosen.value,
        step=chosen.step,
        key=kind,
        bind="query-params",
        help=chosen.help,
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
            format_func=_DEVICES.get,
            help="Automatic takes a GPU when there is one.",
        )
    return {kind: amount}
