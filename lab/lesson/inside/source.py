"""Which model is opened: a run of the student's, a folder of the server's, the project's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from lab.lesson import service
from lab.lesson.asking import answer
from lab.lesson.kit.collect import lessons
from lab.lesson.lineup import plain
from lab.lesson.shown import views_of
from lab.places import ASSETS
from lab.pretrained.folders import Folder, models_folder, models_here
from lab.runs import View, worker

SENTENCE = "The dog did not cross the road because it was tired."
# Task of a run -> what it is called.
_TASKS = {
    "language": "Language model",
    "translation": "Translator",
    "captioning": "Captioner",
    "masked": "Masked model",
}
_ATTENDING = ("language", "translation", "captioning")  # whose attention can be looked at
# Page -> the task of the models that are trained there.
_TRAINED_IN = {"language_model": "language", "translate": "translation", "caption": "captioning"}
# Question -> module whose `of_run` and `of_folder` answer it, and their names.
_QUESTIONS = {
    "trace": (("lab.attention.own", "trace"), ("lab.attention.pretrained", "trace")),
    "weights": (("lab.attention.export", "of_run"), ("lab.attention.export", "of_folder")),
    "neurons": (("lab.attention.neurons", "of_run"), ("lab.attention.neurons", "of_folder")),
    "contextual": (
        ("lab.attention.contextual", "of_run"),
        ("lab.attention.contextual", "of_folder"),
    ),
    "blanks": (("lab.masked.blanks", "of_run"), ("lab.masked.blanks", "of_folder")),
    "cosines": (("lab.bias.asked", "of_run"), ("lab.bias.asked", "of_folder")),
}


@dataclass(frozen=True)
class Source:
    """A model that can be asked.

    Args:
        key: as it stands in the link: "run:ID" or "model:NAME".
        name: as it is offered.
        view: of a run, else None.
        folder: of a model on disk, else None.
    """

    key: str
    name: str
    view: View | None = None
    folder: Folder | None = None

    @property
    def task(self) -> str:
        """The task of a run; "model" for a folder."""
        return self.view.run.settings.get("task", "language") if self.view else "model"

    @property
    def own(self) -> bool:
        """Whether it is the project's own masked model."""
        return self.folder is not None and Path(self.folder.path).parent == ASSETS

    @property
    def text(self) -> str:
        """A text to begin with."""
        if self.view is None:
            return SENTENCE
        live = self.view.run.live.get("prompt")
        return str(live or self.view.run.settings.get("prompt") or SENTENCE)

    def ask(self, question: str, **arguments: Any) -> Any:
        """Return the answer of a worker, or None with the reason on the page.

        Args:
            question: "trace", "weights", "neurons", "contextual", "blanks" or "cosines".
            arguments: such as JSON can hold.
        """
        asked = _asked_of_blanks if question == "blanks" else _asked
        return answer(asked, (*self._place(), question, json.dumps(arguments, sort_keys=True)))

    def later(self, question: str, **arguments: Any) -> Future:
        """Ask as `ask` does, without waiting: for a download, which has no page around it."""
        asked = _asked_of_blanks if question == "blanks" else _asked
        return asked(*self._place(), question, json.dumps(arguments, sort_keys=True))

    def _place(self) -> tuple[str, str, int]:
        if self.folder is not None:
            return "folder", self.folder.path, 0
        return "run", self.view.run.id, self.view.run.checkpoint


# Traces take up to 4 MB each.
@st.cache_resource(max_entries=24, show_spinner=False)
def _asked(kind: str, place: str, checkpoint: int, question: str, arguments: str) -> Future:
    return _send(kind, place, checkpoint, question, arguments)


# Answers about blanks take up to 0.1 MB, and a page needs several for each of its models.
@st.cache_resource(max_entries=300, show_spinner=False)
def _asked_of_blanks(
    kind: str, place: str, checkpoint: int, question: str, arguments: str
) -> Future:
    return _send(kind, place, checkpoint, question, arguments)


def _send(kind: str, place: str, checkpoint: int, question: str, arguments: str) -> Future:
    queue, given = service.run_queue(), json.loads(arguments) | {"session": service.session()}
    of_run, of_folder = _QUESTIONS[question]
    if kind == "folder":
        return queue.call(worker.compute, *of_folder, path=place, **given)
    return queue.ask(place, ":".join(of_run), **given)


def sources(
    tasks: Sequence[str] = _ATTENDING, wanted: Sequence[str] | None = None
) -> tuple[list[Source], list[str]]:
    """Return the models at hand, and a sentence for each folder that cannot be used.

    Args:
        tasks: of the runs to offer.
        wanted: models that the link names; None for its "model".
    """
    folders, faults = models_here()
    found = [Source(f"model:{f.reference}", f.name, folder=f) for f in folders]
    link = [st.query_params.get("model", "")] if wanted is None else wanted
    mine = [run.id for run in service.run_queue().runs_of(service.session())]
    ids = dict.fromkeys([*mine, *filter(None, (key.removeprefix("run:") for key in link))])
    for view in views_of(list(ids)):
        settings = view.run.settings
        task = settings.get("task", "language")
        if task in tasks and view.run.checkpoint and (task == "masked" or attends(settings)):
            name = f"{_TASKS[task]} · {view.run.name} · {view.run.step:,} steps · {view.run.id[:4]}"
            found.append(Source(f"run:{view.run.id}", name, view=view))
    return found, faults


def attends(settings: Mapping[str, Any]) -> bool:
    """Return whether a run's network has attention to look at, by its settings."""
    task = settings.get("task", "language")
    if task == "language":
        return settings.get("model") == "transformer"
    if task == "captioning":
        return settings.get("attention") != "none"
    if task != "translation":
        return False
    return settings.get("model") == "transformer" or settings.get("score") != "none"


def pick(tasks: Sequence[str] = _ATTENDING) -> Source | None:
    """Draw the choice of a model and return it; None, with what to do, while there is none.

    Args:
        tasks: of the runs to offer.
    """
    found, faults = sources(tasks)
    for fault in faults:
        st.warning(plain(fault), icon=":material/folder_off:")
    if not found:
        st.info(
            "There is no model to open yet. Train one with attention: it appears here with its "
            "first checkpoint, a second after it started.",
            icon=":material/model_training:",
        )
        _ways_to_train(tasks)
        return None
    wanted = named(found, st.query_params.get("model", ""))
    keys = [source.key for source in found]
    names = {source.key: source.name for source in found}
    key = st.selectbox(
        "Model",
        keys,
        # Not by way of the session's state, which a rerun in that very moment would lose.
        index=keys.index(wanted) if wanted else 0,
        format_func=lambda k: names[k],
        key="inside-model",
        help=f"Your runs with attention, and model folders under {models_folder()}.",
    )
    st.query_params["model"] = key
    return found[keys.index(key)]


def named(found: Sequence[Source], key: str) -> str | None:
    """Return the key of the model that a link names; None, with what to do, if it is not at hand.

    Args:
        found: the models at hand.
        key: of the link: "run:ID", "model:NAME", or "model:NAME@COMMIT" of a model from the hub.
    """
    if not key or key in [source.key for source in found]:
        return key or None
    name, _, revision = key.removeprefix("model:").partition("@")
    other = next((source for source in found if source.folder and source.folder.name == name), None)
    if key.startswith("run:") or (other is None and not revision):
        st.warning("The model of this link is not at hand: choose another.")
        return None
    if other is None:
        st.session_state["hub-wanted"] = name, revision  # `hub.desk` offers to fetch it
        return None
    if revision:
        st.warning(
            f"This link names revision {plain(revision[:12])} of {plain(name)}; here is "
            f"{plain(other.folder.revision[:12] or 'a copy without a revision')}: figures may "
            "differ."
        )
    return other.key


def _ways_to_train(tasks: Sequence[str]) -> None:
    with st.container(horizontal=True, gap="small"):
        for lesson in lessons():
            if _TRAINED_IN.get(lesson.name) in tasks:
                st.page_link(lesson.file, label=lesson.title, icon=lesson.icon)
