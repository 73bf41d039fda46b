"""The four tokens that every pair of sequences needs besides its own. No torch here."""

PAD, START, END, UNKNOWN = 0, 1, 2, 3
SPECIALS = ("<pad>", "<s>", "</s>", "<unk>")
