"""36 blanks of a BERT of base size: the hub's pipeline one by one and in batches, and the lab.

One process, one thread, the same random weights, five tokens for each blank. The pipeline gets
PyTorch's fused attention, its default; the lab's folders are opened with attention written out, so
that the weights can be shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from lab.masked import blanks
from lab.masked.folder_reader import FolderReader
from lab.masked.probes import sentences_about
from lab.masked.settings import PROJECT as MODEL
from lab.pretrained.loading import Opened

OCCUPATIONS = ("nurse", "engineer", "teacher", "lawyer", "baker", "clerk", "doctor", "mechanic")
BATCHES = (4, 12, 36)
TIMES = 3


def sentences() -> list[str]:
    """Return 36 sentences of 9 to 12 tokens, in no order of length."""
    found = [sentence for word in OCCUPATIONS for sentence in sentences_about(word)]
    return found[:36]


def models() -> tuple[Any, Any, Any]:
    """Return a random network with fused attention, the same written out, and a tokenizer."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForMaskedLM

    torch.manual_seed(0)
    fused = BertForMaskedLM(BertConfig(attn_implementation="sdpa")).eval()
    written = BertForMaskedLM(BertConfig(attn_implementation="eager")).eval()
    written.load_state_dict(fused.state_dict())
    return fused, written, AutoTokenizer.from_pretrained(MODEL)


def seconds(work: Callable[[], Any]) -> float:
    """Return the processor's time for a call: other programs on the machine do not count."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    """Print a table."""
    import torch
    from transformers import pipeline

    torch.set_num_threads(1)
    fused, written, tokenizer = models()
    asked = sentences()
    pipe = pipeline("fill-mask", model=fused, tokenizer=tokenizer, top_k=5, device="cpu")
    reader = FolderReader(Opened("base", written, tokenizer, "masked", 0))
    ways: dict[str, Callable[[], Any]] = {
        "pipeline, one by one": lambda: [pipe(sentence) for sentence in asked],
        **{
            f"pipeline, batches of {size}": lambda size=size: pipe(asked, batch_size=size)
            for size in BATCHES
        },
        "lab": lambda: blanks.fill(reader, asked, 5),
    }
    theirs, ours = pipe(asked, batch_size=36), blanks.fill(reader, asked, 5)
    for one, other in zip(theirs, ours, strict=True):
        mine = [row["id"] for row in other["blanks"][0]["top"]]
        assert mine == [row["token"] for row in one], "they do not say the same"
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TIMES):  # in turns, so that a busy machine is busy for all
        for name, work in ways.items():
            taken[name].append(seconds(work))
    found = {name: median(times) for name, times in taken.items()}
    batched = min(value for name, value in found.items() if "batches" in name)
    print(
        f"{len(asked)} sentences, 110 M parameters, one thread; processor's time, median of {TIMES}"
    )
    for name, value in found.items():
        print(f"{name:26} {value:6.2f} s")
    print(f"lab against the best batched pipeline: {batched / found['lab']:.2f} times")
