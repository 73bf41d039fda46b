"""Composites from a catalog on loopback: values by hand, and everything that can go wrong."""

from __future__ import annotations

import socket

import numpy as np
import pytest
import requests

from lab.crops.catalogs import catalog_http
from lab.crops.catalogs.box import Box, grid
from lab.crops.catalogs.catalog import complete, composite, load, look, reduce
from lab.crops.catalogs.catalog_http import NotAllowed, Patience, guard
from lab.crops.catalogs.catalog_relay import Relay
from lab.crops.catalogs.known import ENDPOINTS, Endpoint, address, offered, typed
from lab.crops.stack import PERIODS, CropError
from tests.unit.crops import stac_server

pytestmark = [  # odc-geo's and pystac's own
    pytest.mark.filterwarnings("ignore:The 'shapely.ops.transform"),
    pytest.mark.filterwarnings("ignore:Use .@. matmul"),
]
BOX = Box(4.235, 43.3465, 4.239, 43.349)
QUICK = Patience(connect=2, read=2, total=5, tries=1, pause=0.01)
HASTY = Patience(connect=0.3, read=0.3, total=0.5, tries=0, pause=0.01)
# One in each period, two in the first (min) and the fifth (max).
TIMES = ("05-12", "05-24", "06-05", "06-29", "07-12", "08-03", "08-15", "08-27", "09-12", "10-02")


@pytest.fixture
def small():
    with stac_server.catalog() as running:
        yield running


def fill(small, bands=("VH",), times=TIMES):
    draw = np.random.default_rng(0)
    return [
        small.add(
            f"s1-{day}",
            f"2021-{day}T05:50:00Z",
            {band: draw.uniform(0.005, 0.2, (64, 64)).astype(np.float32) for band in bands},
        )
        for day in times
    ]


def endpoint(small, static=False, **changes):
    url = small.static if static else small.url
    return Endpoint("small", url, stac_server.COLLECTION, trusted=True, **changes)


def part(small, where, name, band="vh"):
    """Cut an image of the catalog to a grid by its numbers alone."""
    from rasterio.io import MemoryFile

    with MemoryFile(small.files[f"/files/{name}_{band}.tif"]) as memory, memory.open() as file:
        whole = file.read(1)
    column = round((where.transform[2] - stac_server.CORNER[0]) / 10)
    row = round((stac_server.CORNER[1] - where.transform[5]) / 10)
    height, width = where.shape
    return whole[row : row + height, column : column + width]


@pytest.mark.parametrize("static", [False, True])
def test_dates_are_found_and_nothing_else_is_fetched(small, static):
    fill(small, ("VH", "VV"))
    small.add("winter", "2021-01-05T05:50:00Z", {"VH": np.ones((64, 64))})
    small.add("before", "2020-05-12T05:50:00Z", {"VH": np.ones((64, 64))})
    found = look(endpoint(small, static), BOX, 2021, patience=QUICK)
    assert found.counts == [2, 1, 1, 1, 2, 1, 1, 1]
    assert found.dates[0] == ["2021-05-12", "2021-05-24"]
    assert not any(path.startswith("/files/") for _, path in small.asked)
    assert static or sum(path == "/search" for _, path in small.asked) == 4  # ten, three a page


def test_composites_are_those_of_numpy(small):
    fill(small, ("VH", "VV"), ("05-12", "05-24", "08-03", "08-15"))
    where, chosen = grid(BOX), endpoint(small)
    found = look(chosen, BOX, 2021, patience=QUICK)
    for period, operator, days in ((0, np.minimum, TIMES[:2]), (4, np.maximum, TIMES[5:7])):
        values, count, left_out = composite(chosen, found, where, period, patience=QUICK)
        assert (count, left_out) == (2, [])
        for band, name in enumerate(("vh", "vv")):
            one, two = (part(small, where, f"s1-{day}", name) for day in days)
            expected = 10 * np.log10(operator(one, two))
            np.testing.assert_allclose(values[band], expected, atol=1e-4)


def test_the_mean_is_one_of_power_and_no_data_is_left_out():
    power = np.array([[0.1, np.nan, np.nan], [0.3, 0.02, np.nan]])
    found = reduce(power, "mean")
    assert found[0] == pytest.approx(10 * np.log10(0.2), abs=1e-5)  # not (-10 - 5.2) / 2
    assert found[1] == pytest.approx(10 * np.log10(0.02), abs=1e-5)
    assert np.isnan(found[2])


def test_a_whole_season_is_loaded_with_its_counts(small):
    fill(small)
    seen = []
    loaded = load(
        endpoint(small), BOX, 2021, ("VH",), progress=lambda *at: seen.append(at), patience=QUICK
    )
    assert loaded.stack.values.shape == (1, 8, *grid(BOX).shape)
    assert loaded.stack.valid.all()
    assert (loaded.stack.crs, loaded.stack.quantity) == ("EPSG:32631", "gamma0")
    assert loaded.counts == [2, 1, 1, 1, 2, 1, 1, 1]
    assert seen == [(n, 8) for n in range(1, 9)]


def test_slices_of_one_pass_are_one_acquisition(small):
    values = np.full((64, 64), 0.1)
    for second, half in enumerate((slice(0, 10), slice(10, 64))):
        slice_ = np.full((64, 64), -32768.0)
        slice_[half] = values[half] / (1 + second)
        small.add(f"s{second}", f"2021-05-12T05:50:{second}0Z", {"VH": slice_})
    chosen, where = endpoint(small), grid(BOX)
    found = look(chosen, BOX, 2021, bands=["VH"], patience=QUICK)
    assert found.counts[0] == 1
    got, count, _ = composite(chosen, found, where, 0, bands=["VH"], patience=QUICK)
    assert count == 1
    assert set(got.round(3).ravel()) == {np.float32(-10), np.float32(-13.01)}


@pytest.mark.parametrize(
    ("unit", "stored", "decibels"), [("dB", -17.0, -17.0), ("amplitude", 0.1, -20.0)]
)
def test_units(small, unit, stored, decibels):
    image = np.full((64, 64), stored)
    image[5] = -32768  # the file's nodata
    small.add("one", "2021-05-12T05:50:00Z", {"VH": image})
    chosen = endpoint(small, unit=unit)
    found = look(chosen, BOX, 2021, bands=["VH"], patience=QUICK)
    values, _, _ = composite(chosen, found, grid(BOX), 0, bands=["VH"], patience=QUICK)
    assert np.isnan(values).sum() == values.shape[2]
    np.testing.assert_allclose(values[np.isfinite(values)], decibels, atol=1e-4)


def test_one_direction_only(small):
    for day, state in (("05-12", "ascending"), ("05-14", "descending")):
        small.add(
            state, f"2021-{day}T05:50:00Z", {"VH": np.ones((64, 64))}, **{"sat:orbit_state": state}
        )
    found = look(endpoint(small), BOX, 2021, bands=["VH"], orbit="descending", patience=QUICK)
    assert [item["id"] for item in found.items] == ["descending"]


def test_a_missing_asset_or_file_leaves_its_image_out_and_says_so(small):
    items = fill(small, times=("05-12", "05-18", "05-24"))
    del items[0]["assets"]["vh"]
    del small.files["/files/s1-05-18_vh.tif"]
    chosen = endpoint(small)
    found = look(chosen, BOX, 2021, bands=["VH"], patience=QUICK)
    assert found.left_out == ["s1-05-12: has no VH, so it is left out."]
    assert found.counts[0] == 2
    values, count, left_out = composite(chosen, found, grid(BOX), 0, bands=["VH"], patience=QUICK)
    assert count == 1
    assert left_out == ["s1-05-18: its file is missing, so this acquisition is left out."]
    expected = 10 * np.log10(part(small, grid(BOX), "s1-05-24"))
    np.testing.assert_allclose(values[0], expected, atol=1e-4)
    with pytest.raises(CropError, match="between 1-20 Jun, 21 Jun-10 Jul"):
        complete(found)


def test_a_server_that_is_down_for_a_moment_is_asked_again(small):
    fill(small, times=("05-12",))
    small.answers = {"/search": [504], "/files/s1-05-12_vh.tif": [503]}
    chosen = endpoint(small)
    found = look(chosen, BOX, 2021, bands=["VH"], patience=QUICK)
    assert composite(chosen, found, grid(BOX), 0, bands=["VH"], patience=QUICK)[1] == 1


def test_a_server_that_stays_down_is_named(small):
    fill(small, times=("05-12",))
    chosen = endpoint(small)
    found = look(chosen, BOX, 2021, bands=["VH"], patience=QUICK)
    small.answers = {"/search": [-504], "/files/s1-05-12_vh.tif": [-504]}
    with pytest.raises(CropError, match=r"overloaded or down .it answers 504"):
        look(chosen, BOX, 2021, patience=QUICK)
    # Not left out in silence: a minimum over fewer images is another map.
    with pytest.raises(CropError, match=r"files is overloaded or down .it answers 504"):
        composite(chosen, found, grid(BOX), 0, bands=["VH"], patience=QUICK)


def test_a_slow_server_is_given_up(small):
    fill(small, times=("05-12",))
    chosen = endpoint(small)
    found = look(chosen, BOX, 2021, bands=["VH"], patience=QUICK)
    small.mute = {"/search", "/files/s1-05-12_vh.tif"}
    with pytest.raises(CropError, match="too slow today"):
        look(chosen, BOX, 2021, patience=HASTY)
    with pytest.raises(CropError, match="files is too slow today"):
        composite(chosen, found, grid(BOX), 0, bands=["VH"], patience=HASTY)


def test_what_is_no_catalog(small):
    with pytest.raises(CropError, match="nothing at this address"):
        look(Endpoint("x", small.url + "/stac", trusted=True), BOX, 2021, patience=QUICK)
    with pytest.raises(CropError, match="no STAC catalog"):
        look(Endpoint("x", small.url + "/token", trusted=True), BOX, 2021, patience=QUICK)
    with pytest.raises(CropError, match="cannot be reached"):
        look(Endpoint("x", "http://127.0.0.1:9", trusted=True), BOX, 2021, patience=QUICK)
    with pytest.raises(CropError, match="such as radar"):
        look(Endpoint("x", small.url, trusted=True), BOX, 2021, patience=QUICK)
    with pytest.raises(CropError, match="no image of this box in 2021"):
        look(endpoint(small), BOX, 2021, patience=QUICK)


@pytest.mark.parametrize(
    "href",
    [
        "/etc/passwd",
        "file:///etc/passwd",
        "/vsicurl/http://example.org/x.tif",
        "s3://bucket/x.tif",
        "http://10.0.0.7/x.tif",
        "http://[::1]/x.tif",
        "http://169.254.169.254/latest",
    ],
)
def test_a_catalog_may_not_point_into_this_machine_or_its_network(small, href):
    fill(small, times=("05-12",))[0]["assets"]["vh"]["href"] = href
    with pytest.raises(CropError, match=r"not on the web|private network"):
        look(endpoint(small), BOX, 2021, bands=["VH"], patience=QUICK)


def test_a_file_that_is_sent_on_into_the_network_behind_is_not_fetched(small):
    fill(small, times=("05-12",))
    chosen = endpoint(small)
    found = look(chosen, BOX, 2021, bands=["VH"], patience=QUICK)
    small.files["/files/secret.tif"] = small.files["/files/s1-05-12_vh.tif"]
    inside = small.url.replace("127.0.0.1", "localhost") + "/files/secret.tif"
    small.redirects = {"/files/s1-05-12_vh.tif": inside}
    with pytest.raises(NotAllowed, match="localhost lies in a private network"):
        composite(chosen, found, grid(BOX), 0, bands=["VH"], patience=QUICK)
    assert "/files/secret.tif" not in [path for _, path in small.asked]


def test_a_file_that_is_sent_on_where_a_catalog_may_send_us_is_read(small):
    fill(small, times=("05-12",))
    chosen = endpoint(small)
    found = look(chosen, BOX, 2021, bands=["VH"], patience=QUICK)
    small.files["/files/moved.tif"] = small.files.pop("/files/s1-05-12_vh.tif")
    small.redirects = {"/files/s1-05-12_vh.tif": small.url + "/files/moved.tif"}
    assert composite(chosen, found, grid(BOX), 0, bands=["VH"], patience=QUICK)[1] == 1


def test_a_name_that_is_resolved_anew_to_a_private_address_is_not_asked(small, monkeypatch):
    port = int(small.url.rpartition(":")[2])
    resolve = socket.getaddrinfo

    def rebinding(host, port, *arguments, **keywords):
        if host == "rebinding.test":  # public for who only looks, private for who connects
            host = "8.8.8.8" if port is None else "127.0.0.1"
        return resolve(host, port, *arguments, **keywords)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    chosen = Endpoint("x", f"http://rebinding.test:{port}", "radar")
    with pytest.raises(NotAllowed, match="lies in a private network"):
        look(chosen, BOX, 2021, bands=["VH"], patience=QUICK)
    with Relay(chosen, QUICK) as relay:
        address = relay.address(chosen.url + "/files/s1-05-12_vh.tif")
        assert requests.get(address, timeout=10).status_code == 404
        assert isinstance(relay.failure(address), NotAllowed)
    assert small.asked == []


def test_addresses_of_the_relay_are_good_for_their_files_alone(small):
    fill(small, times=("05-12",))
    with Relay(endpoint(small), QUICK) as relay:
        address = relay.address(small.url + "/files/s1-05-12_vh.tif")
        part = requests.get(address, headers={"Range": "bytes=0-3"}, timeout=10)
        assert (part.status_code, part.content) == (206, b"II*\0")
        assert requests.head(address, timeout=10).status_code == 200
        other = address.rpartition("/")[0] + "/files/s1-05-12_vh.tif"
        assert requests.get(other, timeout=10).status_code == 404


def test_a_link_of_a_static_catalog_may_not_either(small, tmp_path):
    secret = tmp_path / "secret.json"
    secret.write_text('{"type": "Catalog", "id": "secret", "links": [], "description": "s"}')
    small.extra = [{"rel": "child", "href": f"file://{secret}"}]
    with pytest.raises(NotAllowed, match="not on the web"):
        list(look(endpoint(small, static=True), BOX, 2021, patience=QUICK).items)


def test_a_vrt_under_the_name_of_a_tif_reads_no_file_of_this_machine(small, tmp_path):
    fill(small, times=("05-12",))
    secret = tmp_path / "secret.tif"
    secret.write_bytes(small.files["/files/s1-05-12_vh.tif"])
    small.files["/files/s1-05-12_vh.tif"] = f"""<VRTDataset rasterXSize="64" rasterYSize="64">
      <SRS>{stac_server.CRS}</SRS><GeoTransform>{stac_server.CORNER[0]}, 10, 0,
      {stac_server.CORNER[1]}, 0, -10</GeoTransform><VRTRasterBand dataType="Float32" band="1">
      <SimpleSource><SourceFilename>{secret}</SourceFilename><SourceBand>1</SourceBand>
      </SimpleSource></VRTRasterBand></VRTDataset>""".encode()
    chosen = endpoint(small)
    found = look(chosen, BOX, 2021, bands=["VH"], patience=QUICK)
    with pytest.raises(CropError, match="its file cannot be read"):
        composite(chosen, found, grid(BOX), 0, bands=["VH"], patience=QUICK)


def test_files_that_want_a_token(small):
    fill(small, times=("05-12",))
    small.token = "sig=abc"
    chosen = endpoint(small)
    found = look(chosen, BOX, 2021, bands=["VH"], patience=QUICK)
    with pytest.raises(CropError, match=r"want an account .403"):
        composite(chosen, found, grid(BOX), 0, bands=["VH"], patience=QUICK)
    signed = endpoint(small, sign=small.url + "/token")
    assert composite(signed, found, grid(BOX), 0, bands=["VH"], patience=QUICK)[1] == 1


def test_addresses_that_a_user_types():
    assert typed(" https://example.org/stac ").url == "https://example.org/stac"
    for wrong in ("", "example.org", "ftp://example.org", "file:///etc", "https://", "http://a:b"):
        with pytest.raises(CropError, match="begins with https"):
            address(wrong)
    with pytest.raises(CropError, match="password or a space"):
        address("https://me:secret@example.org")
    with pytest.raises(CropError, match="sigma0 or gamma0"):
        typed("https://example.org", quantity="beta0")
    with pytest.raises(NotAllowed, match="private network"):  # only whoever runs the lab may
        guard("http://127.0.0.1:8000", typed("http://127.0.0.1:8000"))


def test_files_lie_on_the_hosts_of_a_catalog(monkeypatch):
    monkeypatch.setattr(catalog_http, "_public", lambda host: True)
    known = ENDPOINTS["Planetary Computer, Sentinel-1 RTC"]
    guard("https://sentinel1euwestrtc.blob.core.windows.net/a.tif", known)
    for other in ("https://example.org/a.tif", "https://evilplanetarycomputer.microsoft.com.org/"):
        with pytest.raises(NotAllowed, match="none of its hosts"):
            guard(other, known)


def test_the_catalogs_that_are_offered():
    own = offered({"GLASSHOUSE_CATALOGS": "ours=http://localhost:8000 broken"})
    assert next(iter(own)) == "ours"
    assert own["ours"].trusted
    assert list(offered({})) == list(ENDPOINTS)
    for each in ENDPOINTS.values():
        assert Endpoint.from_dict(each.to_dict()) == each
        assert not each.trusted
        assert each.url.startswith("https://")
    unreadable = next(each for each in ENDPOINTS.values() if not each.readable)
    with pytest.raises(CropError, match="cannot be read here"):
        composite(unreadable, None, None, 0)
    assert len(PERIODS) == 8
