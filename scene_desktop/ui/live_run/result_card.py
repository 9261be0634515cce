"""What came out of a training, in one card."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.models.standing import standing
from scene_desktop.core.runs.events import ModelSaved
from scene_desktop.ui import words
from scene_desktop.ui.charts import model_words
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import ElidedLabel, button, figure_row, label


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
        figures, self._figures, self._captions = figure_row(
            "result",
            {
                "accuracy": self.tr("Validation accuracy"),
                "crossentropy": self.tr("Validation crossentropy"),
                "epochs": self.tr("Best epoch"),
                "time": self.tr("Time"),
            },
        )
        self._verdict = label("", "strong", wrap=True, name="result_verdict")
        self._measured = label("", wrap=True, name="result_measured")
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
        told = QVBoxLayout()
        told.setSpacing(unit)
        told.addWidget(self._verdict)
        told.addWidget(self._measured)
        column.addLayout(told)
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
        share = "–" if accuracy is None else model_words.share(accuracy, card.validation_photos)
        self._figures["accuracy"].setText(share)
        self._figures["crossentropy"].setText("–" if crossentropy is None else f"{crossentropy:.3f}")
        solved = model_words.is_solved(card)
        epochs = self.tr("{best} of {all}").format(best=card.best_epoch, all=card.epochs_run)
        self._captions["epochs"].setText(self.tr("Iterations") if solved else self.tr("Best epoch"))
        self._figures["epochs"].setText(
            "–" if not card.best_epoch else str(card.epochs_run) if solved else epochs
        )
        self._figures["time"].setText(words.duration(card.seconds or sum(saved.seconds.values())))

        self._tell_standing(saved)

    def _tell_standing(self, saved: ModelSaved) -> None:
        """What a person makes of the figures, and how sure they are."""
        found = standing(saved.card, StoredModel(Path(saved.folder), saved.card, False).evaluation())
        verdict = model_words.verdict(found) if found is not None else ""
        for line, text in ((self._verdict, verdict), (self._measured, model_words.measured(saved.card))):
            line.setText(text)
            line.setVisible(bool(text))

    def _ask_to_use(self) -> None:
        self.use_requested.emit(self._model)

    def _ask_for_mistakes(self) -> None:
        self.mistakes_requested.emit(self._model)
