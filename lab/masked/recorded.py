"""What large models said, recorded by others: for a classroom that cannot run them.

`python -m lab.masked.recorded --data DIR` writes the file from PAIR's recording (full logits of 14
sentences; Apache-2.0) and the course's three figures for each of two sentences. Reading it needs
the standard library only.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).parent.parent.parent / "assets" / "recorded" / "fill_mask.json"
TOP = 300  # tokens kept of a sentence
_ALWAYS = ("he", "she", "they", "it")
_NAMES = {
    "bert-large-uncased-whole-word-masking": "bert-large-uncased-whole-word-masking",
    "zari-bert-cda (BERT-large, counterfactual data augmentation)": "zari-bert-cda",
}


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


def make(data: Path) -> dict[str, Any]:
    """Return what the file holds.

    Of each sentence the most probable tokens, those of sentences that differ from it in one word
    (so that both can be compared), and he, she, they and it; probabilities to four digits.

    Args:
        data: folder with PAIR's recording (pair_recorded_fillmask.json,
            pair_recorded_logits_f16.npz) and the vocabulary (bert_uncased_vocab.txt).

    Raises:
        OSError, KeyError, ValueError: it is not there, or not that.
    """
    import numpy as np

    from lab.masked.probes import COURSE

    about = json.loads((data / "pair_recorded_fillmask.json").read_text(encoding="utf-8"))
    vocabulary = (data / "bert_uncased_vocab.txt").read_text(encoding="utf-8").splitlines()
    with np.load(data / "pair_recorded_logits_f16.npz", allow_pickle=False) as file:
        logits = file["logits"].astype(np.float64)  # (sentences, V)
    chances = np.exp(logits - logits.max(1, keepdims=True))
    chances /= chances.sum(1, keepdims=True)
    for row, item in zip(chances, about["items"], strict=True):  # half precision is 0.4 % off
        exact = {**dict(item["top10"]), "he": item["p_he"], "she": item["p_she"]}
        for token, p in exact.items():
            row[vocabulary.index(token)] = p
    source = f"{about['source']} at {about['commit'][:12]}, {about['licence']}; Google PAIR"
    found: dict[str, dict] = {}
    for number, item in enumerate(about["items"]):
        name = _NAMES[item["model"]]
        near = [n for n, o in enumerate(about["items"]) if _near(item, o)]
        kept = {int(i) for n in near for i in np.argsort(-chances[n])[:TOP]}
        kept |= {vocabulary.index(word) for word in _ALWAYS}
        ids = sorted(kept, key=lambda i, n=number: -chances[n, i])
        model = found.setdefault(name, _model(name, f"recorded by {source}", few=False))
        model["sentences"][item["sentence"]] = [
            " ".join(vocabulary[i] for i in ids),
            [float(f"{chances[number, i]:.4g}") for i in ids],
        ]
    course = _model("bert-base-uncased", "figures of the course, three a sentence", few=True)
    for sentence, said in COURSE.items():
        course["sentences"][sentence] = [" ".join(said), list(said.values())]
    return {"models": [*found.values(), course]}


def _model(name: str, source: str, few: bool) -> dict[str, Any]:
    return {"name": name, "source": source, "few": few, "sentences": {}}


def _near(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    # "New York" is one name of two words.
    a, b = (item["sentence"].replace("New York", "York") for item in (one, other))
    apart = sum(x != y for x, y in zip(a.split(), b.split(), strict=False))
    same = len(a.split()) == len(b.split()) and apart <= 1
    return same and one["model"] == other["model"]


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Write assets/recorded/fill_mask.json.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the recordings")
    found = make(parser.parse_args().data)
    PATH.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    PATH.write_text(text.replace('],"', '],\n"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
