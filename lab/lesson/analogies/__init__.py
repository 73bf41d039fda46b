"""The parts of the lesson on analogies and on taking a direction out."""
