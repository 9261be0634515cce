"""Which share files shall be imported, and where one shall be saved."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from scene_desktop.core.sharing import SUFFIX
from scene_desktop.ui import words
from scene_desktop.ui.widgets import questions


def ask_for_share_files(parent: QWidget, folder: str) -> list[str]:
    """Asks which models shall be imported; empty if none."""
    kinds = f"{_tr('Models of Scene Desktop')} (*{SUFFIX});;{_tr('All files')} (*)"
    paths, _ = QFileDialog.getOpenFileNames(parent, _tr("Import models"), folder, kinds)
    return paths


def ask_for_share_place(parent: QWidget, folder: str, name: str) -> str:
    """Asks where a model shall be saved; empty if nowhere.

    Args:
        name: The file name that is proposed.
    """
    dialog = QFileDialog(
        parent, _tr("Share this model"), folder, f"{_tr('Models of Scene Desktop')} (*{SUFFIX})"
    )
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(SUFFIX[1:])  # before the dialog asks whether a file may be replaced
    dialog.selectFile(str(Path(folder) / name) if folder else name)
    if not dialog.exec() or not dialog.selectedFiles():
        return ""
    path = dialog.selectedFiles()[0]
    if path.lower().endswith(SUFFIX):
        return path
    path += SUFFIX
    if not Path(path).exists() or questions.is_sure(  # the file dialog asked about the name without its ending
        parent,
        _tr("Replace the file?"),
        _tr("“{name}” exists already.").format(name=words.name_of(path)),
        _tr("Replace"),
        _tr("Keep it"),
    ):
        return path
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("share_dialogs", text)
