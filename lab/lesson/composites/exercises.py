"""The self-checking exercises."""

from __future__ import annotations

from lab.lesson.composites import TEXT, map_iou
from lab.lesson.composites.field_curve import Look, parts, rows_of, signed
from lab.lesson.composites.map_iou import Rows
from lab.lesson.composites.scene_picker import Scene
from lab.lesson.kit.page import Exercise, Outcome, Page

_SAME, _SHALLOW = 0.4, 1.25  # dB
_MOST = 6  # acquisitions


def exercises(page: Page) -> tuple[Exercise, ...]:
    """Return the exercises over what is on the page."""
    look, scene = page.found, page.chosen
    rows = map_iou.drawn_rows(scene)
    return (
        Exercise(TEXT("exercise-alike", same=_SAME), lambda: alike(look, scene)),
        Exercise(
            TEXT("exercise-held-up", most=_MOST, shallow=_SHALLOW), lambda: held_up(look, scene)
        ),
        Exercise(TEXT("exercise-turned"), lambda: turned(rows, scene)),
    )


def alike(look: Look | None, scene: Scene) -> Outcome | None:
    """Say how far the two looks at all fields of the class are apart."""
    if look is None:
        return None
    if scene.passes[0] == scene.passes[1]:
        return Outcome(False, TEXT("same-number"))
    data = rows_of(look, "class", scene.way)
    one, other = (data[data["count"] == count].value.to_numpy() for count in scene.passes)
    most = float(abs(one - other).max())
    return Outcome(most <= _SAME, f"The furthest apart now: {most:.2f} dB.")


def held_up(look: Look | None, scene: Scene) -> Outcome | None:
    """Say how far the minimum lies below the truth, and where the noise floor stops it."""
    if look is None:
        return None
    if scene.way != "paper" or scene.passes[1] != _MOST or scene.band != "VH":
        return Outcome(False, TEXT("set-minimum", most=_MOST))
    now = parts(rows_of(look, "class", "paper"), _MOST, "min")["all"]
    done = now > -_SHALLOW
    why = f" {TEXT('noise-floor')}" if done else ""
    return Outcome(done, f"{scene.grown}: {signed(now, 2)} dB.{why}")


def turned(rows: Rows, scene: Scene) -> Outcome | None:
    """Say whether more acquisitions harm the map, and a mean helps."""
    if not rows:
        return None
    paper, mean = (map_iou.of_way(rows, way) for way in map_iou.WAYS)
    worse, better = paper[-1] - paper[0], mean[-1] - mean[0]
    changes = {"paper": signed(worse, 2), "mean": signed(better, 2)}
    done = worse < -map_iou.SMALL and better > map_iou.SMALL
    return Outcome(done, TEXT("turned", region=scene.place.name, **changes))
