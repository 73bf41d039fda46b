"""What an owner can do with a run, also while a worker has it."""

import pytest
from runs_help import HeldPool, settle, steps, submit

from lab.runs import LimitReached, NotYours, Status


@pytest.fixture
def pool():
    return HeldPool()


@pytest.fixture
def queue(open_queue, pool):
    return open_queue(pool)


def test_a_run_waits_runs_and_finishes(queue, pool):
    run = submit(queue, until=5)
    assert queue.view(run).run.status is Status.WAITING
    settle(queue)
    pool.run()
    settle(queue)
    view = queue.view(run)
    assert view.run.status is Status.RUNNING
    assert (view.run.step, view.run.tokens, view.run.seconds) == (3, 30, 0.3)
    assert view.run.validation_loss == pytest.approx(2 / 4)
    pool.run()
    settle(queue)
    view = queue.view(run)
    assert view.run.status is Status.FINISHED
    assert steps(view) == [1, 2, 3, 4, 5]
    assert view.history.sample_at(4.5) == {"step": 4, "text": "to be"}
    assert not view.training
    assert pool.held == []


def test_a_view_is_a_copy(queue, pool):
    run = submit(queue)
    view = queue.view(run)
    view.run.live["learning_rate"] = 9.0
    view.history.points.append({})
    assert queue.view(run).run.live == {}
    assert queue.view(run).history.points == []


def test_pause_keeps_the_slice_in_flight_and_resume_goes_on(queue, pool):
    run = submit(queue)
    settle(queue)
    queue.pause(run, "ann")
    assert queue.view(run).training
    pool.run()
    settle(queue)
    assert queue.view(run).run.status is Status.PAUSED
    assert steps(queue.view(run)) == [1, 2, 3]
    assert pool.held == []
    queue.resume(run, "ann")
    settle(queue)
    assert queue.view(run).run.status is Status.RUNNING
    pool.run()
    settle(queue)
    assert steps(queue.view(run)) == [1, 2, 3, 4, 5, 6]


def test_pause_and_resume_within_one_slice_change_nothing(queue, pool):
    run = submit(queue)
    settle(queue)
    queue.pause(run, "ann")
    queue.resume(run, "ann")
    settle(queue)
    assert len(pool.held) == 1
    pool.run()
    settle(queue)
    assert queue.view(run).run.status is Status.RUNNING
    assert len(pool.held) == 1


def test_a_run_paused_before_its_first_slice_waits_again_when_resumed(open_queue):
    queue = open_queue(pool := HeldPool())
    submit(queue, "bob")
    run = submit(queue)
    queue.pause(run, "ann")
    queue.resume(run, "ann")
    assert queue.view(run).run.status is Status.WAITING
    queue.resume(run, "ann")
    settle(queue)
    assert len(pool.held) == 1


def test_a_single_step_is_one_step(queue, pool):
    run = submit(queue)
    queue.step(run, "ann")  # not paused: nothing to step
    settle(queue)
    assert pool.held[0][2][0].steps is None
    queue.pause(run, "ann")
    pool.run()
    settle(queue)
    for step in (4, 5):
        queue.step(run, "ann")
        settle(queue)
        assert pool.run().steps == 1
        settle(queue)
        assert queue.view(run).run.step == step
        assert queue.view(run).run.status is Status.PAUSED
        assert pool.held == []


def test_a_step_asked_for_while_a_slice_is_in_flight_comes_after_it(queue, pool):
    run = submit(queue)
    settle(queue)
    queue.pause(run, "ann")
    queue.step(run, "ann")
    settle(queue)
    assert pool.run().steps is None
    settle(queue)
    assert pool.run().steps == 1
    settle(queue)
    assert queue.view(run).run.step == 4
    assert pool.held == []


def test_a_stopped_run_keeps_the_slice_in_flight_and_can_go_on(queue, pool):
    run = submit(queue, until=6)
    settle(queue)
    queue.stop(run, "ann")
    assert queue.view(run).run.status is Status.STOPPED
    pool.run()
    settle(queue)
    view = queue.view(run)
    assert view.run.status is Status.STOPPED
    assert view.run.message == "Stopped by you."
    assert steps(view) == [1, 2, 3]
    assert pool.held == []
    queue.stop(run, "ann")
    queue.resume(run, "ann")
    settle(queue)
    pool.run()
    settle(queue)
    assert queue.view(run).run.status is Status.FINISHED
    assert queue.view(run).run.message == ""
    queue.resume(run, "ann")
    settle(queue)
    assert queue.view(run).run.status is Status.FINISHED
    assert pool.held == []


def test_stop_and_resume_within_one_slice(queue, pool):
    run = submit(queue)
    settle(queue)
    queue.stop(run, "ann")
    queue.resume(run, "ann")
    settle(queue)
    assert len(pool.held) == 1
    pool.run()
    settle(queue)
    pool.run()
    settle(queue)
    assert steps(queue.view(run)) == [1, 2, 3, 4, 5, 6]


def test_live_changes_reach_the_next_slice_and_not_the_one_in_flight(queue, pool):
    run = submit(queue, live={"learning_rate": 0.1})
    settle(queue)
    queue.set_live(run, "ann", learning_rate=0.2, top_k=None)
    assert pool.run().live == {"learning_rate": 0.1}
    settle(queue)
    assert pool.run().live == {"learning_rate": 0.2, "top_k": None}


def test_a_live_number_has_to_be_finite(queue):
    run = submit(queue)
    for wrong in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match=r"Learning rate must be a finite number\."):
            queue.set_live(run, "ann", temperature=0.5, learning_rate=wrong)
    assert queue.view(run).run.live == {}


def test_settings_have_to_be_finite(queue):
    with pytest.raises(ValueError, match="JSON"):
        submit(queue, learning_rate=float("nan"))
    assert queue.runs_of("ann") == []
    assert list(queue.store.runs.iterdir()) == []


def test_a_name_is_tidied_and_an_empty_one_changes_nothing(queue):
    run = submit(queue, name="  the \n first ")
    assert queue.view(run).run.name == "the first"
    queue.rename(run, "ann", " \t ")
    assert queue.view(run).run.name == "the first"
    queue.rename(run, "ann", "x" * 100)
    assert queue.view(run).run.name == "x" * 60


def test_a_removed_run_leaves_nothing(queue, pool):
    run = submit(queue)
    settle(queue)
    pool.run()
    settle(queue)
    other = submit(queue, "bob")
    queue.stop(run, "ann")
    pool.run()
    settle(queue)
    queue.remove(run, "ann")
    with pytest.raises(KeyError):
        queue.view(run)
    assert [path.name for path in queue.store.runs.iterdir()] == [other]
    assert len(list(queue.store.corpora.iterdir())) == 1
    queue.remove(other, "bob")
    assert list(queue.store.corpora.iterdir()) == []


def test_a_run_removed_while_a_worker_has_it_never_comes_back(open_queue, queue, pool):
    run = submit(queue)
    settle(queue)
    pool.run()
    settle(queue)
    queue.remove(run, "ann")
    assert open_queue().runs_of("ann") == []  # the server may end before the slice does
    folder = queue.store.run_folder(run)
    folder.mkdir()  # a worker may write once more
    (folder / "checkpoint-2.safetensors.1.part").write_bytes(b"half")
    pool.fail(FileNotFoundError("gone"))
    settle(queue)
    assert not folder.exists()
    assert pool.held == []
    assert submit(queue)


@pytest.mark.parametrize(
    ("wish", "more"),
    [
        ("pause", {}),
        ("resume", {}),
        ("step", {}),
        ("stop", {}),
        ("remove", {}),
        ("rename", {"name": "mine"}),
        ("set_live", {"learning_rate": 0.5}),
    ],
)
def test_only_the_owner_steers(queue, wish, more):
    run = submit(queue)
    before = queue.view(run)
    with pytest.raises(NotYours):
        getattr(queue, wish)(run, "bob", **more)
    assert queue.view(run).run == before.run
    with pytest.raises(KeyError):
        getattr(queue, wish)("../" + run, "ann", **more)


def test_runs_of_a_session_newest_first(queue):
    first, second = submit(queue), submit(queue)
    submit(queue, "bob")
    for run_id, created in ((first, 100.0), (second, 200.0)):
        queue.records.runs[run_id].created = created
    assert [run.id for run in queue.runs_of("ann")] == [second, first]
    assert queue.alive() == 3


def test_a_disk_without_room_for_a_new_run_is_said_and_leaves_nothing(queue, monkeypatch):
    def full(run):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(queue.store, "save", full)
    with pytest.raises(LimitReached, match="cannot be saved because the disk is full"):
        submit(queue)
    assert queue.runs_of("ann") == []
    settle(queue)
