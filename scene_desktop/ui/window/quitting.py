"""The question before the window closes while work goes on."""

from enum import Enum, auto

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget


class Quit(Enum):
    """What a person answers."""

    STAY = auto()
    LEAVE = auto()
    DISCARD = auto()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Quitting", text)


def about_training(parent: QWidget, waiting: int) -> Quit:
    """Asks whether to quit in the middle of a training, and what to do with it.

    Args:
        waiting: Trainings in the queue behind it.
    """
    text = _tr("A training is running. It can be kept: Scene Desktop will offer to resume it next time.")
    if waiting:
        text += " " + _tr("Trainings that wait for their turn are dropped: {number}.").format(number=waiting)
    box = _box(parent, text)
    keep = box.addButton(_tr("Keep it and quit"), QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton(_tr("Discard it and quit"), QMessageBox.ButtonRole.DestructiveRole)
    _with_stay(box)
    box.exec()
    answered = box.clickedButton()
    return Quit.LEAVE if answered is keep else Quit.DISCARD if answered is discard else Quit.STAY


def about_other_work(parent: QWidget, text: str) -> Quit:
    """Asks whether work may be given up; `text` says what is lost."""
    box = _box(parent, text)
    leave = box.addButton(_tr("Quit"), QMessageBox.ButtonRole.DestructiveRole)
    _with_stay(box)
    box.exec()
    return Quit.LEAVE if box.clickedButton() is leave else Quit.STAY


def _box(parent: QWidget, text: str) -> QMessageBox:
    box = QMessageBox(QMessageBox.Icon.Question, _tr("Quit Scene Desktop?"), text, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    return box


def _with_stay(box: QMessageBox) -> None:
    stay = box.addButton(_tr("Stay"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
