"""Association tests on words and models: exact p-values, and what a score leaves unsaid."""

from lab.bias.weat import WeatResult, leave_one_out, weat, wefat

__all__ = ["WeatResult", "leave_one_out", "weat", "wefat"]
