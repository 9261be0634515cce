"""The verdicts of a drop, as table and grid, filtered."""
