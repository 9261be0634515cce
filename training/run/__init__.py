"""One training as a process: its session, control, folder, checkpoints, failures."""
