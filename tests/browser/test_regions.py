"""What a student does in the lesson "Two regions", in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import SLOW, expect

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "has_touch": True}
# Pixels of a canvas: how many are of which colour, about.
COUNT = """canvas => {
    const { width, height } = canvas;
    const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    let green = 0, red = 0, blue = 0, grey = 0;
    for (let i = 0; i < data.length; i += 4) {
        const [r, g, b, a] = data.slice(i, i + 4);
        if (a < 255) continue;
        if (g > r + 40 && g > b) green++;
        else if (r > b + 60 && r > g) red++;
        else if (b > r + 60 && b > g) blue++;
        else if (Math.abs(r - g) < 3 && Math.abs(g - b) < 3) grey++;
    }
    const all = width * height;
    return { green: green / all, red: red / all, blue: blue / all, grey: grey / all };
}"""


def open_lesson(page, server, query: str = ""):
    page.goto(f"{server.url}/regions{query}")
    view = page.locator(".maps[data-ready]")
    # Workers import torch, draw two scenes, and ask the network.
    expect(view).to_be_visible(timeout=2 * SLOW)
    return view


def colours(view, number: int) -> dict[str, float]:
    return view.locator("canvas").nth(number).evaluate(COUNT)


def waits(page, part: str) -> None:
    page.wait_for_url(re.compile(part), timeout=SLOW)


def test_maps_are_seen_read_drawn_on_and_kept_in_the_link(page, server):
    view = open_lesson(page, server)
    left, right = view.locator("canvas").nth(0), view.locator("canvas").nth(1)
    for number in (0, 1):
        seen = colours(view, number)
        assert seen["green"] > 0.01
        assert seen["grey"] > 0.05
    assert colours(view, 1)["red"] > 0.02  # rice of France is missed
    view.get_by_role("radio", name="Radar", exact=True).click()
    expect(view.get_by_role("radio", name="Radar", exact=True)).to_have_attribute(
        "aria-checked", "true"
    )
    waits(page, r"maps=none")
    assert colours(view, 1)["red"] < 0.001
    view.get_by_role("radio", name="Truth").click()
    waits(page, r"maps=truth")
    expect(view.locator(".legend")).to_contain_text("rice grows here")

    # The cross is on both maps, and says what is under it on both.
    right.hover(position={"x": 200, "y": 200})
    for under in view.locator(".under").all():
        expect(under).to_contain_text("VH")
        expect(under).to_contain_text("truth")
    place = re.search(r"row \d+, column \d+", view.locator(".under").nth(0).inner_text())[0]
    expect(view.locator(".under").nth(1)).to_contain_text(place)

    # Zoomed with the wheel, both maps show a part; the link has it.
    right.hover(position={"x": 200, "y": 200})
    page.mouse.wheel(0, -300)
    waits(page, r"maps=truth%2C80%2C2\.8")
    view.get_by_role("button", name="The whole map").click()
    waits(page, r"maps=truth%2C80%2C1%2C")

    # A pixel: its series joins the chart once there is one.
    view.get_by_role("radio", name="Pixel").click()
    right.click(position={"x": 220, "y": 200})
    waits(page, r"marks=1p")
    expect(page.get_by_text("then the curves come", exact=False)).to_be_visible(timeout=SLOW)
    page.get_by_role("radio", name="its VH hardly moves").click()
    expect(page.get_by_text("fields of rice are missed", exact=False)).to_be_visible(timeout=SLOW)
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    expect(chart).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="1 · France, pixel at row", exact=False)).to_be_visible()

    # A polygon by the keyboard: four corners, Enter; Escape drops another.
    view.get_by_role("radio", name="Polygon").click()
    left.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        left.press("Space")
        left.press(f"Shift+{key}")
    expect(view.locator(".hint")).to_have_text(re.compile(r"^3 corners"))
    left.press("Enter")
    waits(page, r"marks=1p.*0g")
    polygon = page.get_by_role("button", name="2 · Spain, polygon from", exact=False)
    expect(polygon).to_be_visible(timeout=SLOW)
    left.press("Space")
    expect(view.get_by_role("button", name="Cancel")).to_be_visible()
    left.press("Escape")
    expect(view.get_by_role("button", name="Cancel")).to_be_hidden()

    # The link brings all of it back, in a fresh page.
    page.goto(page.url)
    expect(view).to_be_visible(timeout=SLOW)
    expect(view.get_by_role("radio", name="Truth")).to_have_attribute("aria-checked", "true")
    expect(polygon).to_be_visible(timeout=SLOW)
    polygon.click()
    expect(polygon).to_be_hidden(timeout=SLOW)

    before = view.get_attribute("data-ready")
    page.get_by_role("button", name="The physics rule in France").click()
    expect(view).not_to_have_attribute("data-ready", before, timeout=SLOW)
    expect(view.locator(".name").nth(1)).to_have_text("France · Physics rule", timeout=SLOW)
    waits(page, r"model=Physics")
    assert "marks=" not in page.url


@pytest.mark.parametrize("context", [PHONE], indirect=True)
def test_a_phone_draws_a_polygon_and_nothing_is_cut(page, server):
    view = open_lesson(
        page, server, "?model=Physics+rule&guess=france-rule:I+would+rather+not+guess"
    )
    # Both in one look: what is drawn above may still move them.
    boxes = view.locator("canvas").evaluate_all(
        "all => all.map(e => { const { x, y, width, height } = e.getBoundingClientRect();"
        " return { x, y, width, height }; })"
    )
    assert boxes[1]["y"] > boxes[0]["y"] + boxes[0]["height"]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    view.get_by_role("radio", name="Polygon").tap()
    canvas = view.locator("canvas").nth(0)
    for x, y in ((80, 80), (200, 90), (150, 200)):
        canvas.tap(position={"x": x, "y": y})
    view.get_by_role("button", name="Close polygon").tap()
    waits(page, r"marks=0g")
    name = page.get_by_role("button", name="1 · Spain, polygon from", exact=False)
    expect(name).to_be_visible(timeout=SLOW)
    expect(page.locator("[data-testid=stVegaLiteChart]").first).to_be_visible(timeout=SLOW)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
