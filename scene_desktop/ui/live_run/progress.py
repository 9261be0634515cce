"""How far a training is, in words and as a share; knows no widgets."""

from PySide6.QtCore import QCoreApplication

from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.estimates import Span, time_left
from scene_desktop.core.runs.events import (
    BatchEnded,
    DataSetRead,
    Phase,
    PhaseChanged,
    Progressed,
    TrainingContinued,
    TrainingEvent,
)
from scene_desktop.core.runs.history import History
from scene_desktop.ui import words
from scene_desktop.ui.charts.course_words import iterations, phase_name, span_left
from scene_desktop.ui.widgets.pace import Pace

_HALF_SOLVED = 15
"""Most heads are solved after two to three times as many iterations."""

_FIRST_GUESS = (0.8, 1.4)
_PHOTO_PHASES = ("reading", "choosing", "examining", "features", "head")


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunProgress", text)


class RunProgress:
    """Follows the events of one training."""

    def __init__(self, recipe: TrainingRecipe, history: History) -> None:
        self.phase = Phase.STARTING
        self._recipe, self._history = recipe, history
        self._counted: Progressed | None = None
        self._pace = Pace()
        self._training_photos = 0

    def add(self, event: TrainingEvent) -> None:
        match event:
            case PhaseChanged():
                self.phase, self._counted, self._pace = event.phase, None, Pace()
            case Progressed():
                self._counted = event
                self._pace.add(event.done)
            case DataSetRead():
                self._training_photos = event.training
            case BatchEnded():
                self._pace.add(round(event.position * self._training_photos))
            case TrainingContinued():
                self._pace = Pace()

    @property
    def share(self) -> float | None:
        """0 to 1; None while the whole is unknown."""
        if self.phase is Phase.TRAINING and self._recipe.is_solved:
            # It ends when nothing gets better any more, nobody knows when: rather slow down than seem to hang.
            return self._history.position / (self._history.position + _HALF_SOLVED)
        if self.phase is Phase.TRAINING:
            return min(1.0, self._history.position / self._recipe.epochs)
        if self._counted is None or self._counted.total <= 0:
            return None
        return self._counted.done / self._counted.total

    def text(self, *, finishing: bool, paused: bool) -> str:
        """Phase, place, speed and time left, as far as they are known."""
        training = self.phase is Phase.TRAINING
        name = phase_name(self.phase)
        if paused:
            name = _tr("Paused while: {phase}").format(phase=name) if not training else _tr("Paused")
        elif finishing and training:
            name = _tr("Finishing")
        elif training and self._recipe.is_solved:
            name = _tr("Solving the last layer")
        parts = self._training_parts() if training else self._counted_parts()
        if paused or finishing:
            parts = parts[:1]
        return "   ·   ".join([name, *parts])

    def _training_parts(self) -> list[str]:
        epochs = self._history.epochs
        if self._recipe.is_solved:
            return [iterations(len(epochs))] if epochs else []
        running = min(self._recipe.epochs, (epochs[-1].epoch if epochs else 0) + 1)
        text = _tr("epoch {epoch} of {all}")
        if self._recipe.early_stopping:
            text = _tr("epoch {epoch} of up to {all}")
        parts = [text.format(epoch=running, all=self._recipe.epochs)]
        if self._pace.per_second:
            parts.append(words.rate(self._pace.per_second))
        left = time_left(self._history)
        if left is None:
            guess = self._pace.seconds_left(self._recipe.epochs * self._training_photos)
            left = None if guess is None else Span(*(factor * guess for factor in _FIRST_GUESS))
        if left is not None:
            parts.append(span_left(left))
        return parts

    def _counted_parts(self) -> list[str]:
        if self._counted is None or self._counted.total <= 0 or self.phase not in _PHOTO_PHASES:
            return []
        done, total = self._counted.done, self._counted.total
        parts = [_tr("{done} of {photos}").format(done=words.number(done), photos=words.photos(total))]
        if self.phase is Phase.CHOOSING:  # the same photos several times
            text = _tr("{done} of {total} looks at some of the photos")
            parts = [text.format(done=words.number(done), total=words.number(total))]
        speed = self._counted.per_second or self._pace.per_second
        if speed:
            parts += [words.rate(speed), words.time_left((total - done) / speed)]
        return parts
