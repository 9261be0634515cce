"""Trains every recipe on the same photos and writes the table in `training/README.md`: `make table`.

Each row is a run in a home of its own, `build/table`. A row that is complete is not trained again, and one
that was interrupted goes on, so the command can be stopped at any time and called again.
"""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from development.resources.places import DATA, HOME, REPOSITORY
from scene_desktop.core import files, locations
from scene_desktop.core.errors import SceneError
from scene_desktop.core.models.library import StoredModel, load_model
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.runs.events import ResumeRequested, TrainRequested
from scene_desktop.core.runs.stored import StoredRun, stored_runs
from training.__main__ import show
from training.run import environment
from training.train import train

README = REPOSITORY / "training" / "README.md"
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


@dataclass(frozen=True)
class Row:
    """One training of the table.

    Attributes:
        after: Key of the row whose model it goes on with.
        reference: Validation accuracy at the hackathon.
    """

    key: str
    title: str
    after: str = ""
    reference: str = ""


BEST = Row("best", "Best")
ROWS = (
    Row("hackathon", "Hackathon CNN, trial 1: 5 epochs", reference="0.764"),
    Row("hackathon-2", "Hackathon CNN, trial 2: 10 epochs more", after="hackathon", reference="0.815"),
    Row("hackathon-3", "Hackathon CNN, trial 3: stopping early", reference="0.736"),
    Row("compact", "Compact CNN"),
    Row("quick", "Quick"),
    BEST,
)


def main() -> int:
    """Returns the exit code: 0 when the table is written, 1 after a failure, 2 without photos."""
    parser = argparse.ArgumentParser(prog="python -m development.resources.table", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the Intel natural-scenes photos")
    parser.add_argument("--only", nargs="*", choices=[row.key for row in ROWS], help="train no others")
    chosen = parser.parse_args()
    os.environ.setdefault(locations.HOME_VARIABLE, str(HOME))
    environment.prepare()
    if not chosen.data.is_dir():
        sys.stderr.write(f"The photos are not at “{chosen.data}”. Name their folder with --data.\n")
        return 2
    try:
        for row in ROWS:
            if chosen.only is None or row.key in chosen.only:
                trained(row, chosen.data)
    except (SceneError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    _write(table(_run_of))
    return 0


def trained(row: Row, data: Path) -> StoredModel:
    """The model of a row, trained now unless it has been already.

    Raises:
        SceneError: The training failed.
        OSError: The files cannot be written.
    """
    run = _run_of(row)
    if run is not None and run.result is not None and run.result.saved is not None:
        return load_model(Path(run.result.saved.folder))
    sys.stdout.write(f"\n{row.title}\n")
    if run is not None:
        return load_model(Path(train(ResumeRequested(run=run.name), show).folder))
    start = str(trained(_row(row.after), data).folder) if row.after else None
    recipe = PRESETS[row.key].recipe
    request = TrainRequested(dataset=str(data.absolute()), recipe=recipe, name=row.key, start_from=start)
    return load_model(Path(train(request, show).folder))


def _row(key: str) -> Row:
    return next(row for row in ROWS if row.key == key)


def _run_of(row: Row) -> StoredRun | None:
    """The newest run of a row with the recipe as it is now."""
    recipe = PRESETS[row.key].recipe
    runs = (run for run in stored_runs() if run.request.name == row.key and run.request.recipe == recipe)
    return next(runs, None)


def table(run_of: Callable[[Row], StoredRun | None]) -> str:
    """The table in Markdown; rows that were not trained to the end are left out."""
    lines = [
        "| recipe | accuracy | at the hackathon | crossentropy | epochs (best) | seconds an epoch | in all |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in ROWS:
        run = run_of(row)
        if run is None or run.result is None or run.result.saved is None:
            continue
        card, epochs = run.result.saved.card, run.history().epochs
        pace = sorted(epoch.seconds for epoch in epochs)[len(epochs) // 2]
        lines.append(
            f"| {row.title} | {card.validation_accuracy:.4f} | {row.reference or '–'} | "
            f"{card.validation_crossentropy:.3f} | {card.epochs_run} ({card.best_epoch}) | {pace:.1f} | "
            f"{card.seconds:.0f} |"
        )
    return "\n".join(lines) + "\n"


def _write(text: str) -> None:
    whole = README.read_text(encoding="utf-8")
    before, rest = whole.split(BEGIN)
    after = rest.split(END)[1]
    files.write_atomically(README, f"{before}{BEGIN}\n\n{text}\n{END}{after}".encode())


if __name__ == "__main__":
    sys.exit(main())
