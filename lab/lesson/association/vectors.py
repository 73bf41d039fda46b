"""Where vectors come from: recorded cosines, models, runs, files; and how a model is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from lab.bias import recorded
from lab.bias.asked import unpacked
from lab.bias.cosines import Cosines
from lab.bias.stimuli import Stimuli
from lab.lesson.association import TEXT
from lab.lesson.kit.keys import Choice, Control, Key, Number, Words
from lab.lesson.kit.text import plain
from lab.lesson.sources import hub
from lab.lesson.sources.picker import VECTORS, models_at_hand, pick_vectors
from lab.lesson.sources.recorded import Recorded
from lab.lesson.sources.run import Runs
from lab.lesson.sources.source import Source
from lab.lesson.sources.vectors import ENDINGS, files_at_hand, upload_field
from lab.pretrained.folders import models_folder

RECORDED = "word2vec"  # key in links
QUESTION = "lab.bias.asked"
# Any network that learned to write has a table of vectors, with attention or without.
RUNS = Runs(("masked", "language"))
WAYS = {
    "static": "Input table",
    "contextual": "In a sentence",
    "cls": "[CLS]",
    "mean": "Mean of tokens",
}
SENTENCE = "This is {}."
DEEPEST = 1_000  # layers of a model that a link may speak of
WAY = Choice("way", "The vector of a word is", WAYS, "contextual", help=TEXT("way-help"))
LAYER = Number("way_layer", "Layer", 0, DEEPEST, 0, help="0: before the first.", slider=True)
TEMPLATE = Words("template", "Sentence", SENTENCE, 200, TEXT("template-help"))
KEYS: tuple[Key[Any] | Control[Any], ...] = (VECTORS, WAY, LAYER, TEMPLATE)


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
    template: str = SENTENCE

    @property
    def name(self) -> str:
        """How it is called in a chart."""
        if self.way == "static":
            return "input table"
        short = {"contextual": "word", "cls": "[CLS]", "mean": "mean"}[self.way]
        return f"{short}, layer {self.layer if self.layer >= 0 else 'last'}"


@dataclass(frozen=True)
class WordVectors:
    """Vectors of words, as they were chosen.

    Args:
        source: where they come from.
        reading: of models and runs, else None.
    """

    source: Source
    reading: Reading | None = None

    @property
    def key(self) -> str:
        """Of the source, as it stands in the link."""
        return self.source.key

    @property
    def recorded(self) -> bool:
        """Whether only cosines are there, of the words of WEAT 1 to 10."""
        return self.key == RECORDED

    @property
    def label(self) -> str:
        """Name and reading."""
        return f"{self.source.name}, {self.reading.name}" if self.reading else self.source.name

    def cosines(self, test: Stimuli) -> Cosines | None:
        """Return the cosines of a test, or None with the reason on the page."""
        if self.recorded:
            return self.source.ask(QUESTION, test=test)
        sets = {role: list(one.words) for role, one in test.sets.items()}
        if self.reading is not None:
            answers = read(self.source, sets, [self.reading])
            return unpacked(answers[0], test) if answers else None
        answer = self.source.ask(QUESTION, sets=sets)
        if answer and answer["found_as"]:
            st.caption(TEXT("found-as", count=len(answer["found_as"])))
        return unpacked(answer, test) if answer else None


def asked(readings: Sequence[Reading]) -> dict[str, Any]:
    """Return the arguments of a question about readings that share a template."""
    return {
        "readings": [[one.way, one.layer] for one in readings],
        "templates": [readings[0].template],
    }


def read(
    model: Source, sets: dict[str, list[str]], readings: Sequence[Reading]
) -> list[dict[str, Any]] | None:
    """Return what a model gives for readings that share a template; None with the reason."""
    return model.ask(QUESTION, sets=sets, **asked(readings))


def _recorded(question: str, test: Stimuli) -> Cosines | None:
    try:
        return recorded.cosines(test)
    except ValueError as error:
        st.error(TEXT("only-recorded", reason=plain(str(error))), icon=":material/edit_off:")
        return None


def models(tell: bool = True) -> list[Source]:
    """Return the models and runs at hand; `tell` names folders that cannot be used."""
    return models_at_hand(RUNS, [VECTORS.get()], tell)


def choose(hide_hub: bool = False) -> WordVectors | None:
    """Draw the choice of a source and of how it is read; None while there is none."""
    offers = [
        Recorded(TEXT("recorded"), _recorded, RECORDED),
        *models(),
        *files_at_hand(),
        replace(upload_field("vectors_file"), hint=TEXT("upload-hint")),
    ]
    folder, endings = str(models_folder()), "`, `".join(ENDINGS)
    source = pick_vectors(
        offers, "association-vectors", TEXT("sources-help", folder=folder, endings=endings)
    )
    reading = _reading(source) if source is not None and is_model(source) else None
    if not hide_hub:
        hub.draw()
    return None if source is None else WordVectors(source, reading)


def is_model(source: Source) -> bool:
    """Return whether a source is a model or a run, which can be read in several ways."""
    return source.folder is not None or source.view is not None


def layers_of(model: Source) -> int:
    """Return how many layers a model says it has, 0 where it does not say."""
    if model.folder is not None:
        return model.folder.layers
    return int(model.view.run.settings.get("layers", 0)) if model.view is not None else 0


def _reading(model: Source) -> Reading:
    if model.task == "language":
        st.caption(TEXT("input-table"))
        return Reading("static", -1)
    way = WAY.draw()
    if way == "static":
        return Reading(way, -1)
    left, right = st.columns(2, gap="small")
    with left:
        layer = _layer(layers_of(model))
    with right:
        template = TEMPLATE.draw()
    return Reading(way, layer, template or SENTENCE)


def _layer(most: int) -> int:
    if not most:
        return -1
    state = st.session_state
    if LAYER.name in state and not 0 <= state[LAYER.name] <= most:
        LAYER.take(most)  # another model has fewer
    return LAYER.draw(high=most, default=most)
