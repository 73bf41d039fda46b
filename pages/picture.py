"""Attention over a picture: patches and a Transformer, or a CNN with a layer of self-attention."""

from lab.lesson.vision.lesson import LESSON

LESSON.show()
