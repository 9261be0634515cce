"""What came out of a training, in one card."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from scene_desktop.core.runs.events import ModelSaved
from scene_desktop.ui import words
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import ElidedLabel, button, figure_row


class ResultCard(QFrame):
    """Figures and the next step."""

    use_requested = Signal(str)
    again_requested = Signal()
    mistakes_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("result_card")
        self.setProperty("look", "card")
        unit = theme.unit()
        self._name = ElidedLabel("heading", name="result_name")
        self._where = ElidedLabel("caption", name="result_where")
        self._use = button(self.tr("Use it to classify"), "classify", "primary", name="use_model")
        self._mistakes = button(self.tr("See its mistakes"), "unsure", name="see_mistakes")
        self._mistakes.setToolTip(self.tr("Show which classes it confuses, and the photos"))
        self._again = button(self.tr("Train again"), "again", name="train_again")
        self._model = ""
        figures, self._figures = figure_row(
            "result",
            {
                "accuracy": self.tr("Validation accuracy"),
                "crossentropy": self.tr("Validation crossentropy"),
                "best": self.tr("Best epoch"),
                "time": self.tr("Time"),
            },
        )
        names = QVBoxLayout()
        names.setSpacing(unit)
        names.addWidget(self._name)
        names.addWidget(self._where)
        top = QHBoxLayout()
        top.setSpacing(unit * 2)
        top.addLayout(names, 1)
        top.addWidget(self._again)
        top.addWidget(self._mistakes)
        top.addWidget(self._use)
        column = QVBoxLayout(self)
        column.setContentsMargins(unit * 5, unit * 4, unit * 5, unit * 4)
        column.setSpacing(unit * 3)
        column.addLayout(top)
        column.addLayout(figures)
        self._use.clicked.connect(self._ask_to_use)
        self._mistakes.clicked.connect(self._ask_for_mistakes)
        self._again.clicked.connect(self.again_requested)

    def show_model(self, saved: ModelSaved) -> None:
        card = saved.card
        self._model = card.name
        self._name.setText(self.tr("“{name}” is ready").format(name=words.shown(card.name)))
        self._where.setText(words.shown(saved.folder))
        self._where.setToolTip(words.tooltip(saved.folder))
        accuracy, crossentropy = card.validation_accuracy, card.validation_crossentropy
        self._figures["accuracy"].setText("–" if accuracy is None else words.percent(accuracy))
        self._figures["crossentropy"].setText("–" if crossentropy is None else f"{crossentropy:.3f}")
        best = self.tr("{best} of {all}").format(best=card.best_epoch, all=card.epochs_run)
        self._figures["best"].setText(best if card.best_epoch else "–")
        self._figures["time"].setText(words.duration(card.seconds or sum(saved.seconds.values())))

    def _ask_to_use(self) -> None:
        self.use_requested.emit(self._model)

    def _ask_for_mistakes(self) -> None:
        self.mistakes_requested.emit(self._model)
