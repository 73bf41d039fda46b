"""Download buttons: a file is made when it is asked for, and nothing on the page is drawn anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from lab.charts.image import to_image

# Ending -> (MIME type, icon).
_KINDS = {
    "csv": ("text/csv", ":material/table:"),
    "geojson": ("application/geo+json", ":material/data_object:"),
    "json": ("application/json", ":material/data_object:"),
    "npz": ("application/octet-stream", ":material/data_array:"),
    "png": ("image/png", ":material/image:"),
    "safetensors": ("application/octet-stream", ":material/save:"),
    "svg": ("image/svg+xml", ":material/image:"),
    "tif": ("image/tiff", ":material/map:"),
}


def button(label: str, make: Callable[[], bytes] | bytes, file: str, key: str, **more: Any) -> None:
    """Draw a download button.

    Args:
        label: of the button, Markdown: what somebody typed goes through `plain` first.
        make: returns the contents; called when the button is pressed, outside the page.
        file: its name; the ending decides the kind.
        key: of the widget.
        more: other arguments of `st.download_button`, such as help or disabled.
    """
    kind, icon = _KINDS[file.rsplit(".", 1)[1]]
    st.download_button(label, make, file, kind, key=key, icon=icon, on_click="ignore", **more)


def table(label: str, make: Callable[[], pd.DataFrame], file: str, key: str, **more: Any) -> None:
    """Draw the button of a table as CSV; arguments as for `button`."""
    button(label, lambda: make().to_csv(index=False).encode(), file, key, **more)


def pictures(
    label: str,
    make: Callable[[], Any],
    stem: str,
    key: str,
    width: int | None = None,
    forms: tuple[str, ...] = ("png", "svg"),
    **more: Any,
) -> None:
    """Draw the buttons of a chart as PNG and SVG.

    Args:
        label: of the buttons; the form is added in brackets.
        make: returns the Altair chart.
        stem: of the files' names.
        key: of the widgets; the form is added.
        width: of the plot in pixels; the chart's own if None.
        forms: of the files.
        more: as for `button`.
    """
    for form in forms:

        def draw(form: str = form) -> bytes:
            chart = make()
            return to_image(chart, form, chart.width if width is None else width)

        button(f"{label} ({form.upper()})", draw, f"{stem}.{form}", f"{key}-{form}", **more)
