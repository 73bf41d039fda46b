import os

import psutil
import pytest
from runs_help import submit

from lab.runs import LimitReached, Limits
from lab.runs.limits import LEAST_WORKER, MEGABYTE, memory


def test_what_is_not_set_keeps_its_default():
    assert Limits.from_environment({}) == Limits.from_environment({"GLASSHOUSE_WORKERS": " "})
    assert Limits.from_environment({}).cluster == ""


def test_the_environment_sets_every_bound():
    read = Limits.from_environment(
        {
            "GLASSHOUSE_DATA": "/somewhere",
            "GLASSHOUSE_WORKERS": "3",
            "GLASSHOUSE_RUNS_PER_SESSION": "4",
            "GLASSHOUSE_RUNS_TOTAL": "5",
            "GLASSHOUSE_QUESTIONS_PER_SESSION": "9",
            "GLASSHOUSE_QUESTIONS_TOTAL": "10",
            "GLASSHOUSE_QUESTION_SECONDS": "11",
            "GLASSHOUSE_DISK_MB": "6",
            "GLASSHOUSE_MEMORY_MB": "7",
            "GLASSHOUSE_WORKER_MB": "8",
            "GLASSHOUSE_CLUSTER": " tcp://there:8786 ",
        }
    )
    assert str(read.data) == "/somewhere"
    assert (read.workers, read.runs_per_session, read.runs_total) == (3, 4, 5)
    assert (read.questions_per_session, read.questions_total) == (9, 10)
    assert read.question_seconds == 11
    assert read.disk_bytes == 6 * MEGABYTE
    assert read.memory_bytes == 7 * MEGABYTE
    assert read.worker_bytes == 8 * MEGABYTE
    assert read.cluster == "tcp://there:8786"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("many", "GLASSHOUSE_WORKERS must be a whole number, not 'many'."),
        ("1.5", "GLASSHOUSE_WORKERS must be a whole number, not '1.5'."),
        ("0", "GLASSHOUSE_WORKERS must be at least 1, not 0."),
        ("-2", "GLASSHOUSE_WORKERS must be at least 1, not -2."),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_variable(value, sentence):
    with pytest.raises(ValueError, match=sentence):
        Limits.from_environment({"GLASSHOUSE_WORKERS": value})


def test_a_worker_always_has_memory_enough_to_import_torch():
    assert Limits.from_environment({"GLASSHOUSE_WORKERS": "5000"}).worker_bytes == LEAST_WORKER


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system pins no process")
def test_no_more_workers_than_cores_that_the_server_may_use():
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(mine)})
    try:
        assert Limits().workers == 1
        assert Limits.from_environment({}).workers == 1
    finally:
        os.sched_setaffinity(0, mine)


def cgroup(root, line, **bounds):
    """Write what Linux tells of the control groups of a process: folder (a__b): its bound."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(line + "\n")
    version2 = line.startswith("0::")
    top = root / ("sys/fs/cgroup" if version2 else "sys/fs/cgroup/memory")
    for folder, bound in bounds.items():
        path = top / folder.replace("__", "/").removeprefix("top")
        path.mkdir(parents=True, exist_ok=True)
        name = "memory.max" if version2 else "memory.limit_in_bytes"
        (path / name).write_text(f"{bound}\n")
    return memory(root)


WHOLE = psutil.virtual_memory().total


@pytest.mark.parametrize(
    ("line", "bounds", "expected"),
    [
        ("0::/", {"top": 10**8}, 10**8),
        ("0::/a/b", {"a": 10**8, "a__b": "max"}, 10**8),
        ("0::/a/b", {"a": "max", "a__b": "max"}, WHOLE),
        ("0::/of/the/host", {"top": 10**8}, 10**8),
        ("4:cpu,memory:/a", {"top": 2**63 - 4096, "a": 10**8}, 10**8),
        ("4:memory:/docker/of/the/host", {"top": 10**8}, 10**8),
        ("4:memory:/", {"top": 2**63 - 4096}, WHOLE),
        ("4:cpu:/a", {"a": 10**8}, WHOLE),
    ],
)
def test_the_memory_is_that_of_the_container(tmp_path, line, bounds, expected):
    assert cgroup(tmp_path, line, **bounds) == expected


def test_without_control_groups_the_memory_is_that_of_the_machine(tmp_path):
    assert memory(tmp_path) == WHOLE


def test_the_share_of_a_worker_is_of_the_containers_memory(monkeypatch):
    monkeypatch.setattr("lab.runs.limits.memory", lambda: 10_000 * MEGABYTE)
    assert Limits.from_environment({"GLASSHOUSE_WORKERS": "3"}).worker_bytes == 2_000 * MEGABYTE


def test_a_session_may_have_so_many_runs_and_no_more(open_queue):
    queue = open_queue(runs_per_session=2)
    first = submit(queue)
    submit(queue)
    with pytest.raises(LimitReached, match="You have 2 runs under way"):
        submit(queue)
    submit(queue, session="bob")
    queue.stop(first, "ann")
    submit(queue)


def test_paused_runs_count_and_ended_ones_must_fit_before_they_go_on(open_queue):
    queue = open_queue(runs_per_session=1)
    first = submit(queue)
    queue.pause(first, "ann")
    with pytest.raises(LimitReached, match="You have 1 run under way"):
        submit(queue)
    queue.stop(first, "ann")
    submit(queue)
    with pytest.raises(LimitReached, match="1 run under way"):
        queue.resume(first, "ann")
    assert queue.view(first).run.status == "stopped"


def test_the_server_takes_so_many_runs_and_no_more(open_queue):
    queue = open_queue(runs_total=3)
    for session in ("ann", "bob", "cleo"):
        submit(queue, session=session)
    assert queue.alive() == 3
    with pytest.raises(LimitReached, match="This server has 3 runs under way, the most it takes"):
        submit(queue, session="dan")
    assert queue.runs_of("dan") == []
