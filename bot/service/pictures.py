"""Pictures that people send, from strangers' bytes to ours: decoded and written anew, so that what is kept
and shown is pixels and nothing else. No place where a photograph was taken, no script, no second meaning.

What a file is, its bytes say; its name and what the sender calls it count for nothing. What may see it and
where it is kept is not here.
"""

from __future__ import annotations

import asyncio
import io
import re
import unicodedata
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from bot.model.errors import BadInput, Malformed, TooLarge
from bot.model.redact import redact
from bot.store.attachments import NewFile, new_file

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
"""More is not decoded: a file of some kilobytes may say that it is a picture of gigabytes."""
LONGEST_SIDE = 2_000
MAX_SHARP = 2 * 1024 * 1024
"""Bytes of a PNG; one that takes more is no screen but a photograph."""
AT_ONCE = 2
"""Pictures that are decoded at the same time; each may take 200 MB for a moment."""
MAX_NAME = 80

_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg"}
_EXTENSION = re.compile(r"\.\w{1,5}$")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as we wrote it."""

    content: bytes
    content_type: str
    width: int
    height: int


class Pictures:
    """Makes pictures ready to be kept, some at a time, beside the event loop."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)

    async def ready(self, content: bytes, name: str) -> NewFile:
        """The file as it may be kept; raises `Malformed` or `TooLarge`."""
        async with self._room:
            picture = await asyncio.to_thread(redraw, content)
        return new_file(
            picture.content,
            name=clean_name(name, picture.content_type),
            content_type=picture.content_type,
            width=picture.width,
            height=picture.height,
        )


def redraw(content: bytes) -> Picture:
    """Draw a picture anew: upright, its first frame, at most `LONGEST_SIDE` long, without what else was in
    the file. Raises `Malformed` or `TooLarge`, and nothing else, whatever the bytes are.

    A screen has sharp letters and stays a PNG. What was made as JPEG or WEBP is taken for a photograph, and
    so is a PNG that grows too large: they become JPEG.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge(f"a picture has at most {MAX_BYTES // 1024 // 1024} MB")
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise TooLarge(_TOO_MANY)
            return _redraw(opened)
    except BadInput:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLarge(_TOO_MANY) from None
    except Exception:  # decoders raise many things over strange bytes
        raise Malformed("this is not a picture that can be shown: send a PNG, JPEG, WEBP or GIF") from None


_TOO_MANY = f"a picture has at most {MAX_PIXELS // 1_000_000} million pixels"


def _redraw(opened: Image.Image) -> Picture:
    photograph = opened.format not in ("PNG", "GIF")
    opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is decoded small
    opened.seek(0)
    opened.load()
    drawn = opened if opened.mode in ("RGB", "RGBA", "L", "CMYK") else _in_colours(opened)
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # in its place: nothing below makes a large copy
    drawn = _in_colours(ImageOps.exif_transpose(drawn))
    drawn.info.clear()
    sharp = b"" if photograph else _written(drawn, "PNG")
    if sharp and len(sharp) <= MAX_SHARP:
        return Picture(sharp, "image/png", *drawn.size)
    return Picture(_written(_on_white(drawn), "JPEG", quality=85), "image/jpeg", *drawn.size)


def _in_colours(image: Image.Image) -> Image.Image:
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _written(image: Image.Image, form: str, **options: int) -> bytes:
    made = io.BytesIO()
    image.save(made, form, **options)
    return made.getvalue()


def clean_name(name: str, content_type: str) -> str:
    """What a file is called: its own name without folders, characters that hide or turn things, and secrets;
    with the ending of what it is."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(each if unicodedata.category(each)[0] not in "CZ" else " " for each in last)
    stem = redact(" ".join(seen.split()))
    stem = _EXTENSION.sub("", stem).strip(" .")[:MAX_NAME].strip()
    return f"{stem or 'image'}.{_EXTENSIONS[content_type]}"
