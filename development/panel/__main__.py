"""Measures the recipes on many photo sets beside their peers and writes the tables in `training/README.md`.

What was measured with the same photos, recipe, seed and sources is not measured again, so the command can be
stopped at any time and called again; everything lies in `build/panel`.
"""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from development.panel import machine, readme, sets, tables
from development.panel.measuring import Measuring
from development.panel.sets import FEW_PER_CLASS, PhotoSet
from development.resources.places import DATA, REPOSITORY
from scene_desktop.core import locations
from scene_desktop.core.errors import InputError, SceneError
from scene_desktop.core.recipes.presets import PRESETS

PANEL = REPOSITORY.parent / "shared" / "panel"
FOLDER = REPOSITORY / "build" / "panel"

_FRESH = [key for key, preset in PRESETS.items() if not preset.continues]


def main() -> int:
    """Returns the exit code: 0 when all is measured, 1 after a failure, 2 for wrong input, 130 if stopped."""
    chosen = _arguments()
    # Not a person's own, whatever is set: what lies there is removed.
    os.environ[locations.HOME_VARIABLE] = str(FOLDER / "home")
    try:
        return _run(chosen)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command goes on with what is left.\n")
        return 130
    except (SceneError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, InputError) else 1


def _run(chosen: argparse.Namespace) -> int:
    at_hand = _at_hand(chosen.sets, chosen.data)
    unknown = sorted(set(chosen.only or ()) - {photo_set.name for photo_set in at_hand})
    if unknown:
        names = ", ".join(photo_set.name for photo_set in at_hand)
        raise InputError(f"There is no photo set {', '.join(unknown)}. Those at hand: {names}.")
    wanted = [photo_set for photo_set in at_hand if not chosen.only or photo_set.name in chosen.only]
    recipes = chosen.recipes or (["quick"] if chosen.few else ["quick", "best"])
    measuring = Measuring(recipes, chosen.seeds, FOLDER, keep=chosen.keep)
    succeeded = measuring.measure(_draws(wanted) if chosen.few else wanted)
    text = few_text(measuring, at_hand) if chosen.few else whole_text(measuring, at_hand)
    readme.write(text, few=chosen.few)
    sys.stdout.write(f"\n{text}")
    return 0 if succeeded else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m development.panel", description=__doc__)
    parser.add_argument(
        "--sets",
        type=Path,
        action="append",
        default=[],
        help="another folder of sets, NAME/train and NAME/test",
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the Intel natural-scenes photos")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="measure on no other sets")
    parser.add_argument("--recipes", nargs="+", choices=_FRESH, help="train these (default: quick best)")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1], help="each counts (default: 1)")
    parser.add_argument(
        "--few", action="store_true", help="draws of a few photos a class (default: only quick)"
    )
    parser.add_argument("--keep", action="store_true", help="accept results of sources that have changed since")
    return parser.parse_args()


def _at_hand(more: list[Path], data: Path) -> list[PhotoSet]:
    """All sets, read.

    Raises:
        InputError: A folder has no sets, or a set cannot be used.
        OSError: The draws of the Intel scenes cannot be made.
    """
    folders = [
        found for folder in ([PANEL] if PANEL.is_dir() else []) + more for found in sets.folders_in(folder)
    ]
    if data.is_dir():
        folders += sets.make_intel_sets(data, FOLDER / "sets")
    return [sets.read_set(folder) for folder in folders]


def _draws(wholes: Iterable[PhotoSet]) -> Iterable[PhotoSet]:
    for whole in wholes:
        if whole.name != sets.NOT_DRAWN:
            yield from sets.draws(whole, FOLDER / "sets" / "few")


def whole_text(measuring: Measuring, at_hand: Iterable[PhotoSet]) -> str:
    """The tables of whole sets, those that were not measured now too."""
    rows = [
        tables.SetRow(whole.name, len(whole.training), len(whole.classes), whole.pixels(), results)
        for whole in at_hand
        if (results := measuring.known(whole))
    ]
    columns = measuring.columns()
    accuracies, times = tables.accuracies(rows, columns), tables.times(rows, columns)
    return f"{machine.in_words()}\n\n{accuracies}\n{times}"


def few_text(measuring: Measuring, at_hand: Iterable[PhotoSet]) -> str:
    """The table of draws of a few photos, those that were not measured now too."""
    known = [(drawn.per_class, measuring.known(drawn)) for drawn in _draws(at_hand)]
    rows = [tables.few_row(per_class, [of for n, of in known if n == per_class]) for per_class in FEW_PER_CLASS]
    return f"{machine.in_words()}\n\n{tables.few_photos(rows, measuring.columns())}"


if __name__ == "__main__":
    sys.exit(main())
