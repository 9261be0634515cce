"""Vocabulary and pixels: photos, data sets, recipes, models, predictions. No Qt, no TensorFlow."""
