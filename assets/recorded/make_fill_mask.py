"""Make fill_mask.json beside this file: what large masked models said, as others recorded it.

```
python -m assets.recorded.make_fill_mask --data DIR
```

From PAIR's recording (full logits of 14 sentences; Apache-2.0) and the course's three figures for
each of two sentences.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lab.masked.probes import COURSE
from lab.masked.recorded import PATH, TOP

_ALWAYS = ("he", "she", "they", "it")
_NAMES = {
    "bert-large-uncased-whole-word-masking": "bert-large-uncased-whole-word-masking",
    "zari-bert-cda (BERT-large, counterfactual data augmentation)": "zari-bert-cda",
}


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
    parser = argparse.ArgumentParser(
        prog="python -m assets.recorded.make_fill_mask", description=__doc__
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the recordings")
    found = make(parser.parse_args().data)
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    PATH.write_text(text.replace('],"', '],\n"') + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
