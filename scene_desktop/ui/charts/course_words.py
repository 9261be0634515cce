"""What the course of a training means, in one plain sentence, and the other words about a training."""

from PySide6.QtCore import QCoreApplication

from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.runs.estimates import Span
from scene_desktop.core.runs.events import DeviceChosen, Phase
from scene_desktop.core.runs.history import (
    Course,
    Diverging,
    Harder,
    History,
    Improving,
    OverFitting,
    Patience,
    Plateau,
    Solved,
    course,
    harder,
)
from scene_desktop.core.runs.stored import Ending, StoredRun
from scene_desktop.ui import words


def _tr(text: str) -> str:
    return QCoreApplication.translate("course", text)


def about(history: History, *, is_running: bool = True) -> str:
    """What is said about a history: the course, and why training may look worse than validation."""
    reason = harder(history)
    return " ".join(
        filter(None, (sentence(course(history, is_running=is_running)), _remark(reason) if reason else ""))
    )


def sentence(course: Course) -> str:
    """A sentence for people; also what a screen reader says about the charts."""
    match course:
        case Improving(epochs_ago=0):
            return _tr(
                "Validation is still improving: {share} of the photos it never learned from are right."
            ).format(share=words.percent(course.accuracy))
        case Improving():
            return _tr(
                "Validation goes up and down a little; the best so far is epoch {epoch} with {share}."
            ).format(epoch=course.best_epoch, share=words.percent(course.accuracy))
        case Plateau():
            text = _tr(
                "Validation stopped improving {number} epochs ago; the best was epoch {epoch} with {share}."
            )
            text = text.format(
                number=course.epochs_ago, epoch=course.best_epoch, share=words.percent(course.accuracy)
            )
            return text + _patience(course.patience)
        case OverFitting():
            text = _tr(
                "Since epoch {turned} validation crossentropy rises while training improves: the model begins "
                "to learn by heart. The best was epoch {epoch} with {share}."
            )
            text = text.format(
                turned=course.turned, epoch=course.best_epoch, share=words.percent(course.accuracy)
            )
            return text + _patience(course.patience)
        case Solved():
            return _solved(course)
        case Diverging():
            return _tr("The training gets worse instead of better. A smaller learning rate may help.")
        case _:
            return _tr("After two epochs there is something to say about the course.")


def _solved(course: Solved) -> str:
    if not course.iterations:
        return _tr("The first figures come once all photos have been looked at.")
    text = {
        (True, True): _tr(
            "Solving: after {iterations} {share} of the photos are right, judged by models that had not seen "
            "them."
        ),
        (True, False): _tr(
            "Solving: after {iterations} {share} of the photos it never learned from are right."
        ),
        (False, True): _tr(
            "Solved after {iterations}: {share} of the photos are right, judged by models that had not seen "
            "them."
        ),
        (False, False): _tr(
            "Solved after {iterations}: {share} of the photos it never learned from are right."
        ),
    }[course.is_running, course.folds > 0]
    return text.format(iterations=iterations(course.iterations), share=words.percent(course.accuracy))


def epoch_title(*, solved: bool) -> str:
    """What an epoch is called: an iteration where a head is solved."""
    return _tr("Iteration") if solved else _tr("Epoch")


def iterations(count: int) -> str:
    return _tr("1 iteration") if count == 1 else _tr("{number} iterations").format(number=words.number(count))


def _patience(patience: Patience | None) -> str:
    if patience is None:
        return ""
    text = _tr("Patience used: {used} of {allowed} epochs.")
    return " " + text.format(used=min(patience.used, patience.allowed), allowed=patience.allowed)


def _remark(reason: Harder) -> str:
    return {
        Harder.BLENDED: _tr("Training looks worse than validation because it sees harder, blended photos."),
        Harder.ALTERED: _tr("Training looks worse than validation because it sees harder, altered photos."),
        Harder.DROPOUT: _tr(
            "Training looks worse than validation because parts of the network rest while it learns (dropout)."
        ),
    }[reason]


def phase_name(phase: Phase) -> str:
    """What goes on, in words."""
    return {
        "starting": _tr("Starting"),
        "reading": _tr("Reading the photos"),
        "choosing": _tr("Choosing size and framing"),
        "examining": _tr("Examining the photos"),
        "features": _tr("Looking at every photo once"),
        "head": _tr("Preparing the head"),
        "training": _tr("Training"),
        "calibrating": _tr("Making the confidence honest"),
        "evaluating": _tr("Measuring the model"),
        "compiling": _tr("Preparing the model for classifying"),
        "saving": _tr("Saving the model"),
    }.get(phase.value, phase.value)


def device(chosen: DeviceChosen) -> str:
    """What a training computes on."""
    name = words.shown(chosen.name)
    if chosen.kind != "CPU":
        return _tr("Trains on the {kind} ({name})").format(kind=chosen.kind, name=name or "?")
    cores = _tr("1 core") if chosen.cores == 1 else _tr("{number} cores").format(number=chosen.cores)
    return _tr("Trains on the CPU ({what})").format(what=", ".join(filter(None, (name, cores))))


def span(length: Span) -> str:
    """A range of time as people say it: 20 to 40 s, 2 to 3 minutes, 1 to 2½ hours."""
    low, high = max(0.0, length.low_s), max(length.low_s, length.high_s)
    if high < 55:
        first, last = _rounded(low, 5), max(5, _rounded(high, 5))
        return _between(first, last, _tr("about {number} s"), _tr("{low} to {high} s"), _tr("up to {high} s"))
    if high < 5400:
        step = 1 if high < 1200 else 5
        first, last = _rounded(low / 60, step), max(1, _rounded(high / 60, step))
        one = _tr("about 1 minute") if last == 1 else _tr("about {number} minutes")
        return _between(first, last, one, _tr("{low} to {high} minutes"),
                        _tr("up to 1 minute") if last == 1 else _tr("up to {high} minutes"))  # fmt: skip
    if high >= 48 * 3600:
        first, last = _rounded(low / 3600 / 24, 1), _rounded(high / 3600 / 24, 1)
        return _between(first, last, _tr("about {number} days"), _tr("{low} to {high} days"),
                        _tr("up to {high} days"))  # fmt: skip
    first, last = _rounded(low / 3600, 1), _rounded(high / 3600, 1)
    return _between(first, last, _tr("about {number} hours"), _tr("{low} to {high} hours"),
                    _tr("up to {high} hours"))  # fmt: skip


def span_left(length: Span) -> str:
    """The same as time left: “2 to 3 minutes left”."""
    if length.high_s < 5:
        return _tr("a few seconds left")
    return _tr("{time} left").format(time=span(length))


def _rounded(value: float, step: int) -> int:
    return round(value / step) * step


def _between(low: int, high: int, one: str, both: str, only_high: str) -> str:
    if low >= high:
        return one.format(number=high)
    return both.format(low=low, high=high) if low > 0 else only_high.format(high=high)


def recipe_title(preset: str) -> str:
    """The title of a recipe by its key; a person's own recipe goes by its key."""
    known = PRESETS.get(preset)
    return known.title if known is not None else words.shown(preset.removeprefix("own-"))


def ending(run: StoredRun) -> str:
    """How a run stands, in one word."""
    return {
        Ending.RUNNING: _tr("running"),
        Ending.INTERRUPTED: _tr("interrupted"),
        Ending.FAILED: _tr("failed"),
        Ending.COMPLETED: _tr("completed"),
    }[run.ending]


def interruption(run: StoredRun, history: History) -> str:
    """Where an interrupted run stands: “Flowers” was interrupted in epoch 4 of 10 (best 92.1 %)."""
    if run.request.recipe.is_solved:
        return _interrupted_solving(run, history)
    at = min(run.request.recipe.epochs, int(history.position) + 1)
    what = _tr("was stopped by a problem") if run.ending is Ending.FAILED else _tr("was interrupted")
    text = _tr("“{name}” {what} in epoch {epoch} of {epochs}")
    if history.position <= 0:
        text = _tr("“{name}” {what} before its first epoch")
    text = text.format(
        name=words.shown(run.request.name), what=what, epoch=at, epochs=run.request.recipe.epochs
    )
    best = history.best
    if best is None:
        return text + "."
    return text + " " + _tr("(best {share}).").format(share=words.percent(best.validation_accuracy))


def _interrupted_solving(run: StoredRun, history: History) -> str:
    """Nothing but the photos is needed to solve it again, which takes seconds."""
    failed = run.ending is Ending.FAILED
    text = _tr("“{name}” was interrupted before it was solved.")
    if failed:
        text = _tr("“{name}” was stopped by a problem before it was solved.")
    if history.is_fitted:
        text = _tr("“{name}” was interrupted when it was solved ({share}), before its model was saved.")
        if failed:
            text = _tr("“{name}” was stopped by a problem when it was solved ({share}).")
    share = words.percent(history.best.validation_accuracy) if history.best else "–"
    return text.format(name=words.shown(run.request.name), share=share)
