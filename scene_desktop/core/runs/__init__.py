"""Trainings as facts: events, their course, the folders they leave, what compares and predicts them."""
