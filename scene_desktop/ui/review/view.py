"""The review: one unsure photo at a time, large, answered with a key."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from scene_desktop.ui import words
from scene_desktop.ui.results.name_order import Rows
from scene_desktop.ui.results.prediction_table import PredictionTable
from scene_desktop.ui.review.big_photo import BigPhoto
from scene_desktop.ui.review.class_buttons import MOST, ClassButtons
from scene_desktop.ui.review.class_finder import ClassFinder
from scene_desktop.ui.review.corrections import Corrections
from scene_desktop.ui.review.end import ReviewEnd
from scene_desktop.ui.review.walk import ReviewSession
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import ElidedLabel, button, label
from scene_desktop.ui.widgets.thumbnails import Thumbnails

_PICTURES_BYTES = 160 * 2**20


class ReviewView(QWidget):
    """Asks about photos one by one; what is answered goes to `Corrections` at once."""

    left = Signal()

    def __init__(self, table: PredictionTable, corrections: Corrections) -> None:
        super().__init__()
        self.setObjectName("review")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Review of unsure photos"))
        self._table, self._corrections = table, corrections
        self._session: ReviewSession | None = None
        self._build()
        self._assemble()
        self._keys = self._made_keys()

        self.buttons.chosen.connect(self.give)
        self._other.clicked.connect(self.find_class)
        self._leave.clicked.connect(self.leave)
        self.end.skipped_requested.connect(self._review_skipped)
        self.end.leave_requested.connect(self.leave)
        corrections.changed.connect(self._refresh)
        table.modelReset.connect(self._end_if_cleared)

    def _build(self) -> None:
        self.pictures = Thumbnails(self, threads=1, limit_bytes=_PICTURES_BYTES)
        self.photo = BigPhoto(self.pictures)
        self.buttons = ClassButtons()
        self.end = ReviewEnd()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Photos reviewed"))
        self._counter = label("", "strong", name="review_counter")
        self._name = ElidedLabel("muted", name="review_name")
        self._other = button(self.tr("Other class…"), "search", "plain", name="review_other")
        self._other.setToolTip(self.tr("Find the class by typing (C)"))
        self._leave = button(self.tr("Leave"), "close", "plain", name="review_leave")
        self._leave.setToolTip(self.tr("Leave the review; answers are kept (Esc)"))
        self._hint = label("", "caption", wrap=True, name="review_hint")
        self._stack = QStackedWidget()

    def _assemble(self) -> None:
        unit = theme.unit()
        line = QHBoxLayout()
        line.setSpacing(unit * 3)
        line.addWidget(self._counter)
        line.addWidget(self._name, 1)
        line.addWidget(self._other)
        line.addWidget(self._leave)
        asking = QWidget()
        column = QVBoxLayout(asking)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 2)
        column.addLayout(line)
        column.addWidget(self._bar)
        column.addWidget(self.photo, 1)
        column.addWidget(self.buttons)
        column.addWidget(self._hint)
        self._stack.addWidget(asking)
        self._stack.addWidget(self.end)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, unit * 2, 0)
        whole.addWidget(self._stack)

    def _made_keys(self) -> dict[int, Callable[[], object]]:
        key = Qt.Key
        return {
            key.Key_Return: self.give_guess,
            key.Key_Enter: self.give_guess,
            key.Key_Space: self.skip,
            key.Key_Right: self.skip,
            key.Key_Left: self.back,
            key.Key_Backspace: self.undo,
            key.Key_Escape: self.leave,
            key.Key_C: self.find_class,
        }

    # A walk

    @property
    def is_active(self) -> bool:
        return self._session is not None

    @property
    def session(self) -> ReviewSession | None:
        return self._session

    def begin(self, rows: Rows) -> None:
        """Asks about these source rows, in this order."""
        self._session = ReviewSession(self._table, self._corrections, rows)
        several = min(len(self._table.verdicts.classes), MOST)
        self._other.setVisible(len(self._table.verdicts.classes) > MOST)
        self._bar.setRange(0, max(1, len(rows)))
        keys = self.tr(
            "1 to {last}: the class · Enter: as guessed · Space: skip · Backspace: undo · Esc: leave"
        )
        self._hint.setText(keys.format(last=several))
        self._show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def give(self, label: int) -> None:
        """This photo is of that class; on to the next."""
        if self._session is not None and not self._session.is_over:
            self._session.give(label)
            self._show()

    def give_guess(self) -> None:
        """The model is right; on to the next."""
        row = self._session.row if self._session else None
        if row is not None:
            self.give(int(self._table.verdicts.best[row]))

    def skip(self) -> None:
        """On to the next without an answer."""
        if self._session is not None:
            self._session.skip()
            self._show()

    def back(self) -> None:
        if self._session is not None:
            self._session.back()
            self._show()

    def undo(self) -> None:
        """Takes the last answer back and shows its photo again."""
        if self._session is not None:
            self._session.undo()
            self._show()

    def find_class(self) -> None:
        """Opens the list in which a class is found by typing."""
        if self._session is not None and not self._session.is_over:
            finder = ClassFinder(self, self._table.verdicts.classes)
            finder.chosen.connect(self.give)
            finder.open()

    def leave(self) -> None:
        """Ends the walk; what was answered stays."""
        if self._session is not None:
            self._session = None
            self.photo.show_photo(None, None)
            self.left.emit()

    def _review_skipped(self) -> None:
        if self._session is not None:
            self.begin(self._session.skipped_rows())

    def _end_if_cleared(self) -> None:
        if len(self._table.verdicts) == 0:
            self.leave()

    # Keys

    def event(self, event: QEvent) -> bool:
        """Claims its keys before the menus get them; Esc stops the work elsewhere."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            )
            if plain and (event.key() in self._keys or _place_of(event) is not None):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused, place = self.focusWidget(), _place_of(event)
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered and isinstance(focused, QPushButton) and focused.hasFocus():
            focused.click()
        elif event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif event.key() in self._keys:
            self._keys[event.key()]()
        elif place is not None:
            self.buttons.choose_place(place)
        else:
            super().keyPressEvent(event)

    # What is shown

    def _refresh(self) -> None:
        """An answer may have been taken back from the menu."""
        if self._session is not None and len(self._table.verdicts):
            self._show()

    def _show(self) -> None:
        session = self._session
        if session is None:
            return
        row = session.row
        self._bar.setValue(session.position)
        if row is None:
            self.photo.show_photo(None, None)
            self.end.show_outcome(session.reviewed(), self._corrections.count)
            if self._stack.currentWidget() is not self.end:
                self._stack.setCurrentWidget(self.end)
                self.end.take_focus()
            return
        if self._stack.currentWidget() is self.end:
            self._stack.setCurrentIndex(0)
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        verdicts, following = self._table.verdicts, session.row_at(session.position + 1)
        path, given = verdicts.paths[row], int(verdicts.corrected[row])
        self.photo.show_photo(path, None if following is None else verdicts.paths[following])
        self.buttons.show_scores(verdicts.classes, verdicts.scores[row], None if given < 0 else given)
        counter = self.tr("{position} of {total}, least sure first").format(
            position=words.number(session.position + 1), total=words.number(session.total)
        )
        self._counter.setText(counter)
        self._name.setText(words.name_of(path))
        self._name.setToolTip(words.tooltip(path))
        guess = words.shown(verdicts.classes[int(verdicts.best[row])])
        told = self.tr("{name}, perhaps {guess}, {counter}")
        self.photo.setAccessibleName(told.format(name=words.name_of(path), guess=guess, counter=counter))


def _place_of(event: QKeyEvent) -> int | None:
    """The place that a digit stands for: 1 to 9 are the first nine, 0 is the tenth."""
    digit = event.key() - Qt.Key.Key_0
    return (digit - 1) % 10 if 0 <= digit <= 9 else None
