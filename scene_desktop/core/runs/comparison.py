"""Two or more trainings side by side: what differs in their recipes, and which photos changed sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scene_desktop.core.errors import ModelFileError
from scene_desktop.core.models.card import PhotoResult
from scene_desktop.core.models.library import StoredModel, load_model
from scene_desktop.core.recipes.parameters import PARAMETERS, Parameter
from scene_desktop.core.runs.history import History
from scene_desktop.core.runs.stored import StoredRun


@dataclass(frozen=True)
class ComparedRun:
    """One training with what a comparison shows of it.

    Attributes:
        fingerprint: Of its data set; empty if that is not known.
        model: What came of it, if it is still in the library.
    """

    run: StoredRun
    history: History
    fingerprint: str
    model: StoredModel | None


@dataclass(frozen=True)
class Difference:
    """A parameter in which the recipes differ, with its value in each of them."""

    parameter: Parameter
    values: tuple[Any, ...]


@dataclass(frozen=True)
class ChangedPhoto:
    """A photo that two models judge differently.

    Attributes:
        path: Where it was when the later training began; it may be gone.
        name: Relative to the data set, with slashes.
        truth, before, after: Names of classes.
    """

    path: Path
    name: str
    truth: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """How the verdicts of one model differ from those of an earlier one, photo by photo.

    Attributes:
        measured: Photos that both were measured on.
        fixed: Wrong before, right after. newly_wrong: Right before, wrong after.
    """

    measured: int
    fixed: tuple[ChangedPhoto, ...]
    newly_wrong: tuple[ChangedPhoto, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything that a comparison of trainings shows.

    Attributes:
        runs: Oldest first.
        changes: From the oldest to the newest one; None if one of them has no model that kept its verdicts.
    """

    runs: tuple[ComparedRun, ...]
    differences: tuple[Difference, ...]
    changes: Changes | None

    @property
    def same_photos(self) -> bool:
        """Whether all were trained on the same photos in the same classes, as far as that is known."""
        return len({run.fingerprint for run in self.runs}) == 1


def compare(runs: Sequence[StoredRun]) -> Comparison:
    """Compares two or more trainings; reads their courses and their models, which takes a moment.

    Raises:
        ValueError: Fewer than two.
    """
    if len(runs) < 2:
        raise ValueError(f"A comparison takes two trainings or more, not {len(runs)}")
    compared = tuple(_compared(run) for run in sorted(runs, key=lambda run: (run.began, run.name)))
    return Comparison(compared, _differences(compared), _changes_between(compared[0], compared[-1]))


def changes(
    before: Sequence[PhotoResult],
    after: Sequence[PhotoResult],
    classes_before: Sequence[str],
    classes_after: Sequence[str],
    root: Path,
) -> Changes:
    """Finds the photos, by their content, that changed sides between two models.

    Args:
        classes_before, classes_after: Names of the classes of each model; verdicts are compared by name.
        root: Folder of the data set that the paths of `after` belong to.
    """
    earlier = {result.digest: result for result in before}
    fixed: list[ChangedPhoto] = []
    newly_wrong: list[ChangedPhoto] = []
    measured = 0
    for result in after:
        old = earlier.get(result.digest)
        if old is None:
            continue
        measured += 1
        truth = classes_after[result.label]
        was, now = classes_before[old.predicted], classes_after[result.predicted]
        was_right, is_right = was == classes_before[old.label], now == truth
        if was_right != is_right:
            photo = ChangedPhoto(root / result.path, result.path, truth, was, now)
            (fixed if is_right else newly_wrong).append(photo)
    return Changes(measured, tuple(fixed), tuple(newly_wrong))


def model_of(run: StoredRun) -> StoredModel | None:
    """The model of a completed training, if it is still in the library."""
    if run.result is None or run.result.saved is None:
        return None
    try:
        return load_model(Path(run.result.saved.folder))
    except ModelFileError:
        return None


def _compared(run: StoredRun) -> ComparedRun:
    fingerprint = run.result.fingerprint if run.result is not None else ""
    if not fingerprint:
        data = run.data()
        fingerprint = data.fingerprint if data is not None else ""
    return ComparedRun(run, run.history(), fingerprint, model_of(run))


def _differences(runs: Sequence[ComparedRun]) -> tuple[Difference, ...]:
    recipes = [compared.run.request.recipe for compared in runs]
    found = (Difference(p, tuple(getattr(recipe, p.name) for recipe in recipes)) for p in PARAMETERS)
    return tuple(difference for difference in found if len(set(difference.values)) > 1)


def _changes_between(old: ComparedRun, new: ComparedRun) -> Changes | None:
    if old.model is None or new.model is None:
        return None
    before, after = old.model.photo_results(), new.model.photo_results()
    if not before or not after:
        return None
    root = Path(new.run.request.dataset)
    data = new.run.data()
    if data is not None:
        root = Path(data.root)
    try:
        return changes(before, after, old.model.card.classes, new.model.card.classes, root)
    except IndexError:  # the verdicts do not belong to these classes: one of the files was changed
        return None
