"""The ways to train: which fits a recipe, and what each does."""
