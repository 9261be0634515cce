"""How photos come to the classify page: chosen, pasted, dropped."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from scene_desktop.core import sharing
from scene_desktop.core.photos import images
from scene_desktop.ui.widgets import incoming


class ClassifyIntake(QObject):
    """Asks for photos in the ways there are.

    Signals:
        paths_taken: Photos and folders to classify.
        models_taken: Share files, and models of other programs.
        image_taken: A picture without a file.
        nothing_there: A sentence, because the clipboard has nothing to classify.
    """

    paths_taken = Signal(object)
    models_taken = Signal(object)
    image_taken = Signal(QImage)
    nothing_there = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent

    def choose_photos(self) -> None:
        endings = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in sorted(images.SUFFIXES))
        kinds = f"{self.tr('Photos')} ({endings});;{self.tr('All files')} (*)"
        paths, _ = QFileDialog.getOpenFileNames(self._parent, self.tr("Choose photos"), "", kinds)
        self.take_paths(paths)

    def choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self._parent, self.tr("Choose a folder of photos"))
        self.take_paths([folder] if folder else [])

    def paste(self) -> None:
        """Takes files or a picture from the clipboard."""
        data = QGuiApplication.clipboard().mimeData()
        paths, image = incoming.paths_in(data), incoming.image_in(data)
        if paths:
            self.take_paths(paths)
        elif image is not None:
            self.take_image(image)
        else:
            self.nothing_there.emit(
                self.tr(
                    "There is nothing to classify in the clipboard. Copy photos, a folder or a picture first."
                )
            )

    def take_paths(self, paths: Sequence[str]) -> None:
        """Asks for these photos and folders to be classified; models among them go their own way."""
        models, others = sharing.split(paths)
        if others:
            self.take_photos(others)
        if models:
            self.models_taken.emit(models)

    def take_photos(self, paths: Sequence[str]) -> None:
        """Asks for photos and folders to be classified."""
        self.paths_taken.emit(paths)

    def take_image(self, image: QImage) -> None:
        """Asks for a picture that is no file to be classified."""
        self.image_taken.emit(image)
