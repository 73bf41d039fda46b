"""The code behind the lesson, as a notebook would have it."""

from __future__ import annotations

from collections.abc import Sequence

from lab.lesson.fill.models import Voice
from lab.lesson.fill.words import Words
from lab.pretrained.folders import in_code


def snippet(voice: Voice, template: str, words: Words, pair: Sequence[str]) -> str:
    """Return Python that fills the same blanks.

    Args:
        voice: whom it asks.
        template: of the list.
        words: to compare.
        pair: two sentences.
    """
    if voice.source is None:
        return _RECORDED.format(pair=list(pair))
    given = {
        "template": template,
        "words": list(words.words),
        "extra": ", in_pieces=True" if words.in_pieces else "",
        "pair": list(pair),
    }
    if voice.source.folder is None:
        return _CODE.format(head=_RUN_HEAD, reader=_RUN, **given)
    imported, folder = in_code(voice.source.folder.path)
    head = f"{_FOLDER_HEAD}\n{imported}".rstrip()
    return _CODE.format(head=head, reader=f"reader = from_folder({folder})", **given)


_FOLDER_HEAD = """from lab.masked.blanks import contrast, fill, grid
from lab.masked.readers import from_folder
from lab.masked.shares import conditional
from lab.masked.slots import expand"""
_RUN_HEAD = """from pathlib import Path

from lab.masked.blanks import contrast, fill, grid
from lab.masked.readers import from_run
from lab.masked.shares import conditional
from lab.masked.slots import expand
from lab.runs import transfer"""
_RUN = """# The two files that the lesson of this run saves.
checkpoint = Path("run.safetensors").read_bytes()
_, _, data, _ = transfer.from_json(Path("run.json").read_bytes(), "notebook")
reader = from_run(checkpoint, data)"""
_RECORDED = """from lab.masked.recorded import models

for model in models():  # what was recorded, and by whom
    found = model.contrast({pair!r})
    if found:
        print(model.name, model.source)
        print(found["rows"][:5])
"""
_CODE = """{head}

{reader}
template = {template!r}
sentences = [row.sentence for row in expand(template)]
words = {words!r}
found = grid(reader, sentences, words{extra})
for sentence, log_p in zip(sentences, found["log_p"]):
    print(sentence, log_p, conditional(log_p))  # nats; shares of the words
print(fill(reader, sentences[:1], k=5)[0]["blanks"][0]["top"])
print(contrast(reader, {pair!r})["rows"][:5])
"""
