"""Sorting photos into one folder a class: plan, apply, resume after a crash, undo.

Nothing is ever overwritten, and everything is written to a journal before it happens.
"""

from scene_desktop.core.sorting.applying import apply_plan, resume
from scene_desktop.core.sorting.journals import places, records
from scene_desktop.core.sorting.planning import make_plan
from scene_desktop.core.sorting.terms import (
    UNREADABLE_FOLDER,
    UNSURE_FOLDER,
    FailedPhoto,
    How,
    Plan,
    PlannedPhoto,
    SortProgress,
    SortRecord,
    SortResult,
    SortSettings,
    SortState,
    UndoResult,
)
from scene_desktop.core.sorting.undoing import undo

__all__ = [
    "UNREADABLE_FOLDER",
    "UNSURE_FOLDER",
    "FailedPhoto",
    "How",
    "Plan",
    "PlannedPhoto",
    "SortProgress",
    "SortRecord",
    "SortResult",
    "SortSettings",
    "SortState",
    "UndoResult",
    "apply_plan",
    "make_plan",
    "places",
    "records",
    "resume",
    "undo",
]
