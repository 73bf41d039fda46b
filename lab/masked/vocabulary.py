"""A WordPiece vocabulary like BERT's, in which chosen words stay whole.

An occupation that falls into pieces cannot be one answer to a blank, and a word test on pieces
means nothing; so the words of `assets/words/whole-words.txt` that the text has take the places of
the last learned pieces.

Source: Wu et al. 2016, Google's Neural Machine Translation System, section 4.1; Devlin et al. 2019.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lab.places import ASSETS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PAD, UNK, CLS, SEP, MASK = range(5)  # their numbers
PRONOUNS = ("he", "she", "his", "her", "him", "hers", "himself", "herself")
SIZE = 8192
ALPHABET = 160  # characters; rarer ones are [UNK]
ENOUGH = 30  # occurrences from which a chosen word is kept whole: fewer teach no vector
WORDS = ASSETS / "words" / "whole-words.txt"
_WORD = re.compile(r"[a-z]+")


def chosen_words(path: Path = WORDS) -> list[str]:
    """Return the words to keep whole, in the order of the file, without its comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def train_vocabulary(
    texts: Sequence[str],
    size: int = SIZE,
    whole: Iterable[str] = (),
    enough: int = ENOUGH,
    alphabet: int = ALPHABET,
) -> list[str]:
    """Learn the pieces of some texts.

    Args:
        texts: what to learn from.
        size: of the vocabulary, special tokens included.
        whole: words to keep whole.
        enough: a word that occurs less often is not kept whole.
        alphabet: how many characters the vocabulary knows at most.

    Returns:
        The tokens in the order of their numbers: special ones, characters, pieces, whole words.
    """
    from tokenizers.trainers import WordPieceTrainer

    tokenizer = tokenizer_of(list(SPECIAL))
    trainer = WordPieceTrainer(
        vocab_size=size,
        special_tokens=list(SPECIAL),
        limit_alphabet=alphabet,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    numbers = tokenizer.get_vocab()
    tokens = sorted(numbers, key=numbers.__getitem__)
    counts, whole = count_words(texts), list(whole)
    missing = [word for word in whole if word not in numbers and counts[word] >= enough]
    too_many = len(tokens) + len(missing) - size
    chosen = set(whole)
    spare = [t for t in tokens if len(t.strip("#")) > 1 and t not in chosen and t not in SPECIAL]
    dropped = set(spare[-too_many:]) if too_many > 0 else set()  # those learned last
    return [token for token in tokens if token not in dropped] + missing


def tokenizer_of(tokens: Sequence[str]) -> Tokenizer:
    """Return the tokenizer of a vocabulary: lower case, no accents, [CLS] ... [SEP] around.

    Args:
        tokens: in the order of their numbers.
    """
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    numbers = {token: number for number, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", SEP), ("[CLS]", CLS))
    tokenizer.add_special_tokens([token for token in SPECIAL if token in numbers])
    return tokenizer


def count_words(texts: Iterable[str]) -> Counter[str]:
    """Count runs of Latin letters in lower case, near enough to how BERT splits words."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(_WORD.findall(text.lower()))
    return counts


def pronoun_ids(tokens: Sequence[str]) -> list[int]:
    """Return the numbers of the pronouns that a vocabulary has."""
    return [number for number, token in enumerate(tokens) if token in PRONOUNS]
