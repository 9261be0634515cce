"""Help: the guide on one page, and what the app is made of."""

import platform
from importlib import metadata

from PySide6.QtCore import QUrl, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from scene_desktop import __version__
from scene_desktop.core import locations
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.widgets.labels import button, clear_area, label, rule


class GuideDialog(QDialog):
    """Three steps, a few habits, all keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("guide_dialog")
        self.setWindowTitle(self.tr("Guide"))
        unit = theme.unit()
        content = clear_area(QWidget())
        column = QVBoxLayout(content)
        column.setContentsMargins(unit * 8, unit * 6, unit * 8, unit * 6)
        column.setSpacing(unit * 2)
        column.addWidget(label(self.tr("Scene Desktop on one page"), "title", wrap=True))
        for heading, text in self._parts():
            column.addSpacing(unit * 2)
            column.addWidget(label(heading, "heading", wrap=True))
            column.addWidget(label(text, wrap=True))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(content)
        area.setWidgetResizable(True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        self.resize(unit * 150, unit * 130)

    def _parts(self) -> list[tuple[str, str]]:
        return [
            (
                self.tr("Classify"),
                self.tr(
                    "Drop photos or folders anywhere on the window. Each photo gets the class that the model "
                    "thinks most likely, with its confidence. What lies below the slider “Unsure below” is "
                    "set apart, so that you look at it yourself. Click a class to see only its photos; click "
                    "a column to sort. “Review” walks through the unsure ones. “Sort” puts the photos into "
                    "folders by a plan that you see first and can undo. “Save” writes a table, a workbook or "
                    "a report with pictures."
                ),
            ),
            (
                self.tr("Train"),
                self.tr(
                    "Make one folder for each class, for example “cats” and “dogs”, inside one folder, and "
                    "drop that folder. Twenty photos in each class are a start, a hundred are good. Validation "
                    "measures the model on photos it never learned from: some are held back, or, with the "
                    "recipe “Quick” and few photos, each is judged by models that learned from the others. "
                    "Accuracy is the share of photos that are right; crossentropy also counts how sure the "
                    "model was, and lower is better. If training improves and validation does not, the model "
                    "begins to learn by heart. “Finish now” keeps the best epoch so far."
                ),
            ),
            (
                self.tr("Models"),
                self.tr(
                    "Everything you trained, with what is known about it. In the confusion matrix a row is "
                    "what photos are and a column is what the model said; good models have their numbers on "
                    "the diagonal. “Share” saves a model as one file for others, without any photo; “Import”, "
                    "or a drop of such a file, adds it to your models."
                ),
            ),
            (
                self.tr("Keys"),
                self.tr(
                    "Ctrl+O choose photos · Ctrl+Shift+O choose folder · Ctrl+V paste · Ctrl+S save\n"
                    "Ctrl+C copy rows · Ctrl+1 table · Ctrl+2 grid · Alt+1, 2, 3 pages\n"
                    "1 to 9 this class · C find a class · Ctrl+Z undo · Ctrl+R review unsure\n"
                    "Ctrl+Y why this class · Ctrl+D add corrected photos to a data set\n"
                    "Ctrl+I import a model · Ctrl+E share a model\n"
                    "Ctrl+F find by name · Ctrl+Shift+M sort into folders · Ctrl+Shift+U sorts and their undo\n"
                    "Ctrl+Shift+S report · Ctrl+Shift+E earlier results · Ctrl+Shift+W watch a folder\n"
                    "Esc stop · F1 this guide · Ctrl+Q quit"
                ),
            ),
            (
                self.tr("Your photos"),
                self.tr("They stay on this computer, unchanged. The app never goes online."),
            ),
        ]


class AboutDialog(QDialog):
    """Version, parts and their licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_dialog")
        self.setWindowTitle(self.tr("About Scene Desktop"))
        unit = theme.unit()
        sign = QLabel()
        sign.setPixmap(icons.tinted("app", "", unit * 18, self.devicePixelRatioF()))
        close = button(self.tr("Close"), look="primary", name="about_close")
        grid = QGridLayout()
        grid.setHorizontalSpacing(unit * 6)
        grid.setVerticalSpacing(unit)
        for row, (name, version, licence) in enumerate(_parts()):
            for place, text in enumerate((name, version, licence)):
                grid.addWidget(label(text, "body" if place == 0 else "muted"), row, place)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 8, unit * 6, unit * 8, unit * 6)
        column.setSpacing(unit * 2)
        column.addWidget(sign)
        column.addWidget(label(self.tr("Scene Desktop {version}").format(version=__version__), "title"))
        column.addWidget(
            label(
                self.tr("Teaches this computer to tell your photos apart. Apache License 2.0."),
                "muted",
                wrap=True,
            )
        )
        column.addSpacing(unit * 2)
        column.addWidget(rule())
        column.addSpacing(unit * 2)
        column.addLayout(grid)
        column.addSpacing(unit * 3)
        buttons = QHBoxLayout()
        buttons.setSpacing(unit * 2)
        buttons.addStretch(1)
        if locations.licences_folder().is_dir():
            licences = button(self.tr("Licences"), "folder", name="about_licences")
            licences.setToolTip(self.tr("Open the folder with the licence texts of everything inside"))
            licences.clicked.connect(_show_licences)
            buttons.addWidget(licences)
        buttons.addWidget(close)
        column.addLayout(buttons)
        close.clicked.connect(self.accept)


def _show_licences() -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(locations.licences_folder())))


def _parts() -> list[tuple[str, str, str]]:
    return [
        ("Qt, PySide6", qVersion(), "LGPL 3.0"),
        ("TensorFlow, Keras", _version("tensorflow", "tensorflow-cpu"), "Apache 2.0"),
        ("LiteRT", _version("ai-edge-litert"), "Apache 2.0"),
        ("EfficientNet-Lite", "", "Apache 2.0"),
        ("pyqtgraph", _version("pyqtgraph"), "MIT"),
        ("NumPy", _version("numpy"), "BSD"),
        ("Pillow", _version("pillow"), "MIT-CMU"),
        ("Python", platform.python_version(), "PSF"),
    ]


def _version(*names: str) -> str:
    """The version of the first installed package; asked of its metadata, nothing is imported."""
    for name in names:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return ""
