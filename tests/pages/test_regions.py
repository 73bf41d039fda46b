"""The lesson "Two regions", on small scenes and with workers' questions answered here."""

from __future__ import annotations

import json
from concurrent.futures import Future
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lab.crops import compared
from lab.crops.missed import MEASURES, STEADY, WATER
from lab.lesson.components.maps.marks import Mark
from lab.lesson.kit import ask
from lab.lesson.kit.link import KIT
from lab.lesson.kit.question import SKIP
from lab.lesson.regions import TEXT, comparison, curves, figures, lesson, sides
from lab.lesson.regions.lesson import Seen
from lab.lesson.regions.map_view import Place
from lab.lesson.sources.run import Runs, RunSource
from tests.pages.test_caption import markdown
from tests.pages.test_language_model import button, choose, sentences

RULE = "Physics rule"
SKIPPED = f"france-rule:{SKIP}"
SMALL = 96


def done(value) -> Future:
    future: Future = Future()
    future.set_result(value)
    return future


@pytest.fixture
def answered(monkeypatch):
    """Answer what workers are asked; return what was asked."""
    asked = []

    def computing(module, function, **given):
        def send() -> Future:
            asked.append((function, given))
            return done(getattr(import_module(module), function)(**given))

        return (module, function, json.dumps(given, sort_keys=True)), send

    monkeypatch.setattr(ask, "computing", computing)
    for module in (comparison, sides, lesson):
        monkeypatch.setattr(module, "SIZE", SMALL)
    return asked


@pytest.fixture
def page(answered, open_page):
    return lambda **query: open_page("regions", **{"model": RULE, **query})


def text(app) -> str:
    return sentences(app) + markdown(app) + "\n".join(c.value for c in app.caption)


def tables(app, column: str) -> list[pd.DataFrame]:
    return [frame.value for frame in app.dataframe if column in frame.value]


def test_maps_come_at_once_and_curves_after_a_guess(page, answered):
    app = page()
    assert not app.exception
    assert {function for function, _ in answered} == {"seen"}
    assert [given["region"] for _, given in answered[:2]] == ["spain", "france"]
    assert "then the curves come" in text(app)
    assert not tables(app, "of these")

    app = choose(app, "guess_pills", STEADY).run()
    assert not app.exception
    assert "guess" not in app.query_params
    app = choose(app, "guess_pills-share", True).run()
    assert app.query_params["guess"] == f"france-rule:{STEADY}"
    assert "series" in {function for function, _ in answered}
    assert "fields of rice are missed" in text(app)
    assert "95 % of bootstrap samples" in text(app)
    assert "on real Sentinel-1 data" not in text(app)  # the paper has no such rule
    false, misses = tables(app, "of these")
    assert set(false.Region) == {"Spain", "France"}
    assert not false.Class.str.startswith("rice").any()
    assert misses.Class.str.startswith("rice").all()
    shares = false.groupby("Region")["of these"].sum()
    assert shares.to_numpy() == pytest.approx(100, abs=2)  # the smallest are not listed
    # Another region is another question: it is asked anew.
    app = choose(app, "right", "Korea").run()
    assert not app.exception
    assert app.get_by_key("guess_pills").value is None
    assert "You guessed" not in text(app)
    assert not tables(app, "of these")


def folded(app) -> bool:
    return KIT("notice-after") in [one.label for one in app.expander]


def test_answers_wait_for_the_guess_and_the_links_guess_is_chosen(page):
    app = page()
    assert folded(app)
    assert TEXT("calendar-steady") not in text(app)
    app = page(guess=f"france-rule:{STEADY}")
    assert not app.exception
    assert app.get_by_key("guess_pills").value == STEADY
    assert not folded(app)
    assert TEXT("calendar-steady") in text(app)
    app = choose(app, "guess_pills", None).run()  # taken back
    assert not app.exception
    assert "guess" not in app.query_params
    assert folded(app)


def test_places_in_the_link_are_drawn_named_and_removed(page):
    square = "1g10,10,10,30,30,30,30,10"
    app = page(guess=SKIPPED, marks=f"0p12.5,40.5;{square};0p99,4000;nonsense")
    assert not app.exception
    assert "1 · Spain, pixel at row 12, column 40" in labels(app)
    assert "2 · France, polygon from row 10, column 10" in labels(app)
    assert "400 pixels" in labels(app)
    assert "lie outside the scenes, and are left out" in text(app)
    assert app.query_params["marks"] == f"0p12.5,40.5;{square};0p99,4000"
    app.get_by_key("unmark-0").click().run()
    assert app.query_params["marks"] == square
    assert "1 · France, polygon" in labels(app)
    app.get_by_key("unmark-0").click().run()
    assert "marks" not in app.query_params
    assert "Choose **Pixel** or **Polygon**" in text(app)


def labels(app) -> str:
    return "\n".join(one.label for one in app.button).replace("\\", "")


def test_presets_and_the_same_region_twice(page, answered):
    app = page(guess=f"netherlands-rule:{SKIP}", marks="0p1,1", right="The Netherlands")
    assert not app.exception
    assert "barley" in text(app)
    app = choose(app, "left", "The Netherlands").run()
    assert not app.exception
    assert "The Netherlands, another place" in text(app)
    seeds = {given["seed"] for _, given in answered if given["region"] == "netherlands"}
    assert seeds == {0, 1}
    # The only preset that needs no network.
    app = button(app, "The physics rule in France").click().run()
    assert not app.exception
    assert [app.get_by_key(key).value for key in ("left", "right")] == ["Spain", "France"]
    assert "marks" not in app.query_params


def test_the_rule_tells_its_clauses(page):
    app = page(tab="Rule")
    assert not app.exception
    rows = tables(app, "no rise")[1].set_index("Class")
    assert rows.index[0].startswith("rice")
    assert rows.drop(columns="ha").sum(axis=1).to_numpy() == pytest.approx(100)
    assert rows.loc["water", "water"] > 30
    refused = rows.filter(like="steady", axis=0)["no rise"]
    app = app.get_by_key("fields").set_value(True).run()
    assert not app.exception
    smooth = tables(app, "no rise")[1].set_index("Class")
    assert (smooth.loc[refused.index, "no rise"] > refused + 10).all()


@pytest.mark.parametrize("seed", ["-4", "inf", "1e400", "nan", "1.5"])
def test_of_a_bad_link_the_rest_is_kept(page, seed):
    wrong = {"acquisitions": "99", "marks": "0p", "maps": "<b>,,,", "composite": "x", "guess": ":"}
    app = page(left="<b>", seed=seed, calendar="", right="Korea", **wrong)
    assert not app.exception
    assert app.get_by_key("right").value == "Korea"
    assert app.get_by_key("seed").value == 0


def test_what_of_a_link_cannot_be_read_is_named(page):
    app = page(seed="inf", marks="0p1,1;0q", maps="truth,nan", right="Korea")
    said = sentences(app).replace("\\", "")
    assert "seed=inf, 0q, nan" in said
    assert app.query_params["marks"] == "0p1,1"
    assert app.query_params["maps"] == "truth,80,1,0.5,0.5"


def test_a_worker_that_fails_leaves_a_page(answered, monkeypatch, open_page):
    def computing(module, function, **given):
        failed: Future = Future()
        failed.set_exception(ValueError("There is no such scene."))
        return (module, function, json.dumps(given, sort_keys=True)), lambda: failed

    monkeypatch.setattr(ask, "computing", computing)
    app = open_page("regions", model=RULE, guess=SKIPPED, tab="Rule")
    assert not app.exception
    assert sentences(app).count("There is no such scene") == 2
    assert folded(app)
    assert app.get_by_key("composite").value == "10-30 May, min"  # can still be chosen


def measures(**aucs) -> list[dict]:
    given = dict.fromkeys(MEASURES, 0.5) | aucs
    row = {"what": "Such", "unit": "dB", "missed": 1.0, "found": 2000.0}
    return [{"name": name, "auc": value, **row} for name, value in given.items()]


def side(missed=10, found=20, noise=0.1, **aucs):
    reasons = {"missed": missed, "found": found, "noise": noise, "measures": measures(**aucs)}
    return SimpleNamespace(crop="rice", place="France", figures={"reasons": reasons})


def test_the_guess_is_compared_with_what_the_fields_show():
    right, came = curves.verdict(side(**{STEADY: 0.95, WATER: 0.6}), STEADY)
    assert right
    assert came.startswith("In France 10 of 30 fields of rice are missed.")
    assert "Such: 1.0 dB in missed fields, 2,000 in found" in came
    assert came.endswith("in 95%.")
    right, came = curves.verdict(side(**{STEADY: 0.95, WATER: 0.6}), WATER)
    assert not right
    assert came.endswith("in 95%; your guess would in 60%.")
    right, came = curves.verdict(side(**{STEADY: 0.95, WATER: 0.93}), WATER)
    assert right  # as good as the best
    assert f"best: {WATER}" in came
    assert curves.verdict(side(**{STEADY: 0.95}), SKIP)[1].endswith("in 95%.")
    for weak in (side(**{STEADY: 0.69}), side(noise=0.2, **{STEADY: 0.95})):
        assert "None of the four measures" in curves.verdict(weak, STEADY)[1]
        assert curves.verdict(weak, STEADY)[0] is False
        right, came = curves.verdict(weak, curves.NONE)
        assert right
        assert came.startswith("In France")
    assert curves.verdict(side(**{STEADY: 0.95}), curves.NONE)[0] is False
    none = dict.fromkeys(MEASURES)
    assert "Too few" in curves.verdict(side(**none), STEADY)[1]
    right, came = curves.verdict(side(10, 0, None, **none), STEADY)
    assert not right
    assert "misses all of them" in came
    assert curves.verdict(side(10, 0, None, **none), curves.NONE)[0]
    assert "misses none of them" in curves.verdict(side(0, 9, None, **none), STEADY)[1]
    right, came = curves.verdict(side(0, 0, None, **none), STEADY)
    assert right is None  # there was nothing to guess
    assert "no field of rice" in came


def test_the_papers_number_stands_where_it_was_measured():
    regions = comparison.REGIONS
    given = {"left": regions["spain"], "run": None, "seed": 0, "acquisitions": None}
    network = comparison.Comparison(
        right=regions["france"], model="Network tuned in Spain", **given
    )
    assert "mean IoU 0.63 for FT_E" in figures.published(network)
    forest = comparison.Comparison(
        right=regions["spain"], model="Random forest from Spain", **given
    )
    assert "mean IoU 0.87 for RF" in figures.published(forest)
    korea = comparison.Comparison(right=regions["korea"], model="Network tuned in Spain", **given)
    assert figures.published(korea) == ""


def place(kind="polygon", region="france", pixels=30, missed=1.0) -> Place:
    answer = {"pixels": pixels, "kinds": {"FN": missed}}
    return Place(Mark(1, kind, ()), "1 · France", "#000", region, "France", answer)


def test_exercises_are_checked():
    assert lesson.missed_field([]) is lesson.missed_field([place("pixel")]) is None
    assert lesson.missed_field([place(region="spain")]) is None
    assert lesson.missed_field([place(pixels=19)])[0] is False
    assert lesson.missed_field([place(missed=0.89)])[0] is False
    assert lesson.missed_field([place(pixels=5), place(missed=0.5), place()])[0] is True

    one = Seen("spain", "spain", 0, 3, 0.8)
    assert lesson.other_composites([]) is lesson.other_composites([one]) is None
    elsewhere = [Seen("spain", "rule", 0, 2, 0.1), Seen("spain", "spain", 1, 2, 0.1)]
    assert lesson.other_composites([one, *elsewhere]) is None
    assert lesson.other_composites([one, Seen("spain", "spain", 0, 2, 0.78)])[0] is False
    assert lesson.other_composites([one, Seen("spain", "spain", 0, 6, 0.7)])[0] is True

    scenes = [Seen("france", "spain", seed, 3, 0.5 + seed / 10) for seed in range(3)]
    assert lesson.several_scenes([one]) is None
    assert lesson.several_scenes([*scenes[:2], Seen("france", "spain", 5, 2, 0.1)])[0] is False
    assert lesson.several_scenes(scenes) == (True, "3 seen: IoU 0.50 to 0.70.")


def test_a_run_of_ones_own_is_asked_and_named(answered, open_page, monkeypatch):
    found = np.zeros((SMALL, SMALL), np.float32)
    found[:, : SMALL // 2] = 1
    run = SimpleNamespace(
        id="abc123", name="FT_E", settings={"task": "crops"}, checkpoint=1, session="me", step=9
    )
    asked = []

    def asking(self, question, **given):
        asked.append((question, given["what"]))
        key = (self.key, json.dumps(given, sort_keys=True))
        return key, lambda: done(compared.of_run(b"weights", None, **given))

    monkeypatch.setattr(compared, "_of_checkpoint", lambda *scene: found)
    monkeypatch.setattr(RunSource, "asking", asking)
    source = RunSource(SimpleNamespace(run=run), "Crop network · FT_E")
    monkeypatch.setattr(
        Runs, "at_hand", lambda self, named=(): [source] if "run:abc123" in named else []
    )
    model = "Your run FT_E abc123"
    app = open_page("regions", model=model, guess=f"france-{model}:{SKIP}", marks="0p5.5,5.5")
    assert not app.exception
    assert set(asked) == {("lab.crops.compared", w) for w in ("seen", "series", "drawn")}
    assert not answered  # nothing is asked about a model that workers do not have
    assert "1 · Spain, pixel at row 5, column 5" in labels(app)
    assert "questions import maps" in app.code[0].value
    assert tables(app, "of these")


def test_a_run_that_is_gone_is_told_and_the_page_opens(page):
    app = page(model="Your run FT_E gone")
    assert not app.exception
    assert TEXT("run-gone") in sentences(app)
    assert app.get_by_key("model").value == comparison.SPANISH


def test_series_are_saved_with_their_places():
    one = {"region": "Spain", "kind": "TP", "period": "x", "mean": -15.0}
    own = SimpleNamespace(rows=[{**one, "kind": "1", "name": "1 · Spain, pixel", "colour": "#fff"}])
    spain = SimpleNamespace(seed=4, acquisitions=3)
    shown = SimpleNamespace(name="Spain", scene=spain, comparison=SimpleNamespace(model=RULE))
    rows = curves.Curves([one], [own]).table([shown])
    assert rows.kind.tolist() == ["TP", "1 · Spain, pixel"]
    assert rows.seed.tolist() == [4, 4]
    assert rows.model.tolist() == [RULE] * 2
    assert rows.synthetic.all()
    assert "colour" not in rows
