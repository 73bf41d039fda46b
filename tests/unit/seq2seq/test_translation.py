"""The task of translating: its settings, its metrics, its kind; and that it learns."""

import json

import numpy as np
import pytest
import torch

from lab.models.tokens import PAD, UNKNOWN
from lab.runs.kinds import kind_of
from lab.seq2seq import Pair, PairCorpus, TranslationSettings, alignment_error_rate, train
from lab.seq2seq.arrays import arrays, gold
from lab.seq2seq.judging import judge, summary
from lab.seq2seq.kind import KIND
from lab.seq2seq.translation import TranslationTask
from lab.training import SettingsError, run_slice
from tests.unit.seq2seq.conftest import SMALL


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"score": "cosine"}, "score must be one of none, dot"),
        ({"look": "under"}, "look must be one of"),
        ({"teacher_forcing": 1.5}, "between 0 and 1"),
        ({"teacher_forcing": float("nan")}, "between 0 and 1"),
        ({"learning_rate": float("nan")}, "learning_rate must be a positive number"),
        ({"width": 30}, "divisible by 4"),
        ({"width": 4096}, "width must lie between 1 and 1024"),
        ({"bidirectional": 1}, "bidirectional must be of type bool"),
        ({"batch": True}, "batch must be of type int"),
        ({"model": "transformer", "width": 50}, "divisible by the number of heads"),
        ({"model": "transformer", "teacher_forcing": 0.5}, "set teacher forcing to 1"),
        ({"batch": 1024, "width": 1024, "score": "concat"}, "GB of memory"),
        ({"beams": 4}, "no setting called 'beams'"),
    ],
)
def test_settings_that_cannot_be_get_one_sentence(changes, said):
    with pytest.raises(SettingsError, match=said) as caught:
        TranslationSettings.default(**{"model": "gru", **changes}).validate(80)
    assert str(caught.value).count(".") <= 3


def test_settings_go_through_json_and_name_their_task():
    settings = TranslationSettings.default("lstm", score="concat", seed=3)
    values = json.loads(settings.to_json())
    assert values["task"] == "translation"
    assert TranslationSettings.from_dict(values) == settings
    assert kind_of(values) is KIND
    assert kind_of({}).settings.task == "language"  # runs saved before there were kinds
    for odd in ({**values, "task": "language"}, {**values, "more": 1}, [], None):
        with pytest.raises(SettingsError):
            TranslationSettings.from_dict(odd)
    with pytest.raises(ValueError, match="no task 'os'"):
        kind_of({"task": "os"})


def test_batches_depend_on_seed_and_step_alone_and_are_no_longer_than_needed(numbers):
    settings = TranslationSettings.default(**SMALL)
    one, other = TranslationTask(settings, numbers), TranslationTask(settings, numbers)
    one.batch(0)
    for mine, its in zip(one.batch(300), other.batch(300), strict=True):
        assert torch.equal(mine, its)
        assert (mine != PAD).any(0).all()
    assert not torch.equal(one.batch(1)[0], one.batch(2)[0])


@pytest.mark.parametrize("forcing", [1.0, 0.5])
def test_slices_give_what_one_piece_gives(numbers, forcing):
    changes = {**SMALL, "steps": 40, "teacher_forcing": forcing}
    settings = TranslationSettings.default(**changes).to_dict()
    whole = run_slice(KIND, settings, numbers, None, {}, None)
    checkpoint, steps = None, 0
    while steps < 40:
        part = run_slice(KIND, settings, numbers, checkpoint, {}, None, steps=7)
        checkpoint, steps = part.checkpoint, part.events[-1]["step"]
    assert part.finished
    assert (
        checkpoint == whole.checkpoint or part.events[-1]["metrics"] == whole.events[-1]["metrics"]
    )
    assert part.events[-1]["validation_loss"] == whole.events[-1]["validation_loss"]
    assert json.dumps(whole.events, allow_nan=False)


class Fixed(torch.nn.Module):
    """A translator whose logits and weights are written down."""

    def __init__(self, logits, weights):
        super().__init__()
        self.logits, self.weights = logits, weights

    def forward(self, source, target_in):
        return self.logits, self.weights


def test_metrics_by_hand():
    words = ("<pad>", "<s>", "</s>", "<unk>", "a", "b", "c")
    links = frozenset({(0, 0), (1, 1)})
    pairs = (
        Pair(("a", "b"), ("a", "b"), links, links),
        Pair(("a", "b"), ("b",), frozenset({(1, 0)}), frozenset({(0, 0), (1, 0)})),
        Pair(("c",), ("zzz",), frozenset(), frozenset()),  # a word that the vocabulary lacks
    )
    corpus = PairCorpus("x", "word", "word", words, words, pairs[:1], pairs)
    ids = arrays(corpus, "held_out")
    assert ids.target_out.tolist() == [[4, 5, 2], [5, 2, 0], [UNKNOWN, 2, 0]]
    right = torch.nn.functional.one_hot(torch.from_numpy(ids.target_out), 7).float() * 20
    weights = torch.tensor(
        [
            [[0.9, 0.1, 0.0], [0.6, 0.4, 0.0], [0.0, 0.0, 1.0]],  # a to a; b to a: wrong
            [[0.7, 0.2, 0.1], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]],  # b to a: possible, not sure
            [[0.1, 0.9, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]],  # no gold: not judged
        ]
    )
    batch = tuple(torch.from_numpy(array) for array in ids)
    judged = judge(Fixed(right, weights), batch, *gold(corpus, "held_out"))
    _, metrics = summary([judged])
    assert judged.exact.tolist() == [True, True, False]
    assert metrics["exact match"] == pytest.approx(2 / 3)
    assert metrics["alignment accuracy"] == pytest.approx(2 / 3)
    made = [{(0, 0), (0, 1)}, {(0, 0)}]
    sure, possible = [pair.sure for pair in pairs[:2]], [pair.possible for pair in pairs[:2]]
    # |A and S| = 1, |A and P| = 2, |A| = 3, |S| = 3
    assert metrics["alignment error rate"] == pytest.approx(1 - 3 / 6)
    assert metrics["alignment error rate"] == pytest.approx(
        alignment_error_rate(made, sure, possible)
    )


def test_the_loss_is_the_mean_over_tokens_and_not_over_padding(numbers):
    task = TranslationTask(TranslationSettings.default(**SMALL), numbers)
    torch.manual_seed(0)
    model = task.build().eval()
    loss, _ = task.evaluate(model, whole=True)
    total = tokens = 0
    for pair in numbers.held_out:
        rows = [numbers.encode_source(pair.source), numbers.encode_target(pair.target)]
        source, out = (torch.tensor([row]) for row in rows)
        logits, _ = model(source, torch.cat((torch.tensor([[1]]), out[:, :-1]), 1))
        total += torch.nn.functional.cross_entropy(logits[0], out[0], reduction="sum").item()
        tokens += out.numel()
    assert loss == pytest.approx(total / tokens, rel=1e-4)


@pytest.mark.parametrize("score", ["dot", "concat", "mlp"])
def test_every_score_function_learns(trained, score):
    _, event = trained(score=score)
    without = trained(score="none")[1].metrics["exact match"]
    assert event.metrics["exact match"] > without + 0.03
    assert event.metrics["alignment accuracy"] > 0.35


def test_a_sample_shows_the_prompt_and_unseen_sentences(numbers, trained):
    sample = trained()[1].sample
    assert " ".join(sample.shown.source[:-1]) == "three hundred and five thousand and forty two"
    assert np.array(sample.shown.weights).shape == (
        len(sample.shown.target),
        len(sample.shown.source),
    )
    assert [row[2] for row in sample.examples] == ["".join(p.target) for p in numbers.held_out[:5]]
    values = json.loads(json.dumps(sample.to_dict()))
    assert KIND.sample(values)["shown"]["target"] == sample.shown.target


def test_the_prompt_may_change_on_the_way(numbers):
    live = {}
    for event in train("gru", numbers, live=live, prompt="seven", **{**SMALL, "steps": 17}):
        if event.sample and event.step == 4:
            assert event.sample.shown.source == ["seven", "</s>"]
            live["prompt"] = "six hundred blorps"
    assert event.sample.shown.source == ["six", "hundred", "blorps", "</s>"]
    assert event.sample.shown.unknown == ["blorps"]


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s["shown"].update(weights=[[0.5]]),
        lambda s: s["shown"].update(weights=[[float("nan")] * 9] * len(s["shown"]["target"])),
        lambda s: s["shown"].update(probabilities=["<b>"]),
        lambda s: s.pop("examples"),
        lambda s: s.update(step="x"),
        lambda s: s["shown"].pop("source"),
    ],
)
def test_a_sample_from_a_file_is_distrusted(trained, change):
    values = json.loads(json.dumps(trained()[1].sample.to_dict()))
    change(values)
    with pytest.raises((ValueError, KeyError, TypeError)):
        KIND.sample(values)


def test_a_saved_run_knows_its_vocabulary(numbers):
    about = json.loads(json.dumps(KIND.about(numbers)))
    again = KIND.from_about(about)
    assert again.source_vocabulary == numbers.source_vocabulary
    assert again.train == again.held_out == ()
    with pytest.raises(SettingsError, match="no pairs"):
        TranslationTask(TranslationSettings.default(**SMALL), again)
    assert PairCorpus.from_bytes(again.to_bytes()).target_vocabulary == numbers.target_vocabulary
    for key, odd in (("source", ["a"]), ("units", ["word", "line"]), ("target", None)):
        with pytest.raises((ValueError, TypeError)):
            KIND.from_about({**about, key: odd})
