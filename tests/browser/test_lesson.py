"""What a student does in the first lesson, in a real browser."""

from __future__ import annotations

import json
import re

import psutil

from tests.browser.conftest import SLOW, expect, start_server

LESSON = "/language-model"


def open_lesson(page, server, query: str = "") -> None:
    page.goto(f"{server.url}{LESSON}{query}")
    expect(page.get_by_role("heading", name="Train a language model", level=1)).to_be_visible(
        timeout=SLOW
    )


def train_button(page):
    return page.get_by_test_id("stBaseButton-primary").filter(has_text="Train")


def start(page, guess: str = "I would rather not guess") -> None:
    page.get_by_role("radio", name=guess, exact=True).click()
    expect(train_button(page)).to_be_enabled()
    train_button(page).click()


def status(page, word: str):
    return page.get_by_text(re.compile(rf"{word} · step [\d,]+")).first


def step(page) -> int:
    text = page.get_by_text(re.compile(r"· step [\d,]+")).first.inner_text()
    return int(re.search(r"step ([\d,]+)", text)[1].replace(",", ""))


def test_home_is_up_before_torch_and_leads_to_the_lesson(page, server):
    page.goto(server.url)
    expect(page.get_by_role("heading", name="Glasshouse")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("The course map")).to_be_visible()
    maps = {region.path for region in psutil.Process(server.process.pid).memory_maps()}
    assert not [path for path in maps if "libtorch" in path]
    page.get_by_role("link", name="Train a language model").first.click()
    expect(page.get_by_role("heading", name="Train a language model", level=1)).to_be_visible()


def test_train_pause_step_reload_reattach_resume_and_finish(page, server):
    open_lesson(page, server, "?seconds=8")
    start(page)
    expect(status(page, "training")).to_be_visible(timeout=SLOW)
    expect(page.get_by_text("bits/char", exact=False).first).to_be_visible(timeout=SLOW)
    page.get_by_role("button", name="Pause", exact=True).first.click()
    expect(status(page, "paused")).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="Single step")).to_be_enabled(timeout=SLOW)
    before = step(page)
    page.get_by_role("button", name="Single step").click()
    expect(page.get_by_text(f"paused · step {before:,}")).to_have_count(0, timeout=SLOW)
    before = step(page)
    expect(page.get_by_role("button", name="Single step")).to_be_enabled(timeout=SLOW)
    page.get_by_role("button", name="Single step").click()
    expect(page.get_by_text(f"paused · step {before + 1:,}").first).to_be_visible(timeout=SLOW)

    link = page.url
    assert "runs=" in link
    page.reload()
    expect(page.get_by_text(f"paused · step {before + 1:,}").first).to_be_visible(timeout=SLOW)
    page.close()

    again = page.context.new_page()
    again.goto(link)
    expect(again.get_by_text(f"paused · step {before + 1:,}").first).to_be_visible(timeout=SLOW)
    again.get_by_role("button", name="Resume", exact=True).first.click()
    expect(status(again, "finished")).to_be_visible(timeout=SLOW)
    assert step(again) > before + 1
    expect(
        again.locator(
            "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg"
        ).first
    ).to_be_visible()
    expect(again.get_by_text("Lowest validation loss:", exact=False)).to_be_visible(timeout=SLOW)


def test_samples_show_what_else_the_model_considered(page, server):
    open_lesson(page, server, "?budget=Tokens&tokens=100000")
    start(page)
    expect(status(page, "finished")).to_be_visible(timeout=SLOW)
    piece = page.locator(".samples .piece").nth(5)
    piece.click()
    expect(page.locator(".samples .bar")).to_have_count(8)
    text = page.locator(".samples .text").first
    text.press("ArrowRight")
    expect(page.locator(".samples .piece.selected")).to_have_count(1)
    expect(page.locator(".samples .piece").nth(6)).to_have_class(re.compile("selected"))
    # Back to before training: another sample of the same run.
    now = text.inner_text()
    page.get_by_role("slider", name="Through the run").press("Home")
    expect(page.locator(".samples .when").first).to_contain_text("step 0")
    assert text.inner_text() != now


def test_two_models_learning_rate_compare_and_remove(page, server):
    open_lesson(page, server, "?models=lstm;gru&seconds=20")
    start(page, "GRU")
    expect(status(page, "training")).to_be_visible(timeout=SLOW)
    assert "guess=" not in page.url
    page.get_by_role("button", name="Steer").first.click()
    rate = page.get_by_role("spinbutton", name="Learning rate from now on")
    rate.fill("0.0005")
    rate.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Stop", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).first.click()
    expect(page.get_by_text(re.compile(r"stopped · step"))).to_have_count(2, timeout=SLOW)

    page.get_by_role("tab", name="Save and load").click()
    chosen = page.get_by_test_id("stMultiSelect").filter(has_text="On the chart")
    expect(chosen.get_by_text("GRU, started", exact=False)).to_be_visible()
    page.get_by_role("button", name="Steer").first.click()
    page.get_by_role("button", name="Remove this run").click()
    expect(page.get_by_text(re.compile(r"stopped · step"))).to_have_count(1, timeout=SLOW)


def test_save_and_load(page, server, tmp_path):
    open_lesson(page, server, "?budget=Tokens&tokens=50000&seed=3")
    start(page)
    expect(status(page, "finished")).to_be_visible(timeout=SLOW)
    page.get_by_role("tab", name="Save and load").click()
    files = {}
    for label in (
        "LSTM: weights",
        "LSTM: settings and curves",
        "Metrics (CSV)",
        "Chart (PNG)",
        "Chart (SVG)",
    ):
        with page.expect_download(timeout=SLOW) as download:
            page.get_by_role("button", name=label).click()
        files[label] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[label])
    header, *lines = files["Metrics (CSV)"].read_text().splitlines()
    assert "validation_loss" in header
    assert len(lines) > 5
    assert files["Chart (PNG)"].read_bytes().startswith(b"\x89PNG")
    assert "nats per character" in files["Chart (SVG)"].read_text()
    about = json.loads(files["LSTM: settings and curves"].read_text())
    assert about["settings"]["seed"] == 3
    weights = files["LSTM: weights"]
    assert int.from_bytes(weights.read_bytes()[:8], "little") < weights.stat().st_size

    page.get_by_test_id("stFileUploaderDropzoneInput").last.set_input_files(
        [weights, files["LSTM: settings and curves"]]
    )
    load = page.get_by_role("button", name="Load", exact=True)
    expect(load).to_be_enabled(timeout=SLOW)
    load.click()
    expect(page.get_by_text(re.compile(r"finished · step"))).to_have_count(2, timeout=SLOW)
    expect(page.get_by_text("Loaded from a file.")).to_be_visible()


def test_a_script_in_a_text_stays_text(page, server):
    open_lesson(page, server, "?text=Paste a text&budget=Tokens&tokens=20000")
    evil = "<img src=x onerror=document.title='taken'></script><script>alert(1)</script>\n"
    page.get_by_label("Your text").fill(evil * 60)
    page.get_by_label("Your text").press("Control+Enter")
    start(page)
    expect(status(page, "finished")).to_be_visible(timeout=SLOW)
    expect(page.locator(".samples .piece").first).to_be_visible(timeout=SLOW)
    assert page.title() != "taken"
    assert page.locator(".samples img, .samples script").count() == 0


def test_another_browser_may_watch_and_not_steer(page, server, browser):
    open_lesson(page, server, "?seconds=30")
    start(page)
    expect(status(page, "training")).to_be_visible(timeout=SLOW)
    other = browser.new_context()
    guest = other.new_page()
    guest.goto(page.url)
    expect(status(guest, "training")).to_be_visible(timeout=SLOW)
    expect(guest.get_by_text("another browser started", exact=False)).to_be_visible()
    expect(guest.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    other.close()
    page.get_by_role("button", name="Stop", exact=True).first.click()
    expect(status(page, "stopped")).to_be_visible(timeout=SLOW)


def test_a_restarted_server_offers_to_resume(page, browser, tmp_path):
    first = start_server(tmp_path, GLASSHOUSE_WORKERS="1")
    try:
        open_lesson(page, first, "?seconds=60")
        start(page)
        expect(status(page, "training")).to_be_visible(timeout=SLOW)
        expect(page.get_by_text("bits/char", exact=False).first).to_be_visible(timeout=SLOW)
        runs = re.search(r"runs=([\w-]+)", page.url)[1]
        page.goto("about:blank")
    finally:
        first.process.kill()
        first.process.wait()
    second = start_server(tmp_path, GLASSHOUSE_WORKERS="1")
    try:
        open_lesson(page, second, f"?runs={runs}")
        expect(page.get_by_text("The server went away", exact=False)).to_be_visible(timeout=SLOW)
        before = step(page)
        page.get_by_role("button", name="Resume", exact=True).first.click()
        expect(status(page, "training")).to_be_visible(timeout=SLOW)
        page.get_by_role("button", name="Stop", exact=True).first.click()
        expect(status(page, "stopped")).to_be_visible(timeout=SLOW)
        assert step(page) >= before > 0
        page.goto("about:blank")
    finally:
        second.stop()
