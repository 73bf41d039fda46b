"""The parts of the lesson "The same field, twice"."""
