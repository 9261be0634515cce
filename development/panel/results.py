"""What was measured, one small file each, so that nothing is measured twice."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from development.panel.figures import Figures, wilson_interval
from development.resources.places import REPOSITORY
from scene_desktop.core import files
from scene_desktop.core.recipes.recipe import TrainingRecipe

_MEASURED = ("training", "scene_desktop/core")
"""The sources that decide what a recipe is worth."""


class Training(msgspec.Struct, frozen=True, kw_only=True):
    """What is only known of a recipe.

    Attributes:
        accuracy: That the model tells of itself, on its validation photos.
        photos: How many these are.
        seconds: From the start of the command to the model in the library; None where features of an earlier
            training were at hand.
    """

    accuracy: float
    photos: int
    seconds: float | None

    def covers(self, accuracy: float) -> bool:
        """Whether the 95 % interval of the model's own accuracy holds the one on the test."""
        low, high = wilson_interval(self.accuracy, self.photos)
        return low <= accuracy <= high


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement.

    Attributes:
        title: What was measured on what, for people who look into the file.
        training: None for a peer.
    """

    title: str
    test: Figures
    training: Training | None = None


@dataclass(frozen=True)
class Key:
    """What a result depends on.

    Attributes:
        photos: Fingerprint of the photo set.
        by: Key of the recipe or of the peer.
        recipe, code: Fingerprints of the recipe and of the sources; empty for a peer.
    """

    photos: str
    by: str
    seed: int
    recipe: str = ""
    code: str = ""

    def file_name(self, code: str | None = None) -> str:
        """The file of the result; `code` takes the place of the fingerprint of the sources."""
        wanted = self.code if code is None else code
        parts = (self.photos, self.by, f"seed{self.seed}", self.recipe, wanted if self.code else "")
        return "_".join(part for part in parts if part) + ".json"


class Store:
    """All results.

    Args:
        folder: Made with the first result.
        keep: Take the newest result of other sources where there is none of these.
    """

    def __init__(self, folder: Path, keep: bool = False) -> None:
        self._folder, self._keep = folder, keep

    def find(self, key: Key) -> Result | None:
        """The result, or None if it was not measured yet or its file is damaged."""
        exact = self._folder / key.file_name()
        found = [exact] if exact.exists() else []
        if self._keep and not found:
            older = self._folder.glob(key.file_name("*"))
            found = sorted(older, key=lambda path: path.stat().st_mtime, reverse=True)
        try:
            return msgspec.json.decode(found[0].read_bytes(), type=Result) if found else None
        except msgspec.DecodeError:
            return None

    def save(self, key: Key, result: Result) -> None:
        content = msgspec.json.format(msgspec.json.encode(result))
        files.write_atomically(self._folder / key.file_name(), content)


def recipe_fingerprint(recipe: TrainingRecipe) -> str:
    """Equal for equal recipes; 8 hex digits."""
    return hashlib.blake2b(msgspec.json.encode(recipe), digest_size=4).hexdigest()


def code_fingerprint(root: Path = REPOSITORY) -> str:
    """Equal for equal sources of the training and of the core; 8 hex digits."""
    hashed = hashlib.blake2b(digest_size=4)
    for part in _MEASURED:
        for path in sorted((root / part).rglob("*.py")):
            content = path.read_bytes()
            hashed.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return hashed.hexdigest()
