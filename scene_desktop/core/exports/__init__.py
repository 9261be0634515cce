"""The ways out: verdicts as a table, a workbook, documents for programs, a report for people."""

from scene_desktop.core.exports.formats import FORMATS, Format, format_of, save
from scene_desktop.core.exports.results import Results

__all__ = ["FORMATS", "Format", "Results", "format_of", "save"]
