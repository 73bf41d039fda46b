"""The code behind the page: Python that computes the same in a notebook."""

from __future__ import annotations

from lab.lesson.own_region.region import CATALOG, OURS, OwnRegion


def code(region: OwnRegion) -> str:
    """Return Python that computes the same in a notebook."""
    head, scene = _scene(region)
    judged = region.way == OURS or "labels" in region.place
    end = _JUDGED if judged else _SHARE
    return (
        f"{head}\n{scene}\nprobability = of_stack({region.key!r}, stack)"
        f"  # (rows, columns), 0 to 1\n{end}"
    )


def _scene(region: OwnRegion) -> tuple[str, str]:
    common = "from lab.crops.network.predict import of_stack\n"
    if region.way == OURS:
        recipe = dict(region.recipe)
        seed = recipe.pop("seed")
        given = ", ".join(f"{name}={value!r}" for name, value in recipe.items())
        return (
            common
            + "from lab.crops.scenes.regions import own\n"
            + "from lab.crops.scenes.scene import scene\n",
            f"stack = scene(own({given}), seed={seed})  # synthetic",
        )
    if region.way == CATALOG:
        return common + _CATALOG_HEAD, _CATALOG
    place = {key: value for key, value in region.place.items() if key in _READ}
    given = "".join(f", {name}={value!r}" for name, value in place.items())
    lines = [f'stack = open_stack(["my-region.tif"]{given})']
    head = common + "from lab.crops.rasters.stacks import open_stack\n"
    if "labels" in region.place:
        head += "from lab.crops.rasters.labels import labels_for\n"
        targets = tuple(region.place["targets"])
        which = region.place.get("property")
        lines.append(f'stack = labels_for("labels.tif", stack, {which!r}, targets={targets!r})')
    return head, "\n".join(lines)


_READ = ("bands", "unit", "quantity", "order", "year", "part")
_CATALOG_HEAD = """from lab.crops.catalogs.box import Box
from lab.crops.catalogs.catalog import load
from lab.crops.catalogs.known import ENDPOINTS
"""
_CATALOG = """endpoint = ENDPOINTS["Planetary Computer, Sentinel-1 RTC"]
loaded = load(endpoint, Box(4.58, 43.52, 4.66, 43.58), 2021)  # needs internet
stack = loaded.stack
print(loaded.counts, loaded.left_out)"""
_JUDGED = """
from lab.crops.compared import judged

print("IoU, low, high:", [round(value, 2) for value in judged(stack, probability)["iou"]])
"""
_SHARE = """
from lab.crops.shown import said

print("share said to be rice:", (said(probability) == 1).mean())
"""
