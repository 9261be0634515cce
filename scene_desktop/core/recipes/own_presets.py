"""The recipes that a person has named; `presets.json` in the data folder."""

import contextlib
import hashlib
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from scene_desktop.core import files, locations
from scene_desktop.core.errors import InputError
from scene_desktop.core.recipes.parameters import Parameter, differences, with_changes
from scene_desktop.core.recipes.presets import PRESETS, Preset
from scene_desktop.core.recipes.recipe import TrainingRecipe
from scene_desktop.core.text import safe_name

FILE = "presets.json"
FORMAT = 1
PREFIX = "own-"
TOLD = 4
"""Changed parameters that the sentence of a preset names."""

_log = logging.getLogger(__name__)


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    recipe: TrainingRecipe


class _Stored(msgspec.Struct, frozen=True, kw_only=True):
    format: int = FORMAT
    presets: tuple[_Entry, ...] = ()


class OwnPresets:
    """All presets of this person, read from disk with every call.

    Args:
        path: The file; made when the first preset is saved.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or locations.data_folder() / FILE

    def all(self) -> list[Preset]:
        """The presets in the order of their names; none if there is no file or it cannot be used.

        A damaged file is put aside as `presets.json.damaged`, so that the next save does not replace it.
        """
        return [_preset(entry) for entry in self._entries()]

    def save(self, name: str, recipe: TrainingRecipe) -> Preset:
        """Stores a recipe under a name; one of the same name (upper or lower case) is replaced.

        Raises:
            InputError: The name is empty, or a value of the recipe is outside its limits.
            OSError: The file cannot be written; the old one is untouched.
        """
        try:
            name = safe_name(name)
        except InputError as error:
            raise InputError("A preset needs a name. Type one.") from error
        entry = _Entry(name=name, recipe=with_changes(recipe))
        others = [other for other in self._entries() if _key(other.name) != _key(name)]
        self._write((*others, entry))
        return _preset(entry)

    def delete(self, key: str) -> None:
        """Removes a preset; one that is not there is no error.

        Raises:
            OSError: The file cannot be written; the old one is untouched.
        """
        entries = self._entries()
        kept = [entry for entry in entries if _key(entry.name) != key]
        if len(kept) < len(entries):
            self._write(kept)

    def _entries(self) -> list[_Entry]:
        try:
            stored = msgspec.json.decode(self._path.read_bytes(), type=_Stored)
            if stored.format > FORMAT:
                raise msgspec.ValidationError(f"format {stored.format} is newer than {FORMAT}")
            return [_checked(entry) for entry in stored.presets]
        except FileNotFoundError:
            return []
        except OSError as error:
            _log.warning("the stored presets cannot be read: %s", error)
            return []
        except (msgspec.DecodeError, UnicodeDecodeError, InputError) as error:
            _log.warning("the stored presets are damaged and were put aside: %s", error)
            with contextlib.suppress(OSError):
                os.replace(self._path, self._path.with_name(self._path.name + ".damaged"))
            return []

    def _write(self, entries: Iterable[_Entry]) -> None:
        ordered = tuple(sorted(entries, key=lambda entry: entry.name.casefold()))
        content = msgspec.json.format(msgspec.json.encode(_Stored(presets=ordered)), indent=1) + b"\n"
        files.write_atomically(self._path, content)


def _checked(entry: _Entry) -> _Entry:
    return _Entry(name=safe_name(entry.name), recipe=with_changes(entry.recipe))


def _key(name: str) -> str:
    return PREFIX + hashlib.sha256(name.casefold().encode()).hexdigest()[:12]


def _preset(entry: _Entry) -> Preset:
    base = PRESETS.get(entry.recipe.preset)
    return Preset(
        key=_key(entry.name),
        title=entry.name,
        promise=_promise(entry.recipe, base),
        recipe=entry.recipe,
        continues=base is not None and base.continues,
    )


def _promise(recipe: TrainingRecipe, base: Preset | None) -> str:
    """What sets it apart from the recipe it started from."""
    if base is None:
        return "A recipe of your own."
    changed = [_said(parameter, value) for parameter, value, _ in differences(recipe, base.recipe)]
    if not changed:
        return f"The same as {base.title}."
    more = len(changed) - TOLD
    listed = ", ".join(changed[:TOLD]) + (f" and {more} more" if more > 0 else "")
    return f"As {base.title}, with {listed}."


def _said(parameter: Parameter, value: Any) -> str:
    """A changed parameter in a few words."""
    if isinstance(value, bool):
        shown = "on" if value else "off"
    elif isinstance(value, float):
        shown = f"{value:.6g}"
    else:
        shown = str(value).replace("-", " ") if value is not None else "none"
    return f"{parameter.label.lower()} {shown}"
