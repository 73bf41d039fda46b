"""One word in many sentences: its vectors as points, and how well each layer tells the senses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt
import numpy as np
import pandas as pd

from lab.charts.palette import GREY, RUN_COLOURS

# Across as wide as the page lets it be, all told; down as high as the plot was asked to be.
_ROOM_ACROSS = alt.AutoSizeParams(type="fit-x", contains="padding")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
SHORT = 76  # characters of a sentence in a tooltip


def short(sentence: str, most: int = SHORT) -> str:
    """Return a sentence, cut at a word where it is too long for a tooltip."""
    if len(sentence) <= most:
        return sentence
    return sentence[:most].rsplit(" ", 1)[0] + " …"


def word_rows(
    points: Sequence[Sequence[float]],
    senses: Sequence[str],
    sentences: Sequence[str],
    nearest: Sequence[Sequence[int]],
    cosines: Sequence[Sequence[float]],
    most: int = SHORT,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what `word_scatter` draws: a row for each sentence, and one for each line.

    Args:
        points: (N, 2).
        senses, sentences: N of each.
        nearest: (N, k) places of the nearest sentences, the nearest first.
        cosines: (N, k) of them.
        most: characters of a sentence in a tooltip.

    Returns:
        place, x, y, sense, sentence, near 1 ... near k (cosine and sentence); and place (of the
        sentence that a line starts from), x, y, to_x, to_y, sense (at the end of the line).

    Raises:
        ValueError: they do not belong together.
    """
    count = len(points)
    if {len(senses), len(sentences), len(nearest), len(cosines)} != {count}:
        raise ValueError("Points, senses, sentences and neighbours must be equally many.")
    dots, lines = [], []
    for place, (x, y) in enumerate(points):
        dot = {
            "place": place,
            "x": float(x),
            "y": float(y),
            "sense": senses[place],
            "sentence": short(sentences[place], most),
        }
        pairs = zip(nearest[place], cosines[place], strict=True)
        for number, (other, cosine) in enumerate(pairs, 1):
            dot[f"near {number}"] = f"{cosine:.3f}  {short(sentences[other], most)}"
            to_x, to_y = points[other]
            end = {"to_x": float(to_x), "to_y": float(to_y), "sense": senses[other]}
            lines.append({"place": place, "x": float(x), "y": float(y), **end})
        dots.append(dot)
    columns = ["place", "x", "y", "to_x", "to_y", "sense"]
    return pd.DataFrame(dots), pd.DataFrame(lines, columns=columns)


def word_scatter(
    dots: pd.DataFrame,
    lines: pd.DataFrame,
    names: Sequence[str],
    shares: Sequence[float],
    marked: int | None = None,
    height: int = 400,
    wide: bool = True,
) -> alt.LayerChart:
    """Draw the vectors of a word as points; lines lead from a touched one to its nearest.

    Nearest in the model's whole space: on the picture, which keeps two of its directions, another
    point may be closer.

    Args:
        dots, lines: of `word_rows`.
        names: of the senses, in the order of their colours.
        shares: of the variance, of the two axes.
        marked: place of a sentence whose lines are always drawn.
        height: of the plot in pixels.
        wide: whether there is room for a legend of one row.
    """
    near = alt.selection_point(
        name="touched", on="pointerover", nearest=True, fields=["place"], empty=False
    )
    x = _direction(alt.X, dots, "x", f"first principal axis ({shares[0]:.0%} of the variance)")
    y = _direction(alt.Y, dots, "y", f"second principal axis ({shares[1]:.0%} of the variance)")
    numbers = [name for name in dots.columns if name.startswith("near ")]
    tooltip = [
        alt.Tooltip("sentence:N"),
        alt.Tooltip("sense:N"),
        *(alt.Tooltip(f"{name}:N", title=name.replace("near", "nearest")) for name in numbers),
    ]
    base = alt.Chart(_inline(dots)).encode(x=x, y=y)
    points = (
        base.mark_point(filled=True, size=110, opacity=0.9)
        .encode(
            color=_by_sense(alt.Color, names, RUN_COLOURS, wide),
            shape=_by_sense(alt.Shape, names, SHAPES, wide),
            tooltip=tooltip,
        )
        .add_params(near)
    )
    layers = [_lines(lines, x, y).transform_filter(near)]
    if marked is not None:
        layers.append(_lines(lines, x, y).transform_filter(alt.datum.place == marked))
        ring = base.transform_filter(alt.datum.place == marked)
        layers.append(ring.mark_point(size=420, filled=False, stroke=GREY, strokeWidth=2.5))
    return alt.layer(points, *layers).properties(
        height=height, width="container", autosize=_ROOM_ACROSS
    )


def _direction(channel: type, dots: pd.DataFrame, name: str, title: str):
    # A domain of its own: lines that wait for a touch have no extent yet.
    low, high = float(dots[name].min()), float(dots[name].max())
    edge = 0.08 * (high - low) or 1.0
    return channel(
        f"{name}:Q",
        title=title,
        scale=alt.Scale(domain=[low - edge, high + edge], nice=False),
        axis=alt.Axis(grid=False, format=".2~f", tickCount=5),
    )


def _inline(rows: pd.DataFrame) -> alt.InlineData:
    return alt.InlineData(values=rows.to_dict("records"))


def _lines(lines: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    base = alt.Chart(_inline(lines)).mark_rule(strokeWidth=2, color=GREY, opacity=0.9)
    return base.encode(x=x, y=y, x2="to_x:Q", y2="to_y:Q", tooltip=alt.value(None))


def _by_sense(channel: type, names: Sequence[str], choices: Sequence, wide: bool):
    taken = [choices[place % len(choices)] for place in range(len(names))]
    return channel(
        "sense:N",
        scale=alt.Scale(domain=list(names), range=taken),
        legend=alt.Legend(
            title=None,
            orient="top",
            columns=len(names) if wide and len("".join(names)) < 50 else 3,
            labelLimit=140,
            symbolOpacity=1,
        ),
    )


def layer_accuracy(
    rows: Sequence[Mapping[str, float | None]],
    chance: float,
    marked: int | None = None,
    height: int = 240,
) -> alt.LayerChart:
    """Draw for each layer how often a sentence's nearest neighbour has its sense.

    Args:
        rows: layer (0 for the embeddings), same_sense (0 to 1), silhouette (-1 to 1).
        chance: of a neighbour drawn by lot, 0 to 1.
        marked: layer with a ring.
        height: of the plot in pixels.
    """
    data = pd.DataFrame(rows, columns=["layer", "same_sense", "silhouette"])
    layers = [int(number) for number in data.layer]
    step = -(-len(layers) // 13) or 1
    edge = 0.3  # so that points on the border are whole
    across = alt.X(
        "layer:Q",
        title="layer (0: embeddings)",
        scale=alt.Scale(domain=[-edge, max([1, *layers]) + edge], nice=False),
        axis=alt.Axis(values=layers[::step], format="d", grid=False),
    )
    down = alt.Y(
        "same_sense:Q",
        title="nearest neighbour has the sense",
        scale=alt.Scale(domain=[0, 1.03], nice=False),
        axis=alt.Axis(format=".0%", values=np.linspace(0, 1, 5).tolist()),
    )
    tooltip = [
        alt.Tooltip("layer:Q", format="d"),
        alt.Tooltip("same_sense:Q", title="neighbour has the sense", format=".1%"),
        alt.Tooltip("silhouette:Q", format=".3f"),
    ]
    base = alt.Chart(_inline(data)).encode(x=across, y=down, tooltip=tooltip)
    blue = RUN_COLOURS[0]
    guide = alt.Chart(_inline(pd.DataFrame([{"same_sense": chance, "label": "by lot"}])))
    parts = [
        guide.mark_rule(color=GREY, strokeDash=[6, 4], strokeWidth=1.5).encode(
            y=down, tooltip=alt.Tooltip("same_sense:Q", title="by lot", format=".1%")
        ),
        guide.mark_text(dy=9, color=GREY, fontSize=12).encode(
            x=alt.value(alt.expr("width / 2")), y=down, text="label:N"
        ),
        base.mark_line(color=blue, strokeWidth=2.5),
        base.mark_point(filled=True, color=blue, size=60, opacity=1),
    ]
    if marked is not None:
        ring = base.transform_filter(alt.datum.layer == marked)
        parts.append(ring.mark_point(size=320, filled=False, stroke=GREY, strokeWidth=2.5))
    return alt.layer(*parts).properties(height=height, width="container", autosize=_ROOM_ACROSS)
