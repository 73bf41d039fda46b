"""Where vectors come from: recorded cosines, models, runs, files; and how a model is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from lab.bias import recorded
from lab.bias.asked import unpacked
from lab.bias.cosines import Cosines
from lab.bias.stimuli import Stimuli
from lab.lesson import service
from lab.lesson.asking import answer, compute
from lab.lesson.lineup import plain
from lab.lesson.sources.picker import models_at_hand
from lab.lesson.sources.run import Runs
from lab.lesson.sources.source import Source
from lab.pretrained.folders import models_folder
from lab.runs import worker

RECORDED, UPLOAD = "word2vec", "upload"
WAYS = {
    "static": "Input table",
    "contextual": "In a sentence",
    "cls": "[CLS]",
    "mean": "Mean of tokens",
}
TEMPLATE = "This is {}."
LARGEST = 10_000_000  # bytes of an uploaded file
_ENDINGS = (".bin", ".txt", ".vec", ".gz", ".npz")
_HELP = f"""
- **word2vec**: vectors of Google News cannot be passed on; the cosines between the words of WEAT
  are measured figures.
- **Models and runs**: the lab's own masked model, folders under `{{folder}}`, runs of this browser.
- **Files of word vectors** (`{"`, `".join(_ENDINGS)}`) in that folder, or one that you upload.
"""


@dataclass(frozen=True)
class Reading:
    """How a model is made to give a vector for a word.

    Args:
        way: key of `WAYS`.
        layer: 0 is what goes into the first one, -1 stands for the last.
        template: sentence with {} where the word goes.
    """

    way: str
    layer: int
    template: str = TEMPLATE

    @property
    def name(self) -> str:
        """How it is called in a chart."""
        if self.way == "static":
            return "input table"
        short = {"contextual": "word", "cls": "[CLS]", "mean": "mean"}[self.way]
        return f"{short}, layer {self.layer if self.layer >= 0 else 'last'}"


@dataclass(frozen=True)
class Origin:
    """A source of vectors, as it was chosen.

    Args:
        key: as it stands in the link.
        name: as it is offered.
        model: of models and runs.
        reading: of models and runs.
        path: of a file on the server.
        file: name and content of an uploaded one.
    """

    key: str
    name: str
    model: Source | None = None
    reading: Reading | None = None
    path: str = ""
    file: tuple[str, bytes] | None = None

    @property
    def label(self) -> str:
        """Name and reading."""
        return f"{self.name}, {self.reading.name}" if self.reading else self.name

    def cosines(self, test: Stimuli) -> Cosines | None:
        """Return the cosines of a test, or None with the reason on the page."""
        sets = {role: list(one.words) for role, one in test.sets.items()}
        if self.model is not None:
            found = ask(self.model, sets, [self.reading])
            return unpacked(found[0], test) if found else None
        if self.key == RECORDED:
            return _recorded(test)
        if self.file is not None:
            name, data = self.file
            key = hashlib.sha256(data).hexdigest(), name, json.dumps(sets, sort_keys=True), data
            found = answer(_uploaded, key)
        else:
            found = compute("lab.bias.asked", "of_file", path=self.path, sets=sets)
        if found and found["found_as"]:
            st.caption(f"{len(found['found_as'])} words were found in lower case only.")
        return unpacked(found, test) if found else None


def ask(model: Source, sets: dict, readings: Sequence[Reading]) -> list[dict[str, Any]] | None:
    """Return what a model gives for readings that share a template; None with the reason."""
    return model.ask(
        "lab.bias.asked",
        sets=sets,
        readings=[[one.way, one.layer] for one in readings],
        templates=[readings[0].template],
    )


def _recorded(test: Stimuli) -> Cosines | None:
    try:
        return recorded.cosines(test)
    except ValueError as error:
        st.error(
            f"{plain(str(error))} Of word2vec only the words of WEAT 1 to 10 are recorded, targets "
            "as targets and attributes as attributes; a model knows more.",
            icon=":material/edit_off:",
        )
        return None


@st.cache_resource(max_entries=12, show_spinner=False)
def _uploaded(digest: str, name: str, sets: str, _data: bytes) -> Future:
    given = {"data": _data, "name": name, "sets": json.loads(sets)}
    queue, session = service.run_queue(), service.session()
    return queue.call(worker.compute, "lab.bias.asked", "of_bytes", session=session, **given)


def origins(tell: bool = True) -> dict[str, Origin]:
    """Return what vectors can come from, by key; `tell` names folders that cannot be used."""
    # Any network that learned to write has a table of vectors, with attention or without.
    runs, link = Runs(("masked", "language")), st.query_params.get("vectors", "")
    found = [Origin(RECORDED, "word2vec, Google News (measured cosines)")]
    found += [Origin(model.key, model.name, model) for model in models_at_hand(runs, [link], tell)]
    for path in sorted(models_folder().glob("*")):
        if path.is_file() and path.name.lower().endswith(_ENDINGS):
            found.append(Origin(f"file:{path.name}", f"File {path.name}", path=str(path)))
    found.append(Origin(UPLOAD, "Upload a file of word vectors"))
    return {one.key: one for one in found}


def choose() -> Origin | None:
    """Draw the choice of a source and of how it is read; None while there is none."""
    found = origins()
    keys, wanted = list(found), st.query_params.get("vectors", "")
    if wanted and wanted not in keys:
        st.warning("The vectors of this link are not at hand: choose others.")
    key = st.selectbox(
        "Vectors",
        keys,
        # Not by way of the session's state, which a rerun in that very moment would lose.
        index=keys.index(wanted) if wanted in keys else 0,
        format_func=lambda k: found[k].name,
        key="association-vectors",
        help=_HELP.replace("{folder}", str(models_folder())),
    )
    st.query_params["vectors"] = key
    origin = found[key]
    if origin.model is not None:
        return Origin(key, origin.name, origin.model, _reading(origin.model))
    return _upload() if key == UPLOAD else origin


def _upload() -> Origin | None:
    file = st.file_uploader(
        f"word2vec (text or binary), GloVe text or npz, up to {LARGEST // 10**6} MB",
        key="vectors_file",
        max_upload_size=LARGEST // 10**6,
        help="It goes into the memory of this server, to no disk for longer than it is read. The "
        "head of a large file will do: its most frequent words.",
    )
    if file is None:
        st.caption("Choose a file: only the words of the lists are read.")
        return None
    data = file.getvalue()
    if len(data) > LARGEST:
        st.error(f"The file is larger than {LARGEST // 10**6} MB: cut it.", icon=":material/cut:")
        return None
    return Origin(UPLOAD, Path(file.name).name[:60], file=(file.name, data))


def layers_of(model: Source) -> int:
    """Return how many layers a model says it has, 0 where it does not say."""
    if model.folder is not None:
        return model.folder.layers
    return int(model.view.run.settings.get("layers", 0))


def _reading(model: Source) -> Reading:
    if model.task == "language":
        st.caption("Its input table is read. Only a run over whole words has vectors of words.")
        return Reading("static", -1)
    way = st.segmented_control(
        "The vector of a word is",
        list(WAYS.values()),
        default=WAYS["contextual"],
        key="way",
        bind="query-params",
        required=True,
        help="The row of the input table, which knows no sentence; or what comes out of a layer: "
        "at the word's own place in a sentence, at the first token ([CLS]), or the mean over all "
        "tokens.",
    )
    way = next((key for key, name in WAYS.items() if name == way), "contextual")
    if way == "static":
        return Reading(way, -1)
    left, right = st.columns(2, gap="small")
    with left:
        layer = _layer(layers_of(model))
    with right:
        template = st.text_input(
            "Sentence",
            TEMPLATE,
            key="template",
            max_chars=200,
            bind="query-params",
            help="With {} where the word goes.",
        )
    return Reading(way, layer, template or TEMPLATE)


def _layer(most: int) -> int:
    if not most:
        return -1
    state = st.session_state
    if "way_layer" in state and not 0 <= state["way_layer"] <= most:
        state["way_layer"] = most  # another model has fewer
    return st.slider(
        "Layer", 0, most, most, key="way_layer", bind="query-params", help="0: before the first."
    )
