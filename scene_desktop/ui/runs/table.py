"""All trainings that were begun, one row each."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import PurePath

from PySide6.QtCore import QAbstractTableModel, QItemSelection, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from scene_desktop.core.models.card import ModelCard
from scene_desktop.core.runs.stored import Ending, StoredRun
from scene_desktop.ui import words
from scene_desktop.ui.charts import course_words
from scene_desktop.ui.style import theme

Index = QModelIndex | QPersistentModelIndex
FINGERPRINT_SHOWN = 6
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_NUMBERS = (2, 3, 4, 5)


def card_of(run: StoredRun) -> ModelCard | None:
    """The card of the model that came of a run."""
    return run.result.saved.card if run.result is not None and run.result.saved is not None else None


def fingerprint_of(run: StoredRun) -> str:
    return run.result.fingerprint if run.result is not None else ""


def began(run: StoredRun) -> str:
    """Day and time, as they are where this computer stands."""
    try:
        return datetime.fromisoformat(run.began).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return words.shown(run.began)


class RunsModel(QAbstractTableModel):
    """Sorted by any column; the newest come first at the start."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[StoredRun] = []
        self._order = (7, Qt.SortOrder.DescendingOrder)

    def replace(self, runs: Sequence[StoredRun]) -> None:
        self.beginResetModel()
        self.runs = list(runs)
        self._sort()
        self.endResetModel()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if column < 0:
            return
        self.layoutAboutToBeChanged.emit()
        before, old = self.persistentIndexList(), list(self.runs)
        self._order = (column, order)
        self._sort()
        place = {run.folder: row for row, run in enumerate(self.runs)}
        after = [self.index(place[old[index.row()].folder], index.column()) for index in before]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _sort(self) -> None:
        column, order = self._order
        descending = order == Qt.SortOrder.DescendingOrder
        keys = [(_KEYS[column](run), run) for run in self.runs]
        known = [(key, run) for key, run in keys if key is not None]
        unknown = [run for key, run in keys if key is None]
        in_order = sorted(known, key=lambda keyed: keyed[0], reverse=descending)
        self.runs = [run for _, run in in_order] + unknown

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(_KEYS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in _NUMBERS else _LEFT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            self.tr("Name"),
            self.tr("Recipe"),
            self.tr("Accuracy"),
            self.tr("Crossentropy"),
            self.tr("Epochs"),
            self.tr("Time"),
            self.tr("Photos"),
            self.tr("Began"),
            self.tr("State"),
        )[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        run = self.runs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(run, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if index.column() in _NUMBERS else _LEFT
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(run, index.column())
        return None

    def _text(self, run: StoredRun, column: int) -> str:
        card = card_of(run)
        match column:
            case 0:
                return words.shown(run.request.name)
            case 1:
                return course_words.recipe_title(run.request.recipe.preset)
            case 2 if card is not None and card.validation_accuracy is not None:
                return words.percent(card.validation_accuracy)
            case 3 if card is not None and card.validation_crossentropy is not None:
                return f"{card.validation_crossentropy:.3f}"
            case 4 if card is not None:
                return str(card.epochs_run)
            case 5 if card is not None:
                return words.duration(card.seconds)
            case 6:
                short = fingerprint_of(run)[:FINGERPRINT_SHOWN]
                name = words.shown(PurePath(run.request.dataset).name)
                return f"{name} · {short}" if short else name
            case 7:
                return began(run)
            case 8:
                return course_words.ending(run)
        return "–"

    def _tooltip(self, run: StoredRun, column: int) -> str:
        if column == 6:
            text = self.tr("{folder}\nFingerprint of the photos: {fingerprint}").format(
                folder=words.shown(run.request.dataset), fingerprint=fingerprint_of(run) or "–"
            )
            return "<br>".join(words.tooltip(line) for line in text.split("\n"))
        if column == 8 and run.ending is Ending.FAILED and run.result is not None:
            return words.tooltip(run.result.message)
        return words.tooltip(self._text(run, column))


def _figure(name: str) -> Callable[[StoredRun], float | None]:
    def key(run: StoredRun) -> float | None:
        card = card_of(run)
        return None if card is None else getattr(card, name)

    return key


_KEYS: tuple[Callable[[StoredRun], str | float | tuple[str, str] | None], ...] = (
    lambda run: run.request.name.casefold(),
    lambda run: course_words.recipe_title(run.request.recipe.preset).casefold(),
    _figure("validation_accuracy"),
    _figure("validation_crossentropy"),
    _figure("epochs_run"),
    _figure("seconds"),
    lambda run: (PurePath(run.request.dataset).name.casefold(), fingerprint_of(run)),
    lambda run: run.began,
    lambda run: str(run.ending),
)


class RunsTable(QTableView):
    """Any number of rows can be selected; tells the selected runs, in the order of the table."""

    selected = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("runs_table")
        self.setAccessibleName(self.tr("Trainings"))
        self.rows = RunsModel()
        self.setModel(self.rows)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setProperty("ground", "window")
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.unit() * 7)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(theme.unit() * 12)
        for column, units in enumerate((30, 32, 20, 25, 17, 21, 36, 32, 24)):
            if column:
                self.setColumnWidth(column, theme.unit() * units)
        header.setSortIndicator(7, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().selectionChanged.connect(self._tell)

    @property
    def chosen(self) -> list[StoredRun]:
        return [self.rows.runs[index.row()] for index in sorted(self.selectionModel().selectedRows())]

    def show_runs(self, runs: Sequence[StoredRun]) -> None:
        """Shows these runs; what was selected and is still there stays selected."""
        kept = {run.folder for run in self.chosen}
        self.rows.replace(runs)
        model, selection = self.selectionModel(), QItemSelection()
        for row, run in enumerate(self.rows.runs):
            if run.folder in kept:
                selection.select(self.rows.index(row, 0), self.rows.index(row, len(_KEYS) - 1))
        model.select(selection, model.SelectionFlag.ClearAndSelect)
        self.selected.emit(self.chosen)

    def _tell(self) -> None:
        self.selected.emit(self.chosen)
