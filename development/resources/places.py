"""Where the photos come from and what is made of them is kept."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

DATA = REPOSITORY.parent / "shared" / "intel-scenes" / "train"
"""The folder of the Intel natural-scenes photos, where nothing else is named."""

HOME = REPOSITORY / "build" / "table"
"""The app's data while models are made here: not a person's own."""
