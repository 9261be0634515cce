"""A training as the command line follows it: progress on standard error, the result as JSON."""

import queue

import msgspec

from scene_desktop.commands import figures
from scene_desktop.commands.terminal import Exit, interruptible, progress_bar, say, write_json_result
from scene_desktop.core.errors import TrainingError
from scene_desktop.core.models.card import ModelCard
from scene_desktop.core.models.metrics import interval
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.runs.events import (
    DataSetRead,
    DeviceChosen,
    EngineCommand,
    EpochEnded,
    KeepRequested,
    ModelSaved,
    Phase,
    PhaseChanged,
    PhotoSkipped,
    Progressed,
    ResumeRequested,
    RunStarted,
    TrainingEvent,
    TrainingPaused,
    TrainRequested,
    ViewChosen,
)
from scene_desktop.core.runs.history import History
from scene_desktop.work.engine_client import run_engine

PHASE_WORDS = {
    Phase.STARTING: "Starting",
    Phase.READING: "Reading the data set",
    Phase.CHOOSING: "Choosing size and framing",
    Phase.FEATURES: "Looking at each photo",
    Phase.HEAD: "Preparing the head",
    Phase.TRAINING: "Training",
    Phase.CALIBRATING: "Calibrating the confidence",
    Phase.EVALUATING: "Measuring",
    Phase.EXAMINING: "Comparing the photos",
    Phase.COMPILING: "Compiling",
    Phase.SAVING: "Saving",
}


def follow(request: TrainRequested | ResumeRequested, json: str | None, history: History | None = None) -> int:
    """Trains, tells how it goes, and returns the exit code. Ctrl+C keeps the run for later.

    Args:
        json: File for the result; see `write_json_result`.
        history: What is known of a run that is resumed.

    Raises:
        InputError: The data set, a parameter or the run cannot be used.
        TrainingError: The training failed; the message names the command that resumes it.
    """
    following = _Following(history or History(recipe=_recipe_of(request)))
    try:
        saved = following.run(request)
    except TrainingError as error:
        raise TrainingError(f"{error}{following.how_to_resume()}", error.details) from error
    if saved is None:
        say(f"Kept for later.{following.how_to_resume()}")
        return Exit.INTERRUPTED if not following.problem else Exit.FAILED
    say(_result_line(saved.card))
    write_json_result(json, _document(saved, following.history))
    return Exit.DONE


def _recipe_of(request: TrainRequested | ResumeRequested) -> TrainingRecipe | None:
    return request.recipe if isinstance(request, TrainRequested) else None


class _Following:
    """One engine and the terminal.

    Attributes:
        problem: Why the training paused by itself; empty if it did not.
    """

    def __init__(self, history: History) -> None:
        self.history, self.problem = history, ""
        self._run = ""
        self._wishes: queue.SimpleQueue[EngineCommand] = queue.SimpleQueue()

    def how_to_resume(self) -> str:
        return f" Resume it with: scene-desktop resume {self._run}" if self._run else ""

    def run(self, request: TrainRequested | ResumeRequested) -> ModelSaved | None:
        """The result; None if the run was kept for later."""
        with progress_bar() as progress, interruptible() as interrupted:
            task = progress.add_task("Starting", total=None, rate="")
            asked = False

            def should_stop() -> bool:
                nonlocal asked
                if interrupted() and not asked:
                    asked = True
                    self._wishes.put(KeepRequested())
                return False

            def report(event: TrainingEvent) -> None:
                self._take(event)
                match event:
                    case PhaseChanged():
                        progress.reset(task, total=None, description=PHASE_WORDS[event.phase], rate="")
                    case Progressed():
                        rate = f"{event.per_second:.0f}/s" if event.per_second else ""
                        progress.update(task, completed=event.done, total=event.total, rate=rate)
                    case EpochEnded() if self.history.is_solved:  # nobody knows how many there will be
                        progress.update(task, description=f"Solving, iteration {event.epoch}")
                    case EpochEnded():
                        progress.update(task, completed=event.epoch, total=event.epochs)

            ended = run_engine(request, report, should_stop, self._wishes)
        return ended if isinstance(ended, ModelSaved) else None

    def _take(self, event: TrainingEvent) -> None:
        self.history.add(event)
        match event:
            case RunStarted():
                self._run = event.run
            case DataSetRead():
                say(figures.photos_read(event))
            case ViewChosen():
                say(figures.view_chosen(event))
            case DeviceChosen():
                say(f"Trains on the {event.kind}{f' ({event.name})' if event.name else ''}.")
            case PhotoSkipped():
                say(f"Skipped {event.path}: {event.reason}")
            case EpochEnded() if not self.history.is_solved:
                say(_epoch_line(event))
            case TrainingPaused() if event.problem:
                # Nobody sits here to continue it; the run can be resumed when the problem is mended.
                self.problem = event.problem
                say(event.problem)
                self._wishes.put(KeepRequested())


def _epoch_line(event: EpochEnded) -> str:
    mark = "  best" if event.best else ""
    return (
        f"Epoch {event.epoch:2}/{event.epochs}  accuracy {event.accuracy:.4f}  "
        f"crossentropy {event.crossentropy:.4f}  validation {event.validation_accuracy:.4f}  "
        f"{event.validation_crossentropy:.4f}  {event.seconds:.1f} s{mark}"
    )


def _result_line(card: ModelCard) -> str:
    accuracy = figures.accuracy(card.validation_accuracy or 0.0, card.validation_photos)
    fit = f"best of {card.epochs_run} epochs: {card.best_epoch}"
    if card.recipe is not None and card.recipe.is_solved:
        fit = f"solved after {card.epochs_run} iterations"
    return (
        f"“{card.name}” is in the library: validation accuracy {accuracy}, crossentropy "
        f"{card.validation_crossentropy:.4f}, {fit}, {card.seconds:.0f} s. Measured on "
        f"{figures.judged(card.validation_photos, card.folds)}."
    )


def _document(saved: ModelSaved, history: History) -> dict[str, object]:
    card = saved.card
    return {
        "model": card.name,
        "classes": list(card.classes),
        "recipe": msgspec.to_builtins(card.recipe),
        "epochs_run": card.epochs_run,
        "best_epoch": card.best_epoch,
        "validation_accuracy": card.validation_accuracy,
        "interval": interval(card.validation_accuracy or 0.0, card.validation_photos),
        "validation_crossentropy": card.validation_crossentropy,
        "training_photos": card.training_photos,
        "validation_photos": card.validation_photos,
        "folds": card.folds,
        "seconds": saved.seconds,
        "history": [
            {key: value for key, value in msgspec.to_builtins(epoch).items() if key != "type"}
            for epoch in history.epochs
        ],
    }
