"""bertviz's pages: nothing from elsewhere, nothing that a token could do."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from lab.attention import bertviz
from lab.attention.bertviz import Part, Theme

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"'`\\",
    "\u2028\u2029",
    "<!--",
    "x" * 10_000,
    "PYTHON_PARAMS",
]


def even(rows, columns):
    return np.full((2, 2, rows, columns), 1 / columns)


def pages(tokens, theme=bertviz.LIGHT):
    size = len(tokens)
    parts = [Part(None, tokens, tokens, even(rows=size, columns=size))]
    vectors = np.ones((2, 2, size, 4))
    seen = {
        "tokens": tokens,
        "weights": even(rows=size, columns=size),
        "queries": vectors,
        "keys": vectors,
        "causal": False,
    }
    return {
        "head": bertviz.head_view(parts, theme),
        "model": bertviz.model_view(parts, theme),
        "neuron": bertviz.neuron_view(seen, theme),
    }


class Elements(HTMLParser):
    """Every element of a page with its attributes, as a browser finds them."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


@pytest.mark.parametrize("view", ["head", "model", "neuron"])
def test_hostile_tokens_make_no_element(view):
    kind = [tag for tag, _ in Elements(pages(HOSTILE)[view]).found]
    assert kind == [tag for tag, _ in Elements(pages(["a"] * len(HOSTILE))[view]).found]


@pytest.mark.parametrize("view", ["head", "model", "neuron"])
def test_nothing_is_loaded_and_a_policy_forbids_it(view):
    page = pages(["a", "b"])[view]
    for _, attributes in Elements(page).found:
        assert not {"src", "href", "onclick", "onerror"} & set(attributes)
    assert "default-src 'none'" in page
    assert "require.min.js" not in page


@pytest.mark.parametrize("view", ["head", "model", "neuron"])
def test_the_data_are_those_that_were_given(view):
    page = pages(["a<b", "c"])[view]
    params = json.loads(re.search(r"window\.bertviz_params = (\{.*?\});\n", page).group(1))
    data = params["attention"]
    data = data["all"] if view == "neuron" else data[0]
    assert data["left_text"] == ["a<b", "c"]
    assert data["attn"] == [[[[0.5, 0.5]] * 2] * 2] * 2


def test_json_in_a_script_cannot_end_it():
    text = bertviz.in_script(HOSTILE[:5])
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == HOSTILE[:5]


def test_a_long_token_is_cut():
    page = pages(HOSTILE)["head"]
    assert "x" * 39 + "\\u2026" in page
    assert "x" * 41 not in page


def test_the_theme_of_the_page_around_it():
    page = pages(["a"], Theme("dark", "#101010", "#efefef"))["model"]
    assert "background: #101010" in page
    assert '"display_mode":"dark"' in page


def test_several_parts_can_be_chosen():
    parts = [
        Part("encoder", "ab", "ab", even(rows=2, columns=2)),
        Part("cross-attention", "abc", "ab", even(rows=3, columns=2)),
    ]
    assert '<option value="1">cross-attention</option>' in bertviz.head_view(parts)
    assert bertviz.lines("head", parts) == 2 * 3 * 2
    assert bertviz.lines("model", parts) == 2 * 2 * 3 * 2


def test_a_missing_package_is_named():
    from lab.attention.trace import TraceError

    with pytest.raises(TraceError, match=r"no_such_package.*requirements"):
        bertviz.script_of("no_such_package", "x.js")
