"""What the pretrained network sees in photos, for the peers: computed once for each photo and kept on disk.

The peers are measured on the features of the app's first version, which are the last columns of today's, and on
photos that are scaled here: what the recipes do may change, their peers stay.
"""

import hashlib
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from scene_desktop.core import locations
from scene_desktop.core.classify.classifier import Network
from scene_desktop.core.datasets.dataset import LabelledPhoto
from scene_desktop.core.errors import SceneError
from scene_desktop.core.photos import images
from scene_desktop.core.photos.pool import BATCH, Infer, Pool
from training.photos.cache import FeatureCache

FEATURES = 1984

_GREY = (127, 127, 127)
_POLL_S = 0.5


class Fit(StrEnum):
    """What happens to a photo that is no square."""

    SQUASHED = "squashed"
    PADDED = "padded"
    CUT = "cut"


class Look(NamedTuple):
    """How a photo is shown to the network; `side` in pixels."""

    side: int
    fit: Fit

    def __str__(self) -> str:
        return f"{self.side}-{self.fit}"

    def pixels(self, path: str) -> images.Pixels:
        """One photo, uint8 `(side, side, 3)`, RGB; small ones are enlarged.

        Raises:
            PhotoError: It cannot be read.
        """
        square = (self.side, self.side)
        if self.fit is Fit.SQUASHED:
            return images.load_photo(path, square)
        photo = Image.fromarray(images.load_photo(path))
        if self.fit is Fit.PADDED:
            framed = ImageOps.pad(photo, square, Image.Resampling.BILINEAR, _GREY)
        else:
            framed = ImageOps.fit(photo, square, Image.Resampling.BILINEAR)
        return np.asarray(framed, np.uint8)


def both_sides(photos: Sequence[LabelledPhoto], look: Look, cache_file: Path) -> NDArray[np.float32]:
    """The features of photos and of their mirror images.

    Returns:
        float32 `(photos, 2, 1984)`, rounded to float16 as in the app.

    Raises:
        SceneError: A photo cannot be read, or there is no network.
    """
    content = backbone().read_bytes()
    identity = hashlib.blake2b(content + str(look).encode(), digest_size=16).digest()
    places: dict[bytes, list[int]] = {}
    for index, photo in enumerate(photos):
        places.setdefault(photo.digest, []).append(index)
    result = np.zeros((len(photos), 2, FEATURES), np.float32)
    cache = FeatureCache(cache_file, identity, result.shape[1:])
    try:
        for digest, row in cache.read(list(places)):
            result[places.pop(digest)] = row
        missing = [(photos[indices[0]].path, digest) for digest, indices in places.items()]
        for new in _computed(missing, content, look):
            cache.write(new)
            for digest, row in new:
                result[places[digest]] = row
    finally:
        cache.close()
    return result


_Row = tuple[bytes, NDArray[np.float16]]
"""The digest of a photo and its features, float16 `(2, 1984)`."""


def _computed(photos: Sequence[tuple[str, bytes]], content: bytes, look: Look) -> Iterator[list[_Row]]:
    """Yields the rows of photos, given by path and digest, as they come; about twice a second."""
    if not photos:
        return
    pool: Pool[tuple[str, bytes]] = Pool(
        "panel", lambda photo: look.pixels(photo[0]), lambda: _infer(content, look)
    )
    for start in range(0, len(photos), BATCH):
        pool.put(photos[start : start + BATCH])
    pool.close()
    pool.start()
    ended = False
    try:
        while not ended:
            ended = pool.ended.wait(_POLL_S)
            if pool.failure is not None:
                raise pool.failure
            rows: list[_Row] = []
            for (path, digest), row, reason in pool.take():
                if row is None:
                    raise SceneError(f"“{path}” cannot be read any more: {reason}")
                rows.append((digest, row.astype(np.float16)))
            yield rows
    finally:
        pool.stop()
        pool.join()


def _infer(content: bytes, look: Look) -> Infer:
    network = Network(content)
    # Two, because it is made for one photo of another size, and may look at their number only.
    network.run(np.zeros((2, look.side, look.side, 3), np.uint8))

    def infer(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        mirrored = np.ascontiguousarray(pixels[:, :, ::-1])
        return np.stack([network.run(side)[:, -FEATURES:] for side in (pixels, mirrored)], axis=1)

    return infer


def backbone() -> Path:
    """The shipped network; it takes photos of every size, whether or not its name tells one."""
    folder = locations.resources_folder() / "models" / "backbones"
    found = sorted(folder.glob("efficientnet-lite0*.tflite"))
    if not found:
        raise SceneError(
            f"There is no compiled network in “{folder}”. Expected the one that ships with the app."
        )
    return found[0]
