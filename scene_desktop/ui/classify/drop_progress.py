"""What is known about the drop that runs, and how it is put into words."""

from PySide6.QtCore import QCoreApplication

from scene_desktop.core.classify.pipeline import (
    ClassifyEvent,
    ClassifySummary,
    FolderSkipped,
    PhotosClassified,
    PhotosFound,
    SearchEnded,
)
from scene_desktop.core.photos import images
from scene_desktop.ui import words
from scene_desktop.ui.widgets.pace import Pace


def _tr(text: str) -> str:
    return QCoreApplication.translate("drop", text)


class DropProgress:
    """Counts the events of one drop."""

    def __init__(self) -> None:
        self.found = self.done = 0
        self.searched = False
        self.skipped: list[FolderSkipped] = []
        self._pace = Pace()

    def add(self, event: ClassifyEvent) -> None:
        match event:
            case PhotosFound():
                self.found += len(event.paths)
            case PhotosClassified():
                self.done = event.done
                self._pace.add(event.done)
            case FolderSkipped():
                self.skipped.append(event)
            case SearchEnded():
                self.searched = True

    @property
    def share(self) -> float | None:
        """0 to 1; None while photos are still being looked for."""
        return self.done / self.found if self.found and self.searched else None

    def text(self, waiting_drops: int) -> str:
        """Counts, rate, time left, and the drops behind this one."""
        found, done = words.photos(self.found), words.number(self.done)
        if self.searched:
            parts = [_tr("{done} of {found}").format(done=done, found=found)]
        elif self.done:
            parts = [_tr("{done} of {found} found so far").format(done=done, found=found)]
        else:
            parts = [_tr("{found} found").format(found=found) if self.found else _tr("Looking for photos …")]
        if self._pace.per_second is not None:
            parts.append(words.rate(self._pace.per_second))
        left = self._pace.seconds_left(self.found) if self.searched else None
        if left is not None:
            parts.append(words.time_left(left))
        if waiting_drops:
            one, many = _tr("1 more drop waits"), _tr("{number} more drops wait")
            parts.append(one if waiting_drops == 1 else many.format(number=words.number(waiting_drops)))
        return "   ·   ".join(parts)

    def doubts(self, summary: ClassifySummary) -> tuple[str, str]:
        """What did not go as expected, as a sentence and details; empty if there is nothing."""
        if self.skipped:
            details = "\n".join(f"{words.shown(s.path)}: {words.shown(s.reason)}" for s in self.skipped)
            if len(self.skipped) > 1:
                text = _tr("{number} folders could not be opened. Check that you may read them.")
                return text.format(number=words.number(len(self.skipped))), details
            text = _tr("The folder “{name}” could not be opened: {reason}. Check that you may read it.")
            first = self.skipped[0]
            return text.format(name=words.name_of(first.path), reason=words.shown(first.reason)), details
        if summary.found == 0 and not summary.stopped:
            endings = ", ".join(sorted(suffix[1:].upper() for suffix in images.SUFFIXES if len(suffix) == 4))
            text = _tr("No photos were found there. The names of photos end in {endings} and the like.")
            return text.format(endings=endings), ""
        return "", ""

    def ending(self, summary: ClassifySummary) -> str:
        """How the drop ended."""
        if summary.stopped:
            found, done = max(self.found, summary.found), max(self.done, summary.done)
            return _tr("Stopped after {done} of {found}").format(
                done=words.number(done), found=words.photos(found)
            )
        return _tr("{photos} in {time}").format(
            photos=words.photos(summary.done), time=words.duration(max(1, summary.seconds))
        )
