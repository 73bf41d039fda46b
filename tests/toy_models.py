"""Model folders in Hugging Face's format, made on the spot: tiny, with random weights."""

from __future__ import annotations

from pathlib import Path

SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = [
    "the",
    "dog",
    "did",
    "not",
    "cross",
    "road",
    "because",
    "it",
    "was",
    "tired",
    ".",
    "bank",
    "river",
    "of",
    "money",
    "a",
    "man",
    "sat",
    "by",
]


def tokenizer(words: list[str] | None = None):
    """Return a fast tokenizer of whole words and of pieces in ##."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    vocabulary = {word: i for i, word in enumerate([*SPECIALS, *(words or WORDS), "ti", "##red"])}
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )


HOSTILE = [
    "</script><script>window.pwned=1</script>",
    "<img/src=x/onerror=window.pwned=1>",
    "\"'`${window.pwned=1}\\",
    "a\u2028b\u2029c",
    "<!--<script>",
    "](javascript:window.pwned=1)",
    "x" * 10_000,
]


def hostile(folder: Path):
    """Save a random BERT whose tokens are `HOSTILE`, split at spaces, and return it."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    model = bert(folder, HOSTILE)
    vocabulary = {word: i for i, word in enumerate([*SPECIALS, *HOSTILE])}
    made = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Split(" ", "removed")
    PreTrainedTokenizerFast(
        tokenizer_object=made, unk_token="[UNK]", mask_token="[MASK]", pad_token="[PAD]"
    ).save_pretrained(folder)
    return model


def bert(folder: Path, words: list[str] | None = None, **changes):
    """Save a random BERT with a masked head into a folder and return it."""
    from transformers import BertConfig, BertForMaskedLM

    given = {
        "vocab_size": len(SPECIALS) + len(words or WORDS) + 2,
        "hidden_size": 24,
        "num_attention_heads": 2,
        "num_hidden_layers": 3,
        "intermediate_size": 32,
        "max_position_embeddings": 64,
        "initializer_range": 0.5,
    }
    return _saved(folder, BertForMaskedLM(BertConfig(**given | changes)), words)


def gpt2(folder: Path):
    """Save a random GPT-2 into a folder and return it."""
    from transformers import GPT2Config, GPT2LMHeadModel

    size = len(SPECIALS) + len(WORDS) + 2
    config = GPT2Config(
        n_embd=24,
        n_head=2,
        n_layer=2,
        n_positions=32,
        vocab_size=size,
        initializer_range=0.5,
        bos_token_id=2,
        eos_token_id=3,
    )
    return _saved(folder, GPT2LMHeadModel(config), None)


def t5(folder: Path):
    """Save a random T5 into a folder and return it."""
    from transformers import T5Config, T5ForConditionalGeneration

    config = T5Config(
        vocab_size=len(SPECIALS) + len(WORDS) + 2,
        d_model=24,
        d_kv=12,
        d_ff=32,
        num_layers=2,
        num_heads=2,
        decoder_start_token_id=0,
        eos_token_id=3,
        pad_token_id=0,
    )
    return _saved(folder, T5ForConditionalGeneration(config), None)


def _saved(folder: Path, model, words):
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        for parameter in model.parameters():
            parameter.normal_(0, 0.5)
    model.save_pretrained(folder)
    tokenizer(words).save_pretrained(folder)
    return model.eval()
