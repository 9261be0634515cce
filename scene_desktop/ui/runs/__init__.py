"""The trainings so far, listed and compared."""
