"""The form of an experiment: presets, models, budget, seed and device."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.kit.keys import AnyKey, Choice, Key, Number
from lab.lesson.kit.lineup import MOST, Catalogue, Entry
from lab.lesson.kit.link import KIT
from lab.training import SettingsError
from lab.training.declared import Setting

_uid = itertools.count()
_DEVICES = {"auto": "Automatic", "cpu": "CPU", "cuda": "GPU (CUDA)", "mps": "GPU (MPS)"}

SEED = Number(
    "seed", "Seed", 0, 2**31 - 1, 0, help="Where the random numbers start: weights and batches."
)
DEVICE = Choice(
    "device",
    "Train on",
    _DEVICES,
    "auto",
    look="select",
    help="Automatic takes a GPU when there is one.",
)


@dataclass(frozen=True)
class Amount:
    """A kind of budget: its name, and the number of it with range, first value and help."""

    name: str
    number: Number


def seconds_of(value: int, step: int, help: str = "") -> Amount:
    """Return a budget of computing seconds for each model, with what it starts with."""
    told = help or "Seconds of computing, without the time spent waiting for a turn."
    label = "Training seconds for each model"
    return Amount("Seconds", Number("seconds", label, 1, 3600, value, step, told))


def steps_of(value: int) -> Amount:
    """Return a budget of optimiser steps for each model, with what it starts with."""
    told = "Optimiser steps. The same seed and settings give the same result on a CPU."
    label = "Training steps for each model"
    return Amount("Steps", Number("steps", label, 10, 100_000, value, 100, told))


def tokens_of(value: int, step: int, low: int, high: int, help: str) -> Amount:
    """Return a budget of tokens for each model, with what it starts with."""
    return Amount("Tokens", Number("tokens", "Tokens for each model", low, high, value, step, help))


@dataclass(frozen=True)
class Preset:
    """A ready experiment.

    Args:
        name: on its button.
        shows: what one sees, in a sentence; "" where the name says it.
        entries: the models; empty where a lesson has no line-up.
        values: key of a control -> what it is set to.
        load: what else it does, such as setting what is no control.
        after_guess: whether it gives the answer away, and so waits for the guess.
    """

    name: str
    shows: str
    entries: tuple[Entry, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    load: Callable[[], None] | None = None
    after_guess: bool = False


@dataclass(frozen=True)
class Form:
    """What an experiment can be made of.

    Args:
        catalogue: the models on offer.
        first: the line-up of a fresh page.
        budgets: "seconds", "tokens" or "steps" -> what can be chosen; the first is preset.
        help: what the choice between budgets means.
        parameters: settings -> number of trained parameters, shown in a model's menu.
        parameters_on: (settings, chosen data) -> the same, where it depends on the data.
    """

    catalogue: Catalogue
    first: Sequence[Entry]
    budgets: Mapping[str, Amount]
    help: str
    parameters: Callable[[Any], int] | None = None
    parameters_on: Callable[[Any, Any], int] | None = None

    @property
    def models(self) -> Key[list[Entry]]:
        """The key of the line-up in the link."""
        return Key(
            "models",
            [],
            lambda text: self.catalogue.from_link(text)[0],
            self.catalogue.to_link,
            lambda text: self.catalogue.from_link(text)[1],
        )

    @property
    def kind(self) -> Choice:
        """The key of the kind of budget."""
        names = {key: amount.name for key, amount in self.budgets.items()}
        return Choice("budget", "Equal budget of", names, help=self.help)

    @property
    def keys(self) -> tuple[AnyKey, ...]:
        """The keys of the form in the link."""
        amounts = (amount.number for amount in self.budgets.values())
        return (self.models, self.kind, *amounts, SEED, DEVICE)

    @property
    def _state(self) -> str:
        return f"lineup-{self.catalogue.name}"

    def lineup(self) -> list[Entry]:
        """Return the line-up: from the session, else from the link, else the lesson's first one."""
        if self._state not in st.session_state:
            self.replace(self.models.get() or list(self.first))
        return [entry for _, entry in st.session_state[self._state]]

    def replace(self, entries: Sequence[Entry]) -> None:
        """Set the line-up, in the session and in the link."""
        self._set([(next(_uid), entry) for entry in entries])

    def _set(self, pairs: list[tuple[int, Entry]]) -> None:
        st.session_state[self._state] = pairs
        self.models.set([entry for _, entry in pairs])

    def draw_models(self, data: Any = None) -> list[Entry]:
        """Draw the line-up with a menu of settings for each model, and return it.

        Args:
            data: what is chosen to learn from, for `parameters_on`.
        """
        entries = self.lineup()
        st.markdown(f"**Models** (up to {MOST}, each on the same budget)")
        names = self.catalogue.labels(entries)
        for (uid, entry), name in zip(list(st.session_state[self._state]), names, strict=True):
            self._row(uid, entry, name, len(entries) == 1, data)
        if len(entries) < MOST:
            self._offer()
        return self.lineup()

    def _row(self, uid: int, entry: Entry, name: str, alone: bool, data: Any) -> None:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.popover(name, width="stretch", icon=":material/tune:"):
                self._menu(uid, entry, data)
            st.button(
                "Remove",
                key=f"remove-{uid}",
                icon=":material/close:",
                type="tertiary",
                on_click=self._remove,
                args=(uid,),
                disabled=alone,
                help=f"Remove {name}",
            )

    def _offer(self) -> None:
        with st.container(horizontal=True, gap="small"):
            for kind, label in self.catalogue.kinds.items():
                st.button(
                    label,
                    key=f"add-{kind}",
                    icon=":material/add:",
                    on_click=self._add,
                    args=(kind,),
                    help=f"Add a {label} with its default settings",
                )

    def _add(self, kind: str) -> None:
        pairs = st.session_state[self._state]
        if len(pairs) < MOST:
            self._set([*pairs, (next(_uid), Entry(kind))])

    def _remove(self, uid: int) -> None:
        self._set([pair for pair in st.session_state[self._state] if pair[0] != uid])

    def _change(self, uid: int, kind: str) -> None:
        defaults, changes = self.catalogue.default(kind), {}
        for key in self.catalogue.changes:
            value = st.session_state.get(f"{key}-{uid}")
            if value is not None and value != getattr(defaults, key):
                changes[key] = value
        pairs = st.session_state[self._state]
        self._set([(n, Entry(kind, changes) if n == uid else entry) for n, entry in pairs])

    def _menu(self, uid: int, entry: Entry, data: Any) -> None:
        catalogue, defaults = self.catalogue, self.catalogue.default(entry.kind)
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
                    on_change=self._change,
                    args=(uid, entry.kind),
                )
        try:
            settings = catalogue.default(entry.kind, **dict(entry.changes))
        except SettingsError as error:
            st.warning(str(error), icon=":material/tune:")
            return
        if self.parameters_on is not None:
            st.caption(f"{self.parameters_on(settings, data):,} parameters")
        elif self.parameters is not None:
            st.caption(f"{self.parameters(settings):,} parameters")

    def draw_budget(self) -> dict[str, float]:
        """Draw the budget, the seed and the device.

        Returns:
            {"seconds": s}, {"tokens": n} or {"steps": n}.
        """
        kind = self.kind.draw()
        amount = self.budgets[kind].number.draw()
        left, right = st.columns(2)
        with left:
            SEED.draw()
        with right:
            found = service.devices() or ["cpu"]
            DEVICE.draw({key: _DEVICES[key] for key in ("auto", *found)})
        return {kind: amount}

    def settings(
        self, entries: Sequence[Entry], budget: Mapping[str, float], **more: Any
    ) -> list[Any]:
        """Return the settings of each model of a line-up.

        Args:
            entries, budget: of the form.
            more: fields that all models share, besides seed and device.

        Raises:
            SettingsError: one of them cannot be, in a sentence.
        """
        return [
            self.catalogue.default(
                entry.kind,
                **dict(entry.changes),
                **budget,
                **more,
                seed=int(SEED.value),
                device=DEVICE.value,
            )
            for entry in entries
        ]

    def code_of(self, entries: Sequence[Entry], field: str) -> str:
        """Return the line-up as the inside of a Python dict, for the code behind an experiment.

        Args:
            entries: the models.
            field: the argument that names a model, such as "model" or "attention".
        """
        return ",\n".join(
            f"    {label!r}: { ({field: entry.kind} | dict(entry.changes))!r}"
            for label, entry in zip(self.catalogue.labels(entries), entries, strict=True)
        )


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


def presets(
    ready: Sequence[Preset],
    load: Callable[[Preset], None],
    label: str = "",
    guessed: bool = True,
) -> None:
    """Draw a button for each preset.

    Args:
        ready: the presets.
        load: called with the one that was pressed.
        label: stands before them, instead of the frame's.
        guessed: whether those that give the answer away may be pressed.
    """
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(label or KIT("start-with"), width="content")
        for number, preset in enumerate(ready):
            waits = preset.after_guess and not guessed
            st.button(
                preset.name,
                key=f"preset-{number}",
                help=KIT("preset-waits") if waits else preset.shows or None,
                disabled=waits,
                on_click=load,
                args=(preset,),
            )
