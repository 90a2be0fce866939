"""What strangers send as a picture: drawn anew with nothing else in it, or refused in words."""

from __future__ import annotations

import io
import struct
import unicodedata
import zlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.model.errors import BadInput, Malformed, TooLarge
from bot.service.pictures import LONGEST_SIDE, MAX_BYTES, MAX_SHARP, Pictures, clean_name, redraw

GPS, ORIENTATION, MADE_BY = 0x8825, 0x0112, 0x010F


def picture(form: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: Any) -> bytes:
    """A picture that is red on its left half."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    made = io.BytesIO()
    image.convert(mode).save(made, form, **more)
    return made.getvalue()


def shown(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(redraw(content).content))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_that_says(width: int, height: int) -> bytes:
    """Some bytes that promise a picture of any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(100_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("form", "mode", "becomes"),
    [
        ("PNG", "RGB", "PNG"), ("PNG", "RGBA", "PNG"), ("PNG", "P", "PNG"), ("PNG", "L", "PNG"),
        ("PNG", "1", "PNG"), ("PNG", "LA", "PNG"), ("GIF", "P", "PNG"), ("JPEG", "RGB", "JPEG"),
        ("JPEG", "L", "JPEG"), ("JPEG", "CMYK", "JPEG"), ("WEBP", "RGB", "JPEG"), ("WEBP", "RGBA", "JPEG"),
    ],
)  # fmt: skip
def test_what_is_a_picture_is_drawn_anew(form: str, mode: str, becomes: str) -> None:
    made = redraw(picture(form, mode=mode))
    with Image.open(io.BytesIO(made.content)) as image:
        assert image.format == becomes
        assert made.content_type == Image.MIME[becomes]
        assert image.size == (made.width, made.height) == (60, 40)
        left = image.convert("L").getpixel((5, 20))
        assert isinstance(left, int)
        assert left < 150


def test_a_picture_of_sixteen_bits_is_shown_too() -> None:
    made = io.BytesIO()
    Image.new("I;16", (10, 10), 40_000).save(made, "PNG")
    assert redraw(made.getvalue()).content_type == "image/png"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_where_it_was_taken_and_what_else_stood_in_it_is_gone(form: str) -> None:
    exif = Image.Exif()
    exif[MADE_BY] = "CameraOfSofie"
    exif.get_ifd(GPS)[2] = (50.0, 51.0, 3.0)
    exif[GPS] = exif.get_ifd(GPS)
    more: dict[str, Any] = {"comment": "SecretComment"} if form == "JPEG" else {}
    before = picture(form, exif=exif, xmp=b"<x>SecretPlace</x>", icc_profile=b"SecretProfile", **more)
    assert b"CameraOfSofie" in before
    after = redraw(before).content
    for secret in (b"CameraOfSofie", b"Secret", b"Exif", b"eXIf"):
        assert secret not in after
    with Image.open(io.BytesIO(after)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_it_stands_upright_as_the_camera_was_held() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    image = shown(picture("JPEG", exif=exif)).convert("RGB")
    assert image.size == (40, 60)
    top, bottom = image.getpixel((20, 5)), image.getpixel((20, 55))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[1] < 60 < bottom[1], "what was left is above"


def test_a_large_one_is_made_smaller_and_a_small_one_is_not_made_larger() -> None:
    assert shown(picture(size=(4_000, 1_000))).size == (LONGEST_SIDE, 500)
    assert shown(picture("JPEG", size=(1_000, 5_000))).size == (400, LONGEST_SIDE)
    assert shown(picture(size=(3, 2))).size == (3, 2)
    assert shown(picture(size=(4_000, 1))).size[0] == LONGEST_SIDE


def test_of_what_moves_the_first_picture_is_kept() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    for form in ("GIF", "WEBP", "PNG"):
        made = io.BytesIO()
        frames[0].save(made, form, save_all=True, append_images=frames[1:], duration=100)
        image = shown(made.getvalue())
        assert getattr(image, "n_frames", 1) == 1
        pixel = image.convert("RGB").getpixel((10, 10))
        assert isinstance(pixel, tuple)
        assert pixel[0] > 200
        assert pixel[2] < 60


def test_a_png_that_is_a_photograph_becomes_a_jpeg() -> None:
    made = io.BytesIO()
    Image.effect_noise((1_800, 1_800), 120).convert("RGB").save(made, "PNG")
    drawn = redraw(made.getvalue())
    assert drawn.content_type == "image/jpeg"
    assert len(drawn.content) < 2 * MAX_SHARP


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"just text",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.4",
        b"PK\x03\x04" + bytes(100),
        b"II*\x00" + bytes(100),
        b"8BPS" + bytes(100),
        picture()[:60],
        picture("JPEG")[:300],
        picture("WEBP")[:40],
        picture("GIF")[:30],
        picture("BMP"),
        picture("TIFF"),
        picture("ICO"),
        b"\x89PNG\r\n\x1a\n" + bytes(40),
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed, match="PNG, JPEG, WEBP or GIF"):
        redraw(content)


def test_a_picture_that_is_a_page_too_is_only_a_picture_afterwards() -> None:
    page = b"<script>alert('polyglot')</script>"
    for form in ("PNG", "JPEG", "GIF"):
        after = redraw(picture(form) + page).content
        assert b"polyglot" not in after
    hidden = io.BytesIO(picture())
    start, rest = hidden.getvalue()[:33], hidden.getvalue()[33:]
    assert b"polyglot" not in redraw(start + chunk(b"tEXt", b"Title\0" + page) + rest).content


@pytest.mark.parametrize(
    ("width", "height"), [(40_000, 1_001), (6_400, 6_400), (100_000, 100_000), (2**31 - 1, 1), (1, 2**31 - 1)]
)
def test_a_bomb_is_not_opened(width: int, height: int) -> None:
    with pytest.raises(TooLarge, match="40 million pixels"):
        redraw(png_that_says(width, height))


def test_a_gif_with_a_frame_larger_than_it_says_is_no_way_round() -> None:
    content = bytearray(picture("GIF"))
    at = content.index(b",\0\0\0\0")
    content[at + 5 : at + 9] = struct.pack("<HH", 65_535, 65_535)
    with pytest.raises(BadInput):
        redraw(bytes(content))


def test_text_that_unpacks_to_a_gigabyte_is_not_unpacked() -> None:
    start, rest = picture()[:33], picture()[33:]
    bomb = zlib.compress(bytes(64 * 1024 * 1024), 9)
    with pytest.raises(BadInput):
        redraw(start + chunk(b"zTXt", b"Comment\0\0" + bomb) * 2 + rest)


def test_a_file_may_be_ten_megabytes() -> None:
    exact = picture() + bytes(MAX_BYTES - len(picture()))
    assert redraw(exact).width == 60
    with pytest.raises(TooLarge, match="10 MB"):
        redraw(exact + b"\0")


WHOLE = [picture(form) for form in ("PNG", "JPEG", "WEBP", "GIF")]


@given(st.binary(max_size=300))
def test_bytes_are_a_picture_or_are_refused(content: bytes) -> None:
    for start in (b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"RIFF\x10\0\0\0WEBP"):
        refused_or_drawn(start + content)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_picture_with_wrong_bytes_in_it_is_one_or_is_refused(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(WHOLE)))
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[at] = data.draw(st.integers(0, 255))
    refused_or_drawn(bytes(content))


def refused_or_drawn(content: bytes) -> None:
    try:
        drawn = redraw(content)
    except (Malformed, TooLarge):
        return
    assert drawn.content_type in ("image/png", "image/jpeg")
    assert max(drawn.width, drawn.height) <= LONGEST_SIDE


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("scherm.png", "scherm.png"),
        ("IMG_0001.HEIC", "IMG_0001.png"),
        ("../../etc/passwd", "passwd.png"),
        (r"C:\Users\sofie\foto.jpg", "foto.png"),
        ("a\r\nSet-Cookie: b\x00.png", "a Set-Cookie: b.png"),
        ("invoice\u202egnp.exe", "invoice gnp.png"),
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png"),
        ("", "image.png"),
        (".png", "image.png"),
        ("...", "image.png"),
        ("\u200b\u2066", "image.png"),
        ("été écran.webp", "été écran.png"),
        ("page.html", "page.png"),
        ("x" * 300 + ".png", "x" * 80 + ".png"),
        ("4111 1111 1111 1111.png", "[card number].png"),
    ],
)
def test_a_name_says_what_it_is_and_hides_nothing(given: str, kept: str) -> None:
    assert clean_name(given, "image/png") == kept


@given(st.text(max_size=300), st.sampled_from(["image/png", "image/jpeg"]))
def test_every_name_is_a_plain_one(name: str, content_type: str) -> None:
    made = clean_name(name, content_type)
    assert 4 < len(made) <= 84
    assert made.endswith((".png", ".jpg"))
    assert not any(unicodedata.category(each)[0] == "C" or each in "/\\" for each in made)
    made.encode()


async def test_it_is_ready_to_be_kept_under_an_id_that_nobody_guesses() -> None:
    pictures = Pictures()
    one, other = await pictures.ready(picture(), "a.png"), await pictures.ready(picture(), "a.png")
    assert one.attachment.id != other.attachment.id
    assert len(one.attachment.id) >= 32
    assert one.attachment.blob == other.attachment.blob, "the same bytes are kept once"
    assert one.attachment.size == len(one.content)
