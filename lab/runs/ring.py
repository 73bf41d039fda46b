"""A fair ring: every session gets its turn, and within a session every run."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection


class Ring:
    """Round robin over sessions, then over the runs of each.

    A session with six runs gets as many turns as one with a single run: thirty students share the
    workers equally, whoever presses more buttons.

    What goes ahead of the turns is charged: the session then owes turns, and is passed over until
    the others have had as many. Time is counted in rounds, in each of which everybody who wants
    one and owes none has one turn (start-time fair queueing, Goyal et al. 1996).
    """

    def __init__(self) -> None:
        self._sessions: deque[str] = deque()
        self._runs: dict[str, deque[str]] = {}
        self._rounds = 0.0
        self._paid: dict[str, float] = {}  # session: the round in which all is paid

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

    def charge(self, session: str, turns: float) -> None:
        """Let a session owe turns for what it got ahead of them."""
        self._paid[session] = max(self._rounds, self._paid.get(session, 0.0)) + turns

    def owes(self, session: str) -> bool:
        """Return whether a session owes a whole turn or more; parts of one are lent to it."""
        return self._debt(session) >= 1

    def _debt(self, session: str) -> float:
        return max(0.0, self._paid.get(session, 0.0) - self._rounds)

    def passed(self, sessions: Collection[str]) -> None:
        """Note that one of the sessions that want a turn has had it."""
        self._rounds += 1 / max(1, sum(not self.owes(session) for session in sessions))

    def settle(self, sessions: Collection[str]) -> None:
        """Let debts go that nobody is owed: those of all when no session wants a turn.

        Args:
            sessions: that want a turn. If all of them owe turns, time goes on until the one that
                owes least is free.
        """
        if not sessions:
            self._paid.clear()
        elif all(map(self.owes, sessions)):
            self._rounds += min(map(self._debt, sessions))

    def next(self, ready: Callable[[str], bool]) -> str | None:
        """Return the run whose turn it is and put it last; None if no run is ready.

        A session that owes turns is passed over: `settle` first, so that not all do.

        Only the run that is taken moves: one still at work keeps its place and is next as soon as
        it is ready, so slices that take longer than others cost no turn.
        """
        for session in self._sessions:
            if self.owes(session):
                continue
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
        Turns that the session owes come on top.
        """
        sessions = [name for name in self._sessions if any(map(ready, self._runs[name]))]
        runs = [other for other in self._runs.get(session, ()) if ready(other)]
        if run_id not in runs:
            return None
        owed = int(self._debt(session)) if len(sessions) > 1 else 0
        return len(sessions) * (owed + runs.index(run_id)) + sessions.index(session) + 1
