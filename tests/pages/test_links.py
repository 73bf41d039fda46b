"""Links made with an earlier version open as they did: `tests/cases/links.json` holds them.

Each entry was made by the lab itself at commit ce69c5d, and so was what it says of the page:

- `page`: a file under `pages/`; `query`: the parameters of the link, a list where one repeats.
- `controls`: key -> what the control shows, by the key that stands in the link. A control that the
  link names must be there; any other must show the same if it is there, since a link leaves out
  what is at its default.
- `models`: the labels of the line-up, in order. `chosen`: what pickers without a key in the link
  show as chosen. `guess`: the guess that is marked on the page. `tab`: the number of the open one.
- `tables`: rows of numbers that stand in a table. `texts`: what stands somewhere on the page.
- `gone`: controls that `hide=` takes away. `kept`: hand-made parts of a link that must survive.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

LINKS = json.loads((Path(__file__).parent.parent / "cases" / "links.json").read_text("utf-8"))
NUMBERS = ("number_input", "slider")
TYPED = ("text_input", "text_area")
SWITCHES = ("toggle", "checkbox")
CHOICES = ("selectbox", "select_slider", "multiselect")


def elements(block) -> list:
    """Return all blocks and elements of an opened page, in order."""
    found = []
    for child in block.children.values():
        found += [child, *elements(child)] if hasattr(child, "children") else [child]
    return found


def bound(element) -> str:
    """Return the key that stands in the link for a control or tabs, "" for other elements."""
    if element.type == "tab_container":
        return element.proto.tab_container.query_param_key
    return getattr(getattr(element, "proto", None), "query_param_key", "")


def shown(control) -> Any:
    """Return what a student sees a control at: the labels of what is chosen, a number, a text."""
    if control.type in SWITCHES:
        return bool(control.value)
    if control.type in NUMBERS:
        value = control.value
        return [float(v) for v in value] if isinstance(value, (tuple, list)) else value
    if control.type == "select_slider":
        return control.format_func(control.value)
    if control.type == "selectbox":
        return None if control.index is None else control.options[control.index]
    if control.type == "multiselect":
        return [control.options[index] for index in control.indices]
    if control.type == "button_group":
        return [control.proto.options[index].content for index in control.indices]
    return control.value


def observed(app) -> dict[str, Any]:
    """Return what a student sees of the state of an opened page."""
    parts = elements(app._tree)
    kinds = (*NUMBERS, *TYPED, *SWITCHES, *CHOICES, "button_group")
    controls = [part for part in parts if part.type in kinds]
    tabs = [part.proto.tab_container for part in parts if part.type == "tab_container"]
    return {
        "controls": {bound(part): shown(part) for part in controls if bound(part)},
        "chosen": [
            label
            for part in controls
            if part.type in ("selectbox", "multiselect") and not bound(part)
            for label in np.atleast_1d(shown(part) if shown(part) is not None else [])
        ],
        "models": [p.proto.popover.label for p in parts if p.type == "popover"],
        "guesses": [
            label
            for part in controls
            if part.type == "button_group" and part.proto.style == part.proto.PILLS
            for label in shown(part)
        ],
        "tabs": [tab.default_tab_index for tab in tabs if tab.query_param_key == "tab"],
        "tables": [part.value.to_numpy().tolist() for part in parts if part.type == "dataframe"],
        "texts": [str(part.value) for part in parts if part.type in ("markdown", "alert")]
        + [str(part.value) for kind in ("caption", *_ALERTS) for part in app.get(kind)],
        "keys": [part.key for part in parts if getattr(part, "key", None)],
    }


_ALERTS = ("info", "success", "warning")


def in_order(some: list, all_: list) -> bool:
    """Return whether a list is another with perhaps some left out."""
    rest = iter(all_)
    return all(one in rest for one in some)


@pytest.mark.parametrize(
    "link", LINKS, ids=[f"{number}-{link['page']}" for number, link in enumerate(LINKS)]
)
def test_a_link_of_an_earlier_version_opens_as_it_did(link, open_page):
    app = open_page(link["page"], **link["query"])
    assert [fault.value for fault in app.exception] == []
    assert [fault.value for fault in app.error] == []
    now = observed(app)
    named = link["query"].keys() & link["controls"].keys()
    assert sorted(named - now["controls"].keys()) == [], "controls that the link sets are missing"
    both = link["controls"].keys() & now["controls"].keys()
    assert {key: now["controls"][key] for key in both} == {
        key: link["controls"][key] for key in both
    }
    assert in_order(link.get("models", []), now["models"])
    everything = now["chosen"] + [
        label
        for value in now["controls"].values()
        for label in (value if isinstance(value, list) else [value])
    ]
    assert [label for label in link.get("chosen", []) if label not in everything] == []
    for guess in (link.get("guess"), *link.get("more_guesses", [])):
        assert guess in [None, *everything, *now["guesses"]]
    assert "tab" not in link or link["tab"] in now["tabs"]
    rows = [row for table in now["tables"] for row in table]
    assert [row for row in link.get("tables", []) if row not in rows] == []
    for text in link.get("texts", []):
        assert any(text in one for one in now["texts"]), text
    assert [key for key in link.get("gone", []) if key in now["keys"]] == []
    after = {key: app.query_params.get(key) for key in link.get("kept", {})}
    assert after == link.get("kept", {})
