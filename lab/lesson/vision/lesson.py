"""Attention over a picture: patches and a Transformer, or a CNN with a layer of self-attention."""

from __future__ import annotations

from lab.lesson.captioning.scenes import live_scene
from lab.lesson.course import ATTENTION
from lab.lesson.kit.form import Preset
from lab.lesson.kit.lineup import Entry
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Experiment, Tab
from lab.lesson.kit.panel import Panel
from lab.lesson.kit.training import Start, TrainingLesson
from lab.lesson.vision import TEXT
from lab.lesson.vision.data import FORM, SCENES, WHAT_TO_PREDICT, scene_picker
from lab.lesson.vision.exercises import exercises
from lab.lesson.vision.experiment import MEASURES, SHARES, facts, outcome, through_time
from lab.lesson.vision.look import LOOK_KEYS, look_inside
from lab.lesson.vision.picture import PICTURE_KEYS
from lab.vision.labels import LABELS, WHAT


def _preset(
    name: str,
    shows: str,
    *entries: Entry,
    seconds: int = 25,
    what: str = WHAT[0],
    scenes: int = 6_000,
) -> Preset:
    values = {"budget": "seconds", "seconds": seconds, "what": what, "scenes": scenes}
    return Preset(name, shows, entries, values)


PRESETS = (
    _preset(
        "A Vision Transformer",
        "Patches in, colour and shape out: its attention finds the larger shapes by itself.",
        Entry("vit"),
    ),
    _preset(
        "Transformer and CNN",
        "The same scenes, the same seconds: attention from the first layer, or after convolutions.",
        Entry("vit"),
        Entry("cnn"),
    ),
    _preset(
        "Few scenes",
        "500 scenes instead of 6,000: who needs more of them?",
        Entry("vit"),
        Entry("cnn"),
        seconds=20,
        scenes=500,
    ),
    _preset(
        "How many?",
        "Counting: look at what the CNN looks at, and at how often it is right.",
        Entry("vit"),
        Entry("cnn"),
        what="how many",
    ),
    _preset(
        "Large and small patches",
        "36 tokens or 144: finer to look at, slower to compute.",
        Entry("vit"),
        Entry("vit", {"patch": 4}),
        seconds=30,
    ),
)


def predict(page: Experiment) -> tuple[str, list[str]]:
    """Return what is to be guessed, and the options."""
    if len(page.entries) > 1:
        return TEXT("predict-several"), FORM.catalogue.labels(page.entries)
    return TEXT("predict-one", region=LABELS[WHAT_TO_PREDICT.value].region), list(SHARES)


def start(page: Experiment) -> Start:
    """Return what an experiment starts with."""
    settings = FORM.settings(page.entries, page.budget, what=WHAT_TO_PREDICT.value)
    return Start(settings, page.chosen, live_scene(len(page.chosen.held_out)))


def code(page: Experiment) -> str:
    """Return Python that trains the same classifiers on the same scenes and budget."""
    ((kind, amount),) = page.budget.items()
    learnt = f"scenes=scenes, what={WHAT_TO_PREDICT.value!r}, {kind}={int(amount)}"
    return f"""from lab.seq2seq.scenes import load_scenes
from lab.vision import questions
from lab.vision.looking import rolled_out
from lab.vision.task import train

scenes = load_scenes({len(page.chosen.train)})
models = {{
{FORM.code_of(page.entries, "model")},
}}
for name, changes in models.items():
    for event in train({learnt}, seed={page.seed}, **changes):
        if event.validation_loss is not None:
            print(name, event.step, event.metrics)
    seen = questions.look(event.checkpoint(), scenes, scene=0)
    grid = seen["grid"]
    print(seen["right"], dict(zip(seen["classes"], seen["probabilities"])))
    print(rolled_out(seen["layers"], grid).reshape(grid, grid).round(2))
"""


LESSON = TrainingLesson(
    name="picture",
    section=ATTENTION,
    place=4,
    icon=":material/grid_view:",
    course=("A11",),
    text=TEXT,
    task="vision",
    noun="Picture classifier",
    form=FORM,
    presets=PRESETS,
    data=lambda page: scene_picker(),
    columns=(6, 6, 5),
    start=start,
    link=Link(WHAT_TO_PREDICT, SCENES, *PICTURE_KEYS, *LOOK_KEYS),
    predict=predict,
    panel=Panel(facts, MEASURES, outcome=outcome, beside=through_time),
    tabs=(Tab("Look inside", lambda page: look_inside(page.shown), lazy=False),),
    exercises=exercises,
    code=code,
)
