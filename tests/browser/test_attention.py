"""What a student does in the lesson "Attention step by step", in a real browser."""

from __future__ import annotations

import re

import pytest

from tests.browser.conftest import SLOW, expect

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}


def open_lesson(page, server, query: str = "") -> None:
    page.goto(f"{server.url}/attention{query}")
    heading = page.get_by_role("heading", name="Attention step by step", level=1)
    expect(heading).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("In the course:", exact=False)).to_be_visible(timeout=SLOW)
    expect(cell(page, "weights", 3, 1)).to_be_attached(timeout=SLOW)


def cell(page, table: str, row: int, column: int):
    """Return a cell of the chain."""
    return page.locator(f'[data-at="{table} {row} {column}"]').first


def chosen(page, table: str, row: int, column: int) -> None:
    """Wait until the server has taken a cell as the chosen one."""
    expect(cell(page, table, row, column)).to_have_class(re.compile("chosen"), timeout=SLOW)


def in_link(page, name: str, value: str | None) -> None:
    """Wait until the link holds a value, or none, under a name."""
    # Not page.url, which hears late of what a page writes into its address.
    page.wait_for_function(
        "([name, value]) => new URLSearchParams(location.search).get(name) === value",
        arg=[name, value],
    )


def written_out(page, part: str) -> None:
    """Wait until a part stands in the LaTeX of the chosen cell."""
    expect(page.locator(".katex annotation").first).to_contain_text(part)


def tops(page) -> list[float]:
    """Return where the tables of the chain begin, from the top of the window."""
    boxes = page.locator(".matrices").first.locator(".box")
    return boxes.evaluate_all("all => all.map(e => Math.round(e.getBoundingClientRect().top))")


def test_cells_are_chosen_by_mouse_by_keys_and_by_pickers_in_step(page, server):
    open_lesson(page, server)
    chosen(page, "weights", 3, 1)
    expect(cell(page, "weights", 3, 1)).to_have_text("0.67")
    written_out(page, r"\approx 0.671")
    assert len(set(tops(page))) == 1  # the whole chain on one line
    cell(page, "scores", 3, 1).click()
    chosen(page, "scores", 3, 1)
    expect(page.get_by_text("How well the query of", exact=False)).to_be_visible(timeout=SLOW)
    written_out(page, r"2 \cdot 1 + 2 \cdot 2")
    used = page.locator(".cell.used")
    expect(used).to_have_count(8)  # four numbers of a query and four of a key
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chosen(page, "scores", 4, 1)
    page.keyboard.press("ArrowLeft")  # the focus stays where the student was
    page.keyboard.press(" ")
    chosen(page, "scores", 4, 0)
    expect(page.get_by_role("combobox", name="Row")).to_have_value("5 won", timeout=SLOW)
    box = page.get_by_role("combobox", name="Column")
    box.click()
    page.get_by_role("option", name="3 thinks").click()
    chosen(page, "scores", 4, 2)
    cell(page, "scores", 4, 0).click()  # the one that was clicked last, chosen once more
    chosen(page, "scores", 4, 0)
    in_link(page, "stage", "Scores")
    in_link(page, "column", "1 the")


def test_guess_switch_off_compare_and_find_it_again_by_the_link(page, server):
    open_lesson(page, server)
    switch = page.get_by_role("switch", name="Divide the scores by √d")
    expect(switch.or_(page.get_by_label("Divide the scores by √d")).first).to_be_disabled()
    page.get_by_role("radio", name="It grows to 0.9 or more").click()
    preset = page.get_by_role("button", name="Without √d")
    expect(preset).to_be_enabled(timeout=SLOW)
    preset.click()
    said = page.get_by_text("You guessed it. Without √d", exact=False)
    expect(said).to_be_visible(timeout=SLOW)
    expect(cell(page, "weights", 3, 1)).to_have_text("0.93")
    expect(page.locator('[data-key="scaled"]')).to_have_count(0)
    page.wait_for_function("() => new URLSearchParams(location.search).get('scaled') === 'false'")
    link = page.evaluate("location.href")
    page.goto("about:blank")
    page.goto(link)
    expect(said).to_be_visible(timeout=SLOW)


def test_a_matrix_is_edited_and_the_link_holds_it(page, server):
    open_lesson(page, server)
    page.get_by_text("Edit the numbers: word vectors").click()
    grid = page.get_by_test_id("stDataFrame").nth(1)  # after the words' vectors: W_Q
    expect(grid).to_be_visible(timeout=SLOW)
    box = grid.bounding_box()
    grid.dblclick(position={"x": box["width"] * 0.3, "y": 35 + 35 * 2.5})  # its third row
    field = page.locator("#portal input, #portal textarea").last
    field.fill("7")
    field.press("Enter")
    expect(cell(page, "q", 3, 0)).to_have_text("14", timeout=SLOW)  # "it" has a 2 there
    page.wait_for_function(
        "() => new URLSearchParams(location.search).get('wq')?.split(';')[2] === '7,1,0,0'"
    )
    page.reload()
    expect(cell(page, "q", 3, 0)).to_have_text("14", timeout=SLOW)
    page.get_by_role("button", name="The lecture's example").click()
    expect(cell(page, "q", 3, 0)).to_have_text("2", timeout=SLOW)
    in_link(page, "wq", None)


def test_heads_stand_side_by_side_and_a_cell_of_one_opens_it(page, server):
    open_lesson(page, server)
    page.get_by_role("button", name="Four heads").click()
    expect(page.get_by_text("The heads side by side")).to_be_visible(timeout=SLOW)
    expect(page.locator('[data-key^="weights "]')).to_have_count(4)
    cell(page, "weights 1", 3, 1).click()
    chosen(page, "weights 1", 3, 1)
    expect(page.get_by_role("combobox", name="Head")).to_have_value("2", timeout=SLOW)
    page.get_by_role("button", name="With a mask").click()
    expect(cell(page, "masked", 1, 3)).to_have_text("−∞", timeout=SLOW)


def test_words_are_permuted_in_their_tab(page, server):
    open_lesson(page, server, "?tab=Order+and+positions")
    said = page.get_by_text("permutation equivariant", exact=False)
    expect(said).to_be_visible(timeout=SLOW)
    page.get_by_role("radio", name="sinusoidal").click()
    expect(page.get_by_text("with the positions, the order", exact=False)).to_be_visible(
        timeout=SLOW
    )
    page.get_by_role("button", name="Reverse").click()
    expect(page.get_by_role("textbox", name="Order")).to_have_value("5 4 3 2 1", timeout=SLOW)
    in_link(page, "order", "5 4 3 2 1")
    tab = page.get_by_role("tabpanel").filter(has_text="Put the words into another order")
    expect(tab.locator("[data-testid=stVegaLiteChart]")).to_have_count(6)


def test_the_largest_weight_against_d(page, server):
    open_lesson(page, server, "?tab=Why+divide+by+√d&d=1024")
    expect(page.get_by_text("At d = 1024 the scores have", exact=False)).to_be_visible(timeout=SLOW)
    tab = page.get_by_role("tabpanel").filter(has_text="Queries and keys of")
    expect(tab.locator("[data-testid=stVegaLiteChart] svg, canvas").first).to_be_visible()


@pytest.mark.parametrize("context", [PHONE], indirect=True)
@pytest.mark.parametrize("tab", ["Step by step", "Order and positions", "Why divide by √d"])
def test_nothing_is_wider_than_a_phone(page, server, tab):
    page.goto(f"{server.url}/attention?heads=4&mask=true&tab={tab.replace(' ', '+')}")
    expect(page.get_by_text("In the course:", exact=False)).to_be_visible(timeout=SLOW)
    panel = page.get_by_role("tabpanel").filter(visible=True)
    expect(panel.locator(".matrices .cell, canvas, svg").first).to_be_visible(timeout=SLOW)
    wide = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] *')].filter(e => "
        "e.getBoundingClientRect().right > innerWidth + 1 && e.closest('[role=tablist]') === null "
        "&& !e.closest('[data-testid=stCode], [data-testid=stVegaLiteChart], .katex-mathml'))"
        ".map(e => e.outerHTML.slice(0, 80))"
    )
    assert wide == []
    cut = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stVegaLiteChart]')].filter(e => "
        "e.scrollWidth > e.clientWidth + 1).length"
    )
    assert cut == 0
