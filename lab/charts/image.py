"""A chart as a picture file, drawn in this process: no browser and no network."""

from __future__ import annotations

import altair as alt


def to_image(chart: alt.TopLevelMixin, form: str, width: int = 900) -> bytes:
    """Return a chart as PNG (twice the pixels, for print) or SVG.

    Args:
        chart: with its data in it.
        form: "png" or "svg".
        width: of the plot, in pixels.

    Raises:
        ValueError: another form.
    """
    import vl_convert

    specification = chart.properties(width=width, background="white").to_json()
    if form == "png":
        return vl_convert.vegalite_to_png(specification, scale=2)
    if form == "svg":
        return vl_convert.vegalite_to_svg(specification).encode()
    raise ValueError(f"A chart can be saved as png or svg, not as {form!r}.")
