"""Pictures that people upload: every one is read truly or refused with a sentence."""

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from lab.vision import upload
from lab.vision.upload import PictureError, read_picture

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def saved(picture, form="PNG", **options) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, form, **options)
    return stream.getvalue()


def plain(colour=RED, size=(60, 60), mode="RGB"):
    return Image.new(mode, size, colour)


def noise(size=200):
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (size, size, 3), np.uint8))


def png(width, height, *chunks):
    """Return a PNG with that header, whatever its pixels."""

    def chunk(name, data):
        check = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", head), *(chunk(*each) for each in chunks), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_picture_becomes_what_the_networks_see_and_a_larger_copy(form):
    found = read_picture(saved(plain(), form))
    assert found.image.shape == (48, 48, 3)
    assert found.shown.shape == (384, 384, 3)
    assert found.image.dtype == found.shown.dtype == np.uint8
    assert np.abs(found.image[20, 20].astype(int) - RED).max() < 4


def test_the_square_in_the_middle_is_taken():
    wide = plain(BLUE, (300, 100))
    wide.paste(plain(RED, (100, 100)), (100, 0))
    found = read_picture(saved(wide))
    assert (found.image == RED).all()
    assert (found.shown == RED).all()
    assert "square in its middle" in found.note
    high = plain(BLUE, (100, 300))
    high.paste(plain(RED, (100, 100)), (0, 100))
    assert (read_picture(saved(high)).image == RED).all()


def test_a_photograph_stands_upright():
    upright = plain(BLUE, (80, 80))
    upright.paste(plain(GREEN, (80, 40)), (0, 0))  # green above
    exif = Image.Exif()
    exif[0x0112] = 6  # "turn me clockwise by a quarter"
    found = read_picture(saved(upright.rotate(90), "JPEG", exif=exif, quality=95))
    assert found.image[5, 24, 1] > 200
    assert found.image[42, 24, 2] > 200


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white(mode):
    picture = Image.new("RGBA", (60, 60), (255, 0, 0, 0))
    options = {}
    if mode == "P":
        picture, options = plain().quantize(2), {"transparency": 0}
    else:
        picture = picture.convert(mode)
    assert (read_picture(saved(picture, **options)).image == WHITE).all()


def test_half_transparent_is_halfway_to_white():
    picture = Image.new("RGBA", (60, 60), (255, 0, 0, 128))
    assert np.abs(read_picture(saved(picture)).image[0, 0].astype(int) - (255, 127, 127)).max() < 2


def test_grey_of_8_and_of_16_bits():
    assert (read_picture(saved(plain(100, mode="L"))).image == 100).all()
    deep = Image.fromarray(np.full((60, 60), 100 * 257, dtype=np.uint16))
    data = saved(deep)
    assert Image.open(io.BytesIO(data)).mode.startswith("I")
    assert (read_picture(data).image == 100).all()
    assert (read_picture(saved(plain(1, mode="1"))).image == 255).all()


def test_cmyk_becomes_colour():
    data = saved(Image.new("CMYK", (60, 60), (0, 255, 255, 0)), "JPEG", quality=95)
    assert np.abs(read_picture(data).image[9, 9].astype(int) - RED).max() < 12


def test_of_an_animation_the_first_picture_is_taken():
    data = saved(plain(RED), save_all=True, append_images=[plain(BLUE)], duration=100)
    found = read_picture(data)
    assert (found.image == RED).all()
    assert "animation" in found.note


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        saved(plain(), "GIF"),
        saved(plain(), "BMP"),
        saved(plain(), "TIFF"),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
    ],
    ids=["empty", "text", "gif", "bmp", "tiff", "svg", "pdf"],
)
def test_what_is_no_png_or_jpeg_is_refused_whatever_its_name(data):
    with pytest.raises(PictureError, match="no PNG or JPEG"):
        read_picture(data)


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.98])
def test_a_truncated_file_is_refused(form, part):
    data = saved(noise(), form)
    with pytest.raises(PictureError, match="damaged"):
        read_picture(data[: int(len(data) * part)])


def test_bytes_that_were_changed_never_bring_another_error():
    random = np.random.default_rng(0)
    for form in ("PNG", "JPEG"):
        data = np.frombuffer(saved(noise(40), form), np.uint8)
        for _ in range(60):
            changed = data.copy()
            changed[random.integers(4, len(data), 5)] = random.integers(0, 256, 5)
            with contextlib.suppress(PictureError):
                assert read_picture(changed.tobytes()).image.shape == (48, 48, 3)


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch):
    def never(self, *_):
        raise AssertionError("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", never)
    for side in (5_000, 12_000, 60_000, 2_000_000_000):
        with pytest.raises(PictureError, match=r"can be read|too many pixels|damaged"):
            read_picture(png(side, side, (b"IDAT", zlib.compress(bytes(9)))))


def test_a_small_file_that_unfolds_into_many_pixels_is_refused():
    data = saved(plain(0, (6_000, 6_000), "1"))
    assert len(data) < 10_000
    with pytest.raises(PictureError, match=r"6,000 x 6,000 pixels"):
        read_picture(data)


def test_compressed_text_in_a_picture_is_bounded():
    bomb = zlib.compress(bytes(80_000_000))
    data = png(60, 60, (b"zTXt", b"note\0\0" + bomb), (b"IDAT", zlib.compress(bytes(60 * 181))))
    with pytest.raises(PictureError, match="damaged"):
        read_picture(data)


def test_a_large_photograph_is_decoded_no_larger_than_needed(monkeypatch):
    sizes = []
    crop = Image.Image.crop
    monkeypatch.setattr(
        Image.Image, "crop", lambda self, box: sizes.append(self.size) or crop(self, box)
    )
    found = read_picture(saved(plain(RED, (4_000, 3_000)), "JPEG"))
    assert sizes == [(2_000, 1_500)]
    assert "from 3000 to 48" in found.note
    assert np.abs(found.image.astype(int) - RED).max() < 4


def test_too_many_bytes_too_few_pixels():
    with pytest.raises(PictureError, match="up to 5 MB"):
        read_picture(saved(plain()) + bytes(upload.LARGEST_BYTES))
    with pytest.raises(PictureError, match="7 x 60 pixels"):
        read_picture(saved(plain(size=(7, 60))))
    assert read_picture(saved(plain(size=(8, 8)))).image.shape == (48, 48, 3)
