"""The lesson on analogies and on taking a direction out, on vectors that are known."""

from __future__ import annotations

import numpy as np
import pytest

from lab.bias import tables
from lab.bias.analogy import analogy
from lab.bias.before_after import together
from lab.bias.solving import Question, Solved, solve
from lab.bias.stays import OCCUPATIONS, PAIRS, read_pairs, remove
from lab.bias.tables import Table
from lab.lesson.analogies import exercises, removal
from lab.lesson.analogies.analogy import GIVEN, SAME, Analogy, outcome
from lab.lesson.analogies.save_and_code import answers_code
from lab.lesson.kit.question import SKIP
from lab.lesson.sources.vectors import VectorFile
from tests.pages.test_language_model import button, choose, sentences


@pytest.fixture(scope="module")
def known() -> Table:
    """Words of the lesson on a plane of royalty and gender, with noise behind it."""
    random = np.random.default_rng(4)
    pairs = read_pairs(PAIRS)
    words = list(dict.fromkeys([w for pair in pairs for w in pair]))
    firsts = {a for a, _ in pairs}
    words += ["prince", *OCCUPATIONS]
    rows = random.normal(scale=0.15, size=(len(words), 8))
    for n, word in enumerate(words):
        lean = 1 if word in firsts | {"prince"} else -1 if n < 2 * len(pairs) else (n % 3 - 1) / 2
        rows[n, 0] += lean
        rows[n, 1] += 2 if word in ("king", "queen", "prince") else 0
        rows[n, 2] += 1
    return Table(tuple(words), rows.astype(np.float32))


@pytest.fixture
def page(open_page, known, monkeypatch):
    monkeypatch.setattr(tables, "counted", lambda: known)
    return lambda **query: open_page("analogies", **query)


def text(app) -> str:
    return sentences(app) + "\n".join(m.value for m in [*app.markdown, *app.caption])


def headline(app) -> str:
    return next(m.value for m in app.markdown if ":blue[" in m.value)


def test_an_analogy_is_guessed_about_answered_and_kept_in_the_link(page, known):
    app = page()
    assert not app.exception
    (first,) = analogy(known.words, known.vectors, "man", "king", "woman", count=1)
    assert f":blue[{first.word}]" in headline(app)
    assert "would rank" not in text(app)  # not before the guess
    choose(app, "guess_pills", SKIP).run()
    solved = solve(known, Question("man", "king", "woman"))
    assert [m.value for m in app.metric] == [f"{rank:,}" for rank in solved.ranks.values()]
    assert f"**{solved.near_b}**" in text(app)
    choose(app, "leave_out", False).run()
    open_ = solve(known, Question("man", "king", "woman"), exclude=False)
    assert f":blue[{open_.best.word}]" in headline(app)
    assert not app.exception
    choose(app, "word_b", "<b>unicorn</b>").run()
    said = sentences(app)
    assert "do not know" in said
    assert "<b>" not in said
    assert not app.exception
    button(app, "he : doctor = she : ?").click().run()
    assert app.text_input(key="word_b").value == "doctor"
    choose(app, "leave_out", True).run()
    assert headline(app).startswith("#### he : doctor = she")
    assert "guess" not in app.query_params
    choose(app, "part", "A debiasing step").run()
    choose(app, "pairs", "he she, man woman").run()
    choose(app, "part", "Analogies").run()
    assert headline(app).startswith("#### he : doctor = she")  # the other part forgets nothing
    choose(app, "part", "A debiasing step").run()
    assert app.text_area(key="pairs").value == "he she, man woman"


def test_the_link_of_a_question_shows_the_same_and_its_code(page, known):
    app = page(word_a="he", word_b="nurse", word_c="she", guess=SAME, method="3CosMul")
    assert not app.exception
    wanted = solve(known, Question("he", "nurse", "she"), "3CosMul")
    assert f":blue[{wanted.best.word}]" in headline(app)
    assert "'3CosMul'" in app.code[0].value


def test_a_direction_is_removed_after_a_guess(page, known):
    app = page(part="A debiasing step", test="Science and arts, male and female")
    assert not app.exception
    assert not app.metric
    choose(app, "guess_stay_pills", SKIP).run()
    assert not app.exception
    removed = remove(known, read_pairs(PAIRS))
    share = together(removed, 250).near.after
    assert f"**{share:.0%}** are after" in sentences(app)
    assert "These vectors know 0 of the" in sentences(app)  # no word of that test
    assert len(app.metric) == 2
    choose(app, "pairs", "he she").run()
    assert "2 to 40 pairs are needed, not 1" in sentences(app)
    choose(app, "pairs", "<i>, he she").run()
    assert "is no pair" in sentences(app)
    assert "<i>" not in sentences(app)
    choose(app, "pairs", "he she, man woman, king unicorn").run()
    assert "No vectors for: unicorn" in text(app)
    button(app, "Ten pairs").click().run()
    choose(app, "lean_words", "nobody").run()
    assert "None of the words to look at" in sentences(app)
    assert not app.exception


def test_a_link_with_vectors_that_are_gone_says_so(page):
    app = page(vectors="model:gone")
    assert not app.exception
    assert "not at hand" in sentences(app)


@pytest.fixture
def plane() -> Table:
    rows = [[1, 0], [3, 0.5], [1, 1], [2, 1.1], [-1, -1]]
    return Table(("man", "king", "woman", "queen", "far"), np.array(rows, dtype=np.float32))


def test_the_guess_is_compared_with_what_comes_first(plane):
    asked = Analogy(Question("man", "king", "woman"))
    among = solve(plane, asked.question, exclude=False).best
    true, said = outcome(asked, plane)
    assert true == (GIVEN if among.given else SAME)
    assert f"**{among.word}** comes first" in said


def solved_as(best: str, near: tuple[str, str], question=("a", "b", "c"), given=False) -> Solved:
    from lab.bias.solving import Answer

    first = Answer(best, 1, 1.0, given, 0.1, 0.9, 0.8)
    return Solved(Question(*question), (first,), {}, None, *near, 0.5, 9)


def test_exercises_about_answers_can_be_failed_and_solved():
    open_, closed = (
        Analogy(Question("a", "b", "c"), exclude=False),
        Analogy(Question("a", "b", "c")),
    )
    assert exercises.returned(None, None) is None
    assert not exercises.returned(closed, solved_as("b", ("x", "y"), given=True))[0]
    assert exercises.returned(open_, solved_as("b", ("x", "y"), given=True))[0]
    assert not exercises.returned(open_, solved_as("d", ("x", "y")))[0]
    assert exercises.needless(solved_as("x", ("x", "y")))[0]
    assert not exercises.needless(solved_as("d", ("x", "y")))[0]
    assert exercises.needless(solved_as("x", ("x", "y"), ("man", "king", "woman"))) is None
    assert exercises.needed(closed, solved_as("d", ("x", "y")))[0]
    assert not exercises.needed(open_, solved_as("d", ("x", "y")))[0]
    assert not exercises.needed(closed, solved_as("y", ("x", "y")))[0]


def test_exercises_about_the_direction_can_be_failed_and_solved(known):
    class Result:
        def __init__(self, size):
            self.effect_size = size

    class Twice:
        def __init__(self, before, after):
            self.before, self.after = Result(before), Result(after)

    removed = remove(known, read_pairs(PAIRS))
    words = ["nurse", "prince"]

    def made(test=None, rows=(), pairs=removed):
        return removal.BeforeAfter(pairs, words, test, together(pairs, 9), list(rows))

    assert exercises.loud(None) is exercises.mixed(None) is exercises.unexpected(None) is None
    assert exercises.loud(made(Twice(1.0, 0.6)))[0]
    assert not exercises.loud(made(Twice(1.0, 0.4)))[0]
    assert not exercises.loud(made(Twice(0.2, 0.2)))[0]
    assert not exercises.mixed(made())[0]  # these pairs do agree
    # Six pairs, each in a direction of its own.
    names = tuple(f"{side}{n}" for side in "ab" for n in range(6))
    apart = Table(names, np.concatenate([np.eye(6), -np.eye(6)]).astype(np.float32))
    six = [(f"a{n}", f"b{n}") for n in range(6)]
    many = removal.BeforeAfter(remove(apart, six), [], None, None, [])
    assert exercises.mixed(many)[0]
    few = removal.BeforeAfter(remove(apart, six[:4]), [], None, None, [])
    assert not exercises.mixed(few)[0]
    lean = {"word": "prince", "lean": 0.5, "before": 0.0, "after": 0.0}
    assert exercises.unexpected(made(rows=[lean]))[0]
    assert exercises.unexpected(made(rows=[lean | {"word": "nurse"}])) is None
    assert not exercises.unexpected(made(rows=[lean | {"before": 1.0}]))[0]


def test_the_verdict_on_the_neighbours(known):
    found = removal.BeforeAfter(remove(known, read_pairs(PAIRS)), [], None, None, [])
    for share, true in ((0.5, removal.ABOUT_HALF), (0.6, removal.SOME), (0.76, removal.MOST)):
        near = together(found.removed, 9).near._replace(after=share)
        with_share = removal.BeforeAfter(
            found.removed, [], None, together(found.removed, 9)._replace(near=near), []
        )
        came, said = removal.outcome(with_share)
        assert came == true
        assert f"**{share:.0%}** are after" in said


def test_code_for_a_file_names_it():
    code = answers_code(VectorFile("/models/v.txt"), Analogy(Question("a", "b", "c")))
    assert "of_file('/models/v.txt')" in code


def lit(app, key: str = "guess_pills"):
    return app.get_by_key(key).value


def test_another_question_is_guessed_about_anew_and_nothing_stays_lit(page):
    app = page()
    choose(app, "guess_pills", GIVEN).run()
    assert "You guessed" in sentences(app)
    assert "guess" not in app.query_params  # a link that is shared keeps the guess to itself
    app.toggle(key="guess_pills-share").set_value(True).run()
    assert app.query_params["guess"] == GIVEN
    button(app, "he : doctor = she : ?").click().run()
    assert lit(app) is None
    assert "You guessed" not in sentences(app)
    assert "would rank" not in text(app)
    assert "guess" not in app.query_params
    button(app, "man : king = woman : ?").click().run()
    assert lit(app) == GIVEN
    assert "You guessed" in sentences(app)
    choose(app, "part", "A debiasing step").run()
    choose(app, "guess_stay_pills", removal.MOST).run()
    assert "are after" in sentences(app)
    button(app, "he and she alone").click().run()
    assert lit(app, "guess_stay_pills") is None
    assert "are after" not in sentences(app)
    button(app, "Ten pairs").click().run()
    assert lit(app, "guess_stay_pills") == removal.MOST


def test_the_answer_waits_for_the_guess_where_it_is_what_is_asked(page):
    app = page(leave_out="false")
    assert not app.exception
    assert not [m for m in app.markdown if ":blue[" in m.value]
    assert "Guess first" in sentences(app)
    choose(app, "guess_pills", SKIP).run()
    assert ":blue[" in headline(app)


def test_each_part_has_its_own_points_to_notice_and_exercises(page):
    app = page()
    assert "“Man is to programmer" in text(app)
    assert "Two ends." not in text(app)
    assert "the exclusion off" in text(app)
    choose(app, "part", "A debiasing step").run()
    assert "“Man is to programmer" not in text(app)
    assert "Two ends." in text(app)
    assert "does **not** make quiet" in text(app)


def test_what_a_link_cannot_mean_is_left_out_and_named(page):
    app = page(part="<b>", side="1e999", word_a="x" * 99, test="weat99", method="3CosMul")
    assert not app.exception
    assert all(name in sentences(app) for name in ("part=", "side=1e999", "word\\_a=x", "test="))
    assert "<b>" not in sentences(app)
    assert app.get_by_key("method").value == "3CosMul"
