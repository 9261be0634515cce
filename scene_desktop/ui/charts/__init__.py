"""Curves and numbers of a training's course."""
