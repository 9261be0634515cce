"""What a start says in place: how the last one ended, that nothing can be kept, that a window hangs."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from scene_desktop.core.session import Accident, Cause, Session
from scene_desktop.ui import words


def _tr(text: str) -> str:
    return QCoreApplication.translate("LastTime", text)


def told(accident: Accident | None, trouble: OSError | None, folder: Path) -> tuple[str, str, str]:
    """Text, kind and details of the note at the start.

    Args:
        accident: The end of the last window; None if it was closed in order.
        trouble: Why the data folder cannot be used; None if it can.
        folder: The data folder.
    """
    texts = []
    if accident is not None:
        texts.append(_how_it_ended(accident))
    if trouble is not None:
        text = _tr(
            "The data folder “{folder}” cannot be written ({reason}). Photos are classified as usual, but "
            "results, settings and models are not kept. Make room or get the right to write there, then start "
            "again."
        )
        reason = words.shown(trouble.strerror or str(trouble))
        texts.append(text.format(folder=words.shown(str(folder)), reason=reason))
    gentle = trouble is None and accident is not None and accident.cause is Cause.SWITCHED_OFF
    return "\n".join(texts), "info" if gentle else "warning", accident.details if accident else ""


def _how_it_ended(accident: Accident) -> str:
    text = {
        Cause.CRASHED: _tr("Scene Desktop crashed last time ({when})."),
        Cause.KILLED: _tr("Scene Desktop was ended by the system or another program last time ({when})."),
        Cause.SWITCHED_OFF: _tr(
            "Scene Desktop was not closed in order last time ({when}); perhaps the computer was switched off."
        ),
    }[accident.cause]
    rest = _tr("Your photos and models are unchanged. Work that was cut off is offered again on its page.")
    return text.format(when=words.moment(accident.when)) + " " + rest


def no_answer(running: Session | None, here: str) -> str:
    """What to do when the window that runs does not answer.

    Args:
        running: What is known about it.
        here: The name of this computer.
    """
    if running is not None and running.host != here:
        text = _tr(
            "Scene Desktop uses this data folder on another computer, “{host}”. Close it there, then start it "
            "here again."
        )
        return text.format(host=words.shown(running.host))
    process = _tr(" (process {number})").format(number=running.process) if running is not None else ""
    text = _tr(
        "Scene Desktop is running already{process}, but its window does not answer. Nothing was changed. Wait "
        "a moment and start it again. If that does not help, end the running one in the list of processes of "
        "your system first."
    )
    return text.format(process=process)
