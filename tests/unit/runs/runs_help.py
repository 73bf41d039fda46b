"""Small stand-ins for a pool and for training, so that a test decides what happens when."""

import json
import os
import signal
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from lab.runs import Limits
from lab.runs.store import write_atomically
from lab.runs.worker import Advance, corpus_of
from lab.training.kind import KIND

DIGEST = "c0ffee" * 4
PATIENCE = 120.0  # only a test that fails waits so long


class HeldPool:
    """A pool whose calls wait until the test runs them, in the thread of the test."""

    shares_disk = True

    def __init__(self, slots=1):
        self.slots = slots
        self.held = []
        self.closed = False

    def submit(self, function, *args, device="cpu", **kwargs):
        future = Future()
        self.held.append((future, function, args, kwargs, device))
        return future

    def run(self, index=0):
        """Run one of the waiting calls and return its first argument (the job of a slice)."""
        future, function, args, kwargs, _ = self.held.pop(index)
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            future.set_exception(error)
        else:
            future.set_result(result)
        return args[0] if args else None

    def fail(self, error, index=0):
        """End one of the waiting calls with an error; return its first argument."""
        future, _, args, _, _ = self.held.pop(index)
        future.set_exception(error)
        return args[0] if args else None

    def close(self):
        self.closed = True


class ThreadPool:
    """A pool of threads in this process."""

    shares_disk = True

    def __init__(self, slots=2):
        self.slots = slots
        self._executor = ThreadPoolExecutor(slots)

    def submit(self, function, *args, device="cpu", **kwargs):
        return self._executor.submit(function, *args, **kwargs)

    def close(self):
        self._executor.shutdown(wait=False, cancel_futures=True)


class BrokenProcessPool(RuntimeError):
    """Named as the classes of loky and of the standard library are."""


def settle(queue):
    """Wait until the queue has applied all that came in so far and handed out what it can."""
    # The first marker has been read when all before it is applied; when the second has been read,
    # what that made possible is handed out.
    for _ in range(2):
        seen = threading.Event()
        queue._scheduler._inbox.put(seen.set)
        assert seen.wait(PATIENCE)


def until(condition, patience=PATIENCE):
    """Ask again and again until the answer is true, and return it."""
    deadline, pause = time.monotonic() + patience, threading.Event()
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        pause.wait(0.01)
    return found


def ended(queue, run_id, patience=PATIENCE):
    """Wait until a run has ended and return its view."""
    until(lambda: not queue.view(run_id).run.status.alive, patience)
    return queue.view(run_id)


def event(step, **more):
    return {
        "step": step,
        "tokens": 10 * step,
        "seconds": step / 10,
        "train_loss": 1 / (1 + step),
        "validation_loss": 2 / (1 + step),
        "sample": {"step": step, "text": "to be"},
        "finished": False,
        **more,
    }


def steps(view):
    """The steps of the points of a view's curves."""
    return [point["step"] for point in view.history.points]


def start_of(job):
    """The step that a job's checkpoint stands at."""
    if job.checkpoint is None:
        return 0
    data = job.checkpoint if isinstance(job.checkpoint, bytes) else job.checkpoint.read_bytes()
    return json.loads(data)["step"]


def train(job, some=3):
    """Pretend to train: one event a step; the checkpoint holds nothing but the step."""
    start = start_of(job)
    last = min(start + (job.steps or some), job.settings.get("until", 10**9))
    data = json.dumps({"step": last, "live": job.live}).encode()
    events = [event(step) for step in range(start + 1, last + 1)]
    finished = last == job.settings.get("until")
    if job.target is None:
        return Advance(events, finished, checkpoint=data)
    write_atomically(job.target, data)
    return Advance(events, finished, wrote=True)


def submit(queue, session="ann", name="a run", live=None, **settings):
    return queue.submit(session, name, settings, DIGEST, b"a corpus", live)


def limits(folder, **changes):
    return Limits(**{"data": Path(folder), "workers": 1, **changes})


# Slices for real worker processes: plain functions of this module, sent by name -------------


def train_or_die(job):
    """Train, or end the worker process the way that a run is told to."""
    how = job.settings.get("die")
    if how == "exit":
        os._exit(3)
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    return train(job)


def train_or_wait(job):
    """Train, but in the slice that goes on from step 3 tell the process id and wait for the end."""
    told = Path(job.settings["told"])
    if start_of(job) == 3 and not told.exists():
        write_atomically(told, str(os.getpid()).encode())
        threading.Event().wait(PATIENCE)
    return train(job)


def train_too_large(job):
    """Ask for more memory than a worker may have."""
    if start_of(job) == 3:
        bytearray(3_000_000_000)
    return train(job)


def train_on_text(job):
    """Train, and read the corpus first; tell where the checkpoint and the corpus came from."""
    corpus = corpus_of(job.corpus, KIND)
    result = train(job)
    came = f"{type(job.checkpoint).__name__} {type(job.corpus.data).__name__} {len(corpus.train)}"
    for point in result.events:
        point["came"] = came
    return result


def surroundings():
    """The process id, niceness and environment of a worker."""
    return {"pid": os.getpid(), "nice": os.nice(0) if hasattr(os, "nice") else 0, **os.environ}
