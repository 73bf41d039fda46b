"""The parts of the lesson "Describe a picture"."""
