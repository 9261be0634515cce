"""Sorting photos into folders: plan, progress, record, undo."""
