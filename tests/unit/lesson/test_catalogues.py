"""Line-ups in links: what earlier versions wrote is read, what cannot be is left out and named."""

from __future__ import annotations

import pytest

from lab.classify.settings import ClassifySettings
from lab.lesson.bert.lesson import CATALOGUE as BERT
from lab.lesson.captioning.lesson import CATALOGUE as CAPTIONS
from lab.lesson.kit.lineup import RATE, Entry, Offer, offered
from lab.lesson.language_model.lesson import CATALOGUE as LANGUAGE
from lab.lesson.transfer.catalogue import CATALOGUE as CROPS
from lab.lesson.translation.models import CATALOGUE as TRANSLATION
from lab.lesson.verdict.lesson import CATALOGUE as VERDICT
from lab.lesson.vision.data import CATALOGUE as VISION

# Each end of each range that the pages offered before the settings declared theirs.
LINKS = {
    "language": (
        LANGUAGE,
        "lstm:learning_rate=1e-06,layers=8,width=1024,block=512,batch=256,dropout=0.9;"
        "transformer:learning_rate=0.001,layers=4,heads=16,positions=none;gru:width=8,block=4",
    ),
    "translation": (
        TRANSLATION,
        "gru:score=none,look=before,width=16,teacher_forcing=0,bidirectional=off;"
        "transformer:width=512,layers=6,heads=16,batch=256,attend_end=off,learning_rate=1",
    ),
    "captioning": (CAPTIONS, "soft:width=16;hard:width=512,batch=256;none:learning_rate=1e-06"),
    "classification": (VERDICT, "frozen:pool=cls,warmup=500;full:batch=64,warmup=0;scratch"),
    "bert": (
        BERT,
        "random:head_start=off,layers=6,width=256,heads=16,share=0.02,pronoun_share=0.95;"
        "project:share=0.9,batch=8192",
    ),
    "vision": (VISION, "vit:patch=4,layers=6,heads=16,width=256;cnn:pool=mean,width=8,batch=256"),
    "crops": (CROPS, "RI:learning_rate=1e-05,dropout=0.8;last1:batch=32,dropout=0"),
}


@pytest.mark.parametrize("name", LINKS)
def test_links_of_earlier_versions_are_read_and_written_the_same(name):
    catalogue, link = LINKS[name]
    entries, left_out = catalogue.from_link(link)
    assert not left_out
    assert catalogue.to_link(entries) == link


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("language", "lstm:layers=9"),
        ("language", "lstm:heads=2"),  # of the Transformer only
        ("language", "lstm:learning_rate=nan"),
        ("language", "lstm:seed=3"),  # declared, and not offered
        ("translation", "transformer:score=dot"),
        ("translation", "gru:bidirectional=yes"),
        ("bert", "project:layers=2"),
        ("bert", "random:share=0.01"),
        ("vision", "cnn:heads=2"),
        ("vision", "perceiver"),
        ("crops", "FT:learning_rate=1e-06"),
    ],
)
def test_what_a_lesson_does_not_offer_is_left_out_and_named(name, part):
    catalogue = LINKS[name][0]
    first = next(iter(catalogue.kinds))
    assert catalogue.from_link(f"{part};{first}") == ([Entry(first)], [part])


def test_the_default_of_a_choice_stands_first():
    assert LANGUAGE.changes["positions"].choices == ("alibi", "learned", "sinusoidal", "none")
    assert TRANSLATION.changes["score"].choices[0] == "general"


def test_a_lesson_cannot_offer_what_is_not_declared():
    with pytest.raises(ValueError, match="'beams'"):
        offered(ClassifySettings, "beams")
    with pytest.raises(ValueError, match="'seed'"):
        offered(ClassifySettings, RATE, "seed")  # it has no name for a page
    with pytest.raises(ValueError, match="more than there is"):
        offered(ClassifySettings, Offer("batch", high=129))
