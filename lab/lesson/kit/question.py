"""A prediction: asked before the answer, kept in the browser, compared; written once.

    QUESTION = Question()
    guess = QUESTION.ask(TEXT("predict"), OPTIONS)   # None: not yet; SKIP: would rather not
    if guess: ...
    compare(guess, right=outcome, came=sentence)

What was guessed belongs to what was asked: other options, another model or region, and it is asked
anew. It is kept for this browser on the server, and goes into the link only where the student says
so, so that a link can be shared without the answer.
"""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from lab.lesson import service
from lab.lesson.kit.keys import Key
from lab.lesson.kit.link import KIT
from lab.lesson.kit.text import plain

SKIP = "I would rather not guess"  # as links hold it
MOST_KEPT = 20_000  # guesses of all browsers; the oldest go first


@dataclass(frozen=True)
class Question:
    """Where a guess is kept, and how a link that holds it is read.

    Args:
        name: in the link.
        widget: key of the pills.
        separator: in links, between what the guess is about and the guess.
        lesson: of whom the guess is; distinct questions of two lessons may have one name.
        prefixed: whether what the guess is about stands before it in links, where `ask` is told.
        former: what earlier versions of the lab wrote into links for a guess -> the guess.
    """

    name: str = "guess"
    widget: str = "guess_pills"
    separator: str = ":"
    lesson: str = ""
    prefixed: bool = True
    former: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Key[str]:
        """The key of the link, for the lesson's table."""
        return Key(self.name, "", _short)

    def ask(
        self,
        wording: str,
        options: Sequence[str] | Mapping[str, str],
        about: str = "",
        hidden: bool = False,
        closed: bool = False,
        also: str = "",
    ) -> str | None:
        """Ask for a guess and return it; `SKIP` for who would rather not, None while there is none.

        Args:
            wording: the question; Markdown.
            options: what may be guessed; or value -> its name on the page.
            about: names what is asked about, such as a model and a region. Without it the wording
                and the options are what is asked: with others of them the guess is asked anew.
            hidden: whether the page hides its controls: then nobody is asked, and the answer comes.
            closed: whether the answer is on the page, so that the guess can change no more.
            also: what else is asked about and stands elsewhere in links, such as the model where
                a link names a text before the guess.
        """
        asked = _identity(about or wording, [*options, also] if also else options)
        state, seen = st.session_state, f"{self.widget}-asked"
        another = state.get(seen, asked) != asked
        if another and (also or not self._prefix(about)):
            st.query_params.pop(self.name, None)  # it was about another question
        state[seen] = asked
        given = self.given(options, about, asked)
        if hidden:
            return given or SKIP
        if another:
            state[self.widget] = given  # dropped alone, it would stay lit in the browser
        guess = st.pills(
            KIT("predict", question=wording),
            [*options, SKIP],
            default=None if another else given,  # not both a default and a state that was just set
            format_func=lambda option: _name(options, option),
            key=self.widget,
            help=KIT("predict-help"),
            disabled=closed,
        )
        if guess != _kept().get(self._place(asked)):  # one of a link is kept as well
            _keep(self._place(asked), guess)
        self._share(guess, about)
        return guess

    def given(
        self, options: Collection[str], about: str = "", asked: str | None = None
    ) -> str | None:
        """Return the guess that this browser made, else the one in the link, else None."""
        kept = _kept().get(self._place(asked or _identity(about, options)))
        if kept in (*options, SKIP):
            return kept
        linked = st.query_params.get(self.name, "").removeprefix(self._prefix(about))
        linked = self.former.get(linked, linked)
        return linked if linked in (*options, SKIP) else None

    def made(self) -> bool:
        """Return whether there is a guess before the question is drawn: of this visit or a link."""
        return bool(st.session_state.get(self.widget) or st.query_params.get(self.name))

    def of_runs(self, ids: Sequence[str]) -> str:
        """Return what was guessed when these runs were started, or what the link says, or ""."""
        return _kept().get(self._place(_identity("runs", ids))) or st.query_params.get(
            self.name, ""
        )

    def started(self, ids: Sequence[str], guess: str | None) -> None:
        """Keep a guess with the runs that it was about."""
        _keep(self._place(_identity("runs", ids)), None if guess == SKIP else guess)
        if guess in (None, SKIP) or not st.session_state.get(self._switch):
            st.query_params.pop(self.name, None)

    @property
    def _switch(self) -> str:
        return f"{self.widget}-share"

    def _prefix(self, about: str) -> str:
        return f"{about}{self.separator}" if about and self.prefixed else ""

    def _place(self, asked: str) -> tuple[str, str, str, str]:
        return service.session(), self.lesson, self.name, asked

    def _share(self, guess: str | None, about: str) -> None:
        """Draw the switch that puts the guess into the link; off, the link holds none of ours."""
        known = guess is not None and guess != SKIP
        place = st.container()  # stays where it is without the switch
        if not known:
            st.query_params.pop(self.name, None)
            return
        text = f"{self._prefix(about)}{guess}"
        linked = st.query_params.get(self.name)
        shared = place.toggle(
            KIT("share-guess"),
            linked is not None,
            key=self._switch,
            help=KIT("share-guess-help"),
        )
        self.key.set(text if shared else "")


def compare(guess: str | None, right: bool, came: str) -> None:
    """Say what came out, and what the guess was worth; Markdown, what was typed made `plain`.

    Args:
        guess: as `Question.ask` returned it.
        right: whether it came true.
        came: what came out, a sentence or more.
    """
    if not guess or guess == SKIP:
        st.info(came, icon=":material/flag:")
    elif right:
        st.success(f"{KIT('right')} {came}", icon=":material/psychology:")
    else:
        said = KIT("wrong", guess=plain(guess))
        st.info(f"{said} {came}", icon=":material/psychology:")


def _short(text: str) -> str:
    if len(text) > 300:
        raise ValueError(text[:40])
    return text


def _name(options: Sequence[str] | Mapping[str, str], option: str) -> str:
    return options.get(option, option) if isinstance(options, Mapping) else option


def _identity(about: str, options: Collection[str]) -> str:
    return f"{zlib.crc32(chr(0).join([about, *options]).encode()):08x}"


@st.cache_resource(show_spinner=False)
def _kept() -> OrderedDict[tuple[str, str, str, str], str]:
    # Guesses of all browsers, by their cookie: they outlive a reload, and the server does not.
    return OrderedDict()


def _keep(place: tuple[str, str, str, str], guess: str | None) -> None:
    kept = _kept()
    kept.pop(place, None)
    if guess is not None:
        kept[place] = guess
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
