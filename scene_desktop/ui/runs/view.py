"""The list of all trainings, with one of them in detail or several compared below it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from scene_desktop.core.runs.comparison import Comparison
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import StoredRun
from scene_desktop.ui.runs.table import RunsTable, card_of
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import button, clear_area, label
from scene_desktop.ui.widgets.thumbnails import Thumbnails

if TYPE_CHECKING:
    from scene_desktop.ui.runs.comparison import RunComparison
    from scene_desktop.ui.runs.detail import RunDetail

VISIBLE_RUNS = 6


class RunsView(QWidget):
    """Asks for what a selection needs and shows it when it comes.

    Signals:
        run_selected: One run whose course is to be shown, or several that are to be compared.
        model_requested: Name of a model to open.
    """

    back_requested = Signal()
    run_selected = Signal(list)
    resume_requested = Signal(str)
    keep_best_requested = Signal(str)
    remove_run_requested = Signal(str)
    model_requested = Signal(str)

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("runs_view")
        self._thumbnails = thumbnails
        self._detail: RunDetail | None = None
        self._comparison: RunComparison | None = None
        self._known: list[tuple[object, object]] = []
        self._build()
        self._assemble()
        self._connect()
        self._choose([])

    def _build(self) -> None:
        self.back_button = button(self.tr("Back"), "back", name="runs_back")
        self.back_button.setToolTip(self.tr("Back to the training (Esc)"))
        self._title = label(self.tr("Runs"), "heading", name="runs_title")
        self.compare_button = button(self.tr("Compare"), "copies", "primary", name="compare_runs")
        self.resume_button = button(self.tr("Resume"), "play", name="resume_run")
        self.keep_button = button(self.tr("Keep the best"), "finish", name="keep_best_of_run")
        self.model_button = button(self.tr("Open model"), "models", name="open_model_of_run")
        self.remove_button = button(self.tr("Remove…"), "clear", "danger", name="remove_run")
        self.table = RunsTable()
        self._hint = label("", "muted", wrap=True, name="runs_hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._below = QStackedWidget()
        self._below.addWidget(self._hint)

    def _assemble(self) -> None:
        unit = theme.unit()
        top = QHBoxLayout()
        top.setSpacing(unit * 2)
        top.addWidget(self.back_button)
        top.addSpacing(unit * 2)
        top.addWidget(self._title)
        top.addStretch(1)
        for made in (self.resume_button, self.keep_button, self.model_button, self.remove_button):
            top.addWidget(made)
        top.addWidget(self.compare_button)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(unit * 2)
        self._splitter.addWidget(self.table)
        self._splitter.addWidget(self._below)
        self.table.setMinimumHeight(unit * 24)
        self._splitter.setStretchFactor(0, 0)
        self._splitter.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 2)
        column.addLayout(top)
        column.addWidget(self._splitter, 1)

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.back_requested)
        self.table.selected.connect(self._choose)
        self.compare_button.clicked.connect(self._compare)
        self.resume_button.clicked.connect(self._resume)
        self.keep_button.clicked.connect(self._keep_best)
        self.model_button.clicked.connect(self._open_model)
        self.remove_button.clicked.connect(self._remove)

    # Facts

    def show_runs(self, runs: Sequence[StoredRun]) -> None:
        self.table.show_runs(runs)
        rows = min(VISIBLE_RUNS, max(3, len(runs)))
        wanted = theme.unit() * (7 * rows + 9)
        self._splitter.setSizes([wanted, max(1, self._splitter.height() - wanted)])

    def show_run(self, run: StoredRun, history: History) -> None:
        """Shows one run, if it is still the one that is selected."""
        if [chosen.folder for chosen in self.table.chosen] != [run.folder]:
            return
        if self._detail is None:
            from scene_desktop.ui.runs.detail import RunDetail

            self._detail = RunDetail()
            self._detail_area = self._area_for(self._detail)
        self._detail.show_run(run, history)
        self.keep_button.setVisible(run.can_resume and history.marked is not None)
        self._show_below(self._detail_area)

    def show_comparison(self, comparison: Comparison) -> None:
        """Shows a comparison, if its runs are still the ones that are selected."""
        if {chosen.folder for chosen in self.table.chosen} != {run.run.folder for run in comparison.runs}:
            return
        if self._comparison is None:
            from scene_desktop.ui.runs.comparison import RunComparison

            self._comparison = RunComparison(self._thumbnails)
            self._comparison_area = self._area_for(self._comparison)
        self._comparison.show_comparison(comparison)
        self._show_below(self._comparison_area)

    @property
    def detail(self) -> "RunDetail | None":
        return self._detail

    @property
    def comparison(self) -> "RunComparison | None":
        return self._comparison

    def _area_for(self, content: QWidget) -> QScrollArea:
        area = QScrollArea()
        area.setObjectName(f"{content.objectName()}_area")
        area.setWidget(clear_area(content))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._below.addWidget(area)
        return area

    def _show_below(self, area: QScrollArea) -> None:
        area.verticalScrollBar().setValue(0)
        self._below.setCurrentWidget(area)

    # Requests

    def _choose(self, chosen: list[StoredRun]) -> None:
        one = chosen[0] if len(chosen) == 1 else None
        self.resume_button.setVisible(one is not None and one.can_resume)
        keeps = not self.keep_button.isHidden()
        self.keep_button.setVisible(False)  # until its course tells that there is something to keep
        self.model_button.setVisible(one is not None and card_of(one) is not None)
        self.remove_button.setVisible(one is not None and not one.is_running)
        self.compare_button.setEnabled(len(chosen) > 1)
        known, self._known = self._known, [(run.folder, run.ending) for run in chosen]
        if known and known == self._known:
            self.keep_button.setVisible(keeps)
            return  # the list was read again; what is shown of the selection stays
        if len(chosen) > 1:
            text = self.tr("{number} trainings are selected. Compare shows them side by side.")
        elif self.table.rows.runs:
            text = self.tr("Select a training to see its course, or several to compare them.")
        else:
            text = self.tr("No training was begun yet. Each one appears here with its course and its result.")
        self._hint.setText(text.format(number=len(chosen)))
        self.compare_button.setToolTip(self.tr("Show the selected trainings side by side"))
        self._below.setCurrentWidget(self._hint)
        if one is not None:
            self.run_selected.emit([one])

    def _compare(self) -> None:
        self.run_selected.emit(self.table.chosen)

    def _resume(self) -> None:
        self._for_chosen(self.resume_requested)

    def _keep_best(self) -> None:
        self._for_chosen(self.keep_best_requested)

    def _remove(self) -> None:
        self._for_chosen(self.remove_run_requested)

    def _for_chosen(self, signal: SignalInstance) -> None:
        chosen = self.table.chosen
        if len(chosen) == 1:
            signal.emit(chosen[0].name)

    def _open_model(self) -> None:
        chosen = self.table.chosen
        card = card_of(chosen[0]) if len(chosen) == 1 else None
        if card is not None:
            self.model_requested.emit(card.name)
