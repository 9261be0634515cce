"""Sorting photos into folders, as a person sees it: choices with their plan, the work, earlier sorts."""
