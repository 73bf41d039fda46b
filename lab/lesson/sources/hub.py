"""A model from the hub on the page: looked up, fetched with a bar, cancelled."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from lab.lesson import service
from lab.lesson.kit.text import plain
from lab.lesson.sources import TEXT
from lab.pretrained.folders import ModelError, models_folder
from lab.pretrained.hub import Download, Downloads, Offer, look_up

EXAMPLE = "google-bert/bert-base-uncased"


@st.cache_resource(show_spinner=False)
def _downloads() -> Downloads:
    # Of all sessions: thirty students fetch a model once.
    return Downloads(models_folder())


def draw() -> None:
    """Draw the look-up of a model, and its download; a model that a link names is written there."""
    wanted, revision = st.session_state.get("hub-wanted", ("", ""))
    with st.expander(TEXT("hub"), bool(wanted), icon=":material/cloud_download:"):
        if wanted:
            st.markdown(TEXT("hub-wanted", name=plain(wanted)))
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            name = st.text_input(
                "Name on huggingface.co", wanted, key="hub-name", placeholder=EXAMPLE
            )
            asked = st.button("Look it up", key="hub-look", disabled=not name.strip())
        if asked:
            _look(name, revision if name.strip() == wanted else "")
        offer = st.session_state.get("hub-offer")
        if offer is not None:
            _offered(offer)


def _look(name: str, revision: str) -> None:
    st.session_state["hub-offer"] = None
    try:
        with st.spinner(TEXT("hub-asking")):
            st.session_state["hub-offer"] = look_up(name, revision or None)
    except ModelError as error:
        st.warning(plain(str(error)), icon=":material/cloud_off:")


def _offered(offer: Offer) -> None:
    st.markdown(f"**{plain(offer.name)}**: " + ", ".join(facts(offer)))
    download = _downloads().of(offer)
    if download is not None and download.state == "running":
        _progress(download)
        return
    if download is not None and download.state == "failed":
        st.warning(plain(download.message), icon=":material/cloud_off:")
    if download is not None and download.state == "finished" and download.folder.is_dir():
        st.success(TEXT("hub-here"), icon=":material/check:")
        return
    label = f"Download {offer.size / 1e6:,.0f} MB"
    if st.button(label, key="hub-fetch", icon=":material/download:"):
        try:
            _downloads().begin(offer, service.session())
        except ModelError as error:
            st.warning(plain(str(error)), icon=":material/hard_drive:")
        else:
            st.rerun()


def facts(offer: Offer) -> Iterator[str]:
    """Yield what one should know of a model before it is fetched."""
    yield f"{offer.size / 1e6:,.0f} MB in {len(offer.files)} files"
    yield f"licence {plain(offer.licence or 'not stated')}"
    yield f"task {plain(offer.task or 'not stated')}"
    yield f"{offer.downloads:,} downloads in a month"
    yield f"revision {plain(offer.revision[:12])}"


@st.fragment(run_every=1.0)
def _progress(download: Download) -> None:
    if download.state != "running":
        st.rerun()
    size = max(1, download.offer.size)
    st.progress(
        min(1.0, download.done / size), f"{download.done / 1e6:,.1f} of {size / 1e6:,.1f} MB"
    )
    if download.owner != service.session():
        st.caption(TEXT("hub-another"))
    elif st.button("Cancel", key="hub-cancel", icon=":material/close:"):
        download.cancel(service.session())
