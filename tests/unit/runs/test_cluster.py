"""The same queue on Dask: a real scheduler with one worker in other processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from runs_help import ended, limits, steps, surroundings, train_on_text, until

from lab.runs import Status, cluster, pools, worker
from lab.runs.pools import ClusterPool, open_pool
from lab.text import Corpus
from lab.training import Settings

pytest.importorskip("distributed")

CORPUS = Corpus.from_text("to be or not to be, that is the question. " * 20)
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    """`python -m lab.runs.cluster start --workers 1 --port 0`: its process and its address."""
    log = (tmp_path_factory.mktemp("cluster") / "log").open("w")
    with (
        log,
        subprocess.Popen(
            [sys.executable, "-m", "lab.runs.cluster", "start", "--workers", "1", "--port", "0"],
            cwd=HERE.parents[2],
            env={**os.environ, "PYTHONPATH": str(HERE)},  # workers import the slices of these tests
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        name, _, address = process.stdout.readline().strip().partition("=")
        assert name == "GLASSHOUSE_CLUSTER"
        yield process, address
        process.terminate()


def test_the_address_is_printed_with_the_port_that_was_free(started):
    _, address = started
    assert address.startswith("tcp://127.0.0.1:")
    assert int(address.rpartition(":")[2]) > 0


def test_workers_have_the_allocator_and_the_threads_put_right(started):
    pool = ClusterPool(started[1])
    found = pool.submit(surroundings).result(60)
    assert int(found["MALLOC_TRIM_THRESHOLD_"]) == 2**30
    assert found["OMP_NUM_THREADS"] == "1"
    assert found["OMP_WAIT_POLICY"] == "PASSIVE"
    assert found["pid"] not in (os.getpid(), started[0].pid)
    assert pool.slots == 1
    pool.close()


def test_a_run_trains_through_with_bytes_that_travel(open_queue, started, tmp_path):
    pool = open_pool(limits(tmp_path, cluster=started[1]))
    queue = open_queue(pool, train_on_text)
    run = queue.submit("ann", "a run", {"until": 9}, CORPUS.digest, CORPUS.to_bytes())
    view = ended(queue, run)
    assert view.run.status is Status.FINISHED
    assert steps(view) == list(range(1, 10))
    size = len(CORPUS.train)
    came = [point["came"] for point in view.history.points[::3]]
    # The corpus is sent once, when the worker asked for it; the checkpoint every time.
    assert came == [f"NoneType bytes {size}"] + 2 * [f"bytes NoneType {size}"]
    assert queue.store.checkpoint_path(view.run).read_bytes().startswith(b'{"step": 9')


def test_the_real_training_loop_runs_there_too(open_queue, started):
    queue = open_queue(ClusterPool(started[1]), worker.advance)
    small = Settings.default("rnn", width=16, batch=4, block=16, sample_length=8, steps=10)
    run = queue.submit("ann", "real", small.to_dict(), CORPUS.digest, CORPUS.to_bytes())
    view = ended(queue, run)
    assert view.run.status is Status.FINISHED
    assert view.run.step == 10
    likely = queue.ask(run, "next_tokens", prompt="to b", k=3).result(60)
    assert len(likely) == 3


def test_a_text_that_is_gone_ends_the_run_and_is_not_asked_for_again_and_again(
    open_queue, started, tmp_path
):
    queue = open_queue(ClusterPool(started[1]), train_on_text)
    with queue._scheduler.lock:
        run = queue.submit("ann", "a run", {"until": 9}, "abcdef" * 4, CORPUS.to_bytes())
        queue.store.corpus_path("abcdef" * 4).unlink()
    view = ended(queue, run)
    assert view.run.status is Status.FAILED
    assert view.run.message == "A file of this run is gone: start it anew."


def test_a_cuda_run_without_a_gpu_worker_does_not_wait_for_ever(open_queue, started):
    queue = open_queue(ClusterPool(started[1]), train_on_text)
    settings = {"until": 9, "device": "cuda"}
    run = queue.submit("ann", "a run", settings, CORPUS.digest, CORPUS.to_bytes())
    assert "no worker of the cluster has a GPU" in ended(queue, run).run.message


def test_when_the_scheduler_goes_runs_are_interrupted(open_queue, started):
    pool = ClusterPool(started[1])
    queue = open_queue(pool, train_on_text)
    run = queue.submit("ann", "a run", {}, CORPUS.digest, CORPUS.to_bytes())
    until(lambda: queue.view(run).run.step > 9)
    started[0].kill()
    view = ended(queue, run)
    assert view.run.status is Status.INTERRUPTED
    assert view.run.message.endswith("Resume it?")
    assert steps(view) == list(range(1, view.run.step + 1))
    queue.resume(run, "ann")
    assert ended(queue, run).run.status is Status.INTERRUPTED


def test_no_scheduler_is_said_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(pools, "CONNECT_WITHIN", "1s")
    with pytest.raises(ConnectionError, match="No Dask scheduler answers at tcp://"):
        open_pool(limits(tmp_path, cluster="tcp://127.0.0.1:9"))


@pytest.mark.parametrize(
    "address", ["there", "tcp://there", "http://there:8786", "xyz://there:1", "tcp://a:1; b"]
)
def test_what_is_no_address_is_said_at_once(address):
    with pytest.raises(ConnectionError, match="it looks like tcp://host:8786"):
        ClusterPool(address)


def test_without_dask_the_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConnectionError, match="install distributed=="):
        ClusterPool("tcp://127.0.0.1:9")


@pytest.mark.parametrize("arguments", [["join"], ["start", "tcp://there:8786"], ["leave"], []])
def test_the_command_line_says_what_it_needs(arguments, capsys):
    with pytest.raises(SystemExit) as told:
        cluster.main(arguments)
    assert told.value.code == 2
    assert "error:" in capsys.readouterr().err
