"""Two regions: one model, two maps, and the curves that explain where it is wrong."""

import streamlit as st

from lab.lesson.frame import Lesson, hidden
from lab.lesson.regions import chosen, curves, figures, keep, looks, viewer
from lab.lesson.regions.exercises import exercises
from lab.lesson.regions.found import both
from lab.lesson.regions.seen import note

TABS = ["Maps and curves", "Calendar", "Rule", "Save", "Code"]

lesson = Lesson("regions")
if not hidden("controls"):
    chosen.presets()
what = chosen.choose()
main, calendar, rule, save, code = st.tabs(TABS, key="tab", on_change="rerun", bind="query-params")
drawn, seen, guess = None, [], None
with main:
    maps = st.container()
    grey = viewer.grey()
    with maps:
        sides = both(what, grey) or ()
        marks = viewer.desk(sides) if sides else []
    if sides:
        seen = note(sides, what)
        guess = curves.guessed(lesson, sides[1], what)
        if guess:
            drawn = curves.desk(sides, marks, guess)
            figures.desk(sides, what)
        else:
            st.caption("Guess, or say that you would rather not: then the curves come.")
with calendar:
    looks.calendar(what)
if rule.open and sides:
    with rule:
        looks.rule(sides)
with save:
    if sides:
        keep.desk(sides, drawn, what)
with code:
    st.code(keep.snippet(what))

WHERE = (
    "**Where, not why.** The maps say where a model is wrong, the curves what its errors have in "
    "common. Neither says that another model would do better."
)
ANSWERS = (
    "**Two kinds of rice.** In scenes 0, 1 and 2 the network tuned in Spain has an IoU of .81 to "
    ".87 in Spain and .14 to .18 in France. There it misses all but a few pixels of the steady "
    "rice, and 61 to 68 % of the rice that rises, later and less than Spain's. Fields that it "
    "misses move by 5.1 to 5.6 dB between their lowest and highest composite, those it finds by "
    "8.5 to 9.1 dB (medians). That is Figure 1 of Jo et al. 2022, with scenes whose steady rice "
    "the lab designed.",
    "**What it looked for** is the rise after Spain's flood, not rice. The random forest, which "
    "sees single pixels only, misses 95 to 98 % of the steady rice and 28 to 35 % of the other.",
    "**Errors at home are fewer, and others.** In Spain the network misses 8 to 29 of 158 to 184 "
    "fields, rather small ones (medians 0.2 to 0.9 ha, against 1.0 to 1.4 ha of those it finds): "
    "more of their pixels lie on an edge, and mix.",
    "**A rise that speckle makes.** On single pixels the physics rule calls 52 to 62 % of the "
    "steady rice rice, and 74 to 77 % of the wheat in France: a minimum of speckled images lies "
    "too low, a maximum too high. On means of fields it is 25 to 50 % of the steady rice (tab "
    "*Rule*); what the operators do to a mean stays.",
    "**Barley is not rice.** In the Netherlands the network tuned in Spain finds none of it, in "
    "all three scenes. Jo et al. fine-tuned on barley, and reached .42 (FT_E, VH).",
)
# What answers the question, and the IoUs of the exercises, come after the guess.
lesson.notice(*(ANSWERS if guess else ()), WHERE, *(() if guess else ("More after your guess.",)))
lesson.exercises(*exercises(drawn.places if drawn else (), seen if guess else ()))
lesson.place_in_course()
