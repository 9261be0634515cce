"""What a review came to, and what can be done next."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.review.walk import Reviewed
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.style.colours import colours_of
from scene_desktop.ui.widgets.labels import button, label


class ReviewEnd(QWidget):
    """Shown after the last photo of a review."""

    sort_requested = Signal()
    save_requested = Signal()
    add_requested = Signal()
    skipped_requested = Signal()
    leave_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("review_end")
        unit = theme.unit()
        self._sign = QLabel()
        self._title = label("", "title", name="review_end_title")
        self._text = label("", "muted", name="review_end_text")
        self.sort = button(self.tr("Sort into folders…"), "folder", "primary", name="review_end_sort")
        self.save = button(self.tr("Save…"), "save", name="review_end_save")
        self.add = button(self.tr("Add to a data set…"), "train", name="review_end_add")
        self._skipped = button(self.tr("Review the skipped"), "unsure", name="review_end_skipped")
        self._leave = button(self.tr("Back to the results"), "back", "plain", name="review_end_leave")
        self._leave.setToolTip(self.tr("Leave the review (Esc)"))

        row = QHBoxLayout()
        row.setSpacing(unit * 2)
        row.addStretch(1)
        for made in (self.sort, self.save, self.add, self._skipped):
            row.addWidget(made)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setSpacing(unit * 2)
        column.addStretch(2)
        for part in (self._sign, self._title, self._text):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(unit * 4)
        column.addLayout(row)
        column.addSpacing(unit * 2)
        column.addWidget(self._leave, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

        self.sort.clicked.connect(self.sort_requested)
        self.save.clicked.connect(self.save_requested)
        self.add.clicked.connect(self.add_requested)
        self._skipped.clicked.connect(self.skipped_requested)
        self._leave.clicked.connect(self.leave_requested)
        theme.current().changed.connect(self._draw)
        self._draw()

    @property
    def title(self) -> str:
        return self._title.text()

    @property
    def text(self) -> str:
        return self._text.text()

    def show_outcome(self, reviewed: Reviewed, corrected: int) -> None:
        """Says how the walk ended; `corrected` counts all photos whose class a person has said."""
        total, skipped = words.number(reviewed.total), reviewed.skipped
        done = words.number(reviewed.total - skipped)
        if skipped:
            self._title.setText(self.tr("{done} of {total} reviewed").format(done=done, total=total))
        else:
            self._title.setText(self.tr("All {total} reviewed").format(total=total))
        parts = [
            self.tr("{number} as guessed").format(number=words.number(reviewed.as_guessed)),
            self.tr("{number} changed").format(number=words.number(reviewed.changed)),
        ]
        if skipped:
            parts.append(self.tr("{number} skipped").format(number=words.number(skipped)))
        self._text.setText(", ".join(parts))
        self._skipped.setText(self.tr("Review the {number} skipped").format(number=words.number(skipped)))
        self._skipped.setVisible(skipped > 0)
        self.add.setEnabled(corrected > 0)
        self.setAccessibleName(f"{self.title}: {self.text}")

    def take_focus(self) -> None:
        """The next step gets the focus: what was skipped, otherwise the sorting."""
        target = self._skipped if not self._skipped.isHidden() else self.sort
        (target if target.isEnabled() else self._leave).setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:
        return QSize(theme.unit() * 150, theme.unit() * 90)

    def _draw(self) -> None:
        colours = colours_of(self.palette())
        self._sign.setPixmap(
            icons.tinted("corrected", colours.good, theme.unit() * 12, self.devicePixelRatioF())
        )
