"""Several masked models side by side, recorded figures among them: the choice of a lesson."""

from __future__ import annotations

import streamlit as st

from lab.lesson.inside.source import Source, named, sources
from lab.lesson.lineup import plain
from lab.pretrained.folders import models_folder

RECORDED = "recorded"  # the key of recorded figures in a link


def pick(most: int, recorded: str | None, key: str, more: str = "") -> list[Source | None]:
    """Draw the choice of models and return them in its order; None stands for recorded figures.

    Args:
        most: side by side.
        recorded: what recorded figures are called, None where there are none.
        key: of the control.
        more: said in its help besides.
    """
    wanted = st.query_params.get_all("models")
    found, faults = sources(("masked",), wanted)
    for fault in faults:
        st.warning(plain(fault), icon=":material/folder_off:")
    offered: dict[str, Source | None] = {source.key: source for source in found}
    if recorded is not None:
        offered[RECORDED] = None
    first = [one if one in offered else named(found, one) for one in wanted[:most]]
    first = [one for one in dict.fromkeys(first) if one in offered]
    if not wanted:
        own = [source.key for source in found if source.own]
        first = [*own, *([RECORDED] if recorded is not None else [])] or list(offered)[:1]
    chosen = st.multiselect(
        f"Models, up to {most} side by side",
        list(offered),
        # Not by way of the session's state, which a rerun in that very moment would lose.
        default=first[:most],
        format_func=lambda one: offered[one].name if offered[one] else recorded,
        max_selections=most,
        key=key,
        help=f"The lab's own, your runs of *How BERT learns*, and model folders under "
        f"{models_folder()}.{more}",
    )
    st.query_params["models"] = chosen
    if not chosen:
        st.info("Choose a model: it is asked at once.", icon=":material/model_training:")
    return [offered[one] for one in chosen]
