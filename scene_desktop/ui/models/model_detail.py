"""One model: its name and what can be done with it, its card, how it does on each class, what it confuses."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from scene_desktop.core.models.card import ClassFigures, Evaluation, ModelCard
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.ui import words
from scene_desktop.ui.charts import model_words
from scene_desktop.ui.models.confusion_matrix import ConfusionMatrix
from scene_desktop.ui.models.model_list import day
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import ElidedLabel, figure_row, label

Index = QModelIndex | QPersistentModelIndex
VISIBLE_ROWS = 12
WIDE_UNITS = 180
_NAME_UNITS = 50


class ModelHead(QWidget):
    """The name of a model and what can be done with it.

    In a narrow window the buttons go below the name, which would have no room beside them.
    """

    def __init__(self, name: ElidedLabel, buttons: Sequence[QPushButton]) -> None:
        super().__init__()
        self.setObjectName("model_head")
        unit = theme.unit()
        self._row = QHBoxLayout()
        self._row.setSpacing(unit * 2)
        for made in buttons:
            self._row.addWidget(made)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.setSpacing(unit * 2)
        self._both.addWidget(name, 1)
        self._both.addLayout(self._row)
        self._both.setAlignment(self._row, Qt.AlignmentFlag.AlignLeft)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def arrange(self) -> None:
        """Looks again how much room there is; call it when buttons come or go."""
        wide = self.width() >= self._row.sizeHint().width() + theme.unit() * _NAME_UNITS
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if direction != self._both.direction():
            self._both.setDirection(direction)


class _ClassFiguresModel(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self.figures: tuple[ClassFigures, ...] = ()

    def replace(self, figures: tuple[ClassFigures, ...]) -> None:
        self.beginResetModel()
        self.figures = figures
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.figures)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        if role == Qt.ItemDataRole.ToolTipRole:
            return (
                "",
                self.tr("Photos of this class that were measured"),
                self.tr("How many of the photos given this class really belong to it"),
                self.tr("How many photos of this class were found"),
                self.tr("Precision and recall in one number (harmonic mean)"),
            )[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                self.tr("Class"),
                self.tr("Photos"),
                self.tr("Precision"),
                self.tr("Recall"),
                self.tr("F1"),
            )[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        figures = self.figures[index.row()]
        return (
            words.shown(figures.name),
            words.number(figures.photos),
            words.percent(figures.precision),
            words.percent(figures.recall),
            words.percent(figures.f1),
        )[index.column()]

    @staticmethod
    def _alignment(column: int) -> int:
        side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
        return int(side | Qt.AlignmentFlag.AlignVCenter)


class ModelDetail(QWidget):
    """Facts, figures and matrix of one `StoredModel`."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("model_detail")
        unit = theme.unit()
        figures, self._figures, self._captions = figure_row(
            "model",
            {
                "accuracy": self.tr("Validation accuracy"),
                "crossentropy": self.tr("Validation crossentropy"),
                "classes": self.tr("Classes"),
            },
        )
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(unit * 6)
        self._facts.setVerticalSpacing(unit)
        self._facts.setColumnStretch(1, 1)
        self._fact_rows: dict[str, tuple[QLabel, QLabel]] = {}
        for row, (key, caption) in enumerate(
            (
                ("class_names", self.tr("Classes")),
                ("recipe", self.tr("Recipe")),
                ("photos", self.tr("Photos")),
                ("epochs", self.tr("Epochs")),
                ("created", self.tr("Made on")),
                ("notes", self.tr("Notes")),
            )
        ):
            name, value = label(caption, "muted"), label("", wrap=True, name=f"model_{key}")
            self._facts.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(value, row, 1)
            self._fact_rows[key] = (name, value)
        self._matrix_title = label(self.tr("What it confuses"), "heading")
        self._matrix_help = label(
            self.tr("Rows are what the photos are; good models have their numbers on the diagonal."),
            "caption",
            wrap=True,
        )
        self.matrix = ConfusionMatrix()
        self._table_title = label(self.tr("Each class"), "heading")
        self._table_model = _ClassFiguresModel()
        self.table = self._made_table()
        self._nothing = label(
            self.tr(
                "This model was saved without its results, so there is nothing to show about single classes."
            ),
            "muted",
            wrap=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 3)
        column.addLayout(figures)
        column.addLayout(self._facts)
        column.addSpacing(unit * 2)
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._halves.setSpacing(unit * 8)
        for parts in ((self._matrix_title, self._matrix_help, self.matrix), (self._table_title, self.table)):
            half = QVBoxLayout()
            half.setSpacing(unit * 2)
            for widget in parts:
                half.addWidget(widget)
            half.addStretch(1)
            self._halves.addLayout(half, 1)
        column.addLayout(self._halves)
        column.addWidget(self._nothing)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() > theme.unit() * WIDE_UNITS
        self._halves.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )

    def show_model(self, model: StoredModel) -> None:
        card = model.card
        crossentropy = card.validation_crossentropy
        self._tell_accuracy(card)
        self._figures["crossentropy"].setText("–" if crossentropy is None else f"{crossentropy:.3f}")
        self._figures["classes"].setText(words.number(len(card.classes)))
        preset = PRESETS.get(card.recipe.preset) if card.recipe else None
        recipe = [preset.title if preset else "", model_words.seen(card)]
        photos = model_words.photos_used(card.training_photos, card.validation_photos, card.folds)
        epochs = self.tr("{run}, the best was {best}").format(run=card.epochs_run, best=card.best_epoch)
        solved = model_words.is_solved(card)
        if solved:
            epochs = words.number(card.epochs_run)
        if card.seconds:
            epochs += self.tr(", in {time}").format(time=words.duration(card.seconds))
        self._tell("class_names", ", ".join(words.shown(name) for name in card.classes))
        self._tell("recipe", " · ".join(filter(None, recipe)))
        self._tell("photos", photos if card.training_photos else "")
        self._tell("epochs", epochs if card.epochs_run else "")
        self._fact_rows["epochs"][0].setText(self.tr("Iterations") if solved else self.tr("Epochs"))
        self._tell("created", day(card.created))
        self._tell("notes", " ".join(words.shown(note) for note in card.notes))
        self._show_evaluation(model.evaluation())

    def _tell_accuracy(self, card: ModelCard) -> None:
        """With the range in which the true share lies."""
        accuracy, photos = card.validation_accuracy, card.validation_photos
        share, caption, tip = "–", self.tr("Validation accuracy"), ""
        if accuracy is not None:
            share = model_words.share(accuracy, photos)
            if photos:
                bounds = model_words.bounds(accuracy, photos)
                caption = self.tr("Validation accuracy ({bounds})").format(bounds=bounds)
                tip = model_words.bounds_help(card)
        self._figures["accuracy"].setText(share)
        self._captions["accuracy"].setText(caption)
        for made in (self._figures["accuracy"], self._captions["accuracy"]):
            made.setToolTip(tip)

    def _show_evaluation(self, evaluation: Evaluation | None) -> None:
        known = (self._matrix_title, self._matrix_help, self.matrix, self._table_title, self.table)
        for widget in known:
            widget.setVisible(evaluation is not None)
        self._nothing.setVisible(evaluation is None)
        if evaluation is not None:
            self.matrix.show_evaluation(evaluation)
            self._table_model.replace(evaluation.per_class)
            rows = min(VISIBLE_ROWS, len(evaluation.per_class))
            header = self.table.horizontalHeader().sizeHint().height()
            self.table.setFixedHeight(header + rows * self.table.verticalHeader().defaultSectionSize() + 2)

    def _tell(self, key: str, text: str) -> None:
        name, value = self._fact_rows[key]
        value.setText(text)
        name.setVisible(bool(text))
        value.setVisible(bool(text))

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("class_figures")
        table.setAccessibleName(self.tr("Precision, recall and F1 of each class"))
        table.setModel(self._table_model)
        table.setShowGrid(False)
        table.setProperty("ground", "window")
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(theme.unit() * 7)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        return table
