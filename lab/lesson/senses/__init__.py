"""The parts of the lesson "One word, many sentences"."""
