"""What the course of a training means, in one plain sentence."""

from PySide6.QtCore import QCoreApplication

from scene_desktop.core.events import Phase
from scene_desktop.core.history import Course, Diverging, Improving, Plateau
from scene_desktop.ui import words


def _tr(text: str) -> str:
    return QCoreApplication.translate("course", text)


def sentence(course: Course) -> str:
    """A sentence for people; also what a screen reader says about the charts."""
    match course:
        case Improving():
            return _tr(
                "Validation is still improving: {share} of the photos it never learned from are right."
            ).format(share=words.percent(course.accuracy))
        case Plateau():
            when = _tr("1 epoch ago") if course.epochs_ago == 1 else _tr("{number} epochs ago")
            text = _tr("Validation stopped improving {when}; the best was epoch {epoch} with {share}.").format(
                when=when.format(number=course.epochs_ago),
                epoch=course.best_epoch,
                share=words.percent(course.accuracy),
            )
            if course.learning_by_heart:
                text += " " + _tr("Training keeps improving: the model begins to learn by heart.")
            return text
        case Diverging():
            return _tr("The training gets worse instead of better. Discard it and try a smaller learning rate.")
        case _:
            return _tr("After two epochs there is something to say about the course.")


def phase_name(phase: Phase) -> str:
    """What goes on, in words."""
    return {
        Phase.STARTING: _tr("Starting"),
        Phase.READING: _tr("Reading the photos"),
        Phase.FEATURES: _tr("Looking at every photo once"),
        Phase.TRAINING: _tr("Training"),
        Phase.CALIBRATING: _tr("Making the confidence honest"),
        Phase.EVALUATING: _tr("Measuring the model"),
        Phase.COMPILING: _tr("Preparing the model for classifying"),
        Phase.SAVING: _tr("Saving the model"),
    }[phase]
