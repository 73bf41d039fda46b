"""The figures of a run: its losses in other units, and its cost in parameters and arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from lab.lesson import service
from lab.lesson.kit.runs import names
from lab.lesson.language_model import TEXT
from lab.runs import View
from lab.text import Corpus
from lab.training import Settings, cost


@st.cache_data(max_entries=64, show_spinner=False)
def corpus_facts(digest: str) -> dict[str, Any]:
    """Return kind ("character" or "word"), vocabulary, characters per_token and name of a text."""
    try:
        data = service.run_queue().store.corpus_path(digest).read_bytes()
        corpus = Corpus.from_bytes(data)
    except (OSError, ValueError, KeyError):
        return {"kind": "token", "vocabulary": 256, "per_token": 1.0, "name": "a text now gone"}
    return {
        "kind": corpus.tokenizer.kind,
        "vocabulary": corpus.vocabulary_size,
        "per_token": corpus.characters_per_token,
        "name": corpus.name,
    }


def bits_per_character(loss: float, digest: str) -> float:
    """Return a loss on a text, in nats per token, in bits per character.

    That can be compared over tokenizers.
    """
    return loss / math.log(2) / corpus_facts(digest)["per_token"]


def facts(view: View) -> tuple[str, str]:
    """Return what a run's card says: the loss, and the same in other units."""
    loss = view.run.validation_loss
    if loss is None:
        return "", ":small[no loss yet]"
    bits = bits_per_character(loss, view.run.corpus)
    return (
        f"**{loss:.3f}** validation loss",
        f":small[{bits:.2f} bits/char]  \n:small[perplexity {_perplexity(loss):,.1f}]",
    )


def _perplexity(loss: float) -> float:
    return math.exp(min(loss, 700))  # beyond, exp overflows


def rows(shown: Sequence[View]) -> pd.DataFrame:
    """Return a row of figures for each run."""
    return pd.DataFrame([_row(view, name) for view, name in zip(shown, names(shown), strict=True)])


def _row(view: View, name: str) -> dict[str, Any]:
    run, text = view.run, corpus_facts(view.run.corpus)
    settings = Settings.from_dict(run.settings)
    trained = [p["train_loss"] for p in view.history.points if p.get("train_loss") is not None]
    flops = cost.flops_per_token(settings, text["vocabulary"])
    loss = run.validation_loss
    return {
        "Model": name,
        "Text": text["name"],
        "Steps": run.step,
        "Tokens": run.tokens,
        "Train loss": trained[-1] if trained else None,
        "Validation loss": loss,
        "Bits per character": None if loss is None else bits_per_character(loss, run.corpus),
        "Perplexity": None if loss is None else _perplexity(loss),
        "Parameters": cost.parameters(settings, text["vocabulary"]),
        "Tokens per second": run.tokens / run.seconds if run.seconds else None,
        "MFLOP per token": flops / 1e6,
        "GFLOP so far": flops * run.tokens / 1e9,
        "Seconds": run.seconds,
        "Energy (Wh, estimate)": cost.energy(run.seconds),
    }


# Column -> format, and the text that explains it.
_FORMATS = {
    "Steps": ("%,d", TEXT("steps")),
    "Tokens": ("%,d", TEXT("tokens")),
    "Train loss": ("%.3f", TEXT("train-loss")),
    "Validation loss": ("%.3f", TEXT("validation-loss")),
    "Bits per character": ("%.3f", TEXT("bits-per-character")),
    "Perplexity": ("%.2f", TEXT("perplexity")),
    "Parameters": ("%,d", TEXT("parameters")),
    "Tokens per second": ("%,.0f", TEXT("tokens-per-second")),
    "MFLOP per token": ("%.2f", TEXT("flop-per-token")),
    "GFLOP so far": ("%,.1f", TEXT("flop-so-far")),
    "Seconds": ("%.1f", TEXT("seconds")),
    "Energy (Wh, estimate)": ("%.4f", TEXT("energy", watts=f"{cost.WATTS:.0f}")),
}


def table(shown: Sequence[View]) -> None:
    """Draw the figures of all runs."""
    config = {
        name: st.column_config.NumberColumn(
            name, format=_printf(form), help=text, width=_width(name)
        )
        for name, (form, text) in _FORMATS.items()
    }
    st.markdown("**The numbers**")
    st.dataframe(
        rows(shown), hide_index=True, column_config=config, key="numbers", height="content"
    )
    st.caption(TEXT("energy-estimate", watts=f"{cost.WATTS:.0f}"))


def _width(name: str) -> int:
    # Streamlit measures the number before it is formatted, and cuts the thousands' commas off.
    return max(90, 9 * len(name) + 20)


def _printf(form: str) -> str:
    # Streamlit's own words for thousands; sprintf has none.
    return "localized" if "," in form and form.endswith("d") else form.replace(",", "")
