"""The training loop: the same curve twice, however it is sliced; changes and ends under way."""

import collections
import itertools
import math

import pytest
import torch

from lab.text import Corpus
from lab.training import Diverged, Settings, SettingsError, train
from lab.training.settings import MODELS

EXACT = {"precision": "float32"}


def curve(events):
    """Return the regular points without their clock: what has to be the same twice."""
    points = [event.to_dict() for event in events if not event.interim]
    for point in points:
        del point["seconds"]
    return points


def last(events):
    for event in events:
        state = event
    return state.checkpoint()


def sliced(settings, corpus, pieces):
    """Train in slices of so many steps; return all events and the last checkpoint."""
    events, checkpoint = [], None
    for steps in pieces:
        for event in train(
            text=corpus, settings=settings, checkpoint=checkpoint, slice_steps=steps
        ):
            events.append(event)
        checkpoint = event.checkpoint()
        if event.finished:
            return events, checkpoint
    raise AssertionError("the slices ended before the budget")


def without_clock(checkpoint):
    from lab.training.checkpoint import unpack

    state = unpack(checkpoint)
    state.progress.seconds = 0.0
    return state


def same(one, two):
    one, two = without_clock(one), without_clock(two)
    assert one.progress == two.progress
    assert one.tensors.keys() == two.tensors.keys()
    return all(torch.equal(one.tensors[name], two.tensors[name]) for name in one.tensors)


@pytest.mark.parametrize("model", MODELS)
def test_every_model_learns(model, corpus, small):
    events = list(train(text=corpus, settings=small(model, steps=60, learning_rate=1e-2)))
    first, end = events[0], events[-1]
    assert (first.step, first.tokens, first.train_loss) == (0, 0, None)
    assert first.validation_loss == pytest.approx(math.log(corpus.vocabulary_size), abs=0.4)
    assert len(first.sample.tokens) == len(first.sample.probabilities) == 20
    assert (end.step, end.tokens, end.finished) == (60, 60 * 48, True)
    assert end.validation_loss < 0.75 * first.validation_loss
    assert end.train_loss < 0.75 * first.validation_loss
    assert [event.finished for event in events[:-1]] == [False] * (len(events) - 1)
    assert [event.seconds for event in events] == sorted(event.seconds for event in events)


@pytest.mark.parametrize("model", MODELS)
def test_the_same_seed_gives_the_same_curve_twice_and_another_seed_another(model, corpus, small):
    runs = [
        list(train(text=corpus, settings=small(model, dropout=0.2, seed=seed)))
        for seed in (1, 1, 2)
    ]
    assert curve(runs[0]) == curve(runs[1])
    assert same(runs[0][-1].checkpoint(), runs[1][-1].checkpoint())
    assert curve(runs[0]) != curve(runs[2])


@pytest.mark.parametrize("model", MODELS)
def test_resuming_equals_not_stopping_bit_for_bit(model, corpus, small):
    settings = small(model, dropout=0.2, layers=2, steps=40)
    whole = list(train(text=corpus, settings=settings))
    for pieces in ([1] * 40, [7, 1, 19, 50], [24, 16]):
        events, checkpoint = sliced(settings, corpus, pieces)
        assert curve(events) == curve(whole)
        assert same(checkpoint, whole[-1].checkpoint())


def test_resuming_is_exact_beyond_a_chunk_of_batches(corpus, small, monkeypatch):
    monkeypatch.setattr("lab.training.task.CHUNK", 8)
    settings = small("rnn", steps=30)
    whole = list(train(text=corpus, settings=settings))
    events, _ = sliced(settings, corpus, [5, 6, 7, 12])
    assert curve(events) == curve(whole)


def test_somebody_elses_random_numbers_and_threads_are_left_alone(corpus, small):
    settings = small("lstm", dropout=0.3)
    expected = curve(train(text=corpus, settings=settings))
    torch.manual_seed(99)
    untouched = torch.rand(8)
    torch.manual_seed(99)
    mine, events, threads = [], [], torch.get_num_threads()
    for event in itertools.islice(train(text=corpus, settings=settings), 8):
        events.append(event)
        mine.append(torch.rand(1))
        assert torch.get_num_threads() == threads
    assert torch.equal(torch.cat(mine), untouched)
    assert curve(events) == expected[:8]


def test_two_runs_side_by_side_do_not_disturb_each_other(corpus, small):
    settings = [small("lstm", dropout=0.3, seed=seed) for seed in (1, 2)]
    alone = [curve(train(text=corpus, settings=one)) for one in settings]
    together = list(zip(*(train(text=corpus, settings=one) for one in settings), strict=True))
    assert [curve(events) for events in zip(*together, strict=True)] == alone


def test_interim_points_do_not_change_the_regular_ones(corpus, small):
    settings = small("lstm", steps=40)
    events, _ = sliced(settings, corpus, [18, 22])
    assert [e.step for e in events if e.interim] == [18]
    between = next(e for e in events if e.interim)
    after = events[events.index(between) + 1]
    assert (between.validation_loss, between.sample) == (None, None)
    # The next regular point is the mean over steps 17 to 32, those of the interim one included.
    whole = {e.step: e.train_loss for e in train(text=corpus, settings=settings)}
    assert after.train_loss == whole[after.step]


def test_train_loss_is_the_mean_over_the_steps_since_the_point_before(corpus, small, monkeypatch):
    from lab.training.language import LanguageTask

    losses, loss = [], LanguageTask.loss

    def noted(self, model, batch):
        value = loss(self, model, batch)
        if model.training:
            losses.append(value.item())
        return value

    monkeypatch.setattr(LanguageTask, "loss", noted)
    events = list(train(text=corpus, settings=small("rnn", steps=32)))
    assert [e.train_loss for e in events[1:17]] == losses[:16]
    assert (events[17].step, events[17].train_loss) == (32, pytest.approx(sum(losses[16:]) / 16))


def test_a_learning_rate_changed_under_way_takes_effect_from_there_on(corpus, small):
    settings = small("lstm", steps=40, schedule="constant", warmup=0)
    before = list(train(text=corpus, settings=settings))
    live, events = {}, []
    for event in train(text=corpus, settings=settings, live=live):
        events.append(event)
        if event.step == 16:
            live["learning_rate"] = 1e-6
    assert curve(events)[:17] == curve(before)[:17]  # steps 0 to 16
    assert {e.learning_rate for e in events[1:17]} == {settings.learning_rate}
    assert {e.learning_rate for e in events if e.step > 16} == {1e-6}
    assert curve(events)[-1] != curve(before)[-1]
    assert abs(events[-1].train_loss - before[-1].train_loss) > 1e-3


def test_the_schedule_multiplies_a_changed_learning_rate(corpus, small):
    settings = small("lstm", steps=40, schedule="linear", warmup=0)
    events = list(train(text=corpus, settings=settings, live={"learning_rate": 1.0e-3}))
    assert events[1].learning_rate == pytest.approx(1e-3)
    assert events[-1].learning_rate == pytest.approx(1e-3 / 40)


def test_a_changed_learning_rate_is_kept_in_the_checkpoint(corpus, small):
    settings = small("lstm", steps=40, schedule="constant", warmup=0)
    state = last(train(text=corpus, settings=settings, live={"learning_rate": 1e-4}, slice_steps=5))
    after = list(train(text=corpus, checkpoint=state))
    assert {event.learning_rate for event in after} == {1e-4}


@pytest.mark.parametrize("value", [math.nan, -1.0, 0.0])
def test_a_changed_learning_rate_that_cannot_be_is_refused(value, corpus, small):
    with pytest.raises(SettingsError, match="learning_rate"):
        list(train(text=corpus, settings=small(), live={"learning_rate": value}))


def test_temperature_top_k_and_prompt_can_change_under_way(corpus, small):
    live = {"temperature": 0.5, "top_k": 1, "prompt": "the cat"}
    events = list(train(text=corpus, settings=small(), live=live))
    sample = events[-1].sample
    assert (sample.temperature, sample.top_k, sample.prompt) == (0.5, 1, "the cat")
    best = [options[0][0] for options in sample.alternatives]
    assert sample.tokens == best


def test_none_as_top_k_means_all(corpus, small):
    settings = small(top_k=1, temperature=1.0)
    live = {"top_k": None, "temperature": None, "prompt": None}
    sample = list(train(text=corpus, settings=settings, live=live))[-1].sample
    assert (sample.top_k, sample.temperature, sample.prompt) == (None, 1.0, settings.prompt)
    best = [options[0][0] for options in sample.alternatives]
    assert sample.tokens != best


def test_divergence_ends_the_run_with_a_sentence_after_its_events(corpus, small):
    settings = small("rnn", steps=400, learning_rate=1e30, schedule="constant", warmup=4, **EXACT)
    events = []
    run = train(text=corpus, settings=settings)
    with pytest.raises(Diverged, match=r"diverged at step \d+: .* smaller learning rate\.$"):
        collections.deque(map(events.append, run))
    assert events[0].step == 0
    assert all(math.isfinite(e.train_loss) for e in events if e.train_loss is not None)


def test_weights_that_are_not_finite_are_never_handed_out(corpus, small):
    run = train(text=corpus, settings=small("lstm"))
    event = next(run)
    model = run.gi_frame.f_locals["self"].model
    with torch.no_grad():
        model.readout.bias[0] = math.nan
    with pytest.raises(Diverged):
        event.checkpoint()


@pytest.mark.parametrize("after", [0, 1, 5])
def test_a_run_can_be_closed_at_any_time(after, corpus, small):
    run = train(text=corpus, settings=small())
    for _ in range(after):
        next(run)
    run.close()
    assert list(run) == []


def test_a_checkpoint_is_of_the_moment_of_its_event(corpus, small):
    run = train(text=corpus, settings=small())
    first, second = next(run), next(run)
    with pytest.raises(RuntimeError, match="moved on"):
        first.checkpoint()
    assert second.checkpoint() == second.checkpoint()


def test_the_first_event_is_not_told_twice(corpus, small):
    first = next(train(text=corpus, settings=small()))
    after = list(train(text=corpus, checkpoint=first.checkpoint()))
    assert after[0].step == 1


def test_a_finished_run_tells_its_end_again_and_goes_on_with_a_larger_budget(corpus, small):
    events = list(train(text=corpus, settings=small(steps=16)))
    state = events[-1].checkpoint()
    again = list(train(text=corpus, checkpoint=state))
    assert [(e.step, e.finished, e.validation_loss) for e in again] == [
        (16, True, events[-1].validation_loss)
    ]
    more = list(train(text=corpus, checkpoint=state, steps=32))
    assert (more[0].step, more[-1].step, more[-1].finished) == (32, 32, True)


def test_budget_of_tokens(corpus, small):
    events = list(train(text=corpus, settings=small(tokens=48 * 10 - 1)))
    assert (events[-1].step, events[-1].tokens, events[-1].finished) == (10, 480, True)


def test_budget_of_seconds_leaves_evaluation_out(corpus, small, monkeypatch):
    # A clock that only steps advance, by a second each, and evaluations by a thousand.
    time = {"now": 0.0}
    monkeypatch.setattr("lab.training.loop.clock", lambda device: lambda: time["now"])
    from lab.training.language import LanguageTask

    loss, evaluate = LanguageTask.loss, LanguageTask.evaluate

    def slow_loss(self, model, batch):
        time["now"] += 1.0 if model.training else 0.0
        return loss(self, model, batch)

    def slow_evaluate(self, model, whole):
        time["now"] += 1000.0
        return evaluate(self, model, whole)

    monkeypatch.setattr(LanguageTask, "loss", slow_loss)
    monkeypatch.setattr(LanguageTask, "evaluate", slow_evaluate)
    events = list(train(text=corpus, settings=small(seconds=20.0, schedule="linear", warmup=0)))
    assert (events[-1].step, events[-1].seconds, events[-1].finished) == (20, 20.0, True)
    rates = [event.learning_rate / events[1].learning_rate for event in events[1:]]
    assert rates == pytest.approx([1 - (e.step - 1) / 20 for e in events[1:]])


def test_a_slice_of_seconds_ends_soon_and_makes_at_least_one_step(corpus, small):
    events = list(train(text=corpus, settings=small(steps=1000), slice_seconds=1e-9))
    assert [event.step for event in events] == [0, 1]


def test_the_last_validation_loss_is_over_the_whole_part(small):
    from lab.training.language import LanguageTask

    # 10,200 validation tokens: more than a look on the way takes.
    corpus = Corpus.from_text("abcd efgh\nij kl.\n" * 6000)
    settings = small("rnn", steps=1)
    task = LanguageTask(settings, corpus)
    counted = []
    loss = task.loss
    task.loss = lambda model, batch: counted.append(batch[:, 1:].numel()) or loss(model, batch)
    model = task.build()
    task.evaluate(model, whole=True)
    assert sum(counted) == len(corpus.validation) - 1
    counted.clear()
    task.evaluate(model, whole=False)
    assert 8000 < sum(counted) <= 8192


def test_whole_evaluation_by_hand(corpus, small):
    from lab.training.language import LanguageTask

    task = LanguageTask(small("lstm", block=12), corpus)
    torch.manual_seed(0)
    model = task.build().eval()
    ids = torch.from_numpy(corpus.validation)
    total = 0.0
    for start in range(0, len(ids) - 1, 12):
        window = ids[start : start + 13]
        logits, _ = model(window[None, :-1])
        chosen = logits[0].log_softmax(1).gather(1, window[1:, None])
        total -= chosen.sum().item()
    assert task.evaluate(model, True).loss == pytest.approx(total / (len(ids) - 1), rel=1e-5)


def test_text_and_overrides_as_in_a_notebook():
    text = "It was the best of times, it was the worst of times. " * 60
    events = list(train("gru", text, steps=4, width=8, block=8, batch=2, seed=5))
    assert events[-1].step == 4
    with pytest.raises(SettingsError, match="no setting"):
        train("gru", text, steps=4, breadth=8)
    with pytest.raises(SettingsError, match="validation part"):
        train("gru", text, steps=4, block=1000)


def test_words_are_tokens_too(small):
    text = "the cat sat on the mat and the dog sat on the log .\n" * 60
    events = list(train(text=text, settings=small("lstm", steps=30), tokenizer="word"))
    assert events[-1].validation_loss < events[0].validation_loss
    assert isinstance(events[-1].sample.text, str)


def test_settings_and_budget_given_together():
    settings = Settings.default("lstm", seconds=5.0, width=8, block=8, batch=2)
    text = "It was the best of times, it was the worst of times. " * 60
    assert list(train(text=text, settings=settings, steps=3))[-1].step == 3
