"""A fair ring: every session gets its turn, and within a session every run."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable


class Ring:
    """Round robin over sessions, then over the runs of each.

    A session with six runs gets as many turns as one with a single run: thirty students share the
    workers equally, whoever presses more buttons.
    """

    def __init__(self) -> None:
        self._sessions: deque[str] = deque()
        self._runs: dict[str, deque[str]] = {}

    def add(self, session: str, run_id: str) -> None:
        """Let a run take part; a new session joins at the end of the ring."""
        if session not in self._runs:
            self._runs[session] = deque()
            self._sessions.append(session)
        if run_id not in self._runs[session]:
            self._runs[session].append(run_id)

    def discard(self, session: str, run_id: str) -> None:
        """Take a run out; the session leaves with its last run."""
        runs = self._runs.get(session)
        if runs is None or run_id not in runs:
            return
        runs.remove(run_id)
        if not runs:
            del self._runs[session]
            self._sessions.remove(session)

    def next(self, ready: Callable[[str], bool]) -> str | None:
        """Return the run whose turn it is and put it last; None if no run is ready.

        Only the run that is taken moves: one still at work keeps its place and is next as soon as
        it is ready, so slices that take longer than others cost no turn.
        """
        for session in self._sessions:
            run_id = next(filter(ready, self._runs[session]), None)
            if run_id is not None:
                self._runs[session].remove(run_id)
                self._runs[session].append(run_id)
                self._sessions.remove(session)
                self._sessions.append(session)
                return run_id
        return None

    def place(self, session: str, run_id: str, ready: Callable[[str], bool]) -> int | None:
        """Return at which turn from now a run is next, 1 for the very next; None if not ready.

        A session with few runs comes round again before the last run of one with many, so turns
        are counted, not runs: of n sessions, the k-th run of the j-th one has turn n (k - 1) + j.
        """
        sessions = [name for name in self._sessions if any(map(ready, self._runs[name]))]
        runs = [other for other in self._runs.get(session, ()) if ready(other)]
        if run_id not in runs:
            return None
        return len(sessions) * runs.index(run_id) + sessions.index(session) + 1
