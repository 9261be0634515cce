"""The question which photos something is done with: all, those shown, those selected."""

from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox

from scene_desktop.ui import words


@dataclass(frozen=True)
class Counts:
    """How many photos there are."""

    all: int
    shown: int
    selected: int


class WhichPhotos(QComboBox):
    """Offers only what differs."""

    def __init__(self, counts: Counts, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Which photos"))
        self.addItem(self.tr("All: {photos}").format(photos=words.photos(counts.all)), "all")
        if 0 < counts.shown < counts.all:
            self.addItem(self.tr("Those shown: {photos}").format(photos=words.photos(counts.shown)), "shown")
        if counts.selected > 1:
            text = self.tr("Those selected: {photos}").format(photos=words.photos(counts.selected))
            self.addItem(text, "selected")
        self.setEnabled(self.count() > 1)

    @property
    def which(self) -> str:
        """“all”, “shown” or “selected”."""
        return str(self.currentData())
