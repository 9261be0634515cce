"""The models on disk: those that came with the app and those that were trained here.

A model is a folder with `card.json`, `weights.safetensors` (Keras weights by layer path), `model.tflite`
(compiled from those weights), `evaluation.json`, `photos.json` (results on each validation photo) and
`history.csv`. A folder is complete or not there.
"""

import dataclasses
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import msgspec
from send2trash import send2trash

from scene_desktop.core import files, locations
from scene_desktop.core.errors import InputError, ModelFileError
from scene_desktop.core.models.card import FORMAT, Evaluation, ModelCard, PhotoResult
from scene_desktop.core.text import safe_name

CARD = "card.json"
WEIGHTS = "weights.safetensors"
COMPILED = "model.tflite"
EVALUATION = "evaluation.json"
PHOTOS = "photos.json"
HISTORY = "history.csv"

BUILT_IN = "Natural scenes"


@dataclass(frozen=True)
class StoredModel:
    """A model of the library; its files are read when they are needed."""

    folder: Path
    card: ModelCard
    built_in: bool

    def compiled(self) -> bytes:
        """The compiled model, checked against the card.

        Raises:
            ModelFileError: Missing or damaged.
        """
        return self._checked(COMPILED, self.card.compiled_sha256)

    def weights(self) -> bytes:
        """The weights file, checked against the card.

        Raises:
            ModelFileError: Missing or damaged.
        """
        return self._checked(WEIGHTS, self.card.weights_sha256)

    def evaluation(self) -> Evaluation | None:
        """The results on the validation photos, None if the model has none."""
        try:
            return msgspec.json.decode((self.folder / EVALUATION).read_bytes(), type=Evaluation)
        except (OSError, msgspec.DecodeError):
            return None

    def photo_results(self) -> tuple[PhotoResult, ...]:
        """What it says about each validation photo; empty if that was not kept."""
        try:
            return msgspec.json.decode((self.folder / PHOTOS).read_bytes(), type=tuple[PhotoResult, ...])
        except (OSError, msgspec.DecodeError):
            return ()

    def _checked(self, name: str, expected: str) -> bytes:
        try:
            content = (self.folder / name).read_bytes()
        except OSError as error:
            raise ModelFileError(
                f"The model “{self.card.name}” has lost its file {name} ({error.strerror or error}). "
                f"Use another model, or train this one again."
            ) from error
        if sha256(content) != expected:
            raise ModelFileError(
                f"The model “{self.card.name}” is damaged: {name} is not the file that was saved. "
                f"Use another model, or train this one again."
            )
        return content


@dataclass(frozen=True)
class DamagedModel:
    """A folder of the library that cannot be used, and why."""

    folder: Path
    reason: str


@dataclass(frozen=True)
class NewModel:
    """Everything that makes a model folder.

    Attributes:
        card: Without the two hashes; the library fills them in.
    """

    card: ModelCard
    weights: bytes
    compiled: bytes
    evaluation: Evaluation | None = None
    history_csv: str = ""
    photo_results: tuple[PhotoResult, ...] = ()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def save_model(folder: Path, model: NewModel) -> ModelCard:
    """Writes a model folder, whole or not at all, and returns the completed card.

    Raises:
        FileExistsError: `folder` is there already.
        OSError: It cannot be written.
    """
    card = msgspec.structs.replace(
        model.card, weights_sha256=sha256(model.weights), compiled_sha256=sha256(model.compiled)
    )
    with files.new_folder(folder) as incoming:
        (incoming / WEIGHTS).write_bytes(model.weights)
        (incoming / COMPILED).write_bytes(model.compiled)
        if model.evaluation is not None:
            (incoming / EVALUATION).write_bytes(_pretty(model.evaluation))
        if model.history_csv:
            (incoming / HISTORY).write_text(model.history_csv, encoding="utf-8")
        if model.photo_results:
            (incoming / PHOTOS).write_bytes(msgspec.json.encode(model.photo_results))
        (incoming / CARD).write_bytes(_pretty(card))
    return card


class _Version(msgspec.Struct):
    format: int = FORMAT


def load_model(folder: Path, *, built_in: bool = False) -> StoredModel:
    """Reads the card of one model folder.

    Raises:
        ModelFileError: No card, a damaged one, or one of a newer version.
    """
    try:
        content = (folder / CARD).read_bytes()
        # First the version alone: a newer card may hold what cannot be decoded here.
        if msgspec.json.decode(content, type=_Version).format > FORMAT:
            raise ModelFileError(
                f"The model “{folder.name}” was made by a newer version. Update Scene Desktop."
            )
        card = msgspec.json.decode(content, type=ModelCard)
    except OSError as error:
        raise ModelFileError(f"“{folder.name}” is no model: {CARD} cannot be read ({error}).") from error
    except msgspec.DecodeError as error:
        raise ModelFileError(f"The card of the model “{folder.name}” is damaged: {error}.") from error
    return StoredModel(folder, card, built_in)


class Library:
    """All models of this person.

    Args:
        folder: Where trained models lie; created when the first one is added.
        built_in_folder: Where the shipped models lie; read only.
    """

    def __init__(self, folder: Path | None = None, built_in_folder: Path | None = None) -> None:
        self.folder = folder or locations.models_folder()
        self.built_in_folder = built_in_folder or locations.resources_folder() / "models"

    def models(self) -> list[StoredModel]:
        """All usable models: the built-in ones, then those trained here, newest first."""
        return [model for model in self.entries() if isinstance(model, StoredModel)]

    def entries(self) -> list[StoredModel | DamagedModel]:
        """All models, the damaged ones last with their reason."""
        built_in = [_load_or_reason(path, True) for path in _model_folders(self.built_in_folder)]
        own = [_load_or_reason(path, False) for path in _model_folders(self.folder)]
        usable = [entry for entry in own if isinstance(entry, StoredModel)]
        usable.sort(key=lambda model: model.card.created, reverse=True)
        return [
            *(entry for entry in built_in if isinstance(entry, StoredModel)),
            *usable,
            *(entry for entry in (*built_in, *own) if isinstance(entry, DamagedModel)),
        ]

    def find(self, name: str) -> StoredModel:
        """Finds a model by its name (upper or lower case) or by its folder.

        Raises:
            InputError: There is none; the message lists those there are.
        """
        models = self.models()
        for model in models:
            if model.card.name.casefold() == name.casefold() or str(model.folder) == name:
                return model
        known = ", ".join(f"“{model.card.name}”" for model in models) or "none yet"
        raise InputError(f"There is no model “{name}”. Models in the library: {known}.")

    def default(self) -> StoredModel:
        """The built-in model, or the newest one.

        Raises:
            InputError: The library is empty.
        """
        models = self.models()
        if not models:
            raise InputError("There is no model yet. Train one, or install the app again.")
        return models[0]

    def free_name(self, wanted: str) -> str:
        """`wanted` in a form that is safe everywhere, with a number behind if it is taken."""
        wanted = safe_name(wanted)
        taken = {model.card.name.casefold() for model in self.models()}
        return files.free_name(
            wanted,
            lambda name: name.casefold() in taken or (self.folder / folder_name(name)).exists(),
        )

    def add(self, model: NewModel) -> StoredModel:
        """Adds a model under its card's name, or under that name with a number.

        Raises:
            OSError: The library cannot be written; nothing is left behind.
        """
        name = self.free_name(model.card.name)
        card = msgspec.structs.replace(model.card, name=name)
        folder = self.folder / folder_name(name)
        card = save_model(folder, dataclasses.replace(model, card=card))
        return StoredModel(folder, card, built_in=False)

    def delete(self, model: StoredModel) -> None:
        """Moves a trained model to the trash of the system.

        Raises:
            InputError: The model came with the app.
            OSError: The trash does not take it.
        """
        if model.built_in:
            raise InputError(f"“{model.card.name}” belongs to the app and cannot be deleted.")
        send2trash(model.folder)

    def rename(self, model: StoredModel, name: str) -> StoredModel:
        """Gives a trained model another name; its folder stays where it is.

        Raises:
            InputError: The name is empty or taken, or the model came with the app.
            OSError: The card cannot be written.
        """
        name = safe_name(name)
        if model.built_in:
            raise InputError(f"“{model.card.name}” belongs to the app and cannot be renamed.")
        others = [m for m in self.models() if m.folder != model.folder]
        if any(other.card.name.casefold() == name.casefold() for other in others):
            raise InputError(f"There is a model “{name}” already. Choose another name.")
        card = msgspec.structs.replace(model.card, name=name)
        files.write_atomically(model.folder / CARD, _pretty(card))
        return StoredModel(model.folder, card, built_in=False)


def folder_name(name: str) -> str:
    """A folder name for a model name that every file system takes."""
    plain = re.sub(r"[^\w\- ]+", "", name, flags=re.ASCII).strip().replace(" ", "-").lower()
    if plain == name.lower():
        return plain
    return f"{plain or 'model'}-{sha256(name.encode())[:6]}"


def _model_folders(folder: Path) -> list[Path]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    found = [folder / name for name in names if name[0] != "." and os.path.isdir(folder / name)]
    return [path for path in found if os.path.lexists(path / CARD) or not os.access(path, os.X_OK)]


def _load_or_reason(folder: Path, built_in: bool) -> StoredModel | DamagedModel:
    try:
        return load_model(folder, built_in=built_in)
    except ModelFileError as error:
        return DamagedModel(folder, str(error))


def _pretty(value: msgspec.Struct) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
