"""The parts of the lesson "Whose pronoun?"."""
