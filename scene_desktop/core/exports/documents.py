"""Documents for programs: one JSON object, or one JSON object a line."""

import io
import json
from collections.abc import Iterable, Sequence
from typing import TextIO

from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.exports.results import Results, counted
from scene_desktop.core.text import encodable
from scene_desktop.core.threads import ReportProgress, ShouldStop


def render_json(results: Results, progress: ReportProgress, should_stop: ShouldStop) -> bytes:
    """One object as UTF-8."""
    text = io.StringIO()
    photos = counted(results, progress, should_stop)
    write_json(text, photos, results.classes, results.threshold, results.model)
    return text.getvalue().encode("utf-8", "backslashreplace")


def render_jsonl(results: Results, progress: ReportProgress, should_stop: ShouldStop) -> bytes:
    """A line for each photo, as UTF-8."""
    text = io.StringIO()
    write_jsonl(text, counted(results, progress, should_stop), results.classes, results.threshold)
    return text.getvalue().encode("utf-8", "backslashreplace")


def write_json(
    stream: TextIO, predictions: Iterable[Prediction], classes: Sequence[str], threshold: float, model: str
) -> None:
    """Writes one object with model, classes, threshold and the list `photos`, a photo a line.

    Raises:
        OSError: The stream cannot be written.
    """
    head = {"model": model, "classes": list(classes), "threshold": threshold}
    stream.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "photos": [')
    for number, prediction in enumerate(predictions):
        stream.write(",\n " if number else "\n ")
        stream.write(json.dumps(as_object(prediction, classes, threshold), ensure_ascii=False))
    stream.write("\n]}\n")


def write_jsonl(
    stream: TextIO, predictions: Iterable[Prediction], classes: Sequence[str], threshold: float
) -> None:
    """Writes one object a line, each as an entry of `photos` in `write_json`.

    Raises:
        OSError: The stream cannot be written.
    """
    for prediction in predictions:
        stream.write(json.dumps(as_object(prediction, classes, threshold), ensure_ascii=False) + "\n")


def as_object(prediction: Prediction, classes: Sequence[str], threshold: float) -> dict[str, object]:
    """A verdict: path, class that holds, guess of the model, its confidence, scores by class, or an error."""
    path = encodable(prediction.path)
    best, label = prediction.best, prediction.label
    if prediction.scores is None or best is None or label is None:
        return {"path": path, "class": None, "error": encodable(prediction.error or "")}
    scores = [round(score, 6) for score in prediction.scores.tolist()]
    return {
        "path": path,
        "class": classes[label],
        "confidence": scores[best],
        "unsure": prediction.is_unsure(threshold),
        "error": None,
        "corrected": prediction.corrected is not None,
        "guess": classes[best],
        "scores": dict(zip(classes, scores, strict=True)),
    }
