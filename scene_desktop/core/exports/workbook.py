"""An Excel workbook: all photos on one sheet, the counts on another."""

from __future__ import annotations

import io
import tempfile
from typing import TYPE_CHECKING

from scene_desktop.core.classify.predictions import Prediction, tally
from scene_desktop.core.errors import InputError
from scene_desktop.core.exports.csv_table import COLUMNS
from scene_desktop.core.exports.results import Results, counted
from scene_desktop.core.text import one_line

if TYPE_CHECKING:
    import xlsxwriter

    from scene_desktop.core.threads import ReportProgress, ShouldStop

MOST_ROWS = 1_048_576
"""Rows of a sheet, with its header."""

MOST_COLUMNS = 16_384
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CELL_LENGTH = 32_767


def render(results: Results, progress: ReportProgress, should_stop: ShouldStop) -> bytes:
    """The workbook; nothing in it is a formula or a link.

    Raises:
        InputError: There are more photos or classes than a sheet has room for, or no room to build it in.
        Stopped: `should_stop` said so.
    """
    if len(results.predictions) >= MOST_ROWS or len(COLUMNS) + len(results.classes) > MOST_COLUMNS:
        raise InputError(
            f"{len(results.predictions):,} photos of {len(results.classes):,} classes do not fit into an Excel "
            f"sheet, which has {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns. Save them as CSV."
        )
    import xlsxwriter  # 60 ms, which the start of the window shall not wait for
    from xlsxwriter.exceptions import FileCreateError

    stream = io.BytesIO()
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            book = xlsxwriter.Workbook(stream, {**_OPTIONS, "tmpdir": folder})
            _fill_photos(book, results, progress, should_stop)
            _fill_counts(book, results)
            book.close()
    except (OSError, FileCreateError) as error:
        cause = error.args[0] if isinstance(error, FileCreateError) else error
        raise InputError(
            f"The workbook cannot be built in the folder for temporary files "
            f"({getattr(cause, 'strerror', None) or cause}). Free some space there, or save as CSV."
        ) from error
    return stream.getvalue()


def _fill_photos(
    book: xlsxwriter.Workbook, results: Results, progress: ReportProgress, should_stop: ShouldStop
) -> None:
    sheet = book.add_worksheet("Photos")
    bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0 %"})
    columns = [*COLUMNS, *results.classes]
    sheet.set_column(0, 0, 60)
    sheet.set_column(1, 1, 18)
    sheet.set_column(len(COLUMNS), len(columns) - 1, 12)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(results.predictions), len(columns) - 1)
    for column, name in enumerate(columns):
        sheet.write_string(0, column, _cell(name), bold)
    for row, prediction in enumerate(counted(results, progress, should_stop), 1):
        for column, value in enumerate(_values(prediction, results)):
            if isinstance(value, float):
                sheet.write_number(row, column, value, share)
            elif value:
                sheet.write_string(row, column, _cell(value))


def _values(prediction: Prediction, results: Results) -> list[str | float]:
    best, label = prediction.best, prediction.label
    if prediction.scores is None or best is None or label is None:
        return [prediction.path, "", "", "", prediction.error or ""]
    scores = [round(score, 6) for score in prediction.scores.tolist()]
    unsure = "yes" if prediction.is_unsure(results.threshold) else "no"
    corrected = "no" if prediction.corrected is None else "yes"
    names = results.classes
    return [prediction.path, names[label], scores[best], unsure, "", corrected, names[best], *scores]


def _fill_counts(book: xlsxwriter.Workbook, results: Results) -> None:
    sheet = book.add_worksheet("Counts")
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 28)
    counts = tally(results.predictions, len(results.classes), results.threshold)
    corrected = sum(prediction.corrected is not None for prediction in results.predictions)
    rows: list[tuple[str, int | float | str]] = [
        *zip(results.classes, counts.by_class, strict=True),
        ("Unsure", counts.unsure),
        ("Could not read", counts.failed),
        ("All photos", counts.total),
        ("Corrected by hand", corrected),
        ("Model", results.model),
        ("Unsure below", results.threshold),
        ("Saved", f"{results.when:%Y-%m-%d %H:%M}"),
    ]
    for row, (name, value) in enumerate(rows):
        sheet.write_string(row, 0, _cell(name), bold)
        if isinstance(value, str):
            sheet.write_string(row, 1, _cell(value))
        else:
            sheet.write_number(row, 1, value)


def _cell(text: str) -> str:
    """Excel refuses control characters and very long texts."""
    return one_line(text)[:_CELL_LENGTH]
