"""Widgets that know nothing of photos' classes, models or trainings."""
