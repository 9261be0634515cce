"""Folders of labelled photos: read, examined, split, corrected."""
