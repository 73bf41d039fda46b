"""What large models said, recorded by others: for a classroom that cannot run them.

PAIR's recording of 14 sentences (Apache-2.0), and the course's three figures for each of two
(`assets/recorded/make_fill_mask.py`). Reading them needs the standard library only.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lab.places import ASSETS

PATH = ASSETS / "recorded" / "fill_mask.json"
TOP = 300  # tokens kept of a sentence


@dataclass(frozen=True)
class Recorded:
    """What one model said.

    Args:
        name: of the model.
        source: who recorded it, and under which licence.
        sentences: sentence -> token -> probability, the most probable first.
        few: whether these are single figures, without the most probable tokens.
    """

    name: str
    source: str
    sentences: Mapping[str, Mapping[str, float]]
    few: bool

    def of(self, sentence: str) -> Mapping[str, float] | None:
        """Return the tokens of a sentence, or None: white space around and within it is even."""
        return self.sentences.get(" ".join(sentence.split()))

    def fill(
        self, sentence: str, k: int = 10, targets: Sequence[str] = ()
    ) -> dict[str, Any] | None:
        """Return what `lab.masked.blanks.fill` gives of a sentence, or None if it is not recorded.

        Tokens and ids of the sentence are empty; a word that was not kept has a reason.
        """
        chances = self.of(sentence)
        if chances is None:
            return None
        top = [] if self.few else [{"token": t, "id": None, "p": p} for t, p in chances.items()]
        told = [self._told(word, chances) for word in targets]
        blank = {"place": None, "top": top[:k], "targets": told}
        return {"sentence": sentence, "tokens": [], "ids": [], "blanks": [blank]}

    def _told(self, word: str, chances: Mapping[str, float]) -> dict[str, Any]:
        p = chances.get(word.lower())
        why = "" if p else f"“{word}” was not recorded for this sentence."
        return {
            "word": word,
            "pieces": [word.lower()],
            "ids": [],
            "log_p": math.log(p) if p else None,
            "refused": why,
        }

    def contrast(self, sentences: Sequence[str], most: int = TOP) -> dict[str, Any] | None:
        """Return what `lab.masked.blanks.contrast` gives, of the tokens that both have."""
        both = [self.of(sentence) for sentence in sentences]
        if None in both or self.few:
            return None
        a, b = both
        rows = [{"token": t, "id": None, "a": a[t], "b": b[t]} for t in a if t in b]
        rows.sort(key=lambda row: -max(row["a"], row["b"]))
        rows = rows[:most]
        return {"rows": rows, "covered": [sum(row[side] for row in rows) for side in "ab"]}

    def grid(self, sentences: Sequence[str], targets: Sequence[str]) -> dict[str, Any] | None:
        """Return what `lab.masked.blanks.grid` gives; None if no sentence was recorded."""
        if not any(self.of(sentence) for sentence in sentences):
            return None
        words = [{"word": w, "pieces": [w.lower()], "single": True, "refused": ""} for w in targets]
        log_p = [
            [self._told(word, self.of(sentence) or {})["log_p"] for word in targets]
            for sentence in sentences
        ]
        return {"words": words, "log_p": log_p}


@cache
def models(path: Path = PATH) -> tuple[Recorded, ...]:
    """Return the recorded models; none where the file is missing.

    Raises:
        ValueError: the file is damaged.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return ()
    return tuple(
        Recorded(
            model["name"],
            model["source"],
            {s: dict(zip(t.split(), p, strict=True)) for s, (t, p) in model["sentences"].items()},
            model["few"],
        )
        for model in stored["models"]
    )
