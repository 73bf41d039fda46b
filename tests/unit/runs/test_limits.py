import os

import pytest
from runs_help import submit

from lab.runs import LimitReached, Limits
from lab.runs.limits import LEAST_WORKER, MEGABYTE


def test_what_is_not_set_keeps_its_default():
    assert Limits.from_environment({}) == Limits.from_environment({"GLASSHOUSE_WORKERS": " "})
    assert Limits.from_environment({}).workers == os.cpu_count()
    assert Limits.from_environment({}).cluster == ""


def test_the_environment_sets_every_bound():
    read = Limits.from_environment(
        {
            "GLASSHOUSE_DATA": "/somewhere",
            "GLASSHOUSE_WORKERS": "3",
            "GLASSHOUSE_RUNS_PER_SESSION": "4",
            "GLASSHOUSE_RUNS_TOTAL": "5",
            "GLASSHOUSE_DISK_MB": "6",
            "GLASSHOUSE_MEMORY_MB": "7",
            "GLASSHOUSE_WORKER_MB": "8",
            "GLASSHOUSE_CLUSTER": " tcp://there:8786 ",
        }
    )
    assert str(read.data) == "/somewhere"
    assert (read.workers, read.runs_per_session, read.runs_total) == (3, 4, 5)
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
