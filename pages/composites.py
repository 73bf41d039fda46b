"""The same field, twice: the number of acquisitions moves curves and maps."""

import streamlit as st

from lab.lesson.asking import compute
from lab.lesson.composites import biases, judged, keep, looks
from lab.lesson.composites.controls import TABS, choose
from lab.lesson.composites.exercises import exercises
from lab.lesson.composites.guess import guess
from lab.lesson.frame import Lesson

lesson = Lesson("composites")
st.caption(
    "Synthetic scenes, drawn by the lab. A radar passes several times in each part of the season; "
    "one composite is made of these acquisitions, by a minimum, a mean or a maximum."
)
chosen = choose()
guessed = guess(lesson)
found = None
if guessed is None:
    st.caption("Guess above, or say that you would rather not: then the curves stand here.")
else:
    found = compute("lab.crops.scenes.passes", "look", **chosen.given)

tabs = st.tabs(TABS, key="tab", on_change="rerun", bind="query-params")
curve, bias, iou, take = tabs
if found is not None:
    if curve.open:
        with curve:
            looks.desk(found, chosen, guessed)
    if bias.open:
        with bias:
            biases.desk(found, chosen)
    if iou.open:
        with iou:
            judged.desk(lesson, chosen)
    if take.open:
        with take:
            keep.desk(found, judged.known(chosen), chosen)

POINTS = (
    "**The darkest of six is darker than the darkest of two.** Speckle makes each look at an even "
    "field brighter or darker by chance. A minimum keeps the lowest, a maximum the "
    "highest; a mean only gets smoother.",
    "**By how much.** Expected of a single pixel with 5 independent looks: a minimum of 2, 3 or 6 "
    "acquisitions lies 1.6, 2.2 or 3.2 dB below the truth, a maximum 0.7, 1.2 or 2.0 dB above. "
    "Of a field's mean, averaged in power: 1.2, 1.9, 2.9 below and 1.0, 1.4, 2.1 above.",
    "**Why one acquisition is below zero too.** The mean of decibels is lower than the decibels "
    "of the mean: 0.45 dB for a pixel of 5 looks. Networks read pixels in decibels.",
    "**It looks like flooding.** A deeper minimum and a higher maximum are a larger rise of VH: "
    "just what says rice. So more rice is found, and more that is none. The Spanish network, tuned "
    "at three acquisitions, had an IoU of 0.81 to 0.87 at three, 0.33 to 0.58 at one and 0.78 to "
    "0.86 at six (*Tuned at three*, scenes 0, 1, 2). No field had changed: a domain shift that no "
    "map shows.",
    "**A mean helps who learned with means.** It makes the rule better in Spain, for 5 dB are "
    "meant of the ground. The Spanish network learned from minima and maxima of three: without "
    "these its IoU at three acquisitions is 0.1 to 0.2. The Korean one saw one to six in turn, and "
    "minds less.",
    "**It happens.** Sentinel-1B fell silent in December 2021; much of Europe went from a pass "
    "every 6 days to one every 12. Minima and maxima of 2021 and 2022 cannot be compared as they "
    "are.",
    "**Dates count too.** Speckle leaves a mean where it is; the dates do not. Two dates of July "
    "are not the middle of July, and rice rises fast.",
    "**Why have a minimum at all?** It catches the one flooded day between dry ones. A part of its "
    "depth is the ground and the weather of a date, not speckle: in *The bias*, what *Measured* "
    "and *Speckle* differ by.",
)
if guessed is not None:  # they say what was to be guessed
    lesson.notice(*POINTS)
lesson.exercises(*exercises(found, judged.known(chosen), chosen))
lesson.place_in_course()
