"""What a person chooses for a sort: which photos, where to, and how."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from scene_desktop.core.sorting import How, SortSettings
from scene_desktop.ui.results.which_photos import Counts, WhichPhotos
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.folder_field import FolderField
from scene_desktop.ui.widgets.labels import label

_SETTLE_MS = 300


class SortChoices(QWidget):
    """Emits `changed` a moment after the last change."""

    changed = Signal()

    def __init__(self, counts: Counts, target: str, how: How, threshold: float) -> None:
        super().__init__()
        self.setObjectName("sort_choices")
        self._threshold = threshold
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.changed)
        self._which = WhichPhotos(counts, "sort_which")
        self._which.currentIndexChanged.connect(self._settle.start)
        self._target = FolderField(
            "sort_target",
            target,
            self.tr("Folder that gets one folder for each class"),
            self.tr("Choose the folder that gets the sorted photos"),
        )
        self._target.changed.connect(self._settle.start)
        self._hows = QButtonGroup(self)
        self._unsure = self._made_tick(
            "sort_unsure", self.tr("&Unsure photos into the folder “_unsure”"), ticked=True
        )
        self._unreadable = self._made_tick(
            "sort_unreadable", self.tr("Photos that could not be &read into “_unreadable”"), ticked=True
        )
        self._sidecars = self._made_tick("sort_sidecars", self.tr("&XMP side-cars with the class as a keyword"))
        self._sidecars.setToolTip(self.tr("Small files beside the photos that photo libraries read"))

        unit = theme.unit()
        form = QFormLayout()
        form.setHorizontalSpacing(unit * 4)
        form.setVerticalSpacing(unit * 2)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self._caption(self.tr("&Photos"), self._which), self._which)
        form.addRow(self._caption(self.tr("&Into"), self._target.line), self._target)
        form.addRow(label(self.tr("How")), self._made_hows(how))
        ticks = QVBoxLayout()
        ticks.setSpacing(unit)
        for tick in (self._unsure, self._unreadable, self._sidecars):
            ticks.addWidget(tick)
        form.addRow(label(self.tr("Also")), ticks)
        self.setLayout(form)

    @property
    def which(self) -> str:
        """“all”, “shown” or “selected”."""
        return self._which.which

    @property
    def settings(self) -> SortSettings | None:
        """What was chosen; None while there is no folder."""
        target, chosen = self._target.text, self._hows.checkedButton()
        if not target or chosen is None:
            return None
        return SortSettings(
            Path(target).expanduser().absolute(),
            How(chosen.property("how")),
            self._threshold,
            unsure=self._unsure.isChecked(),
            unreadable=self._unreadable.isChecked(),
            sidecars=self._sidecars.isChecked(),
        )

    def _made_hows(self, chosen: How) -> QWidget:
        texts = {
            How.COPY: (self.tr("&Copy"), self.tr("Your photos stay where they are.")),
            How.MOVE: (self.tr("&Move"), self.tr("They leave their folders. Undo puts them back.")),
            How.LINK: (self.tr("Hard &link"), self.tr("Second names for the same files: no space, same disk.")),
        }
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.unit())
        for how, (name, sentence) in texts.items():
            radio = QRadioButton(name)
            radio.setObjectName(f"sort_{how}")
            radio.setProperty("how", str(how))
            radio.setChecked(how is chosen)
            radio.setAccessibleDescription(sentence)
            radio.setMinimumWidth(theme.unit() * 24)
            radio.toggled.connect(self._settle.start)
            self._hows.addButton(radio)
            line = QHBoxLayout()
            line.addWidget(radio)
            line.addWidget(label(sentence, "muted"), 1)
            column.addLayout(line)
        return made

    def _made_tick(self, name: str, text: str, *, ticked: bool = False) -> QCheckBox:
        made = QCheckBox(text)
        made.setObjectName(name)
        made.setChecked(ticked)
        made.toggled.connect(self._settle.start)
        return made

    @staticmethod
    def _caption(text: str, buddy: QWidget) -> QLabel:
        made = QLabel(text)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setBuddy(buddy)
        return made
