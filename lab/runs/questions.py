"""Short questions that wait for a worker: a line for each session, bounds, places and waits."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from lab.runs.limits import Limits
from lab.runs.records import LimitReached

TYPICAL = 1.0  # seconds that a question is taken to need before one of its kind was answered
_NEWEST = 0.3  # the weight of the newest answer in what is typical
_KINDS = 500  # kinds whose times are remembered

TOO_LATE = "The workers did not get to this question in {minutes} minutes: ask it again."
YOURS = "You have {number} questions waiting for the workers: let some be answered first."
ALL = "The workers have {number} questions waiting, the most they take: try again in a moment."


@dataclass(eq=False)
class Question:
    """A call that somebody waits for.

    Args:
        future: what whoever asked holds.
        call: makes the call on the pool.
        session: who asked; "" for the server itself.
        kind: what is asked; equal kinds are taken to need about the same time.
        asked: when, in seconds of the scheduler's clock.
        started: when a worker got it, None before.
        again: whether it may be asked a second time when the pool breaks under it.
    """

    future: Future[Any]
    call: Callable[[], Future[Any]]
    session: str = ""
    kind: str = ""
    asked: float = 0.0
    started: float | None = None
    again: bool = field(default=True)


class Questions:
    """The questions that wait, and those that workers have. Not locked: the scheduler's lock does.

    Args:
        limits: how many may wait, of a session and in all, and for how long.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lines: OrderedDict[str, deque[Question]] = OrderedDict()
        self.asking: set[Question] = set()
        self._typical: OrderedDict[str, float] = OrderedDict()  # kind: seconds

    def __len__(self) -> int:
        return sum(map(len, self._lines.values()))

    def __iter__(self) -> Iterator[Question]:
        for line in self._lines.values():
            yield from line

    def sessions(self) -> set[str]:
        """Return the sessions that have a question waiting."""
        return set(self._lines)

    def add(self, question: Question) -> None:
        """Put a question at the end of its session's line.

        Raises:
            LimitReached: too many wait, of this session or in all.
        """
        own = len(self._lines.get(question.session, ()))
        # The server's own have no owner who could wait: they are counted with all the others.
        if question.session and own >= self._limits.questions_per_session:
            raise LimitReached(YOURS.format(number=own))
        if len(self) >= self._limits.questions_total:
            raise LimitReached(ALL.format(number=len(self)))
        self._lines.setdefault(question.session, deque()).append(question)

    def put_back(self, question: Question) -> None:
        """Put a question that came back unanswered before all others; no bound holds it off."""
        line = self._lines.setdefault(question.session, deque())
        line.appendleft(question)
        self._lines.move_to_end(question.session, last=False)

    def discard(self, question: Question) -> None:
        """Take a question out of its line, if it still waits there."""
        line = self._lines.get(question.session)
        if line and question in line:
            line.remove(question)
            if not line:
                del self._lines[question.session]

    def take(self, eligible: Callable[[str], bool]) -> Question | None:
        """Take the first question of the first session that may ask; that session goes last."""
        session = next(filter(eligible, self._lines), None)
        if session is None:
            return None
        question = self._lines[session].popleft()
        if self._lines[session]:
            self._lines.move_to_end(session)
        else:
            del self._lines[session]
        return question

    def in_flight(self) -> Counter[str]:
        """Return how many questions workers have, by session."""
        return Counter(question.session for question in self.asking)

    def overdue(self, now: float) -> list[Question]:
        """Take out and return the questions that have waited too long."""
        late = [q for q in self if now - q.asked >= self._limits.question_seconds and q.again]
        for question in late:
            self.discard(question)
        return late

    def next_deadline(self) -> float | None:
        """Return when the next question has waited too long; None when none waits."""
        asked = min((question.asked for question in self if question.again), default=None)
        return None if asked is None else asked + self._limits.question_seconds

    def too_late(self) -> LimitReached:
        """Return the error of a question that has waited too long."""
        minutes = max(1, round(self._limits.question_seconds / 60))
        return LimitReached(TOO_LATE.format(minutes=minutes).replace("1 minutes", "1 minute"))

    def learn(self, kind: str, seconds: float) -> None:
        """Remember what a question of a kind took."""
        known = self._typical.pop(kind, seconds)
        self._typical[kind] = known + _NEWEST * (seconds - known)
        while len(self._typical) > _KINDS:
            self._typical.popitem(last=False)

    def typical(self, kind: str) -> float:
        """Return about how many seconds a question of a kind takes: as those before it took."""
        if kind in self._typical:
            return self._typical[kind]
        known = self._typical.values()
        return sum(known) / len(known) if known else TYPICAL

    def line(self, owes: Callable[[str], bool]) -> list[Question]:
        """Return who waits in about the order of being asked: in turns, who owes turns last."""
        order = sorted(self._lines, key=owes)
        rounds = zip_longest(*(self._lines[session] for session in order))
        return [question for turn in rounds for question in turn if question is not None]

    def wait(
        self, question: Question, now: float, slots: int, owes: Callable[[str], bool]
    ) -> float:
        """Return about how many seconds until a question is answered, 0 when it is late.

        Slices of training in between are not counted.
        """
        if question in self.asking:
            return self._left(question, now)
        line = self.line(owes)
        ahead = line[: line.index(question)] if question in line else []
        work = sum(self._left(other, now) for other in self.asking)
        work += sum(self.typical(other.kind) for other in ahead)
        return work / slots + self.typical(question.kind)

    def _left(self, question: Question, now: float) -> float:
        return max(0.0, self.typical(question.kind) - (now - (question.started or now)))
