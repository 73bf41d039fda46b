"""The self-checking exercises of the lesson."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lab.crops.scenes.regions import REGIONS
from lab.lesson.components.maps.marks import POLYGON
from lab.lesson.frame import Exercise
from lab.lesson.regions.seen import Seen
from lab.lesson.regions.viewer import Place

Outcome = tuple[bool, str] | None
FALL, SCENES, PIXELS, SHARE = 0.05, 3, 20, 0.9


def exercises(places: Sequence[Place], seen: Sequence[Seen]) -> tuple[Exercise, ...]:
    """Return the exercises.

    Args:
        places: drawn on the maps.
        seen: of this session.
    """
    return (
        Exercise(
            f"Draw a polygon of at least {PIXELS} pixels inside **one** missed field in France: "
            f"{SHARE:.0%} of its pixels are FN. Put the cross on it first: which class is it?",
            lambda: missed_field(places),
        ),
        Exercise(
            "Change nothing on the ground: keep the scene and the model, and change only "
            f"**Acquisitions**, until the IoU of one region differs by {FALL} or more.",
            lambda: other_composites(seen),
        ),
        Exercise(
            f"One scene proves little. See the network tuned in Spain in {SCENES} scenes of "
            "France, with the usual acquisitions: how far apart are its IoUs?",
            lambda: several_scenes(seen),
        ),
    )


def missed_field(places: Sequence[Place]) -> Outcome:
    """Say whether a polygon lies in a missed field of France."""
    tried = [p for p in places if p.mark.kind == POLYGON and p.region == "france"]
    if not tried:
        return None
    best = max(tried, key=lambda p: (p.found["pixels"] >= PIXELS, p.found["kinds"]["FN"]))
    pixels, share = best.found["pixels"], best.found["kinds"]["FN"]
    said = f"Polygon {best.name.split()[0]}: {pixels:,} pixels, {share:.0%} of them FN."
    return pixels >= PIXELS and share >= SHARE, said


def other_composites(seen: Sequence[Seen]) -> Outcome:
    """Say whether one scene was seen with IoUs that acquisitions alone set apart."""
    groups = defaultdict(list)
    for one in seen:
        if one.iou == one.iou:
            groups[one.region, one.model, one.seed].append(one)
    several = {key: group for key, group in groups.items() if len(group) > 1}
    if not several:
        return None
    group = max(
        several.values(), key=lambda group: max(s.iou for s in group) - min(s.iou for s in group)
    )
    low, high = min(group, key=lambda s: s.iou), max(group, key=lambda s: s.iou)
    return high.iou - low.iou >= FALL, (
        f"{REGIONS[low.region].name}, scene {low.seed}: IoU {high.iou:.2f} with "
        f"{high.acquisitions}, {low.iou:.2f} with {low.acquisitions} acquisitions."
    )


def several_scenes(seen: Sequence[Seen]) -> Outcome:
    """Say how far apart the IoUs of several scenes of France are."""
    usual = REGIONS["france"].acquisitions
    values = [
        one.iou
        for one in seen
        if (one.region, one.model, one.acquisitions) == ("france", "spain", usual)
    ]
    if not values:
        return None
    return len(values) >= SCENES, (
        f"{len(values)} seen: IoU {min(values):.2f} to {max(values):.2f}."
    )
