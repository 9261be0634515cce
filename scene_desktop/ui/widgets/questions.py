"""Questions before something is lost."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def is_sure(parent: QWidget, title: str, text: str, do_it: str, leave_it: str) -> bool:
    """Asks; Enter and Esc choose what loses nothing."""
    box = QMessageBox(QMessageBox.Icon.Question, title, text, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    sure = box.addButton(do_it, QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton(leave_it, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    return box.clickedButton() is sure


def sure_to_discard(parent: QWidget) -> bool:
    """Whether the training that runs is to be thrown away."""
    return is_sure(
        parent,
        _tr("Discard this training?"),
        _tr("What was learned so far is lost. “Finish now” would keep the best epoch instead."),
        _tr("Discard"),
        _tr("Go on training"),
    )


def sure_to_remove(parent: QWidget) -> bool:
    """Whether a run is to be moved to the trash."""
    return is_sure(
        parent,
        _tr("Remove this run?"),
        _tr(
            "Its course and its checkpoints go to the trash, so it cannot be resumed. "
            "A model that came of it stays."
        ),
        _tr("Remove"),
        _tr("Keep it"),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("questions", text)
