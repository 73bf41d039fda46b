"""Make the lab's own word vectors, counted.npz beside this file.

```
python -m assets.vectors.make --data DATA
```

DATA holds the texts of `assets/masked/texts.py`. It takes some minutes of one core and 2 GB.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from assets.masked.texts import SOURCES
from lab.bias.counted_vectors import (
    DIMENSIONS,
    company,
    factorise,
    pack,
    ppmi,
    read,
    skipgram,
    thinned,
)

SIZE = 8_000  # most frequent words that are kept
LEAST = 40  # times that a rarer word of the lessons stands in the text, to be kept
FILE = Path(__file__).parent / "counted.npz"


def lessons_words() -> set[str]:
    """Return the words that lessons ask about: of the association tests and of the analogies."""
    from lab.bias.solving import questions
    from lab.bias.stays import OCCUPATIONS
    from lab.bias.stimuli import weat_test, weat_tests

    found = {word.lower() for key in weat_tests() for word in weat_test(key).words}
    found |= {w for rows in questions().values() for q, answer in rows for w in (*q, answer)}
    return found | set(OCCUPATIONS)


def main() -> None:
    """Make the lab's own vectors."""
    parser = argparse.ArgumentParser(prog="python -m assets.vectors.make", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the .txt.xz texts")
    parser.add_argument("--out", type=Path, default=FILE, help="the .npz file to write")
    given = parser.parse_args()
    from lab.masked.sentences import read_documents

    paragraphs = (
        paragraph
        for name in SOURCES
        for document in read_documents(given.data / f"{name}.txt.xz")
        for paragraph in document
    )
    ids, words, counts = read(paragraphs, SIZE, lessons_words(), LEAST)
    table = company(ids, len(words))
    start = factorise(ppmi(table), DIMENSIONS)
    pack(given.out, words, skipgram(thinned(table, counts), start))
    print(f"{(ids >= 0).sum():,} words read, {len(words):,} kept, the rarest {counts[-1]} times")


if __name__ == "__main__":
    main()
