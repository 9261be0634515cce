"""The middle of the classify page: the same rows as a table or as a grid, with one selection."""

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QListView, QStackedWidget, QTableView

from scene_desktop.ui.results.delegates import RowDelegate, TileDelegate, confidence_width, row_height
from scene_desktop.ui.results.prediction_table import PredictionTable, Role
from scene_desktop.ui.results.verdicts import Column
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.thumbnails import Made, Thumbnails


class _Grid(QListView):
    """A list view that repaints what is visible instead of adding up 100,000 selected rectangles."""

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())


class ResultsView(QStackedWidget):
    """Table and grid over one model and one selection."""

    current_changed = Signal()

    def __init__(self, model: PredictionTable, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("results_view")
        self._model = model
        self.table = self._made_table(thumbnails)
        self.grid = self._made_grid(thumbnails)
        self.addWidget(self.table)
        self.addWidget(self.grid)
        self._kept_source: int | None = None

        self.table.selectionModel().currentChanged.connect(self.current_changed)
        thumbnails.loaded.connect(self._picture_came)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)

    def show_grid(self, wanted: bool) -> None:
        """Large pictures instead of the table; the current photo stays in sight."""
        view = self.grid if wanted else self.table
        self.setCurrentWidget(view)
        current = self.table.selectionModel().currentIndex()
        if current.isValid():
            view.scrollTo(current.siblingAtColumn(0))
        view.setFocus()

    @property
    def current_view(self) -> QAbstractItemView:
        """The table or the grid, whichever is shown."""
        return self.table if self.currentWidget() is self.table else self.grid

    @property
    def current_row(self) -> int | None:
        """Row of the view, None if no photo is selected."""
        index = self.table.selectionModel().currentIndex()
        return index.row() if index.isValid() else None

    def selected_rows(self) -> list[int]:
        """Rows of the view in order."""
        rows: set[int] = set()
        selection = self.table.selectionModel().selection()
        for part in (selection.at(place) for place in range(selection.count())):
            rows.update(range(part.top(), part.bottom() + 1))
        return sorted(rows)

    def select_all(self) -> None:
        self.table.selectAll()

    def select_row(self, row: int) -> None:
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().setCurrentIndex(
            self._model.index(row, 0), flags.ClearAndSelect | flags.Rows
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.table.verticalHeader().setDefaultSectionSize(row_height())

    def _made_table(self, thumbnails: Thumbnails) -> QTableView:
        table = QTableView()
        table.setObjectName("prediction_table")
        table.setAccessibleName(self.tr("Photos and their classes"))
        table.setModel(self._model)
        table.setItemDelegate(RowDelegate(thumbnails, table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(row_height())
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        # Painting the header would ask each of 100,000 rows whether its column is selected.
        header.setSelectionModel(QItemSelectionModel(self._model, header))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setMinimumSectionSize(theme.unit() * 16)
        header.setSectionResizeMode(Column.PHOTO, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
        return table

    def _made_grid(self, thumbnails: Thumbnails) -> QListView:
        grid = _Grid()
        grid.setObjectName("prediction_grid")
        grid.setAccessibleName(self.tr("Photos and their classes"))
        grid.setModel(self._model)
        grid.setSelectionModel(self.table.selectionModel())
        self._tiles = TileDelegate(thumbnails, grid)
        grid.setItemDelegate(self._tiles)
        grid.setViewMode(QListView.ViewMode.IconMode)
        grid.setMovement(QListView.Movement.Static)
        grid.setResizeMode(QListView.ResizeMode.Adjust)
        grid.setUniformItemSizes(True)
        grid.setLayoutMode(QListView.LayoutMode.Batched)
        grid.setBatchSize(2000)
        grid.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        grid.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        grid.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        grid.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return grid

    def _fit_columns(self) -> None:
        """Runners-up give way first, then the bar, so that names stay readable in a narrow window."""
        unit, width = theme.unit(), self.width()
        bar = self.grid.verticalScrollBar().sizeHint().width()
        self.grid.setGridSize(self._tiles.fit(max(unit * 36, width - bar - 2)))
        wide = min(max(0, width - unit * 104), unit * 56)
        narrow = width < unit * 112
        self.table.setColumnHidden(Column.RUNNERS_UP, wide < unit * 16)
        self.table.setColumnWidth(Column.CLASS, unit * (28 if narrow else 36))
        self.table.setColumnWidth(Column.CONFIDENCE, unit * 22 if narrow else confidence_width())
        self.table.setColumnWidth(Column.RUNNERS_UP, wide)

    def _picture_came(self, made: Made) -> None:
        """Paints only the cells that show this picture; painting all of them takes too long for each."""
        view = self.current_view
        for row in self._rows_in_sight():
            index = self._model.index(row, Column.PHOTO)
            if index.data(Role.PATH) == made.wish.path:
                view.update(index)

    def _rows_in_sight(self) -> range:
        count = self._model.rowCount()
        if self.current_view is self.table:
            first = self.table.rowAt(0)
            last = self.table.rowAt(self.table.viewport().height() - 1)
            return range(max(0, first), (last if last >= 0 else count - 1) + 1)
        tile, room = self.grid.gridSize(), self.grid.viewport().size()
        columns = max(1, room.width() // max(1, tile.width()))
        above = self.grid.verticalScrollBar().value() // max(1, tile.height())
        rows = room.height() // max(1, tile.height()) + 2
        return range(min(count, above * columns), min(count, (above + rows) * columns))

    def _remember(self) -> None:
        row = self.current_row
        self._kept_source = (
            None if row is None or row >= self._model.rowCount() else self._model.source_row(row)
        )

    def _restore(self) -> None:
        """After a new filter the photo that was selected stays selected if it is still shown."""
        row = None
        if self._kept_source is not None and self._kept_source < len(self._model.verdicts):
            row = self._model.view_row(self._kept_source)
        if row is not None:
            self.select_row(row)
            self.table.scrollTo(self._model.index(row, 0))
        else:
            self.table.selectionModel().setCurrentIndex(
                QModelIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
            self.current_changed.emit()
