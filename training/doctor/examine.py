"""The doctor: a close look at a data set before anybody learns from it. Needs no TensorFlow.

Besides what reading shows, it looks for near duplicates, doubtful labels, and tiny or odd-shaped photos, on
the same cached features that the recipe Quick learns from. Nothing on disk is touched; which photos are near
duplicates is kept, so that every later split puts them on one side.
"""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.datasets import exclusions
from scene_desktop.core.datasets.dataset import DataSet, LabelledPhoto, UnreadablePhoto, read_dataset
from scene_desktop.core.datasets.findings import DoctorReport, Finding, FindingKind, FoundPhoto
from scene_desktop.core.datasets.health import quick_report
from scene_desktop.core.datasets.splitting import split
from scene_desktop.core.errors import InputError, PhotoError
from scene_desktop.core.photos import images
from scene_desktop.core.photos.framing import Framing, View
from scene_desktop.core.recipes.networks import LITE0_FEATURES
from scene_desktop.core.runs.events import Phase, PhaseChanged, Progressed, TrainingEvent
from scene_desktop.core.threads import Report, lower_priority
from training.doctor.label_suspects import FOLDS, label_suspects
from training.doctor.near_duplicates import THUMBNAIL, Pair, Thumbnails, grouped, near_duplicates
from training.photos import features
from training.run.control import Control

TINY = 64
"""Photos with a shorter side than this, in pixels, show next to nothing."""
ODD = 3.0
"""Photos whose longer side is more than this many times the shorter one are squeezed beyond recognition."""

_VIEW = View(160, Framing.SQUASH)
_USUAL_SHARE, _USUAL_SEED = 0.2, 1

_log = logging.getLogger(__name__)


def examine(folder: str | os.PathLike[str], report: Report[TrainingEvent], control: Control) -> DoctorReport:
    """Examines a data set.

    Args:
        report: Told phases and progress.
        control: Asked whether to stop.

    Raises:
        InputError: The folder is no data set.
        Stopped: It was asked to stop.
    """
    report(PhaseChanged(phase=Phase.READING))
    dataset = read_dataset(
        folder,
        to_train=False,
        report=lambda done, total: report(Progressed(phase=Phase.READING, done=done, total=total)),
        should_stop=control.discarded,
    )
    report(PhaseChanged(phase=Phase.FEATURES))
    everything = dataset.photos + dataset.excluded
    extractor = features.pretrained(_VIEW)
    rows, unreadable = features.extract(everything, extractor, report, control.discarded)

    report(PhaseChanged(phase=Phase.EXAMINING))
    steps = _Steps(report, control, len(everything))
    looks = _Looks.at(everything, steps)
    bad = {photo.path for photo in (*unreadable, *looks.unreadable)}
    kept = [index for index, photo in enumerate(everything) if photo.path not in bad]
    dataset = dataset.without({photo.path: photo for photo in (*unreadable, *looks.unreadable)}.values())
    photos = [everything[index] for index in kept]
    excluded = frozenset(photo.path for photo in dataset.excluded)
    return _Examined(dataset, photos, rows[kept][:, :, -LITE0_FEATURES:], looks.taken(kept), excluded).report(
        steps
    )


class _Steps:
    """Progress over two passes, each of all photos: looking, and comparing."""

    def __init__(self, report: Report[TrainingEvent], control: Control, photos: int) -> None:
        self._report, self._control, self._photos, self._told = report, control, photos, 0

    def looked(self, done: int) -> None:
        self._tell(done)

    def compared(self, done: int, total: int) -> None:
        self._tell(self._photos + round(self._photos * done / max(1, total)))

    def _tell(self, done: int) -> None:
        self._control.check()
        if done == 2 * self._photos or done - self._told >= max(1, self._photos // 100):
            self._told = done
            self._report(Progressed(phase=Phase.EXAMINING, done=done, total=2 * self._photos))


@dataclass(frozen=True)
class _Looks:
    """Small grey thumbnails and sizes of photos; the rows of unreadable ones are undefined.

    Attributes:
        thumbnails: uint8 `(N, 64, 64)`. sizes: int64 `(N, 2)`, width and height.
    """

    thumbnails: Thumbnails
    sizes: NDArray[np.int64]
    unreadable: tuple[UnreadablePhoto, ...] = ()

    @classmethod
    def at(cls, photos: Sequence[LabelledPhoto], steps: _Steps) -> "_Looks":
        thumbnails = np.zeros((len(photos), THUMBNAIL, THUMBNAIL), np.uint8)
        sizes = np.ones((len(photos), 2), np.int64)
        unreadable = []
        with ThreadPoolExecutor(os.cpu_count() or 1, "doctor", lower_priority) as pool:
            try:
                for index, result in enumerate(pool.map(_look, (photo.path for photo in photos))):
                    if isinstance(result, str):
                        unreadable.append(UnreadablePhoto(photos[index].path, result))
                    else:
                        thumbnails[index], sizes[index] = result
                    steps.looked(index + 1)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return cls(thumbnails, sizes, tuple(unreadable))

    def taken(self, indices: Sequence[int]) -> "_Looks":
        return _Looks(self.thumbnails[list(indices)], self.sizes[list(indices)])


def _look(path: str) -> tuple[Thumbnails, tuple[int, int]] | str:
    """The grey thumbnail and the size of one photo, or why it cannot be read."""
    try:
        content = images.read_bytes(path)
        pixels = images.decode_photo(content, (THUMBNAIL, THUMBNAIL)).astype(np.float32)
        return (pixels @ np.array([0.299, 0.587, 0.114], np.float32)).astype(np.uint8), images.photo_size(
            content
        )
    except PhotoError as error:
        return str(error)


@dataclass(frozen=True)
class _Examined:
    """A data set with everything that was computed from it, row by row for `photos`, excluded ones included."""

    dataset: DataSet
    photos: Sequence[LabelledPhoto]
    features: NDArray[np.float16]
    looks: _Looks
    excluded: frozenset[str]

    def report(self, steps: _Steps) -> DoctorReport:
        first: dict[bytes, int] = {}
        for index, photo in enumerate(self.photos):
            first.setdefault(photo.digest, index)
        different = sorted(first.values())
        pairs = [
            Pair(different[pair.one], different[pair.other], pair.score)
            for pair in near_duplicates(
                self.features[different], self.looks.thumbnails[different], steps.compared
            )
        ]
        groups = grouped(pairs)
        self._keep(groups)
        found = [*self._near(pairs, groups), *self._suspects(groups), *self._shapes()]
        quick = quick_report(self.dataset)
        findings = [*quick.findings, *(finding for finding in found if finding.groups)]
        order = list(FindingKind)
        findings.sort(key=lambda finding: order.index(finding.kind))
        return msgspec.structs.replace(quick, findings=tuple(findings), complete=True)

    def _keep(self, groups: Iterable[list[int]]) -> None:
        contents = ({self.photos[index].digest for index in group} for group in groups)
        try:
            exclusions.keep_near_duplicates(self.dataset.root, contents)
        except InputError as error:  # the report is worth having without it
            _log.warning("%s", error)

    def _near(self, pairs: list[Pair], groups: list[list[int]]) -> Iterator[Finding]:
        alike: dict[int, float] = {}
        for pair in pairs:
            for index in (pair.one, pair.other):
                alike[index] = max(alike.get(index, 0.0), pair.score)
        separated = self._separated()
        across: list[tuple[FoundPhoto, ...]] = []
        within: list[tuple[FoundPhoto, ...]] = []
        parted: list[tuple[FoundPhoto, ...]] = []
        for group in groups:
            found = tuple(self._found(index, score=round(alike[index], 3)) for index in group)
            labels = {self.photos[index].label for index in group}
            (across if len(labels) > 1 else within).append(found)
            if len({self.photos[index].path in separated for index in group}) > 1:
                parted.append(found)
        yield Finding(kind=FindingKind.NEAR_DUPLICATES_ACROSS, groups=tuple(across))
        yield Finding(kind=FindingKind.NEAR_DUPLICATES_WITHIN, groups=tuple(within))
        yield Finding(kind=FindingKind.ACROSS_SPLIT, groups=tuple(parted))

    def _separated(self) -> set[str]:
        """Paths of the validation photos of the usual split, did it not know near duplicates."""
        try:
            return {photo.path for photo in split(self.dataset, _USUAL_SHARE, _USUAL_SEED).validation}
        except InputError:
            return set()

    def _suspects(self, groups: Iterable[list[int]]) -> Iterator[Finding]:
        fold_of = {photo.digest: photo.digest[0] % FOLDS for photo in self.photos}
        for group in groups:
            together = fold_of[self.photos[group[0]].digest]
            fold_of.update({self.photos[index].digest: together for index in group})
        suspects = label_suspects(
            self.features[:, 0],
            np.array([photo.label for photo in self.photos], np.int64),
            np.array([fold_of[photo.digest] for photo in self.photos], np.int64),
            np.array([photo.path not in self.excluded for photo in self.photos]),
        )
        listed = tuple(
            (
                self._found(
                    suspect.photo,
                    suggested=self.dataset.classes[suspect.suggested],
                    score=round(suspect.doubt, 3),
                ),
            )
            for suspect in suspects
        )
        yield Finding(kind=FindingKind.LABEL_SUSPECTS, groups=listed)

    def _shapes(self) -> Iterator[Finding]:
        shorter, longer = self.looks.sizes.min(axis=1), self.looks.sizes.max(axis=1)
        for kind, chosen in (
            (FindingKind.TINY, shorter < TINY),
            (FindingKind.ODD_SHAPED, longer > ODD * shorter),
        ):
            yield Finding(
                kind=kind,
                groups=tuple(
                    (self._found(int(index), self._size(int(index))),) for index in np.flatnonzero(chosen)
                ),
            )

    def _size(self, index: int) -> str:
        width, height = self.looks.sizes[index]
        return f"{width} × {height}"

    def _found(self, index: int, text: str = "", suggested: str = "", score: float = 1.0) -> FoundPhoto:
        photo = self.photos[index]
        path = exclusions.relative_path(self.dataset.root, photo.path)
        return FoundPhoto(
            path=path,
            class_name=self.dataset.classes[photo.label],
            text=text,
            suggested=suggested,
            score=score,
            excluded=photo.path in self.excluded,
        )
