"""Choosing what is asked, written once: a run, a model folder, vectors, recorded figures.

A lesson says which runs it takes, lets the student pick, and asks:

    RUNS = Runs(("masked",))                       # or Runs(attending=True)
    source = pick_model(RUNS)                      # one: the key `MODEL` of the link
    several = pick_models(RUNS, 3, "fill-models", recorded=RECORDED)    # the key `MODELS`
    source = pick_vectors(offers, "association-vectors")                # the key `VECTORS`
    if source is not None:
        answer = source.ask("lab.masked.blanks", what="fill", sentences=[...], **source.called)

The key that it uses stands in its `Link(...)`. A question is a module of the lab, which the web
process does not import, with a function for each kind of source that the lesson offers:

    of_run(checkpoint, data, **given)   a run                      `run.RunSource`
    of_folder(path, **given)            a model folder             `folder.FolderSource`
    of_file(path, **given)              a file of word vectors     `vectors.VectorFile`
    of_bytes(data, name, **given)       an uploaded one            `vectors.Upload`
    of_text(text, **given)              an uploaded text           `vectors.UploadedText`

`hub.draw()` offers models of the hub, which become folders. Figures that others recorded
(`recorded.Recorded`) are looked up by a function of the lesson. Where several models are asked,
`source.ask_each` sends each its question before it waits for any answer.
"""

from __future__ import annotations

from lab.lesson.kit.text import Text

TEXT = Text.beside(__file__)
