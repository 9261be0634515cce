"""The command line, verb by verb; the same code paths as the window."""

VERBS = (
    "classify",
    "sort",
    "watch",
    "train",
    "resume",
    "runs",
    "discard",
    "evaluate",
    "doctor",
    "models",
    "share",
    "import",
    "samples",
    "self-test",
)
