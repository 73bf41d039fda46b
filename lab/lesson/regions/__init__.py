"""The parts of the lesson "Two regions"."""
