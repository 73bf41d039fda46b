"""Real worker processes: they train, they are killed, they end with their server."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from runs_help import (
    ended,
    limits,
    steps,
    submit,
    surroundings,
    train_on_text,
    train_or_die,
    train_or_wait,
    train_too_large,
    until,
)

from lab.runs import Status, worker
from lab.runs.pools import LocalPool, open_pool
from lab.text import Corpus

CORPUS = Corpus.from_text("to be or not to be, that is the question. " * 20)


@pytest.fixture
def pool(tmp_path):
    """Two workers; the same processes serve all tests here that do not kill them."""
    return LocalPool(limits(tmp_path, workers=2, worker_bytes=1_000_000_000))


def test_workers_are_other_processes_with_low_priority_and_one_thread_each(pool):
    found = pool.submit(surroundings).result(60)
    assert found["pid"] != os.getpid()
    assert psutil.pid_exists(found["pid"])
    assert found["OMP_NUM_THREADS"] == "1"
    assert found["OMP_WAIT_POLICY"] == "PASSIVE"
    if hasattr(os, "nice"):
        assert found["nice"] == min(19, os.nice(0) + 10)


def test_a_run_trains_through_in_other_processes(open_queue, pool):
    queue = open_queue(pool, train_on_text)
    run = queue.submit("ann", "a run", {"until": 9}, CORPUS.digest, CORPUS.to_bytes())
    view = ended(queue, run)
    assert view.run.status is Status.FINISHED
    assert steps(view) == list(range(1, 10))
    # Both come from files: nothing large travels on one machine.
    came = [point["came"] for point in view.history.points[::3]]
    size = len(CORPUS.train)
    assert came[0] == f"NoneType NoneType {size}"
    assert came[1] == came[2]
    assert came[2].endswith(f"Path NoneType {size}")


def test_a_worker_killed_in_the_middle_of_a_slice_costs_that_slice_only(open_queue, pool, tmp_path):
    queue = open_queue(pool, train_or_wait)
    told = tmp_path / "told"
    run = submit(queue, until=12, told=str(told))
    until(told.exists)
    psutil.Process(int(told.read_text())).kill()
    view = ended(queue, run)
    assert view.run.status is Status.FINISHED
    assert steps(view) == list(range(1, 13))
    lines = (queue.store.run_folder(run) / "events.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in lines] == list(range(1, 13))


@pytest.mark.parametrize("how", ["exit", "kill"])
def test_a_run_that_kills_its_workers_fails_and_the_one_beside_it_finishes(open_queue, pool, how):
    if how == "kill" and not hasattr(signal, "SIGKILL"):
        pytest.skip("Windows has no SIGKILL")
    queue = open_queue(pool, train_or_die)
    bad, good = submit(queue, die=how), submit(queue, "bob", until=30)
    view = ended(queue, bad)
    assert view.run.status is Status.FAILED
    assert view.run.message.startswith("The worker process ended 3 times")
    assert view.history.points == []
    view = ended(queue, good)
    assert view.run.status is Status.FINISHED
    assert steps(view) == list(range(1, 31))
    assert queue.call(sum, [1, 2]).result(60) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the data of a process")
def test_too_much_memory_is_a_sentence_and_not_a_kill(open_queue, tmp_path):
    pool = LocalPool(limits(tmp_path, workers=1, worker_bytes=1_000_000_000))
    queue = open_queue(pool, train_too_large)
    pid = queue.call(os.getpid).result(60)
    run = submit(queue)
    view = ended(queue, run)
    assert view.run.status is Status.FAILED
    assert view.run.message == worker.OUT_OF_MEMORY
    assert steps(view) == [1, 2, 3]
    assert queue.call(os.getpid).result(60) == pid


def test_workers_end_when_the_queue_is_closed(open_queue, pool):
    queue = open_queue(pool, train_on_text)
    pid = queue.call(os.getpid).result(60)
    queue.close()
    until(lambda: not psutil.pid_exists(pid), 10)


SERVER = """
import os, sys
from lab.runs.limits import Limits
from lab.runs.pools import LocalPool
pool = LocalPool(Limits(workers=2))
print(pool.submit(os.getpid).result(60), flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_workers_end_soon_after_their_server_was_killed():
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", SERVER],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        worker_pid = int(server.stdout.readline())
        processes = psutil.Process(server.pid).children(recursive=True)
        assert worker_pid in [process.pid for process in processes]
        assert len(processes) >= 2
        server.kill()
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert alive == []


def test_without_a_cluster_the_pool_is_on_this_machine(tmp_path):
    pool = open_pool(limits(tmp_path, workers=3))
    assert isinstance(pool, LocalPool)
    assert pool.slots == 3
    pool.close()
