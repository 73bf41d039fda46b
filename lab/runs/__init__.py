"""Who trains when: a queue of runs, slices on an executor, checkpoints on disk."""

from lab.runs.limits import Limits
from lab.runs.queue import LimitReached, NotYours, RunQueue, View
from lab.runs.run import Run, Status
from lab.runs.store import Store

__all__ = ["LimitReached", "Limits", "NotYours", "Run", "RunQueue", "Status", "Store", "View"]
