"""The command line, verb by verb; the same code paths as the window."""

VERBS = ("classify", "train", "evaluate", "doctor", "models", "samples", "self-test")
