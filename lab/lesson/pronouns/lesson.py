"""Whose pronoun? A translator repeats the shares of its data, and greedy decoding enlarges them."""

from __future__ import annotations

import streamlit as st

from lab.lesson.course import BIAS
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Experiment
from lab.lesson.kit.panel import Panel
from lab.lesson.kit.training import Start, TrainingLesson
from lab.lesson.pronouns import TEXT
from lab.lesson.pronouns.exercises import exercises
from lab.lesson.pronouns.findings import OPTIONS, nearest_to, percent
from lab.lesson.pronouns.results import RESULT, drawing, facts, results
from lab.lesson.pronouns.shares import KEYS, PAIRS, PRESETS, controls
from lab.runs import Run
from lab.seq2seq import TranslationSettings
from lab.seq2seq.generators import pronouns

PROMPTS = frozenset(pronouns.prompt_for(name) for name in pronouns.FINNISH)


def about_pronouns(run: Run) -> bool:
    """Return whether a run of a translator is of this lesson: it watches a sentence with "hän"."""
    return run.settings.get("prompt") in PROMPTS


def predict(page: Experiment) -> tuple[str, tuple[str, ...]]:
    """Return what is asked about the profession with the most telling share, and the options."""
    asked = nearest_to(page.chosen)
    share, prompt = percent(page.chosen[asked]), pronouns.prompt_for(asked)
    return TEXT("predict", share=share, profession=asked, prompt=prompt), OPTIONS


def start(page: Experiment) -> Start:
    """Return the experiment: one translator; the sentence that was asked about is in its run."""
    prompt = pronouns.prompt_for(nearest_to(page.chosen))
    corpus = pronouns.make(page.chosen, int(PAIRS.value), page.seed)
    settings = TranslationSettings.default("gru", **page.budget, seed=page.seed, prompt=prompt)
    return Start([settings], corpus, {"prompt": prompt}, ["Translator"])


def open_questions(page: Experiment) -> None:
    """Say what no share can decide."""
    st.subheader(TEXT("cannot-know"))
    st.markdown(TEXT("open"))


def code(page: Experiment) -> str:
    """Return Python that trains the same translator and prints the same probabilities."""
    return f"""from lab.seq2seq import questions, train
from lab.seq2seq.generators import pronouns

shares = {page.chosen!r}
corpus = pronouns.make(shares, {int(PAIRS.value)}, seed={page.seed})
for event in train("gru", corpus, steps={page.budget["steps"]}, seed={page.seed}):
    pass
sources = [pronouns.prompt_for(name).split() for name in shares]
chances = questions.chances(event.checkpoint(), corpus, sources, ["she", "he"])
for (name, share), (she, he) in zip(shares.items(), chances):
    print(f"{{name:>12}}  data {{share:.2f}}  p(she) {{she:.3f}}  p(he) {{he:.3f}}")
"""


LESSON = TrainingLesson(
    name="pronouns",
    section=BIAS,
    place=4,
    icon=":material/person_search:",
    course=("B4",),
    text=TEXT,
    lead=("about",),
    intro=("content-note",),
    task="translation",
    noun="Translator",
    mine=about_pronouns,
    presets=PRESETS,
    controls=controls,
    predict=predict,
    start=start,
    link=Link(*KEYS, families=("share_",)),
    panel=Panel(facts, after=results, more_keys=(RESULT,), draws=drawing),
    below=open_questions,
    exercises=exercises,
    code=code,
)
