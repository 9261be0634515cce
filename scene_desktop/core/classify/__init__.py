"""Photos in, verdicts out: the compiled model, the pipeline around it, and folders that are watched."""
