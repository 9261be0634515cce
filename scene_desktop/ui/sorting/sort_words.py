"""How sorts are put into words."""

from PySide6.QtCore import QCoreApplication, QLocale

from scene_desktop.core.sorting import UNREADABLE_FOLDER, UNSURE_FOLDER, How, Plan, SortRecord, SortState
from scene_desktop.ui import words


def _tr(text: str) -> str:
    return QCoreApplication.translate("sorting", text)


def summary(plan: Plan) -> str:
    """What a plan would do, in one or two sentences."""
    counts = dict(plan.by_folder)
    unsure, unreadable = counts.pop(UNSURE_FOLDER, 0), counts.pop(UNREADABLE_FOLDER, 0)
    photos = sum(counts.values())
    folders = _tr("1 folder") if len(counts) == 1 else _tr("{number} folders").format(number=len(counts))
    parts = [_tr("{photos} into {folders}").format(photos=words.photos(photos), folders=folders)]
    for count, folder in ((unsure, UNSURE_FOLDER), (unreadable, UNREADABLE_FOLDER)):
        if count:
            parts.append(_tr("{number} to “{folder}”").format(number=words.number(count), folder=folder))
    text = ", ".join(parts) + "."
    if plan.renamed:
        text += " " + _tr("{number} get another name because theirs is taken.").format(
            number=words.number(plan.renamed)
        )
    if plan.blocked:
        text += " " + _tr("{number} cannot be sorted and stay where they are.").format(
            number=words.number(plan.blocked)
        )
    if plan.bytes_needed:
        text += " " + _tr("Needs {needed} of {free} free.").format(
            needed=room(plan.bytes_needed), free=room(plan.bytes_free)
        )
    return text


def room(count: int) -> str:
    """Space on a disk."""
    return QLocale.c().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def verb(how: How, count: int, folder: str) -> str:
    """What was done, as the name of a sort."""
    texts = {
        How.COPY: _tr("{photos} copied into “{folder}”"),
        How.MOVE: _tr("{photos} moved into “{folder}”"),
        How.LINK: _tr("{photos} linked into “{folder}”"),
    }
    return texts[how].format(photos=words.photos(count), folder=words.shown(folder))


def state_of(record: SortRecord) -> str:
    """How a sort stands."""
    if record.running:
        return _tr("At work")
    match record.state:
        case SortState.UNFINISHED:
            done = words.number(record.done)
            return _tr("Stopped after {done} of {total}").format(done=done, total=words.number(record.total))
        case SortState.UNDOING:
            return _tr("Undo was interrupted")
        case SortState.UNDONE:
            return _tr("Undone")
    return _tr("Done")


def interruption(record: SortRecord) -> str:
    """The sentence that offers to go on with a sort that was cut off."""
    folder = words.shown(record.target.name)
    if record.state is SortState.UNDOING:
        return _tr("Undoing the sort into “{folder}” was interrupted; a part is back.").format(folder=folder)
    text = _tr("Sorting into “{folder}” was interrupted: {done} of {photos} are there. Nothing is lost.")
    done, photos = words.number(record.done), words.photos(record.total)
    return text.format(folder=folder, done=done, photos=photos)
