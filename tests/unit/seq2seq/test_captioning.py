"""The task of describing scenes: settings, metrics, kind, questions; and that it learns."""

import json

import numpy as np
import pytest
import torch

from lab.runs.kinds import kind_of
from lab.seq2seq import captioning
from lab.seq2seq.caption_kind import KIND
from lab.seq2seq.caption_settings import CaptionSettings
from lab.seq2seq.decoding import beam, greedy
from lab.seq2seq.scenes import SceneError, load_scenes
from lab.training import SettingsError, run_slice

SMALL = {"width": 32, "batch": 16, "steps": 60, "device": "cpu"}


@pytest.fixture(scope="module")
def scenes():
    return load_scenes(300)


@pytest.fixture(scope="module")
def trained(scenes):
    made = {}

    def trained(attention="soft"):
        if attention not in made:
            for event in captioning.train(attention, scenes, **SMALL):
                last = event
            made[attention] = last.checkpoint(), last
        return made[attention]

    return trained


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"attention": "firm"}, "no attention 'firm'"),
        ({"width": 33}, "must be even"),
        ({"prompt": "-1"}, "must be a number"),
        ({"batch": 513}, "batch must lie between"),
        ({"learning_rate": float("inf")}, "positive number"),
    ],
)
def test_settings_that_cannot_be_get_one_sentence(changes, said):
    with pytest.raises(SettingsError, match=said):
        CaptionSettings.default(**{"attention": "soft", **changes})


def test_a_scene_that_is_none_gets_one_sentence(scenes):
    with pytest.raises(SettingsError, match="30 held-out scenes"):
        captioning.CaptionTask(CaptionSettings.default(prompt="30"), scenes)


@pytest.mark.parametrize("attention", ["soft", "hard", "none"])
def test_it_learns_and_tells_where_it_looks(scenes, trained, attention):
    checkpoint, event = trained(attention)
    first = next(captioning.train(attention, scenes, **SMALL))
    assert event.validation_loss < 0.8 * first.validation_loss
    assert ("pointing accuracy" in event.metrics) == (attention != "none")
    shown = event.sample.shown
    assert shown.reference == list(scenes.held_out.captions[0])
    if attention == "none":
        assert shown.weights is None
    else:
        assert np.array(shown.weights).sum(1) == pytest.approx(np.ones(len(shown.words)), abs=0.01)
    assert KIND.sample(json.loads(json.dumps(event.sample.to_dict())))["scene"] == 0
    model = captioning.load(checkpoint, scenes)
    images = torch.from_numpy(scenes.held_out.images[:1])
    assert beam(model, images, 12, 1)[0].ids == greedy(model, images, 12)[0].ids


def test_exact_match_is_that_of_decoding(scenes, trained):
    checkpoint, _ = trained()
    model = captioning.load(checkpoint, scenes)
    task = captioning.CaptionTask(CaptionSettings.default(**SMALL), scenes)
    images = torch.from_numpy(scenes.held_out.images)
    written = [
        tuple(captioning._words(scenes, out)) for out in greedy(model, images, captioning.LONGEST)
    ]
    pairs = zip(written, scenes.held_out.captions, strict=True)
    right = np.mean([mine == caption for mine, caption in pairs])
    assert task.evaluate(model, True).metrics["exact match"] == pytest.approx(right)


def test_slices_give_what_one_piece_gives_though_hard_attention_draws(scenes):
    settings = CaptionSettings.default("hard", **{**SMALL, "steps": 12}).to_dict()
    assert kind_of(settings) is KIND
    whole = run_slice(KIND, settings, scenes, None, {}, None)
    checkpoint, finished = None, False
    while not finished:
        part = run_slice(KIND, settings, scenes, checkpoint, {}, None, steps=5)
        checkpoint, finished = part.checkpoint, part.finished
    assert part.events[-1]["validation_loss"] == whole.events[-1]["validation_loss"]


def test_a_scene_of_ones_own_is_described(scenes, trained):
    found = captioning.describe(trained()[0], scenes, [[1, "red", "circle"]], None, 3)
    assert found["reference"] == ["a", "red", "circle"]
    assert len(found["weights"]) == len(found["words"])
    with pytest.raises(SceneError):
        captioning.describe(trained()[0], scenes, [[9, "red", "circle"]])


def test_a_saved_run_draws_its_scenes_again(scenes, trained):
    about = json.loads(json.dumps(KIND.about(scenes)))
    again = KIND.from_about(about)
    assert again.digest == scenes.digest
    assert (again.train.images == scenes.train.images).all()
    assert KIND.data(scenes.to_bytes()).digest == scenes.digest
    assert captioning.load(trained()[0], again)
    for odd in ({"count": "3"}, {"count": 10**9}, {"seed": 1.5}):
        with pytest.raises((ValueError, TypeError)):
            KIND.from_about({**about, **odd})


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["shown"].update(weights=[[0.5]]),
        lambda s: s["shown"].update(weights=[[2.0] * 36] * len(s["shown"]["words"])),
        lambda s: s["shown"].pop("reference"),
        lambda s: s.update(scene="x"),
    ],
)
def test_a_sample_from_a_file_is_distrusted(trained, change):
    values = json.loads(json.dumps(trained()[1].sample.to_dict()))
    change(values)
    with pytest.raises((ValueError, KeyError, TypeError)):
        KIND.sample(values)
