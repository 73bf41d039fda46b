"""Your own region: a file, a folder or a catalog, seen by models that never saw it."""

import streamlit as st

from lab.lesson.frame import Lesson
from lab.lesson.own_region import chosen, curves, exercises, keep, viewer, whole_scene
from lab.lesson.own_region.found import introduce, sides

TABS = ["Maps and curves", "Whole scene", "Save", "Code"]

lesson = Lesson("own_region")
chosen.presets()
what = chosen.choose()
shown, marks, drawn, seen = sides(what) if what else [], [], None, {}
main, whole, save, code = st.tabs(TABS, key="tab", on_change="rerun", bind="query-params")
with main:
    if not shown:
        st.caption(chosen.WAITING)
    else:
        introduce(shown[0], what)
        guess = curves.guessed(lesson, shown[0], what)
        marks = viewer.desk(shown, what, guess is not None)
        if guess:
            seen = exercises.note(shown[0], what)
            drawn = curves.desk(shown, marks, what, guess)
            curves.figures(shown)
            keep.door(what)
        else:
            st.caption("Guess, or say that you would rather not: then the predictions come.")
with whole:
    if what:
        whole_scene.desk(what)
with save:
    if shown:
        keep.desk(shown, drawn, what)
with code:
    if what:
        st.code(keep.snippet(what))

lesson.notice(
    "**A model knows one calendar.** The composites have fixed dates: rice that is planted some "
    "weeks earlier or later shows its water in another of them. Move the calendar both ways: a "
    "shift to one side may do much, to the other little.",
    "**Sure is not right.** A network gives every pixel a number, also on land that it has never "
    "seen. Without labels nothing tells a plausible map from a right one.",
    "**The same word, another quantity.** gamma0 is about 1 dB above sigma0; a minimum of six "
    "acquisitions lies lower than one of two. Such steps move a map like another climate would.",
    "**One scene, one year.** The interval covers other fields of this scene, no other place and "
    "no other year. Where the lab's scenes are synthetic, nothing here says how it goes in Spain.",
)
lesson.exercises(*exercises.exercises(shown, marks, what, seen))
lesson.place_in_course()
