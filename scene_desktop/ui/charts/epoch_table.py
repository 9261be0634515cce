"""One row an epoch."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from scene_desktop.core.runs.events import EpochEnded
from scene_desktop.core.runs.history import History
from scene_desktop.ui import words
from scene_desktop.ui.charts.course_words import epoch_title
from scene_desktop.ui.style import theme

Index = QModelIndex | QPersistentModelIndex
BEST_SIGN = "★"
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class EpochModel(QAbstractTableModel):
    """A view of `History.epochs`; tell it after each one that was added."""

    def __init__(self) -> None:
        super().__init__()
        self._history = History()
        self._count = 0

    def set_history(self, history: History) -> None:
        self.beginResetModel()
        self._history, self._count = history, len(history.epochs)
        self.endResetModel()

    def grow(self) -> None:
        """Shows the epochs that were added to the history."""
        last = len(self._history.epochs)
        if last > self._count:
            self.beginInsertRows(QModelIndex(), self._count, last - 1)
            self._count = last
            self.endInsertRows()
            self.dataChanged.emit(self.index(0, 0), self.index(last - 1, self.columnCount() - 1))

    def is_showing(self, history: History, count: int) -> bool:
        """Whether exactly the first `count` epochs of this history are shown."""
        return self._history is history and self._count == count

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 6

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                epoch_title(solved=self._history.is_solved),
                self.tr("Accuracy"),
                self.tr("Crossentropy"),
                self.tr("Val. accuracy"),
                self.tr("Val. crossentropy"),
                self.tr("Time"),
            )[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        epoch = self._history.epochs[index.row()]
        is_best = self._history.marked is epoch
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(epoch, index.column(), is_best)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT
        if role == Qt.ItemDataRole.FontRole and is_best:
            return theme.scaled_font(1.0, QFont.Weight.DemiBold)
        if role == Qt.ItemDataRole.ToolTipRole and is_best:
            return self.tr("The best epoch so far; its weights are kept")
        return None

    def _text(self, epoch: EpochEnded, column: int, is_best: bool) -> str:
        match column:
            case 0:
                return f"{BEST_SIGN}  {epoch.epoch}" if is_best else str(epoch.epoch)
            case 1:
                return words.percent(epoch.accuracy)
            case 2:
                return f"{epoch.crossentropy:.4f}"
            case 3:
                return words.percent(epoch.validation_accuracy)
            case 4:
                return f"{epoch.validation_crossentropy:.4f}"
            case _:
                return f"{epoch.seconds:.1f} s"


class EpochTable(QTableView):
    """Follows the newest epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("epoch_table")
        self.setAccessibleName(self.tr("Epochs"))
        self.epochs = EpochModel()
        self.setModel(self.epochs)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setProperty("ground", "window")
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.unit() * 6)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setMinimumHeight(theme.unit() * 26)

    def follow(self, history: History, before: int) -> None:
        """Shows the history after an event, `before` being how many epochs there were until then.

        A resumed training may have taken epochs away, to train them again.
        """
        if len(history.epochs) > before and self.epochs.is_showing(history, before):
            self.grow()
        elif not self.epochs.is_showing(history, len(history.epochs)):
            self.epochs.set_history(history)
            self.scrollToBottom()

    def grow(self) -> None:
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 1
        self.epochs.grow()
        if at_end:
            self.scrollToBottom()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scrollToBottom()
