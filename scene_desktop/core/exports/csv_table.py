"""A table that every program reads."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TextIO

from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.exports.results import Results, counted
from scene_desktop.core.text import encodable, harmless_cell
from scene_desktop.core.threads import ReportProgress, ShouldStop

COLUMNS = ("path", "class", "confidence", "unsure", "error", "corrected", "guess")


def render(results: Results, progress: ReportProgress, should_stop: ShouldStop) -> bytes:
    """The table as UTF-8."""
    text = io.StringIO()
    write_csv(text, counted(results, progress, should_stop), results.classes, results.threshold)
    return text.getvalue().encode("utf-8", "backslashreplace")


def header_of(classes: Sequence[str]) -> str:
    """The first line of the table of a model with these classes, without its end."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([*COLUMNS, *(harmless_cell(name) for name in classes)])
    return text.getvalue()


def write_csv(
    stream: TextIO,
    predictions: Iterable[Prediction],
    classes: Sequence[str],
    threshold: float,
    *,
    header: bool = True,
) -> None:
    """Writes one row a photo: `COLUMNS`, then a score for each class.

    `class` is what holds: what a person said, otherwise the guess of the model. `confidence` is the score of
    the guess; it and the scores are 0 to 1 with six decimals. `unsure` and `corrected` are `yes` or `no`. A
    photo that could not be read has only path and error.

    Raises:
        OSError: The stream cannot be written.
    """
    names = [harmless_cell(name) for name in classes]
    writer = csv.writer(stream, lineterminator="\n")
    if header:
        stream.write(header_of(classes) + "\n")
    for prediction in predictions:
        path = harmless_cell(encodable(prediction.path))
        best, label = prediction.best, prediction.label
        if prediction.scores is None or best is None or label is None:
            error = harmless_cell(encodable(prediction.error or ""))
            writer.writerow([path, "", "", "", error, "", "", *[""] * len(classes)])
            continue
        unsure = "yes" if prediction.is_unsure(threshold) else "no"
        corrected = "no" if prediction.corrected is None else "yes"
        scores = [f"{score:.6f}" for score in prediction.scores.tolist()]
        writer.writerow([path, names[label], scores[best], unsure, "", corrected, names[best], *scores])
