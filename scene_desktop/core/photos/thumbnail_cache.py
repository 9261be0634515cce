"""Small copies of large photos on disk, so that a folder seen before shows its pictures at once.

A copy is found by what the file holds, not by its path: size, time of change, and a hash of its first and
last 64 kB, which is all that is read of a photo that is there. A photo that was moved or renamed keeps its
copy. The folder may be deleted at any time.
"""

import contextlib
import hashlib
import io
import logging
import os
import threading
import time
from pathlib import Path

from PIL import Image

from scene_desktop.core.errors import PhotoError
from scene_desktop.core.files import write_atomically
from scene_desktop.core.photos import images

log = logging.getLogger(__name__)

SIDE = 512
"""Longest side of a copy in pixels."""

WORTH_BYTES = 256 * 1024
"""Smaller files are decoded as quickly as their copies would be."""

_END_BYTES = 64 * 1024
_TRIM_EVERY = 256
_DAY_NS = 86_400 * 10**9


class ThumbnailCache:
    """Copies in one folder; safe from several threads and, because writes are atomic, several processes.

    Args:
        limit_bytes: When the copies take more, those not used for longest are removed.
    """

    def __init__(self, folder: Path, limit_bytes: int = 256 * 2**20) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._written = 0
        self._trimming = threading.Lock()

    def picture(self, path: str, side: int) -> images.Pixels:
        """The photo, at most `side` pixels wide and high, from its copy if that is enough.

        Raises:
            PhotoError: The photo cannot be read; a damaged copy is replaced instead.
        """
        key = self._key(path) if side <= SIDE else None
        if key is None:
            return images.decode_photo(images.read_bytes(path), (side, side), fit=True)
        copy = self._folder / key[:2] / f"{key}.jpg"
        found = self._copied(copy, side)
        if found is not None:
            return found
        pixels = images.decode_photo(images.read_bytes(path), (SIDE, SIDE), fit=True)
        content = _encoded(pixels)
        self._keep(copy, content)
        return images.decode_photo(content, (side, side), fit=True)

    def trim(self) -> None:
        """Removes copies until the rest fits, those not used for longest first."""
        if not self._trimming.acquire(blocking=False):
            return
        try:
            copies = sorted(self._copies())
            too_much = sum(size for _, size, _ in copies) - self._limit_bytes
            for _, size, path in copies:
                if too_much <= 0:
                    return
                os.unlink(path)
                too_much -= size
        except OSError as error:
            log.info("The folder of thumbnails could not be trimmed: %s", error)
        finally:
            self._trimming.release()

    def _copies(self) -> list[tuple[int, int, str]]:
        """Time of the last use, size and path of every copy."""
        found = []
        for part in os.scandir(self._folder):
            if part.is_dir(follow_symlinks=False):
                for entry in os.scandir(part.path):
                    status = entry.stat(follow_symlinks=False)
                    found.append((status.st_mtime_ns, status.st_size, entry.path))
        return found

    def _key(self, path: str) -> str | None:
        """What tells one photo from all others; None if a copy is of no use."""
        try:
            with open(path, "rb", opener=_opened_without_waiting) as stream:
                status = os.fstat(stream.fileno())
                if not WORTH_BYTES <= status.st_size <= images.FILE_LIMIT:
                    return None
                digest = hashlib.blake2b(f"{status.st_size} {status.st_mtime_ns}".encode(), digest_size=20)
                digest.update(stream.read(_END_BYTES))
                stream.seek(-_END_BYTES, os.SEEK_END)
                digest.update(stream.read(_END_BYTES))
                return digest.hexdigest()
        except (OSError, ValueError):
            return None  # decoding will say what is wrong

    def _copied(self, copy: Path, side: int) -> images.Pixels | None:
        try:
            content = copy.read_bytes()
            status = copy.stat()
            pixels = images.decode_photo(content, (side, side), fit=True)
        except FileNotFoundError:
            return None
        except (OSError, PhotoError) as error:
            log.info("A damaged thumbnail is made again: %s", error)
            return None
        if time.time_ns() - status.st_mtime_ns > _DAY_NS:  # the time of the file is that of its last use
            with contextlib.suppress(OSError):
                os.utime(copy)
        return pixels

    def _keep(self, copy: Path, content: bytes) -> None:
        """Writes a copy; a full or read-only disk only means that there is none."""
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(copy, content)
        except OSError as error:
            log.info("A thumbnail could not be kept: %s", error)
            return
        self._written += 1
        if self._written % _TRIM_EVERY == 1:
            self.trim()


def _encoded(pixels: images.Pixels) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=88)
    return stream.getvalue()


def _opened_without_waiting(path: str, flags: int) -> int:
    """A pipe among the photos must not hold up the thread."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
