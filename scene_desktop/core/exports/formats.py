"""All kinds of files that results are saved as."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scene_desktop.core.errors import InputError
from scene_desktop.core.exports import csv_table, documents, report, workbook
from scene_desktop.core.exports.results import Results
from scene_desktop.core.files import write_atomically
from scene_desktop.core.threads import ReportProgress, ShouldStop


@dataclass(frozen=True)
class Format:
    """One kind of file.

    Attributes:
        key: Short name for settings.
        suffix: Ending with its dot.
        name: For people.
        use: What it is good for, for people.
        render: Makes the content.
    """

    key: str
    suffix: str
    name: str
    use: str
    render: Callable[[Results, ReportProgress, ShouldStop], bytes]


FORMATS = (
    Format("csv", ".csv", "CSV", "A table for spreadsheets and programs, with all scores", csv_table.render),
    Format("xlsx", ".xlsx", "Excel", "A workbook with all photos and the counts", workbook.render),
    Format("html", ".html", "Report", "A page with counts and pictures, for any browser", report.render),
    Format("json", ".json", "JSON", "One document for programs", documents.render_json),
    Format("jsonl", ".jsonl", "JSON Lines", "A line for each photo, for large amounts", documents.render_jsonl),
)


def format_of(path: str | os.PathLike[str]) -> Format:
    """The format that a file name asks for by its ending.

    Raises:
        InputError: No format has this ending.
    """
    suffix = Path(path).suffix.lower()
    for known in FORMATS:
        if known.suffix == suffix:
            return known
    endings = ", ".join(known.suffix for known in FORMATS)
    raise InputError(f"“{path}” has none of the endings {endings}. Name the file so that it has one.")


def save(
    path: Path,
    results: Results,
    progress: ReportProgress = lambda done, total: None,
    should_stop: ShouldStop = lambda: False,
) -> None:
    """Writes results in the format that `path` asks for, whole or not at all.

    Raises:
        InputError: The ending is unknown, the results do not fit, or the file cannot be written.
        Stopped: `should_stop` said so; nothing was written.
    """
    content = format_of(path).render(results, progress, should_stop)
    try:
        write_atomically(path, content)
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"“{path}” cannot be written ({reason}). Choose another place.") from error
