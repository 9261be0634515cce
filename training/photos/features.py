"""Photos to features of a frozen network, computed once for each photo and kept on disk."""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core import locations
from scene_desktop.core.classify.classifier import Network
from scene_desktop.core.datasets.dataset import LabelledPhoto, UnreadablePhoto
from scene_desktop.core.errors import ModelFileError
from scene_desktop.core.runs.events import Phase, PhotoSkipped, Progressed, TrainingEvent
from scene_desktop.core.text import encodable
from scene_desktop.core.threads import Report, ShouldStop
from training.photos import rows
from training.photos.cache import FeatureCache

_REPORT_EVERY_S = 0.25
_SAVE_EVERY_S = 2.0


@dataclass(frozen=True)
class Extractor:
    """A compiled network whose output is used as features.

    Attributes:
        content: LiteRT file: uint8 photos in, float32 features out.
        image_size: Side of the photos in pixels.
        shape: Of the features of one photo.
    """

    content: bytes
    image_size: int
    shape: tuple[int, ...]

    def identity(self) -> bytes:
        """What decides the features apart from the photo."""
        return hashlib.blake2b(self.content, digest_size=16).digest()


class BothSides:
    """Features of photos and of their mirror images."""

    def __init__(self, content: bytes) -> None:
        self._network = Network(content)

    def run(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """uint8 `(N, size, size, 3)` to float32 `(N, 2, ...)`."""
        mirrored = np.ascontiguousarray(images[:, :, ::-1])
        return np.stack([self._network.run(images), self._network.run(mirrored)], axis=1)


def compiled_backbone(image_size: int) -> Path:
    """The shipped feature extractor for photos of this size; there is one for 160 px."""
    folder = locations.resources_folder() / "models" / "backbones"
    return folder / f"efficientnet-lite0-{image_size}.tflite"


def pretrained(image_size: int) -> Extractor:
    """The pretrained EfficientNet-Lite0 with its pooled features. Needs no TensorFlow.

    Raises:
        ModelFileError: The app has no network for this size, or its file is missing.
    """
    file = compiled_backbone(image_size)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ModelFileError(
            f"The pretrained network for photos of {image_size} pixels cannot be read "
            f"({error.strerror or error}). Install the app again."
        ) from error
    return Extractor(content, image_size, (Network(content).output_width,))


def cache_file() -> Path:
    return locations.cache_folder() / "features.sqlite"


def extract(
    photos: Sequence[LabelledPhoto],
    extractor: Extractor,
    report: Report[TrainingEvent],
    should_stop: ShouldStop,
    out: NDArray[np.float16] | None = None,
) -> tuple[NDArray[np.float16], list[UnreadablePhoto]]:
    """Computes the features of photos and of their mirror images, or takes them from the cache.

    Args:
        report: Told the progress about four times a second, and each photo that cannot be read.
        out: Filled and returned instead of a new array.

    Returns:
        float16 `(photos, 2, *extractor.shape)`: of each photo, and of its mirror image; rows of unreadable
        photos are undefined. And those photos.

    Raises:
        Stopped: `should_stop` answered True; what was computed is kept.
        ModelFileError: LiteRT refuses the network.
    """
    shape = (2, *extractor.shape)
    result = np.zeros((len(photos), *shape), np.float16) if out is None else out
    cache = FeatureCache(cache_file(), extractor.identity(), shape)
    try:
        filler = _Filler(photos, result, cache, report)
        missing = filler.fill_from_cache()
        size, content = extractor.image_size, extractor.content
        chunks = rows.compute(photos, missing, size, lambda: BothSides(content).run, should_stop)
        return result, filler.fill(chunks, len(missing))
    finally:
        cache.close()


def decode(
    photos: Sequence[LabelledPhoto],
    image_size: int,
    out: NDArray[np.uint8],
    report: Report[TrainingEvent],
    should_stop: ShouldStop,
) -> list[UnreadablePhoto]:
    """Decodes photos into `out`, uint8 `(photos, image_size, image_size, 3)`; see `extract`."""
    filler = _Filler(photos, out, None, report)
    chunks = rows.compute(photos, range(len(photos)), image_size, lambda: lambda pixels: pixels, should_stop)
    return filler.fill(chunks, len(photos))


class _Filler:
    """Puts rows where they belong, keeps them in the cache, and tells the progress."""

    def __init__(
        self,
        photos: Sequence[LabelledPhoto],
        result: NDArray[Any],
        cache: FeatureCache | None,
        report: Report[TrainingEvent],
    ) -> None:
        self._photos, self._result, self._cache, self._report = photos, result, cache, report
        self._unsaved: list[tuple[bytes, NDArray[np.float16]]] = []

    def fill_from_cache(self) -> list[int]:
        """Fills what is known and returns the indices of the rest."""
        places: dict[bytes, list[int]] = {}
        for index, photo in enumerate(self._photos):
            places.setdefault(photo.digest, []).append(index)
        if self._cache is not None:
            for photo_digest, row in self._cache.read(list(places)):
                self._result[places.pop(photo_digest)] = row
        return sorted(index for indices in places.values() for index in indices)

    def fill(self, chunks: Any, count: int) -> list[UnreadablePhoto]:
        """Fills from `chunks`, which cover `count` photos."""
        unreadable: list[UnreadablePhoto] = []
        known, done, rate = len(self._photos) - count, 0, rows.Rate()
        told = saved = time.monotonic()
        try:
            for chunk in chunks:
                self._take(chunk)
                unreadable += chunk.unreadable
                done += len(chunk.rows) + len(chunk.unreadable)
                now = time.monotonic()
                if now - saved >= _SAVE_EVERY_S:
                    self._save()
                    saved = now
                if now - told >= _REPORT_EVERY_S:
                    self._tell(known + done, rate.update(done))
                    told = now
        finally:
            self._save()
        self._tell(len(self._photos), rate.update(done))
        return unreadable

    def _take(self, chunk: rows.Chunk) -> None:
        for index, row in chunk.rows:
            self._result[index] = row
            if self._cache is not None:
                self._unsaved.append((self._photos[index].digest, self._result[index]))
        for photo in chunk.unreadable:
            self._report(PhotoSkipped(path=encodable(photo.path), reason=photo.reason))

    def _save(self) -> None:
        if self._cache is not None and self._unsaved:
            self._cache.write(self._unsaved)
            self._unsaved = []

    def _tell(self, done: int, per_second: float | None) -> None:
        total = len(self._photos)
        self._report(Progressed(phase=Phase.FEATURES, done=done, total=total, per_second=per_second))
