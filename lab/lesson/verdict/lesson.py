"""Fine-tune a classifier: a frozen encoder, full fine-tuning, and the same network from scratch."""

from __future__ import annotations

from lab.classify.settings import STEPS, ClassifySettings
from lab.lesson.course import PRETRAINING
from lab.lesson.kit.form import Form, Preset, seconds_of, steps_of
from lab.lesson.kit.lineup import RATE, Catalogue, Entry, Offer, offered
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Experiment, Tab
from lab.lesson.kit.panel import Panel
from lab.lesson.kit.training import Start, TrainingLesson
from lab.lesson.verdict import TEXT, labelled_texts
from lab.lesson.verdict.exercises import exercises
from lab.lesson.verdict.labelled_texts import ALL, EXAMPLES, OPINIONS, OWN, SOURCE, text_picker
from lab.lesson.verdict.measures import (
    MEASURES,
    WAYS,
    WORDS,
    chart,
    drawing,
    facts,
    outcome,
    through_time,
)
from lab.lesson.verdict.verdicts import SENTENCE, mistakes, try_sentence

CATALOGUE = Catalogue(
    "classification",
    WAYS,
    offered(ClassifySettings, "pool", RATE, Offer("warmup", high=500), Offer("batch", high=64)),
    ClassifySettings.default,
)
FORM = Form(
    CATALOGUE,
    (Entry("frozen"), Entry("full"), Entry("scratch")),
    {"steps": steps_of(STEPS), "seconds": seconds_of(20, 5)},
    TEXT("budget-help"),
    parameters=ClassifySettings.parameters,
)


# Imports, and what makes the texts.
OPINIONS_CODE = "from lab.classify.opinions import opinions", "opinions()"
OWN_CODE = (
    "from pathlib import Path\n\nfrom lab.classify.reading import read_labelled",
    'read_labelled(Path("table.csv").read_bytes())',
)


def preset(
    name: str,
    shows: str,
    data: str = OPINIONS,
    examples: str = ALL,
    measure: str = "Accuracy",
) -> Preset:
    """Return a ready experiment with all three ways."""
    values = {"data": data, "examples": examples, "measure": measure}
    return Preset(name, TEXT(shows), tuple(FORM.first), values)


PRESETS = (
    preset("Few examples", "few-examples", examples="100"),
    preset("All of them", "all-of-them"),
    preset("Words never seen", "words-never-seen", measure="New words"),
    preset("Your own table", "own-table", data=OWN),
)


def predict(page: Experiment) -> tuple[str, list[str], str]:
    """Return what is asked, what can be guessed, and the texts that it is about."""
    count = EXAMPLES.value
    asked = TEXT("predict-all") if count == ALL else TEXT("predict", count=count)
    about = page.chosen.digest if page.chosen and SOURCE.value == OWN else SOURCE.value
    return asked, [*CATALOGUE.labels(page.entries), WORDS], f"{about} {count}"


def start(page: Experiment) -> Start:
    """Return the experiment: the models of the form on so many of the chosen texts."""
    settings = FORM.settings(page.entries, page.budget, examples=labelled_texts.examples())
    return Start(settings, page.chosen, {"prompt": SENTENCE.value or SENTENCE.default})


def code(page: Experiment) -> str:
    """Return Python that trains the same classifiers on the same texts and budget."""
    ((kind, amount),) = page.budget.items()
    imports, source = OWN_CODE if SOURCE.value == OWN else OPINIONS_CODE
    return f"""{imports}
from lab.classify import questions
from lab.classify.baseline import baseline
from lab.classify.task import train

data = {source}
examples, seed = {labelled_texts.examples()}, {page.seed}
models = {{
{FORM.code_of(page.entries, "model")},
}}
print("Bag of words", baseline(data, examples, seed).shares(data))
for name, changes in models.items():
    run = train(data=data, examples=examples, {kind}={int(amount)}, seed=seed, **changes)
    for event in run:
        if event.validation_loss is not None:
            print(name, event.step, event.metrics["accuracy"])
    said = questions.explain(event.checkpoint(), data, {"The dinner was not splendid."!r})
    print(dict(zip(said["classes"], said["probabilities"])))
"""


LESSON = TrainingLesson(
    name="verdict",
    section=PRETRAINING,
    place=2,
    icon=":material/thumbs_up_down:",
    course=("P1", "R2"),
    text=TEXT,
    task="classification",
    noun="Classifier",
    form=FORM,
    presets=PRESETS,
    data=lambda page: text_picker(),
    start=start,
    columns=(6, 6, 5),
    link=Link(*labelled_texts.KEYS, SENTENCE),
    predict=predict,
    panel=Panel(facts, MEASURES, chart=chart, outcome=outcome, beside=through_time, draws=drawing),
    tabs=(
        Tab("Try a sentence", try_sentence, lazy=False),
        Tab("Mistakes", mistakes),
    ),
    exercises=exercises,
    code=code,
)
