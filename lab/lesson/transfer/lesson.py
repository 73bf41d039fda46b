"""Transfer: a network of Korean rice for another region, and what of it has to be retrained."""

from __future__ import annotations

from collections.abc import Sequence

from lab.crops.network.settings import STEPS, CropSettings
from lab.lesson.course import CROPS
from lab.lesson.kit.form import Form, Preset, seconds_of, steps_of
from lab.lesson.kit.lineup import Entry
from lab.lesson.kit.link import Link
from lab.lesson.kit.page import Experiment, Tab
from lab.lesson.kit.panel import Panel
from lab.lesson.kit.training import Start, TrainingLesson
from lab.lesson.transfer import (
    TEXT,
    crop_calendar,
    field_split,
    iou_table,
    network_drawing,
    paper_quiz,
    recorded,
    region_picker,
    run_panel,
    validation_maps,
)
from lab.lesson.transfer.catalogue import (
    ALL,
    CATALOGUE,
    COUNTS,
    FRANCE,
    KOREA,
    NAMES,
    NETHERLANDS,
    SPAIN,
    TARGETS,
)
from lab.lesson.transfer.exercises import exercises
from lab.lesson.transfer.region_picker import SEEDS, TARGET, Transfer
from lab.lesson.transfer.results import OTHERS

_FOUR = ("RI", "FT", "FT_E", "FT_D")
FORM = Form(
    CATALOGUE,
    [Entry(method) for method in _FOUR],
    {"steps": steps_of(STEPS), "seconds": seconds_of(8, 2)},
    TEXT("budget-help"),
    parameters=CropSettings.trained,
)


def preset(
    name: str,
    shows: str,
    target: str,
    methods: Sequence[str] = _FOUR,
    features: str = "VH",
    shots: str = ALL,
) -> Preset:
    """Return a ready experiment that begins with the Korean weights."""
    entries = tuple(Entry(method) for method in methods)
    values = {"source": KOREA, "target": target, "features": features, "shots": shots}
    return Preset(name, shows, entries, values)


PRESETS = (
    preset("Spain from Korea", TEXT("spain"), SPAIN),
    preset("France from Korea", TEXT("france"), FRANCE),
    preset("Barley from rice", TEXT("netherlands"), NETHERLANDS),
    preset("Two channels from one (Eq. 3)", TEXT("both-bands"), SPAIN, _FOUR[:3], features="VH+VV"),
    preset("Ten tiles are enough?", TEXT("ten-tiles"), SPAIN, _FOUR[:3], shots="10"),
)


def predict(page: Experiment) -> tuple[str, list[str], str]:
    """Return what is asked, the methods, and what it is about."""
    keys = (region_picker.SOURCE, TARGET, region_picker.FEATURES, region_picker.LABELLED)
    about = "|".join(str(key.value) for key in keys)
    region = NAMES[TARGETS[TARGET.value]]
    return TEXT("predict", region=region), CATALOGUE.labels(page.entries), about


def start(page: Experiment) -> list[Start]:
    """Return the runs seed by seed: after a third of the time every method has one."""
    chosen: Transfer = page.chosen
    more = {"features": chosen.features, "shots": chosen.shots, "start": chosen.start}
    first = FORM.settings(page.entries, page.budget, **more)
    labels, starts = CATALOGUE.labels(page.entries), []
    for number in range(COUNTS[SEEDS.value]):
        settings = [one.changed(seed=one.seed + number) for one in first]
        seed = settings[0].seed
        names = [f"{label}, seed {seed}" for label in labels] if number else labels
        aside = OTHERS if number else None
        starts.append(Start(settings, chosen.data(seed), {"prompt": ""}, names, aside))
    OTHERS.set([])  # those of the experiment before
    return starts


def code(page: Experiment) -> str:
    """Return Python that trains the same methods in the same scenes and tests them."""
    chosen: Transfer = page.chosen
    ((kind, amount),) = page.budget.items()
    region, imported = repr(chosen.target), ""
    tests = repr([place.region for place in chosen.data(page.seed).tests])
    if chosen.target == "own":
        imported = "from lab.crops.scenes.regions import region\n"
        region = f"region({chosen.region.to_json()!r})"
        tests = f"[{region}, 'spain']"
    return f"""{imported}from lab.crops.network.data import CropData
from lab.crops.network.questions import maps
from lab.crops.network.task import train

tuned, tested = {region}, {tests}
methods = {{
{FORM.code_of(page.entries, "model")},
}}
for seed in range({page.seed}, {page.seed + COUNTS[SEEDS.value]}):
    data = CropData.of(tuned, tested, seed=seed, size={region_picker.SIZE})
    for name, changes in methods.items():
        run = train(data=data, features={chosen.features!r}, start={chosen.start!r},
                    shots={chosen.shots}, {kind}={int(amount)}, seed=seed, **changes)
        *_, last = run
        print(name, seed, last.metrics)
    print(maps(last.checkpoint(), data)["probability"].shape)
"""


LESSON = TrainingLesson(
    name="transfer",
    section=CROPS,
    place=1,
    icon=":material/moving:",
    course=("C1", "C2", "C3", "C6"),
    text=TEXT,
    task=CropSettings.task,
    noun="Crop network",
    form=FORM,
    presets=PRESETS,
    intro=("synthetic",),
    data=lambda page: region_picker.region_picker(),
    beside_budget=lambda page: SEEDS.draw(),
    predict=predict,
    start=start,
    link=Link(
        *region_picker.KEYS,
        OTHERS,
        validation_maps.SHOWN,
        iou_table.FEATURES,
        network_drawing.METHOD,
        network_drawing.SIZE,
        paper_quiz.NUMBER,
        field_split.REGION,
        field_split.QUESTION.key,
        crop_calendar.BAND,
    ),
    panel=Panel(
        run_panel.facts,
        run_panel.MEASURES,
        chart=run_panel.chart,
        outcome=run_panel.outcome,
        beside=validation_maps.maps,
        under=run_panel.doors,
        after=run_panel.further_seeds,
        draws=run_panel.drawing,
    ),
    tabs=(
        Tab("Table", iou_table.table_tab),
        Tab("Network", network_drawing.network_tab),
        Tab("Read the table", paper_quiz.quiz_tab, lazy=False),
        Tab("Train, validation, test", field_split.split_tab),
        Tab("Barley and rice", crop_calendar.calendar_tab),
    ),
    exercises=exercises,
    figures=recorded.figures,
    code=code,
)
