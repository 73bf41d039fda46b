"""The parts of the lesson "Fill the blank"."""
