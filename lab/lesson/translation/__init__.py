"""The parts of the lesson "Translate and align"."""
