"""What a run has cost: parameters, speed, arithmetic, energy; and its losses in other units."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lab.lesson import service
from lab.runs import View
from lab.text import Corpus
from lab.training import Settings, cost


@st.cache_data(max_entries=64, show_spinner=False)
def corpus_facts(digest: str) -> dict:
    """Return kind ("character" or "word"), vocabulary size and characters per token of a corpus."""
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


def progress(view: View) -> float:
    """Return the share of the budget that is used, from 0 to 1."""
    settings, run = view.run.settings, view.run
    for budget, used in (("seconds", run.seconds), ("tokens", run.tokens), ("steps", run.step)):
        if settings.get(budget):
            return min(1.0, used / settings[budget])
    return 0.0


def bits_per_character(view: View) -> float:
    """Return the validation loss in bits per character, comparable over tokenizers."""
    per_token = corpus_facts(view.run.corpus)["per_token"]
    return view.run.validation_loss / math.log(2) / per_token


def rows(shown: Sequence[View], names: Sequence[str]) -> pd.DataFrame:
    """Return a row of counters for each run."""
    table = []
    for view, name in zip(shown, names, strict=True):
        run, facts = view.run, corpus_facts(view.run.corpus)
        settings = Settings.from_dict(run.settings)
        train = next(
            (
                p["train_loss"]
                for p in reversed(view.history.points)
                if p.get("train_loss") is not None
            ),
            None,
        )
        flops = cost.flops_per_token(settings, facts["vocabulary"])
        loss = run.validation_loss
        table.append(
            {
                "Model": name,
                "Text": facts["name"],
                "Steps": run.step,
                "Tokens": run.tokens,
                "Train loss": train,
                "Validation loss": loss,
                "Bits per character": None if loss is None else bits_per_character(view),
                "Perplexity": None if loss is None else math.exp(min(loss, 700)),
                "Parameters": cost.parameters(settings, facts["vocabulary"]),
                "Tokens per second": run.tokens / run.seconds if run.seconds else None,
                "MFLOP per token": flops / 1e6,
                "GFLOP so far": flops * run.tokens / 1e9,
                "Seconds": run.seconds,
                "Energy (Wh, estimate)": cost.energy(run.seconds),
            }
        )
    return pd.DataFrame(table)


_FORMATS = {
    "Steps": ("%,d", "Optimiser steps."),
    "Tokens": ("%,d", "Tokens learned from, repetitions counted."),
    "Train loss": ("%.3f", "Mean over the last steps, nats per token."),
    "Validation loss": ("%.3f", "On text the model has not learned from, nats per token."),
    "Bits per character": ("%.3f", "The same loss, comparable between characters and words."),
    "Perplexity": ("%.2f", "exp(loss): as unsure as between so many equally likely tokens."),
    "Parameters": ("%,d", "Trained numbers."),
    "Tokens per second": ("%,.0f", "While training, without the time spent waiting."),
    "MFLOP per token": (
        "%.2f",
        "6 x parameters without embeddings, plus attention: an estimate (Kaplan et al. 2020).",
    ),
    "GFLOP so far": ("%,.1f", "The same, times the tokens."),
    "Seconds": ("%.1f", "Of one CPU core, or of the GPU."),
    "Energy (Wh, estimate)": (
        "%.4f",
        f"Assumes {cost.WATTS:.0f} W for one busy core; no meter is read.",
    ),
}


def table(shown: Sequence[View], names: Sequence[str]) -> None:
    """Draw the counters of all runs."""
    config = {
        name: st.column_config.NumberColumn(
            name, format=_printf(form), help=text, width=_width(name)
        )
        for name, (form, text) in _FORMATS.items()
    }
    st.markdown("**The numbers**")
    st.dataframe(
        rows(shown, names), hide_index=True, column_config=config, key="numbers", height="content"
    )
    st.caption(
        f"Energy is an estimate: seconds × {cost.WATTS:.0f} W, what one busy core of a laptop "
        "draws with its share of the rest. Nothing is measured."
    )


def _width(name: str) -> int:
    # Streamlit measures the number before it is formatted, and cuts the thousands' commas off.
    return max(90, 9 * len(name) + 20)


def _printf(form: str) -> str:
    # Streamlit's own words for thousands; sprintf has none.
    return "localized" if "," in form and form.endswith("d") else form.replace(",", "")
