"""The parts of the lesson "Attention over a picture"."""
