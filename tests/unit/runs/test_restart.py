"""What is on disk when a server starts again, and what must be left alone there."""

import contextlib
import json
import os
import shutil
import subprocess
import sys

import pytest
from runs_help import DIGEST, HeldPool, event, limits, settle, start_of, steps, submit

from lab.runs import Run, Status, Store
from lab.runs.records import Records


@pytest.fixture
def left(open_queue):
    """A run of two slices, with a third in flight, whose server then went away."""
    queue = open_queue(pool := HeldPool())
    run = submit(queue, until=12)
    for _ in range(2):
        settle(queue)
        pool.run()
    settle(queue)
    assert len(pool.held) == 1
    return queue.store.run_folder(run)


def lines(folder):
    return (folder / "events.jsonl").read_text().splitlines()


def test_a_run_is_interrupted_by_a_restart_and_goes_on_from_its_checkpoint(open_queue, left):
    queue = open_queue(pool := HeldPool())
    view = queue.view(left.name)
    assert view.run.status is Status.INTERRUPTED
    assert view.run.message.endswith("Resume it?")
    assert steps(view) == [1, 2, 3, 4, 5, 6]
    assert view.history.sample_at(5) == {"step": 5, "text": "to be"}
    settle(queue)
    assert pool.held == []
    assert queue.alive() == 0
    queue.resume(left.name, "ann")
    settle(queue)
    job = pool.held[0][2][0]
    assert start_of(job) == 6
    pool.run()
    assert job.settings == {"until": 12}
    settle(queue)
    pool.run()
    settle(queue)
    assert queue.view(left.name).run.status is Status.FINISHED
    assert steps(queue.view(left.name)) == list(range(1, 13))
    again = open_queue()
    assert again.view(left.name).run.status is Status.FINISHED
    assert steps(again.view(left.name)) == list(range(1, 13))


def test_what_a_crash_left_beyond_the_checkpoint_is_cut(open_queue, left):
    with (left / "events.jsonl").open("a") as file:
        file.write(json.dumps(event(7)) + "\n" + json.dumps(event(8))[:20])
    (left / "checkpoint-3.safetensors").write_bytes(b"from a slice that never came back")
    (left / "checkpoint-3.safetensors.77.part").write_bytes(b"half")
    queue = open_queue(pool := HeldPool())
    assert steps(queue.view(left.name)) == [1, 2, 3, 4, 5, 6]
    assert len(lines(left)) == 6
    assert [path.name for path in left.glob("checkpoint-*")] == ["checkpoint-2.safetensors"]
    queue.resume(left.name, "ann")
    settle(queue)
    pool.run()
    settle(queue)
    assert steps(queue.view(left.name)) == list(range(1, 10))
    assert len(lines(left)) == 9


def test_a_stopped_run_whose_last_slice_was_half_kept_is_cut_before_it_goes_on(open_queue, left):
    record = json.loads((left / "run.json").read_text())
    (left / "run.json").write_text(json.dumps({**record, "status": "stopped"}))
    with (left / "events.jsonl").open("a") as file:
        file.write(json.dumps(event(7)) + "\n")
    queue = open_queue(pool := HeldPool())
    assert steps(queue.view(left.name)) == [1, 2, 3, 4, 5, 6]
    queue.resume(left.name, "ann")
    settle(queue)
    pool.run()
    settle(queue)
    assert steps(open_queue().view(left.name)) == list(range(1, 10))


def test_a_pending_single_step_does_not_outlive_the_server(open_queue, left):
    record = json.loads((left / "run.json").read_text())
    record.update(status="paused", single_step=True)
    (left / "run.json").write_text(json.dumps(record))
    queue = open_queue(pool := HeldPool())
    settle(queue)
    assert pool.held == []
    assert not queue.view(left.name).run.single_step
    queue.resume(left.name, "ann")
    settle(queue)
    assert pool.run().steps is None


def test_a_run_without_its_checkpoint_says_so(open_queue, left):
    (left / "checkpoint-2.safetensors").unlink()
    queue = open_queue(pool := HeldPool())
    queue.resume(left.name, "ann")
    settle(queue)
    pool.run()
    settle(queue)
    assert queue.view(left.name).run.message == "A file of this run is gone: start it anew."
    assert steps(queue.view(left.name)) == [1, 2, 3, 4, 5, 6]


def test_curves_with_a_broken_line_or_none_are_still_shown(open_queue, left):
    text = lines(left)
    text[2] = '{"step": 3, "tok'
    text[3] = "17"
    (left / "events.jsonl").write_text("\n".join(text) + "\n")
    assert steps(open_queue().view(left.name)) == [1, 2, 5, 6]
    (left / "events.jsonl").unlink()
    assert steps(open_queue().view(left.name)) == []


GOOD = json.loads(Run("good-run", "ann", "a", {}, DIGEST).to_json())


@pytest.mark.parametrize(
    "record",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        "\udcff",
        "[" * 100_000,
        json.dumps({"id": "good-run"}),
        json.dumps({**GOOD, "status": "dancing"}),
        json.dumps({**GOOD, "more": 1}),
        json.dumps({**GOOD, "id": "other-run"}),
        json.dumps({**GOOD, "created": "yesterday"}),
        json.dumps({**GOOD, "created": None}),
        json.dumps({**GOOD, "checkpoint": 1.5}),
        json.dumps({**GOOD, "checkpoint": True}),
        json.dumps({**GOOD, "events": -1}),
        json.dumps({**GOOD, "live": []}),
        json.dumps({**GOOD, "settings": {"seed": float("nan")}}),
        json.dumps({**GOOD, "seconds": 1}).replace('"seconds": 1', '"seconds": 1e999'),
    ],
)
def test_a_broken_record_costs_that_run_only(open_queue, left, record):
    broken = left.parent / "good-run"
    broken.mkdir()
    (broken / "run.json").write_bytes(record.encode(errors="surrogateescape"))
    queue = open_queue()
    assert [run.id for run in queue.runs_of("ann")] == [left.name]
    with pytest.raises(KeyError):
        queue.view("good-run")
    assert (broken / "run.json").exists()


def test_a_good_record_is_read(open_queue, left):
    (left.parent / "good-run").mkdir()
    (left.parent / "good-run" / "run.json").write_text(json.dumps(GOOD))
    assert open_queue().view("good-run").run.status is Status.INTERRUPTED


def test_foreign_files_are_left_alone(open_queue, left):
    (left.parent / "notes.txt").write_text("mine")
    (left.parent / "empty").mkdir()
    odd = left.parent / "a b;c"
    odd.mkdir()
    (odd / "run.json").write_text(json.dumps({**GOOD, "id": "a b;c"}))
    queue = open_queue()
    assert [run.id for run in queue.runs_of("ann")] == [left.name]
    queue.remove(left.name, "ann")
    assert sorted(path.name for path in left.parent.iterdir()) == ["a b;c", "empty", "notes.txt"]


def test_links_are_not_followed(open_queue, left, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "run.json").write_text(json.dumps({**GOOD, "id": "linked-run"}))
    (outside / "events.jsonl").write_text(json.dumps(event(1)) + "\n")
    (outside / "large").write_bytes(bytes(100_000))
    try:
        (left.parent / "linked-run").symlink_to(outside, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no symbolic links")
    half = left.parent / "linked-two"
    half.mkdir()
    (outside / "two.json").write_text(json.dumps({**GOOD, "id": "linked-two"}))
    (half / "run.json").symlink_to(outside / "two.json")
    before = {path.name: path.read_bytes() for path in outside.iterdir()}
    queue = open_queue()
    assert [run.id for run in queue.runs_of("ann")] == [left.name]
    assert queue.store.bytes_used() < 100_000
    assert {path.name: path.read_bytes() for path in outside.iterdir()} == before


@pytest.mark.parametrize(
    "run_id",
    ["", "..", ".", "../corpora", "a/b", "a\\b", "good-run\n", "a\0bc", "abc", "x" * 65, "é" * 8],
)
def test_an_id_from_a_link_never_becomes_a_path(tmp_path, run_id):
    store = Store(tmp_path, 10**6)
    with pytest.raises(KeyError):
        store.run_folder(run_id)


@pytest.mark.parametrize("digest", ["", "..", "../../runs", "c0ffee", "C0FFEE" * 4, "c0ffee" * 20])
def test_a_digest_from_a_link_never_becomes_a_path(open_queue, digest):
    queue = open_queue()
    with pytest.raises(KeyError):
        queue.store.corpus_path(digest)
    with pytest.raises(KeyError):
        queue.ask_corpus(digest, "ngram_baselines")


def test_a_path_as_a_run_id_is_no_run(open_queue, left):
    queue = open_queue()
    for run_id in ("..", f"../runs/{left.name}", f"{left.name}/", f"{left}"):
        with pytest.raises(KeyError):
            queue.view(run_id)
        with pytest.raises(KeyError):
            queue.remove(run_id, "ann")
    assert left.exists()


OTHER_SERVER = """
import sys
from pathlib import Path
from lab.runs import Store
store = Store(Path(sys.argv[1]), 10**6)
print(store.folder.name, flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def other_server(folder, *before):
    """A server in another process, and what it says of its folder; `before` starts it."""
    command = [*before, sys.executable, "-c", OTHER_SERVER, str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        yield process, process.stdout.readline().strip()
        process.stdin.close()


def test_two_servers_on_one_folder_keep_apart(tmp_path):
    with other_server(tmp_path / "data") as (other, name):
        assert name == "data"
        second = Store(tmp_path / "data", 10**6)
        assert second.folder == tmp_path / "data" / "server-2"
        (second.corpora / "large").write_bytes(bytes(5000))
        other.stdin.close()
        assert other.wait(30) == 0
    first = Store(tmp_path / "data", 10**6)
    assert first.folder == tmp_path / "data"
    assert first.bytes_used() == 0


def test_servers_in_two_containers_on_one_folder_keep_apart(tmp_path):
    alone = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], check=False).returncode:
        pytest.skip("this system gives no process a numbering of its own")
    with other_server(tmp_path / "data", *alone) as (_, name):
        assert name == "data"
        assert Store(tmp_path / "data", 10**6).folder == tmp_path / "data" / "server-2"


def test_a_third_server_takes_the_next_folder_and_a_later_one_finds_it_again(tmp_path):
    with other_server(tmp_path), other_server(tmp_path) as (second, name):
        assert name == "server-2"
        assert Store(tmp_path, 10**6).folder == tmp_path / "server-3"
        second.stdin.close()
        assert second.wait(30) == 0
        assert Store(tmp_path, 10**6).folder == tmp_path / "server-2"


def test_what_a_killed_server_leaves_is_no_obstacle(tmp_path):
    with other_server(tmp_path) as (other, _):
        other.kill()
        other.wait(30)
        assert (tmp_path / "server.lock").exists()
        assert Store(tmp_path, 10**6).folder == tmp_path


@pytest.mark.parametrize("name", ["server.json", "server.lock"])
def test_what_lies_in_the_place_of_a_lock_means_nothing(tmp_path, name):
    (tmp_path / name).write_text(f'{{"pid": {os.getppid()}, "started": 0}}')
    assert Store(tmp_path, 10**6).folder == tmp_path


def test_the_same_server_opens_its_folder_again(tmp_path):
    first = Store(tmp_path, 10**6)
    assert Store(tmp_path, 10**6).folder == first.folder == tmp_path


def test_halves_of_corpora_go_with_the_next_clean_up(tmp_path):
    records = Records(Store(tmp_path, 10**6), limits(tmp_path))
    run = Run("good-run", "ann", "a", {}, DIGEST)
    records.add(run, b"a corpus")
    (records.store.corpora / "dead.safetensors.77.part").write_bytes(b"half")
    (records.store.corpora / "notes.txt").write_text("mine")
    records.store.drop_unused_corpora({DIGEST})
    left = sorted(path.name for path in records.store.corpora.iterdir())
    assert left == [f"{DIGEST}.safetensors", "notes.txt"]
