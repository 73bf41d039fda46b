"""Make the folder that ships: weights, vocabulary, card, and how the bias came."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.masked.figures import lines, occupation_figures
from lab.masked.probes import read_occupations, text_shares

if TYPE_CHECKING:
    from assets.masked.snapshots import Snapshot
    from lab.masked.rows import Rows

SHOWN = 3  # digits of the figures on the way

_ABOUT = """# The lab's own masked language model

A small BERT, trained from random weights by `lab/masked` on one processor core, so that the
lessons on masked models and on bias work with no internet. English, lower case.

| | |
|---|---|
| network | {layers} layers, width {width}, {heads} heads, rows of up to {context} tokens, \
{parameters:.2f} M parameters, read-out tied to the word vectors |
| vocabulary | {vocabulary:,} WordPiece tokens of its own; {whole} chosen words are kept whole |
| text | {train:.1f} M tokens: English Wikipedia of 2014 (biographies and other articles), fiction \
of 1860 to 1925 from Project Gutenberg, speeches to the US Congress and inaugural addresses; \
sentences of these with an occupation and a pronoun are in it twice |
| licence of the text | Wikipedia: CC BY-SA 3.0, its authors; the rest: public domain in the US |
| training | {step:,} steps, {read:.1f} M tokens read, {hours:.1f} hours of one core; AdamW, peak \
learning rate {rate:g}, falling at the end; batches of up to {batch:,} tokens, {share:.0f} % of \
them chosen to be guessed ({pronouns:.0f} % of the pronouns); seed {seed} |
| learning rate when these weights were kept | {last:.1e} |
| held-out loss on the way, last | {loss} |

The folder is one of Hugging Face: `BertForMaskedLM.from_pretrained("assets/masked")` reads it, and
so does `lab.masked.export.load`. Weights are in half precision.

## What it is not good for

Anything but teaching. It knows little of the world and nothing after 2014, it is often wrong (see
below), and it repeats what its texts say of men and women, people and places; most biographies are
of men, and the fiction is a century old. Its probabilities must not be used to judge anybody. A
small association measured with it is no proof of fairness.

## Make it again

```
python -m assets.masked.make train --data DATA --work WORK --minutes 100
python -m assets.masked.make publish --work WORK --occupations winogender-occupations-stats.tsv
```

The same command goes on where the last one stopped. Batches and blanks are drawn by seed and step;
when the learning rate falls is a matter of time, so that another machine comes near these weights
and not to them.

"""


def card(snapshot: Snapshot, rows: Rows, men: dict[str, float]) -> str:
    """Return the model card as Markdown: what it is, and all figures."""
    from lab.masked.vocabulary import chosen_words

    settings, about = snapshot.about["settings"], snapshot.about
    known = set(snapshot.tokens)
    loss = about["loss"]
    text = _ABOUT.format(
        parameters=sum(p.numel() for p in snapshot.model.parameters()) / 1e6,
        vocabulary=len(snapshot.tokens),
        whole=sum(word in known for word in chosen_words()),
        train=sum(part.size for part in rows.train.values()) / 1e6,
        step=about["step"],
        read=about["tokens_read"] / 1e6,
        hours=about["cpu_seconds"] / 3600,
        rate=settings["learning_rate"],
        share=100 * settings["share"],
        pronouns=100 * settings["pronoun_share"],
        last=about["learning_rate"],
        loss="not measured" if loss is None else f"{loss:.2f} nats",
        **{n: settings[n] for n in ("layers", "width", "heads", "context", "batch")},
        seed=settings["seed"],
    )
    return text + "\n".join(lines(snapshot.model, snapshot.tokens, rows, men)) + "\n"


def journey(folder: Path, rows: Rows, men: dict[str, float]) -> Iterator[dict[str, Any]]:
    """Yield, for each kept point of the training, what was then true of he and she.

    Each has "tokens_read", "loss", "men" and "text" (rank correlations, see
    `assets.masked.figures.occupation_figures`) and "ratios" (occupation -> nats).
    """
    from assets.masked.figures import held_out
    from assets.masked.snapshots import load_snapshot

    points = [load_snapshot(path) for path in sorted(folder.glob("*.safetensors"))]
    own = text_shares(rows.train, rows.tokens, list(men))
    for point in sorted(points, key=lambda point: point.about["tokens_read"]):
        found = occupation_figures(point.model, point.tokens, men, own)
        yield {
            "tokens_read": point.about["tokens_read"],
            "loss": round(held_out(point.model, rows, whole=False)["as trained"]["loss"], SHOWN),
            "men": round(found["men"], SHOWN),
            "text": round(found["text"], SHOWN),
            "ratios": {word: round(value, SHOWN) for word, value in found["ratios"].items()},
        }


def publish(work: Path, occupations: Path, folder: Path, name: str = "latest") -> None:
    """Write the folder.

    Args:
        work: of the pre-training.
        occupations: Winogender's table.
        folder: where to.
        name: of the snapshot.

    Raises:
        OSError, ValueError: something is missing.
    """
    from assets.masked.snapshots import load_snapshot
    from lab.masked.export import export
    from lab.masked.rows import Rows

    rows, men = Rows.load(work / "rows.npz"), read_occupations(occupations)
    snapshot = load_snapshot(work / "snapshots" / f"{name}.safetensors")
    export(snapshot.model, snapshot.tokens, folder)
    (folder / "README.md").write_text(card(snapshot, rows, men), encoding="utf-8")
    points = list(journey(work / "snapshots", rows, men))
    text = ",\n".join(json.dumps(point, allow_nan=False) for point in points)
    (folder / "journey.json").write_text(f"[\n{text}\n]\n", encoding="utf-8")
