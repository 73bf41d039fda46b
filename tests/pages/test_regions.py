"""The lesson "Two regions", on small scenes and with workers' questions answered here."""

from __future__ import annotations

import io
import subprocess
import sys
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from lab.crops.missed import MEASURES, STEADY, WATER
from lab.lesson.components.maps.marks import Mark
from lab.lesson.frame import SKIP
from lab.lesson.regions import chosen as choosing
from lab.lesson.regions import curves, exercises, figures, found, keep, looks
from lab.lesson.regions.seen import Seen
from lab.lesson.regions.viewer import Place
from tests.pages.conftest import ROOT
from tests.pages.test_caption import markdown
from tests.pages.test_language_model import button, choose, sentences

RULE = "Physics rule"
SMALL = 96


@pytest.fixture
def answered(monkeypatch):
    """Answer what workers are asked; return what was asked."""
    asked = []

    def compute(module, function, **arguments):
        asked.append((function, arguments))
        return getattr(import_module(module), function)(**arguments)

    for module in (found, looks, keep):
        monkeypatch.setattr(module, "compute", compute)
    for module in (found, keep):
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

    app = choose(app, "guess-france-rule", STEADY).run()
    assert not app.exception
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
    # Another region is another question: the chart stays, the guess does not count.
    app = choose(app, "right", "Korea").run()
    assert not app.exception
    assert "You guessed" not in text(app)
    assert tables(app, "of these")


def test_answers_wait_for_the_guess_and_the_links_guess_is_chosen(page):
    app = page()
    assert "More after your guess." in text(app)
    assert "misses all but" not in text(app)
    app = page(guess=f"france-rule:{STEADY}")
    assert not app.exception
    assert app.get_by_key("guess-france-rule").value == STEADY
    assert "misses all but" in text(app)
    assert "More after your guess." not in text(app)
    app = choose(app, "guess-france-rule", None).run()  # taken back
    assert not app.exception
    assert "guess" not in app.query_params
    assert "More after your guess." in text(app)


def test_places_in_the_link_are_drawn_named_and_removed(page):
    square = "1g10,10,10,30,30,30,30,10"
    app = page(guess="x:y", marks=f"0p12.5,40.5;{square};0p99,4000;nonsense")
    assert not app.exception
    assert "1 · Spain, pixel at row 12, column 40" in labels(app)
    assert "2 · France, polygon from row 10, column 10" in labels(app)
    assert "400 pixels" in labels(app)
    assert "left out" in text(app)
    app.get_by_key("unmark-0").click().run()
    assert app.query_params["marks"] == square
    assert "1 · France, polygon" in labels(app)
    app.get_by_key("unmark-0").click().run()
    assert "marks" not in app.query_params
    assert "Choose **Pixel** or **Polygon**" in text(app)


def labels(app) -> str:
    return "\n".join(one.label for one in app.button).replace("\\", "")


def test_presets_and_the_same_region_twice(page, answered):
    app = page(guess="x:y", marks="0p1,1", right="The Netherlands")
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


def test_a_bad_link(page):
    app = page(
        left="<b>", seed="-4", acquisitions="99", marks="0p", maps=",,,", composite="x", guess=":"
    )
    assert not app.exception


def test_a_worker_that_fails_leaves_a_page(monkeypatch, open_page):
    for module in (found, looks, keep):
        monkeypatch.setattr(module, "compute", lambda *_, **__: None)
    app = open_page("regions", model=RULE, guess="x:y")
    assert not app.exception
    assert "What to notice" in "".join(s.value for s in app.subheader)


def test_the_code_behind_runs(page):
    app = page()
    code = app.code[0].value
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()[-800:]
    assert done.stdout.count(b"IoU, low, high") == 2
    assert b"its VH hardly moves" in done.stdout


def measures(**aucs) -> list[dict]:
    given = dict.fromkeys(MEASURES, 0.5) | aucs
    row = {"what": "Such", "unit": "dB", "missed": 1.0, "found": 2000.0}
    return [{"name": name, "auc": value, **row} for name, value in given.items()]


def side(missed=10, found=20, noise=0.1, **aucs):
    reasons = {"missed": missed, "found": found, "noise": noise, "measures": measures(**aucs)}
    return SimpleNamespace(crop="rice", place="France", figures={"reasons": reasons})


def test_the_guess_is_compared_with_what_the_fields_show():
    right, said = curves.told(side(**{STEADY: 0.95, WATER: 0.6}), STEADY)
    assert right
    assert said.startswith("You guessed it. In France 10 of 30 fields of rice are missed.")
    assert "Such: 1.0 dB in missed fields, 2,000 in found" in said
    assert "in 95%." in said
    right, said = curves.told(side(**{STEADY: 0.95, WATER: 0.6}), WATER)
    assert not right
    assert "You guessed “it grows beside water”" in said
    assert said.endswith("in 95%; your guess would in 60%.")
    assert curves.told(side(**{STEADY: 0.95, WATER: 0.93}), WATER)[0]  # as good as the best
    assert "guessed" not in curves.told(side(**{STEADY: 0.95}), SKIP)[1]
    for weak in (side(**{STEADY: 0.69}), side(noise=0.2, **{STEADY: 0.95})):
        assert "None of the four measures" in curves.told(weak, STEADY)[1]
        right, said = curves.told(weak, curves.NONE)
        assert right
        assert said.startswith("You guessed it. In France")
    right, said = curves.told(side(**{STEADY: 0.95}), curves.NONE)
    assert not right
    assert "You guessed “none of these”" in said
    none = dict.fromkeys(MEASURES)
    assert "Too few" in curves.told(side(**none), STEADY)[1]
    right, said = curves.told(side(10, 0, None, **none), STEADY)
    assert not right
    assert "You guessed “its VH hardly moves”" in said
    assert "misses all of them" in said
    assert curves.told(side(10, 0, None, **none), curves.NONE)[0]
    assert "misses none of them" in curves.told(side(0, 9, None, **none), STEADY)[1]
    assert "no field of rice" in curves.told(side(0, 0, None, **none), STEADY)[1]


def test_the_papers_number_stands_where_it_was_measured():
    regions = choosing.REGIONS
    given = {"left": regions["spain"], "view": None, "seed": 0, "acquisitions": None}
    network = choosing.Chosen(right=regions["france"], model="Network tuned in Spain", **given)
    assert "mean IoU 0.63 for FT_E" in figures.published(network)
    forest = choosing.Chosen(right=regions["spain"], model="Random forest from Spain", **given)
    assert "mean IoU 0.87 for RF" in figures.published(forest)
    korea = choosing.Chosen(right=regions["korea"], model="Network tuned in Spain", **given)
    assert figures.published(korea) == ""


def place(kind="polygon", region="france", pixels=30, missed=1.0) -> Place:
    answer = {"pixels": pixels, "kinds": {"FN": missed}}
    return Place(Mark(1, kind, ()), "1 · France", "#000", region, "France", answer)


def test_exercises_are_checked():
    assert exercises.missed_field([]) is exercises.missed_field([place("pixel")]) is None
    assert exercises.missed_field([place(region="spain")]) is None
    assert exercises.missed_field([place(pixels=19)])[0] is False
    assert exercises.missed_field([place(missed=0.89)])[0] is False
    assert exercises.missed_field([place(pixels=5), place(missed=0.5), place()])[0] is True

    one = Seen("spain", "spain", 0, 3, 0.8)
    assert exercises.other_composites([]) is exercises.other_composites([one]) is None
    elsewhere = [Seen("spain", "rule", 0, 2, 0.1), Seen("spain", "spain", 1, 2, 0.1)]
    assert exercises.other_composites([one, *elsewhere]) is None
    assert exercises.other_composites([one, Seen("spain", "spain", 0, 2, 0.78)])[0] is False
    assert exercises.other_composites([one, Seen("spain", "spain", 0, 6, 0.7)])[0] is True

    scenes = [Seen("france", "spain", seed, 3, 0.5 + seed / 10) for seed in range(3)]
    assert exercises.several_scenes([one]) is None
    assert exercises.several_scenes([*scenes[:2], Seen("france", "spain", 5, 2, 0.1)])[0] is False
    assert exercises.several_scenes(scenes) == (True, "3 seen: IoU 0.50 to 0.70.")


def test_a_run_of_ones_own_is_asked_and_named(answered, open_page, monkeypatch):
    probability = np.zeros((SMALL, SMALL), np.float32)
    probability[:, : SMALL // 2] = 1
    run = SimpleNamespace(
        id="abc123", name="FT_E", settings={"task": "crops"}, checkpoint=1, session="me"
    )
    view = SimpleNamespace(run=run)
    monkeypatch.setattr(choosing, "views_of", lambda ids: [view] if "abc123" in ids else [])
    asked = []
    monkeypatch.setattr(
        found,
        "ask",
        lambda *given, **more: asked.append((given, more)) or {"probability": probability},
    )
    app = open_page("regions", model="Your run FT_E abc123", guess="x:y", marks="0p5.5,5.5")
    assert not app.exception
    assert [given[1] for given, _ in asked] == ["maps", "maps"]
    assert asked[1][1] == {"region": "france", "seed": 0, "size": SMALL, "acquisitions": 3}
    assert not answered  # nothing is asked about a model that workers do not have
    assert "1 · Spain, pixel at row 5, column 5" in labels(app)
    assert "questions import maps" in app.code[0].value


def test_series_are_saved_with_their_places():
    one = {"region": "Spain", "kind": "TP", "period": "x", "mean": -15.0}
    own = SimpleNamespace(rows=[{**one, "kind": "1", "name": "1 · Spain, pixel", "colour": "#fff"}])
    drawn = curves.Drawn([one], [own])
    spain = SimpleNamespace(name="Spain", seed=4, acquisitions=3)
    rows = pd.read_csv(
        io.BytesIO(keep.table([spain], drawn, SimpleNamespace(model="Physics rule")))
    )
    assert rows.kind.tolist() == ["TP", "1 · Spain, pixel"]
    assert rows.seed.tolist() == [4, 4]
    assert rows.synthetic.all()
    assert "colour" not in rows
