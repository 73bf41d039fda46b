"""A run in the lab, with a browser watching each second, against the bare loop."""

from __future__ import annotations

from tests.benchmarks.tools import (
    bare_loop,
    browser,
    report,
    server,
    spread,
    start_lesson,
    wait_until_ended,
)

TOKENS = {"lstm": 4_000_000, "transformer": 800_000}


def main(repeats: int = 3) -> None:
    """Print tokens per second in the lab as a share of the bare loop's, the same work in both."""
    for model, tokens in TOKENS.items():
        shares = []
        for _ in range(repeats):
            bare = bare_loop(model, tokens=tokens)
            shares.append(_in_the_lab(model, tokens) / bare)
        report(f"{model}: lab with a browser at 1 Hz / bare loop", spread(shares), "goal 0.95")


def _in_the_lab(model: str, tokens: int) -> float:
    with browser() as chromium, server() as lab:
        page = chromium.new_page()
        # A short run first, so that no worker is still importing torch.
        start_lesson(page, lab.url, "budget=Tokens&tokens=20000&models=rnn;rnn")
        wait_until_ended(lab.data, 2, 120)
        start_lesson(page, lab.url, f"budget=Tokens&tokens={tokens}&models={model}")
        ended = wait_until_ended(lab.data, 3, 600)
        run = next(r for r in ended if r["settings"]["model"] == model)
        return run["tokens"] / (run["touched"] - run["created"])
