"""The workers of the page tests outlive the queue of one test."""

from __future__ import annotations

import os
import threading

from lab.runs import Limits
from tests.shared_pool import SharedPool


def asked_in_a_thread_of_its_own(pool: SharedPool, *call):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(pool.submit(*call).result(60)))
    thread.start()
    thread.join()
    return answers[0]


def test_a_worker_serves_the_next_queue_in_its_environment(monkeypatch):
    told = []
    for endpoint in ("http://127.0.0.1:1", "http://127.0.0.1:2"):
        monkeypatch.setenv("HF_ENDPOINT", endpoint)
        pool = SharedPool(Limits(workers=1))
        told.append(asked_in_a_thread_of_its_own(pool, os.getpid))
        assert asked_in_a_thread_of_its_own(pool, os.getenv, "HF_ENDPOINT") == endpoint
        pool.close()
    assert told[0] == told[1] != os.getpid()
