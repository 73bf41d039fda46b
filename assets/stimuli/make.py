"""Record the cosines between the words of WEAT in word2vec, word2vec_cosines.json beside this file.

```
python -m assets.stimuli.make --data DIR
```

DIR has `w2v_weat_subset.npz` with the vectors of the words of WEAT 1 to 10. The other files of this
folder were written by hand.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from lab.bias import files, stimuli
from lab.bias.recorded import FILE, ONE
from lab.bias.weat import unit

SOURCE = (
    "Cosines measured in the word2vec vectors of Google News (Mikolov et al. 2013, "
    "GoogleNews-vectors-negative300), between the words of WEAT 1 to 10; the vectors themselves "
    "are not part of this file."
)


def needed() -> tuple[list[str], list[str]]:
    """Return all targets and all attributes of WEAT 1 to 10 and their variants."""
    targets: dict[str, None] = {}
    attributes: dict[str, None] = {}
    for key in stimuli.weat_tests():
        for variant in ["", *stimuli.variants(key)]:
            test = stimuli.weat_test(key, variant)
            targets |= dict.fromkeys([*test.X.words, *test.Y.words])
            attributes |= dict.fromkeys([*test.A.words, *test.B.words])
    return list(targets), list(attributes)


def measure(vectors: files.Vectors) -> dict[str, Any]:
    """Return what the file holds: target -> cosines to all attributes, in units of 1 / `ONE`."""
    targets, attributes = ([w for w in part if w in set(vectors.words)] for part in needed())
    table = unit(vectors.of(targets), "targets") @ unit(vectors.of(attributes), "attributes").T
    whole = np.rint(table * ONE).astype(int)
    return {
        "source": SOURCE,
        "unit": f"1/{ONE}",
        "attributes": attributes,
        "cosines": {word: row.tolist() for word, row in zip(targets, whole, strict=True)},
    }


def write(folder: Path, to: Path = FILE) -> int:
    """Measure and write the file; return its size in bytes."""
    words = [word for part in needed() for word in part]
    given = measure(files.read_vectors(folder / "w2v_weat_subset.npz", words))
    rows = ",\n".join(
        f"{json.dumps(word)}:{json.dumps(row, separators=(',', ':'))}"
        for word, row in given["cosines"].items()
    )
    head = json.dumps({k: v for k, v in given.items() if k != "cosines"}, ensure_ascii=False)
    return to.write_text(f'{head[:-1]},\n"cosines":{{\n{rows}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m assets.stimuli.make", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the vectors")
    print(f"{write(parser.parse_args().data):,} bytes in {FILE.name}")
