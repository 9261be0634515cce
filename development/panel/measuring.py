"""Every measurement of a run of the panel: what is there already, and what is still to be done."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from development.panel import peers, recipes
from development.panel.results import Key, Result, Store, code_fingerprint, recipe_fingerprint
from development.panel.sets import PhotoSet
from development.panel.tables import Column
from scene_desktop.core.errors import SceneError
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS


@dataclass(frozen=True)
class Measurement:
    """One that can be made; `title` is for the terminal."""

    key: Key
    title: str
    make: Callable[[], Result]


class Measuring:
    """The recipes and the peers of a run.

    Args:
        chosen: Keys of the recipes that are trained.
        seeds: The first training of a recipe with the first of them is timed, unless it is of a draw.
        folder: Of the results, the features and the home of the app.
        keep: Accept results of other sources.
    """

    def __init__(self, chosen: Sequence[str], seeds: Sequence[int], folder: Path, *, keep: bool) -> None:
        self._chosen, self._seeds, self._folder = chosen, seeds, folder
        self._store, self._code = Store(folder / "results", keep), code_fingerprint()

    def columns(self) -> list[Column]:
        """All recipes, those that are not trained now too, and the peers."""
        ours = [Column(preset.key, preset.title, False) for preset in PRESETS.values()]
        return [*ours, *(Column(peer.key, peer.title, True) for peer in peers.PEERS)]

    def missing(self, photo_set: PhotoSet) -> list[Measurement]:
        """What is still to be done for a set."""
        every = self._measurements(photo_set, self._chosen)
        return [measurement for measurement in every if self._store.find(measurement.key) is None]

    def known(self, photo_set: PhotoSet) -> dict[str, list[Result]]:
        """What was measured of a set, by recipe and peer; those without a result are left out."""
        results: dict[str, list[Result]] = {}
        for measurement in self._measurements(photo_set, tuple(PRESETS)):
            if (result := self._store.find(measurement.key)) is not None:
                results.setdefault(measurement.key.by, []).append(result)
        return results

    def measure(self, sets: Iterable[PhotoSet]) -> bool:
        """Does what is missing and tells it; returns whether all of it succeeded."""
        succeeded = True
        for photo_set in sets:
            for measurement in self.missing(photo_set):
                sys.stdout.write(f"{measurement.title} ... ")
                sys.stdout.flush()
                try:
                    result = measurement.make()
                except SceneError as error:
                    sys.stdout.write(f"{error}\n")
                    succeeded = False
                    continue
                self._store.save(measurement.key, result)
                sys.stdout.write(_in_words(result))
        return succeeded

    def _measurements(self, photo_set: PhotoSet, keys: Iterable[str]) -> list[Measurement]:
        photos = photo_set.fingerprint()
        made = []
        for seed in self._seeds:
            timed = seed == self._seeds[0] and not photo_set.per_class
            for key in keys:
                recipe = with_changes(PRESETS[key].recipe, seed=seed)
                make = partial(recipes.measure, photo_set, recipe, self._folder / "home", timed=timed)
                named = Key(photos, key, seed, recipe_fingerprint(recipe), self._code)
                made.append(Measurement(named, f"{photo_set.name}, {PRESETS[key].title}, seed {seed}", make))
            for peer in peers.PEERS:
                compute = partial(peers.measure, photo_set, peer, seed, self._folder)
                title = f"{photo_set.name}, {peer.title}, seed {seed}"
                made.append(Measurement(Key(photos, peer.key, seed), title, compute))
        return made


def _in_words(result: Result) -> str:
    text = f"{result.test.accuracy:.3f} / {result.test.crossentropy:.3f}"
    if result.training is not None and result.training.seconds is not None:
        text += f", {result.training.seconds:.0f} s"
    return text + "\n"
