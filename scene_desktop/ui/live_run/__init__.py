"""The training that runs, waits, or has just ended."""
