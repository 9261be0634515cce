"""Photos: finding them under paths, and decoding one. The only decoder of the whole product.

Training, classification and preview all call `load_photo`, so what is seen is what the model saw.
"""

import functools
import io
import os
import stat
import warnings
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, features

from scene_desktop.core.errors import PhotoError
from scene_desktop.core.photos.colour_modes import to_rgb
from scene_desktop.core.photos.framing import Framing, View, seen

SUFFIXES = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".webp"),
        *(".tif", ".tiff", ".heic", ".heif", ".hif", ".avif"),
    )
)
"""Endings, in lower case, of the files that count as photos."""

PIXEL_LIMIT = 64_000_000
"""Largest photo in pixels, after the reduction a JPEG can do while decoding."""

FILE_LIMIT = 512 * 1024 * 1024
"""Largest photo file in bytes."""

DEPTH_LIMIT = 64
"""How many folders deep the search goes."""

_MIDDLE_GREY = (127, 127, 127)
"""What padding consists of: nothing, to the pretrained network, which takes 127 from every value."""

_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)

warnings.filterwarnings("ignore", module=r"PIL\.")  # what matters about a damaged photo stands in its row
Image.MAX_IMAGE_PIXELS = None  # PIXEL_LIMIT takes its place, as an error with a reason instead of a warning

Pixels = NDArray[np.uint8]
"""RGB, uint8 `(height, width, 3)`."""


def is_photo(name: str) -> bool:
    """Whether a file of this name counts as a photo."""
    return os.path.splitext(name)[1].lower() in SUFFIXES


def find_photos(
    paths: Iterable[str | os.PathLike[str]], on_problem: Callable[[str, str], None] | None = None
) -> Iterator[str]:
    """Finds photos in files and, recursively, folders; sorted within each folder, each path once.

    A path that was named itself is taken whatever its ending. Below folders, hidden entries, symbolic
    links and files of other kinds are passed over.

    Args:
        on_problem: Called with path and reason for each folder that cannot be read.
    """
    seen: set[str] = set()
    for given in paths:
        path = os.path.abspath(os.fspath(given))
        found = _walk(path, 0, on_problem) if os.path.isdir(path) else iter((path,))
        for photo in found:
            if photo not in seen:
                seen.add(photo)
                yield photo


def _walk(folder: str, depth: int, on_problem: Callable[[str, str], None] | None) -> Iterator[str]:
    if depth > DEPTH_LIMIT:
        if on_problem:
            on_problem(folder, f"More than {DEPTH_LIMIT} folders deep")
        return
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        if on_problem:
            on_problem(folder, error.strerror or str(error))
        return
    folders = []
    for entry in listed:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.path)
        elif is_photo(entry.name):
            yield entry.path
    for path in folders:
        yield from _walk(path, depth + 1, on_problem)


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Reads a photo file after looking at what it is.

    Raises:
        PhotoError: Missing, empty, too large, no regular file, or not readable.
    """
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise PhotoError("Is a folder, not a photo")
        if not stat.S_ISREG(status.st_mode):
            raise PhotoError("Is not a regular file")
        if status.st_size == 0:
            raise PhotoError("The file is empty")
        if status.st_size > FILE_LIMIT:
            raise PhotoError(f"The file is larger than {FILE_LIMIT // 2**20} MB")
        return _content(path, status.st_size)
    except FileNotFoundError:
        raise PhotoError("The file does not exist (any more)") from None
    except PermissionError:
        raise PhotoError("No permission to read the file") from None
    except (OSError, ValueError) as error:
        raise PhotoError(f"Cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _content(path: str | os.PathLike[str], size: int) -> bytes:
    """The first `size` bytes, without the buffers of `open`, which cost more than reading a small photo."""
    number = os.open(path, _READ)
    try:
        content = os.read(number, size)
        if len(content) == size:
            return content
        parts = [content]
        while parts[-1] and (missing := size - sum(map(len, parts))) > 0:
            parts.append(os.read(number, missing))
        return b"".join(parts)
    finally:
        os.close(number)


def load_photo(
    path: str | os.PathLike[str], size: tuple[int, int] | None = None, framing: Framing = Framing.SQUASH
) -> Pixels:
    """Reads and decodes one photo; see `decode_photo`.

    Raises:
        PhotoError: The file cannot be read or is no photo.
    """
    return decode_photo(read_bytes(path), size, framing)


def load_view(path: str | os.PathLike[str], view: View) -> Pixels:
    """Reads and decodes one photo as a network sees it.

    Returns:
        uint8 `(side, side, 3)`, RGB.

    Raises:
        PhotoError: The file cannot be read or is no photo.
    """
    return load_photo(path, view.size, view.framing)


def decode_photo(
    content: bytes,
    size: tuple[int, int] | None = None,
    framing: Framing = Framing.SQUASH,
    *,
    fit: bool = False,
) -> Pixels:
    """Decodes a photo by one set of rules, always the same.

    First frame or page; EXIF orientation applied; 16-bit and float scaled to 8 bit by their range;
    transparency on white; CMYK and other colour profiles to sRGB; palettes expanded.

    Args:
        content: The bytes of the file.
        size: `(height, width)` to scale to; None for the full size. JPEG uses scaled decoding (to at least
            twice `size`).
        framing: What happens to a photo whose proportions are not those of `size`; other than squashed it is
            made for squares.
        fit: Keep the proportions: the largest photo inside `size`, never enlarged.

    Returns:
        uint8 `(height, width, 3)`, RGB.

    Raises:
        PhotoError: With the reason in words.
    """
    try:
        return _decode(content, size, framing, fit)
    except PhotoError:
        raise
    except MemoryError:
        raise PhotoError("Too large for the memory") from None
    except Exception as error:  # decoders raise nearly anything for damaged files
        raise PhotoError(_reason(error, content)) from error


def photo_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels as the file's header tells them, before any rotation.

    Raises:
        PhotoError: The header cannot be read.
    """
    try:
        with Image.open(io.BytesIO(content), formats=_formats()) as image:
            return image.size
    except Exception as error:  # decoders raise nearly anything for damaged files
        raise PhotoError(_reason(error, content)) from error


@functools.cache
def _formats() -> tuple[str, ...]:
    """The allow-list; HEIC is taught to Pillow on first use."""
    import pi_heif

    pi_heif.register_heif_opener(thumbnails=False)
    return (
        *("JPEG", "PNG", "GIF", "BMP", "WEBP", "TIFF", "HEIF"),
        *(("AVIF",) if features.check("avif") else ()),
    )


def _decode(content: bytes, size: tuple[int, int] | None, framing: Framing, fit: bool) -> Pixels:
    if content[:3] == b"\xff\xd8\xff":
        formats: tuple[str, ...] = ("JPEG",)
    else:
        formats = _formats()
    with Image.open(io.BytesIO(content), formats=formats) as opened:
        image: Image.Image = opened
        if size is not None and opened.format in ("JPEG", "MPO"):
            side = 2 * max(size)
            opened.draft(None, (side, side))
        width, height = image.size
        if width * height > PIXEL_LIMIT:
            millions = width * height / 1e6
            raise PhotoError(f"{millions:.0f} megapixels; the limit is {PIXEL_LIMIT // 10**6}")
        image.load()
        profile = image.info.get("icc_profile")
        image = ImageOps.exif_transpose(image)
        if size is not None:
            image = _shrink_first(image, size)
        image = to_rgb(image, profile)
        if size is not None:
            image = _fitted(image, size) if fit else _framed(image, size, framing)
        return np.asarray(image, dtype=np.uint8)


def _shrink_first(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Halves very large RGB photos by whole factors before the exact steps: same look, less work."""
    factor = min(image.width // (4 * size[1]), image.height // (4 * size[0]))
    if factor >= 2 and image.mode in ("RGB", "L"):
        return image.reduce(factor)
    return image


def _fitted(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    height, width = size
    scale = min(width / image.width, height / image.height, 1.0)
    return _scaled(image, max(1, round(image.width * scale)), max(1, round(image.height * scale)))


def _framed(image: Image.Image, size: tuple[int, int], framing: Framing) -> Image.Image:
    height, width = size
    if framing is Framing.SQUASH or image.width == image.height:
        return _scaled(image, width, height)
    box = seen(framing, image.width, image.height)
    if framing is Framing.CUT:
        return image.resize((width, height), Image.Resampling.BILINEAR, box=box)
    scale = width / (box.right - box.left)
    inside = _scaled(image, max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    square = Image.new("RGB", (width, height), _MIDDLE_GREY)
    square.paste(inside, ((width - inside.width) // 2, (height - inside.height) // 2))
    return square


def _scaled(image: Image.Image, width: int, height: int) -> Image.Image:
    if image.size == (width, height):
        return image
    return image.resize((width, height), Image.Resampling.BILINEAR)


def _reason(error: Exception, content: bytes) -> str:
    text = str(error).strip()
    if "truncated" in text.lower() or "not enough" in text.lower():
        return "The file is cut short"
    if "cannot identify image file" in text:
        if content[:3] == b"\xff\xd8\xff":
            return "Damaged JPEG file"
        return "Not a photo in a supported format"
    return f"Damaged: {text}" if text else f"Damaged ({type(error).__name__})"
