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
from scene_desktop.core.photos.framing import View
from scene_desktop.core.recipes import recipe as recipes
from scene_desktop.core.recipes.networks import LITE0_FEATURES, LITE0_WIDE_FEATURES
from scene_desktop.core.runs.events import Phase, PhotoSkipped, Progressed, TrainingEvent
from scene_desktop.core.text import encodable
from scene_desktop.core.threads import Report, ShouldStop
from training.photos import rows
from training.photos.cache import FeatureCache
from training.photos.versions import changed

_REPORT_EVERY_S = 0.25
_SAVE_EVERY_S = 2.0


@dataclass(frozen=True)
class Extractor:
    """A compiled network whose output is used as features.

    Attributes:
        content: LiteRT file: uint8 photos in, float32 features out.
        view: What it sees of a photo.
        shape: Of the features of one picture.
        versions: 0 to look at photos and their mirror images; otherwise at so many changed versions instead.
    """

    content: bytes
    view: View
    shape: tuple[int, ...]
    versions: int = 0

    @property
    def pictures(self) -> int:
        """How many there are of each photo."""
        return self.versions or 2

    def identity(self) -> bytes:
        """What decides the features apart from the photo."""
        hashed = hashlib.blake2b(self.content, digest_size=16)
        hashed.update(f"{self.view.side} {self.view.framing} {self.versions}".encode())
        return hashed.digest()


class BothSides:
    """Features of photos and of their mirror images."""

    def __init__(self, content: bytes) -> None:
        self._network = Network(content)

    def run(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """uint8 `(N, size, size, 3)` to float32 `(N, 2, ...)`."""
        mirrored = np.ascontiguousarray(images[:, :, ::-1])
        return np.stack([self._network.run(images), self._network.run(mirrored)], axis=1)


class EachVersion:
    """Features of several pictures of each photo."""

    def __init__(self, content: bytes) -> None:
        self._network = Network(content)

    def run(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """uint8 `(N, versions, size, size, 3)` to float32 `(N, versions, ...)`."""
        return np.stack([self._network.run(pictures) for pictures in images])


def compiled_backbone() -> Path:
    """The shipped feature extractor, which takes photos of every size."""
    return locations.resources_folder() / "models" / "backbones" / "efficientnet-lite0.tflite"


def pretrained(view: View) -> Extractor:
    """The pretrained EfficientNet-Lite0 with its pooled features. Needs no TensorFlow.

    Raises:
        ModelFileError: Its file is missing.
    """
    try:
        content = compiled_backbone().read_bytes()
    except OSError as error:
        raise ModelFileError(
            f"The pretrained network cannot be read ({error.strerror or error}). Install the app again."
        ) from error
    return Extractor(content, view, (LITE0_WIDE_FEATURES,))


def of_network(rows: NDArray[np.float16], network: recipes.Network) -> NDArray[np.float16]:
    """Those of the pooled features that a network has."""
    return rows[..., -LITE0_FEATURES:] if network is recipes.Network.LITE0_HEAD else rows


def usual_cache() -> Path:
    return locations.cache_folder() / "features.sqlite"


def extract(
    photos: Sequence[LabelledPhoto],
    extractor: Extractor,
    report: Report[TrainingEvent],
    should_stop: ShouldStop,
    out: NDArray[np.float16] | None = None,
    cache_file: Path | None = None,
) -> tuple[NDArray[np.float16], list[UnreadablePhoto]]:
    """Computes the features of photos and of their mirror images, or takes them from the cache.

    Args:
        report: Told the progress about four times a second, and each photo that cannot be read.
        out: Filled and returned instead of a new array.
        cache_file: Another place for the cache than the usual one.

    Returns:
        float16 `(photos, extractor.pictures, *extractor.shape)`: of each photo, and of its mirror image, or of
        its changed versions; rows of unreadable photos are undefined. And those photos.

    Raises:
        Stopped: `should_stop` answered True; what was computed is kept.
        ModelFileError: LiteRT refuses the network.
    """
    shape = (extractor.pictures, *extractor.shape)
    result = np.zeros((len(photos), *shape), np.float16) if out is None else out
    cache = FeatureCache(cache_file or usual_cache(), extractor.identity(), shape)
    try:
        filler = _Filler(photos, result, cache, report)
        missing = filler.fill_from_cache()
        view, content = extractor.view, extractor.content
        if extractor.versions:
            chunks = rows.compute(
                photos,
                missing,
                view,
                lambda: EachVersion(content).run,
                should_stop,
                lambda pixels, photo: changed(pixels, extractor.versions, photo.digest),
            )
        else:
            chunks = rows.compute(photos, missing, view, lambda: BothSides(content).run, should_stop)
        return result, filler.fill(chunks, len(missing))
    finally:
        cache.close()


def decode(
    photos: Sequence[LabelledPhoto],
    view: View,
    out: NDArray[np.uint8],
    report: Report[TrainingEvent],
    should_stop: ShouldStop,
) -> list[UnreadablePhoto]:
    """Decodes photos into `out`, uint8 `(photos, side, side, 3)`; see `extract`."""
    filler = _Filler(photos, out, None, report)
    chunks = rows.compute(photos, range(len(photos)), view, lambda: lambda pixels: pixels, should_stop)
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
