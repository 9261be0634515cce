"""Two or more trainings side by side: curves, figures, parameters, and the photos that changed sides."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from scene_desktop.core.runs.comparison import Changes, ComparedRun, Comparison
from scene_desktop.core.runs.history import History
from scene_desktop.ui import words
from scene_desktop.ui.charts import course_words
from scene_desktop.ui.charts.charts import Charts
from scene_desktop.ui.recipe import parameter_words
from scene_desktop.ui.runs.changed_photos import ChangedPhotos
from scene_desktop.ui.runs.table import FINGERPRINT_SHOWN, card_of
from scene_desktop.ui.style import theme
from scene_desktop.ui.widgets.labels import label
from scene_desktop.ui.widgets.text_table import TextTable
from scene_desktop.ui.widgets.thumbnails import Thumbnails


class RunComparison(QWidget):
    """Shows a `Comparison`, oldest run first."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("run_comparison")
        self.charts = Charts()
        self._warning = label("", wrap=True, name="comparison_warning")
        self.figures = TextTable("comparison_figures", self.tr("Figures"))
        self._differ = label("", "strong", wrap=True, name="comparison_differences_title")
        self.differences = TextTable("comparison_differences", self.tr("Parameters that differ"))
        self._changes = label("", "strong", wrap=True, name="comparison_changes")
        self._fixed_title = label("", "caption", name="comparison_fixed_title")
        self._wrong_title = label("", "caption", name="comparison_wrong_title")
        self.fixed = ChangedPhotos(thumbnails, "comparison_fixed", self.tr("Photos that are right now"))
        self.newly_wrong = ChangedPhotos(thumbnails, "comparison_wrong", self.tr("Photos that are wrong now"))
        self._assemble()

    def _assemble(self) -> None:
        unit = theme.unit()
        photos = QGridLayout()
        photos.setHorizontalSpacing(unit * 6)
        photos.setVerticalSpacing(unit)
        for side, (title, shown) in enumerate(
            ((self._fixed_title, self.fixed), (self._wrong_title, self.newly_wrong))
        ):
            photos.addWidget(title, 0, side)
            photos.addWidget(shown, 1, side)
            photos.setColumnStretch(side, 1)
        photos.setRowStretch(2, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, unit * 2, unit * 2, unit)
        column.setSpacing(unit * 2)
        for widget in (
            self._warning,
            self.charts,
            label(self.tr("Figures on the validation photos"), "strong"),
            self.figures,
            self._differ,
            self.differences,
            self._changes,
        ):
            column.addWidget(widget)
        column.addLayout(photos)
        column.addStretch(1)

    def show_comparison(self, comparison: Comparison) -> None:
        names = names_of(comparison.runs)
        self._warning.setText(
            self.tr(
                "These trainings saw different photos, so their figures were measured on different ones: "
                "a difference of a few points may come from that."
            )
        )
        self._warning.setVisible(not comparison.same_photos)
        self.charts.show_runs([(name, run.history) for name, run in zip(names, comparison.runs, strict=True)])
        self._show_figures(names, comparison)
        self._show_differences(names, comparison)
        self._show_changes(names, comparison.changes)

    def _show_figures(self, names: list[str], comparison: Comparison) -> None:
        headers = [
            self.tr("Training"),
            self.tr("Recipe"),
            self.tr("Accuracy"),
            self.tr("Crossentropy"),
            self.tr("Best epoch"),
            self.tr("Time"),
            self.tr("Photos"),
        ]
        rows = [[name, *_figures(run)] for name, run in zip(names, comparison.runs, strict=True)]
        self.figures.show_rows(headers, rows)

    def _show_differences(self, names: list[str], comparison: Comparison) -> None:
        rows = [
            [found.parameter.label, *(parameter_words.value(found.parameter, value) for value in found.values)]
            for found in comparison.differences
        ]
        text = self.tr("Parameters that differ") if rows else self.tr("All parameters are the same.")
        self._differ.setText(text)
        self.differences.show_rows([self.tr("Parameter"), *names], rows)
        self.differences.setVisible(bool(rows))

    def _show_changes(self, names: list[str], changes: Changes | None) -> None:
        comparable = changes is not None and changes.measured > 0
        for widget in (self._fixed_title, self._wrong_title, self.fixed, self.newly_wrong):
            widget.setVisible(comparable)
        if changes is None:
            self._changes.setText(
                self.tr(
                    "Photo by photo nothing can be compared: one of the models is gone or kept no verdicts."
                )
            )
            return
        if not changes.measured:
            self._changes.setText(
                self.tr("Photo by photo nothing can be compared: no photo was measured by both.")
            )
            return
        text = self.tr(
            "From “{old}” to “{new}”: {fixed} fixed, {wrong} newly wrong of {photos} that both measured"
        )
        self._changes.setText(
            text.format(
                old=names[0],
                new=names[-1],
                fixed=words.number(len(changes.fixed)),
                wrong=words.number(len(changes.newly_wrong)),
                photos=words.photos(changes.measured),
            )
        )
        self._fixed_title.setText(self.tr("Fixed"))
        self._wrong_title.setText(self.tr("Newly wrong"))
        self.fixed.show_photos(changes.fixed)
        self.newly_wrong.show_photos(changes.newly_wrong)


def names_of(runs: tuple[ComparedRun, ...]) -> list[str]:
    """A name for each run; those of the same name get their number."""
    names = [_name_of(run) for run in runs]
    return [f"{name} ({number})" if names.count(name) > 1 else name for number, name in enumerate(names, 1)]


def _name_of(compared: ComparedRun) -> str:
    card = card_of(compared.run)
    return words.shown(card.name if card is not None else compared.run.request.name)


def _figures(compared: ComparedRun) -> list[str]:
    card, best = card_of(compared.run), compared.history.best
    accuracy = crossentropy = None
    if card is not None:
        accuracy, crossentropy = card.validation_accuracy, card.validation_crossentropy
    elif best is not None:
        accuracy, crossentropy = best.validation_accuracy, best.validation_crossentropy
    return [
        course_words.recipe_title(compared.run.request.recipe.preset),
        "–" if accuracy is None else words.percent(accuracy),
        "–" if crossentropy is None else f"{crossentropy:.3f}",
        _epochs(compared.history),
        words.duration(card.seconds) if card is not None else "–",
        compared.fingerprint[:FINGERPRINT_SHOWN] or "–",
    ]


def _epochs(history: History) -> str:
    """The best one of all, or how many iterations solved a head."""
    count, best = len(history.epochs), history.marked
    if best is None:
        return course_words.iterations(count) if history.is_solved and count else "–"
    return QCoreApplication.translate("RunComparison", "{best} of {all}").format(best=best.epoch, all=count)
