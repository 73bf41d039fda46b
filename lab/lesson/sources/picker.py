"""The choice of a source on a page, kept in the link: one model, several, or vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import streamlit as st

from lab.lesson.kit.keys import Key, Several
from lab.lesson.kit.text import plain
from lab.lesson.sources import TEXT
from lab.lesson.sources.folder import folders_at_hand
from lab.lesson.sources.run import Runs
from lab.lesson.sources.source import Source
from lab.pretrained.folders import models_folder

LONGEST = 300  # characters of a key
S = TypeVar("S", bound=Source)


def _short(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(text[:40])
    return text


MODEL: Key[str] = Key("model", "", _short)
MODELS = Several("models", [], lambda texts: [_short(text) for text in texts])
VECTORS: Key[str] = Key("vectors", "", _short)


def models_at_hand(runs: Runs, linked: Sequence[str] = (), tell: bool = True) -> list[Source]:
    """Return the model folders and the runs at hand.

    Args:
        runs: which ones.
        linked: keys of the link.
        tell: whether folders that cannot be used are named on the page.
    """
    folders, faults = folders_at_hand()
    for fault in faults if tell else ():
        st.warning(plain(fault), icon=":material/folder_off:")
    return [*folders, *runs.at_hand(linked)]


def pick_model(runs: Runs, widget: str = "inside-model") -> Source | None:
    """Draw the choice of a model and return it; None, with what to do, while there is none.

    Args:
        runs: which ones are offered, besides the folders.
        widget: key of the control.
    """
    linked = MODEL.get()
    found = models_at_hand(runs, [linked])
    if not found:
        st.info(TEXT("no-model"), icon=":material/model_training:")
        _ways_to_train(runs)
        return None
    wanted = linked and at_hand(found, linked)
    help = TEXT("model-help", folder=models_folder())
    chosen = _select("Model", found, wanted, widget, help)
    MODEL.set(chosen.key)
    return chosen


def pick_models(
    runs: Runs, most: int, widget: str, recorded: Source | None = None, more: str = ""
) -> list[Source]:
    """Draw the choice of several models and return them in its order.

    Args:
        runs: which ones are offered, besides the folders.
        most: side by side.
        widget: key of the control.
        recorded: figures that are offered besides.
        more: said in its help besides.
    """
    linked = MODELS.get()
    found = models_at_hand(runs, linked)
    offered = {source.key: source for source in [*found, *([recorded] if recorded else [])]}
    wanted = [key if key in offered else at_hand(found, key) for key in linked[:most]]
    first = list(dict.fromkeys(key for key in wanted if key))
    if not linked:
        own = [key for key, source in offered.items() if source.own or source is recorded]
        first = own or list(offered)[:1]
    chosen = st.multiselect(
        f"Models, up to {most} side by side",
        list(offered),
        # Not by way of the session's state, which a rerun in that very moment would lose.
        default=first[:most],
        format_func=lambda key: offered[key].name,
        max_selections=most,
        key=widget,
        help=TEXT("models-help", folder=models_folder(), more=more),
    )
    MODELS.set(chosen)
    if not chosen:
        st.info(TEXT("choose"), icon=":material/model_training:")
    return [offered[key] for key in chosen]


def pick_vectors(offers: Sequence[Source], widget: str, help: str = "") -> Source | None:
    """Draw the choice of vectors and return them; None, with what to do, while there are none.

    Args:
        offers: what they can come from, the preset one first.
        widget: key of the control.
        help: of the control.
    """
    linked = VECTORS.get()
    if linked and linked not in [source.key for source in offers]:
        st.warning(TEXT("vectors-gone"))
        linked = ""
    chosen = _select("Vectors", offers, linked, widget, help)
    VECTORS.set(chosen.key)
    return chosen.open()


def _select(label: str, offers: Sequence[S], wanted: str | None, widget: str, help: str) -> S:
    by_key = {source.key: source for source in offers}
    keys = list(by_key)
    key = st.selectbox(
        label,
        keys,
        # Not by way of the session's state, which a rerun in that very moment would lose.
        index=keys.index(wanted) if wanted in by_key else 0,
        format_func=lambda key: by_key[key].name if key in by_key else key,
        key=widget,
        help=help or None,
    )
    return by_key[key]


def at_hand(found: Sequence[Source], key: str) -> str | None:
    """Return the key of the model that a link names; None, with what to do, if it is not at hand.

    Args:
        found: the models at hand.
        key: of the link: "run:ID", "model:NAME", or "model:NAME@COMMIT" of a model from the hub.
    """
    if key in [source.key for source in found]:
        return key
    name, _, revision = key.removeprefix("model:").partition("@")
    other = next((s for s in found if s.folder is not None and s.folder.name == name), None)
    if key.startswith("run:") or (other is None and not revision):
        st.warning(TEXT("model-gone"))
        return None
    if other is None or other.folder is None:
        st.session_state["hub-wanted"] = name, revision  # the hub's field offers to fetch it
        return None
    if revision:
        here = other.folder.revision[:12] or TEXT("no-revision")
        wanted = plain(revision[:12])
        st.warning(TEXT("other-revision", wanted=wanted, name=plain(name), here=plain(here)))
    return other.key


def _ways_to_train(runs: Runs) -> None:
    with st.container(horizontal=True, gap="small"):
        for lesson in runs.trained_in():
            st.page_link(lesson.file, label=lesson.title, icon=lesson.icon)
