"""A model from the hub on a page, with downloads that somebody else began."""

from __future__ import annotations

import pytest

from lab.lesson import service
from lab.lesson.sources import hub
from lab.pretrained.hub import Download, File, Offer

OFFER = Offer("someone/toy", "0" * 40, (File("model.safetensors", 2_000_000, None),), "", "", 0)


@pytest.mark.parametrize(("owner", "buttons"), [("me", 1), ("a classmate", 0)])
def test_only_who_began_a_download_sees_how_to_cancel_it(
    open_page, monkeypatch, owner, buttons, tmp_path
):
    download = Download(OFFER, owner, tmp_path / "someone" / "toy", done=1_000_000)
    monkeypatch.setattr(service, "session", lambda: "me")
    monkeypatch.setattr(hub, "look_up", lambda *_: OFFER)
    monkeypatch.setattr(hub, "_downloads", lambda: type("Shared", (), {"of": lambda *_: download}))
    app = open_page("inside")
    app.text_input(key="hub-name").set_value("someone/toy").run()
    app.button(key="hub-look").click().run()
    assert not app.exception
    assert [button.key for button in app.button].count("hub-cancel") == buttons
    told = any(one.value.startswith("Another browser began") for one in app.caption)
    assert told != bool(buttons)
    if buttons:
        app.button(key="hub-cancel").click().run()
        assert download._stop.is_set()
