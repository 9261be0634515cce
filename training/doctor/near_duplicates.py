"""Photos that show the same picture though their files differ: scaled, recompressed, cropped, mirrored.

Candidates are pairs whose features, or whose small thumbnails, are alike. A candidate counts if the
thumbnails correlate: both freed of their coarse shades by a blur, and one of them tried in windows that crop
up to 10 %. Of 200 photos of the Intel scenes, all were recognised at half size, at JPEG quality 30, in grey, at
70 % contrast, mirrored, or cropped by 3 % on all sides; 95 % at 130 % brightness, where white clips; hardly
any with 8 % cut off at one corner only. All pairs that it finds there show the same picture or moment.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.threads import ReportProgress

THUMBNAIL = 64
"""Side of the grey thumbnails in pixels."""
ALIKE = 0.95
"""Correlation from which two photos count as near duplicates."""

_SIDE, _COARSE = 32, 16
_SMALLEST_CONTRAST = 1.0
_FEATURES_ALIKE, _FEATURES_VERY_ALIKE, _THUMBNAILS_ALIKE = 0.75, 0.88, 0.85
_DIMENSIONS, _SAMPLE = 256, 4000
_BLOCK, _CHUNK = 1024, 2000
_CROPS, _PLACES = (0.97, 0.94, 0.9), (0.0, 0.5, 1.0)

Floats = NDArray[np.float32]
Thumbnails = NDArray[np.uint8]


class Pair(NamedTuple):
    """Two photos by index, and how alike they are, 0 to 1."""

    one: int
    other: int
    score: float


def near_duplicates(features: NDArray[np.float16], thumbnails: Thumbnails, tell: ReportProgress) -> list[Pair]:
    """All pairs of near duplicates, the first index being the smaller one.

    Args:
        features: float16 `(N, 2, width)`: of the photos and of their mirror images.
        thumbnails: uint8 `(N, 64, 64)`, grey, of photos with different content.
        tell: May raise to stop.
    """
    count = len(features)
    found: dict[tuple[int, int], float] = {}
    for done, candidates in _candidates(features, thumbnails):
        for start in range(0, len(candidates), _CHUNK):
            chunk = candidates[start : start + _CHUNK]
            for (one, other, *_), score in zip(chunk, _correlations(thumbnails, chunk), strict=True):
                if score >= ALIKE:
                    key = (int(one), int(other))
                    found[key] = max(found.get(key, 0.0), float(score))
            tell(min(done, count), count)
    tell(count, count)
    return [Pair(*pair, min(1.0, score)) for pair, score in sorted(found.items())]


def grouped(pairs: list[Pair]) -> list[list[int]]:
    """Photos that are connected by pairs, each group sorted."""
    root: dict[int, int] = {}

    def find(index: int) -> int:
        while root.setdefault(index, index) != index:
            root[index] = root[root[index]]
            index = root[index]
        return index

    for pair in pairs:
        low, high = sorted((find(pair.one), find(pair.other)))
        root[high] = low
    groups: dict[int, list[int]] = defaultdict(list)
    for index in sorted(root):
        groups[find(index)].append(index)
    return list(groups.values())


def _candidates(
    features: NDArray[np.float16], thumbnails: Thumbnails
) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Pairs worth a closer look, block by block.

    Yields:
        Photos done, and int64 `(pairs, 4)`: two indices, whether mirrored, whether the features are very alike.
    """
    count = len(features)
    project = _projection(features)
    looks = [
        (project(features[:, 0]), project(features[:, 1]), _FEATURES_ALIKE),
        (_coarse(thumbnails), _coarse(thumbnails[:, :, ::-1]), _THUMBNAILS_ALIKE),
    ]
    for start in range(0, count, _BLOCK):
        pairs = []
        for plain, mirrored, least in looks:
            for is_mirrored, others in enumerate((plain, mirrored)):
                alike = plain[start : start + _BLOCK] @ others[start:].T
                one, other = np.nonzero(np.triu(alike > least, 1))
                very = (alike[one, other] > _FEATURES_VERY_ALIKE) & (least == _FEATURES_ALIKE)
                mirror = np.full_like(one, is_mirrored)
                pairs.append(np.stack([one + start, other + start, mirror, very], axis=1))
        yield start + _BLOCK, np.unique(np.concatenate(pairs), axis=0)


def _projection(features: NDArray[np.float16]) -> Callable[[NDArray[np.float16]], Floats]:
    """To the principal components of a sample, each row of length 1: as good here, and eight times as fast."""
    sample = features[:: max(1, len(features) // _SAMPLE), 0].astype(np.float32)
    mean = sample.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(sample.T) if len(sample) > 1 else np.eye(sample.shape[1]))
    axes = vectors[:, ::-1][:, :_DIMENSIONS].astype(np.float32)

    def project(rows: NDArray[np.float16]) -> Floats:
        parts = [(rows[s : s + _CHUNK].astype(np.float32) - mean) @ axes for s in range(0, len(rows), _CHUNK)]
        return _unit(np.concatenate(parts), 1e-6)

    return project


def _coarse(thumbnails: Thumbnails) -> Floats:
    """Thumbnails of 16 × 16 without their coarse shades, as rows of length 1."""
    whole, half = _window(1.0, 0.0), _halving()
    parts = []
    for start in range(0, len(thumbnails), _CHUNK):
        small = _without_shades(_seen(thumbnails[start : start + _CHUNK], whole, whole))
        lines: Floats = half @ small
        parts.append(_rows(lines @ half.T))
    return np.concatenate(parts)


def _correlations(thumbnails: Thumbnails, pairs: NDArray[np.int64]) -> Floats:
    """The best correlation of each pair over all windows, in both directions."""
    whole = _window(1.0, 0.0)
    ones = thumbnails[pairs[:, 0]]
    mirrored = pairs[:, 2] == 1
    ones[mirrored] = ones[mirrored][:, :, ::-1]
    others = thumbnails[pairs[:, 1]]
    whole_ones = _rows(_without_shades(_seen(ones, whole, whole)))
    whole_others = _rows(_without_shades(_seen(others, whole, whole)))
    best: Floats = (whole_ones * whole_others).sum(axis=1)
    worth = np.flatnonzero(((best > 0.2) | (pairs[:, 3] == 1)) & (best < ALIKE))
    for size, top, left in product(_CROPS, _PLACES, _PLACES):
        rows, columns = _window(size, top * (1 - size)), _window(size, left * (1 - size))
        for cropped, full in ((ones, whole_others), (others, whole_ones)):
            seen = _rows(_without_shades(_seen(cropped[worth], rows, columns)))
            best[worth] = np.maximum(best[worth], (seen * full[worth]).sum(axis=1))
    return best


def _seen(thumbnails: Thumbnails, rows: Floats, columns: Floats) -> Floats:
    seen: Floats = rows @ thumbnails.astype(np.float32) @ columns.T
    return seen


def _window(size: float, offset: float) -> Floats:
    """float32 `(32, 64)`: averages a part of a line of 64 pixels, of this size, beginning at `offset`."""
    edges = (offset + size * np.arange(_SIDE + 1) / _SIDE) * THUMBNAIL
    pixels = np.arange(THUMBNAIL)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    weights = np.clip(covered, 0, None).astype(np.float32)
    shares: Floats = weights / weights.sum(axis=1, keepdims=True)
    return shares


def _halving() -> Floats:
    """float32 `(16, 32)`: averages pairs of lines."""
    return np.repeat(np.eye(_COARSE, dtype=np.float32), _SIDE // _COARSE, axis=1) * (_COARSE / _SIDE)


def _without_shades(pictures: Floats) -> Floats:
    """Takes away what a blur of 7 × 7 pixels leaves."""
    near = np.abs(np.subtract.outer(np.arange(_SIDE), np.arange(_SIDE))) <= 3
    blur = (near / near.sum(axis=1, keepdims=True)).astype(np.float32)
    sharp: Floats = pictures - blur @ pictures @ blur.T
    return sharp


def _rows(pictures: Floats) -> Floats:
    """As rows of length 1; first without the means of lines and columns, since all horizons are alike."""
    own = pictures - pictures.mean(axis=1, keepdims=True)
    own -= own.mean(axis=2, keepdims=True)
    return _unit(own.reshape(len(own), own.shape[1] * own.shape[2]), _SMALLEST_CONTRAST)


def _unit(rows: Floats, least: float) -> Floats:
    """Rows of length 1, or shorter where there is nothing to see."""
    scaled: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), least)
    return scaled
