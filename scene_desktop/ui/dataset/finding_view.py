"""One finding of the doctor: a sign, a sentence with a number, and its photos, folded away."""

from collections.abc import Set as AbstractSet
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from scene_desktop.core.datasets.findings import Finding, FindingKind
from scene_desktop.ui.dataset import finding_words
from scene_desktop.ui.dataset.found_photos import FoundPhotoList
from scene_desktop.ui.dataset.photo_look import PhotoLook
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.widgets.fold import Fold
from scene_desktop.ui.widgets.labels import button, label
from scene_desktop.ui.widgets.thumbnails import Thumbnails


class SignedLine(QWidget):
    """A small sign in front of something."""

    def __init__(self, sign: str, role: str, content: QWidget) -> None:
        super().__init__()
        self._sign_name, self._role = sign, role
        self._sign = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.unit() * 2)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(content, 1)
        theme.current().changed.connect(self._draw_sign)
        self._draw_sign()

    def _draw_sign(self) -> None:
        colour = getattr(colours_of(self.palette()), self._role)
        size = theme.unit() * 5
        self._sign.setPixmap(icons.tinted(self._sign_name, colour, size, self.devicePixelRatioF()))


class FindingView(QWidget):
    """A finding whose photos can be left out one by one or together.

    Signals:
        excluded: Relative paths and whether they are to be left out.
    """

    excluded = Signal(object, bool)

    def __init__(self, kind: FindingKind, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.kind = kind
        self.setObjectName(f"finding_{kind.name.lower()}")
        self._thumbnails = thumbnails
        self.list = FoundPhotoList(thumbnails)
        self.list.setObjectName(f"{self.objectName()}_photos")
        self._all = button("", look="plain", name=f"{self.objectName()}_all")
        self._rest = button("", look="plain", name=f"{self.objectName()}_copies")
        self._sentence = label("", wrap=True)
        # in line with those behind a chevron
        self._sentence.setContentsMargins(theme.unit() * 5, 0, 0, 0)
        self.fold = Fold("", self._content(), f"{self.objectName()}_fold")
        either = QWidget()
        column = QVBoxLayout(either)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.fold)
        column.addWidget(self._sentence)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(SignedLine(*finding_words.SIGNS[kind], either))
        self.list.excluded.connect(self.excluded)
        self.list.look_requested.connect(self.look)
        self._all.clicked.connect(self._toggle_all)
        self._rest.clicked.connect(self._toggle_rest)

    def _content(self) -> QWidget:
        unit = theme.unit()
        content = QWidget()
        meaning = label(finding_words.meaning(self.kind), "caption", wrap=True)
        buttons = QHBoxLayout()
        buttons.setSpacing(unit)
        buttons.addWidget(self._rest)
        buttons.addWidget(self._all)
        buttons.addStretch(1)
        column = QVBoxLayout(content)
        column.setContentsMargins(unit * 5, 0, 0, unit)
        column.setSpacing(unit)
        column.addWidget(meaning)
        column.addLayout(buttons)
        column.addWidget(self.list)
        return content

    @property
    def text(self) -> str:
        return self.fold.text

    @property
    def paths(self) -> list[str]:
        """The photos, relative to the data set."""
        return [row.photo.path for row in self.list.photos.rows]

    def show_finding(self, finding: Finding, root: Path, out: AbstractSet[str]) -> None:
        """Shows what was found; `out` are the photos that are left out."""
        heading = finding_words.heading(finding)
        self.fold.set_text(heading)
        self._sentence.setText(heading)
        self.fold.setVisible(bool(finding.groups))
        self._sentence.setVisible(not finding.groups)
        self.list.photos.show_finding(finding, root, out)
        self.show_out(out)

    def show_out(self, out: AbstractSet[str]) -> None:
        """Other photos are left out now."""
        photos = self.list.photos
        photos.show_out(out)
        number = sum(map(photos.is_out, range(len(photos.rows))))
        self.fold.tell(self.tr("{number} left out").format(number=number) if number else "")
        copies = self._copies()
        self._all.setVisible(photos.can_exclude and self.kind is not FindingKind.DUPLICATES_WITHIN)
        self._rest.setVisible(bool(copies))
        self._name(
            self._all, self.tr("Leave all out"), self.tr("Take all back"), number == len(photos.rows) > 0
        )
        self._name(
            self._rest,
            self.tr("Leave out all but the first"),
            self.tr("Take the copies back"),
            all(path in out for path in copies),
        )

    def look(self, row: int) -> None:
        """Opens a larger look at one photo."""
        PhotoLook(self.list, row, self._thumbnails, self).open()

    @staticmethod
    def _name(target: QPushButton, leave: str, take: str, is_out: bool) -> None:
        target.setText(take if is_out else leave)
        target.setProperty("leaves_out", not is_out)

    def _copies(self) -> list[str]:
        return [row.photo.path for row in self.list.photos.rows if row.place > 0]

    def _toggle_all(self) -> None:
        self.excluded.emit(tuple(self.paths), self._all.property("leaves_out"))

    def _toggle_rest(self) -> None:
        self.excluded.emit(tuple(self._copies()), self._rest.property("leaves_out"))
