"""The plan of a sort: where each photo would go, and what stands in the way. Reads only."""

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.errors import Stopped
from scene_desktop.core.sorting import checks, sidecars
from scene_desktop.core.sorting.naming import TakenNames, folder_names
from scene_desktop.core.sorting.placing import reason
from scene_desktop.core.sorting.terms import (
    UNREADABLE_FOLDER,
    UNSURE_FOLDER,
    How,
    Plan,
    PlannedPhoto,
    SortProgress,
    SortSettings,
)
from scene_desktop.core.threads import Report, ShouldStop

_REPORT_EVERY = 500


def make_plan(
    predictions: Iterable[Prediction],
    classes: Sequence[str],
    settings: SortSettings,
    report: Report[SortProgress] = lambda progress: None,
    should_stop: ShouldStop = lambda: False,
) -> Plan:
    """Plans where each photo goes; `Prediction.label` decides, and changes nothing on disk.

    Unsure and unreadable photos are left out when the settings do not want them.

    Args:
        classes: Names of the classes, in the order of the scores.
        report: Called now and then while it reads the state of the photos.

    Raises:
        Stopped: `should_stop` said so.
    """
    wanted = [prediction for prediction in predictions if _is_wanted(prediction, settings)]
    settings = replace(settings, target=Path(checks.real_target(str(settings.target))))
    planning = _Planning(settings, tuple(classes))
    photos = []
    for number, prediction in enumerate(wanted):
        if number % _REPORT_EVERY == 0:
            if should_stop():
                raise Stopped
            report(SortProgress(number, len(wanted)))
        photos.append(planning.place(prediction))
    report(SortProgress(len(wanted), len(wanted)))
    needed, free = planning.bytes_needed(photos), checks.free_bytes(str(settings.target))
    problems = planning.problems(photos, checks.space_problem(needed, free))
    return Plan(settings, tuple(photos), problems, needed, free)


def _is_wanted(prediction: Prediction, settings: SortSettings) -> bool:
    if prediction.scores is None:
        return settings.unreadable or prediction.error is None
    return settings.unsure or not prediction.is_unsure(settings.threshold)


@dataclass(frozen=True)
class _Folder:
    """A folder below the target and the names in it."""

    path: str
    problem: str
    names: TakenNames


class _Planning:
    def __init__(self, settings: SortSettings, classes: tuple[str, ...]) -> None:
        self._settings = settings
        self._classes = classes
        self._names = folder_names(classes)
        self._folders: dict[str, _Folder] = {}
        self._real_folders: dict[str, str] = {}
        self._seen: set[str] = set()
        self._target = str(settings.target)
        self._device = checks.device_of(self._target)
        self._links = settings.how is not How.LINK or checks.takes_hard_links(self._target)

    def place(self, prediction: Prediction) -> PlannedPhoto:
        """The row of one photo."""
        name, keyword = self._folder_of(prediction)
        source = os.path.abspath(prediction.path)
        photo = PlannedPhoto(source, name, "", 0, keyword=keyword)
        if prediction.scores is None and prediction.error is None:
            return replace(photo, problem="It has not been classified yet. Wait until the drop has ended.")
        if source in self._seen:
            return replace(photo, problem="It is in the list twice; it is sorted once.")
        self._seen.add(source)
        try:
            status = os.lstat(source)
        except (OSError, ValueError) as error:
            why = reason(error) if isinstance(error, OSError) else "Its name is not valid"
            return replace(photo, problem=f"{why}. Check the photo, then plan again.")
        if problem := self._problem(status):
            return replace(photo, problem=problem)
        photo = replace(
            photo,
            size=status.st_size,
            mtime_ns=status.st_mtime_ns,
            device=status.st_dev,
            inode=status.st_ino,
        )
        return self._named(photo)

    def _folder_of(self, prediction: Prediction) -> tuple[str, str]:
        """Name of the folder, and the keyword for the side-car."""
        label = prediction.label
        if label is None:
            return UNREADABLE_FOLDER, ""
        if prediction.is_unsure(self._settings.threshold):
            return UNSURE_FOLDER, ""
        return self._names[label], self._classes[label] if self._settings.sidecars else ""

    def _problem(self, status: os.stat_result) -> str:
        if stat.S_ISLNK(status.st_mode):
            return "It is a link. Sort the photo that it leads to."
        if not stat.S_ISREG(status.st_mode):
            return "It is no ordinary file. It stays where it is."
        if self._settings.how is How.LINK and status.st_dev != self._device:
            return "It is on another disk than the target, where hard links do not reach. Choose to copy."
        return ""

    def _named(self, photo: PlannedPhoto) -> PlannedPhoto:
        folder = self._folder(photo.folder)
        if folder.problem:
            return replace(photo, problem=folder.problem)
        wanted = os.path.basename(photo.source)
        if self._real_folder(photo.source) == folder.path:
            return self._with_sidecar(
                replace(photo, target=photo.source, note="It is at its place already and stays as it is."),
                folder,
            )
        name = folder.names.promise(wanted)
        note = ""
        if name != wanted:
            present = folder.names.is_present(wanted)
            note = (
                f"New name, because “{wanted}” is in the folder already."
                if present
                else f"New name, because another photo of this sort is called “{wanted}”."
            )
        return self._with_sidecar(replace(photo, target=os.path.join(folder.path, name), note=note), folder)

    def _real_folder(self, source: str) -> str:
        parent = os.path.dirname(source)
        if parent not in self._real_folders:
            self._real_folders[parent] = os.path.realpath(parent)
        return self._real_folders[parent]

    def _with_sidecar(self, photo: PlannedPhoto, folder: _Folder) -> PlannedPhoto:
        if not photo.keyword:
            return photo
        name = os.path.basename(photo.target) + sidecars.ENDING
        if folder.names.is_taken(name):
            note = f"{photo.note} Without side-car, because “{name}” is there already.".strip()
            return replace(photo, keyword="", note=note)
        folder.names.promise(name)
        return photo

    def _folder(self, name: str) -> _Folder:
        if name not in self._folders:
            path = os.path.join(self._target, name)
            problem = checks.folder_problem(path)
            present: list[str] = []
            if not problem and os.path.isdir(path):
                try:
                    present = os.listdir(path)
                except OSError as error:
                    problem = f"The folder “{path}” cannot be read: {reason(error)}. Choose another target."
            room = len(sidecars.ENDING) if self._settings.sidecars else 0
            self._folders[name] = _Folder(path, problem, TakenNames(present, room))
        return self._folders[name]

    def bytes_needed(self, photos: Sequence[PlannedPhoto]) -> int:
        """Bytes that will be written to the disk of the target."""
        needed = 0
        for photo in photos:
            if photo.problem:
                continue
            is_copied = self._settings.how is How.COPY or (
                self._settings.how is How.MOVE and photo.device != self._device
            )
            if is_copied and not photo.is_at_its_place:
                needed += photo.size
            if photo.keyword:
                needed += len(sidecars.packet(photo.keyword))
        return needed

    def problems(self, photos: Sequence[PlannedPhoto], space_problem: str) -> tuple[str, ...]:
        """What stands in the way of the whole sort."""
        found = [checks.target_problem(self._target)]
        found += [folder.problem for folder in self._folders.values()]
        found.append(space_problem)
        if not self._links:
            found.append("The disk of the target knows no hard links. Choose to copy or to move.")
        if not photos:
            found.append("There is no photo to sort. Classify photos first, or include the unsure ones.")
        return tuple(problem for problem in found if problem)
