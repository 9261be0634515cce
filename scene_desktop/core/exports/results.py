"""What all exports are given, and how far they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.errors import Stopped
from scene_desktop.core.threads import ReportProgress, ShouldStop

_TELL_EVERY = 1000


@dataclass(frozen=True)
class Results:
    """Verdicts, and what is needed to read them.

    Attributes:
        classes: Names in the order of the scores.
        threshold: Photos whose best score is lower are unsure, 0 to 1.
        model: Name of the model.
        when: Local time of the export.
    """

    predictions: Sequence[Prediction]
    classes: Sequence[str]
    threshold: float
    model: str
    when: datetime = field(default_factory=datetime.now)


def counted(results: Results, progress: ReportProgress, should_stop: ShouldStop) -> Iterator[Prediction]:
    """The predictions, while progress is told now and then.

    Raises:
        Stopped: `should_stop` said so.
    """
    total = len(results.predictions)
    for number, prediction in enumerate(results.predictions, 1):
        yield prediction
        if number % _TELL_EVERY == 0 or number == total:
            if should_stop():
                raise Stopped
            progress(number, total)
