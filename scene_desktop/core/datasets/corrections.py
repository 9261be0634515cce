"""Photos whose class a person has said, copied into the class folders of a data set."""

import contextlib
import os
import shutil
import stat
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scene_desktop.core.datasets.dataset import dataset_root, digest
from scene_desktop.core.errors import InputError, PhotoError, Stopped
from scene_desktop.core.files import free_name, sync_folder
from scene_desktop.core.photos.images import is_photo, read_bytes
from scene_desktop.core.threads import ReportProgress, ShouldStop

CorrectedPhoto = tuple[str, str]
"""Path of a photo and the name of its class."""

_NAME_LIMIT = 120
_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)))
)


@dataclass(frozen=True)
class NotAdded:
    """A photo that could not be copied, with the reason in words."""

    path: str
    reason: str


@dataclass(frozen=True)
class Added:
    """What became of the photos.

    Attributes:
        root: The folder that holds the class folders: what to train on.
        copied: Paths of the copies, in the order of the photos.
        already_there: Photos whose content was in their class folder before.
    """

    root: Path
    copied: tuple[str, ...]
    already_there: int
    failed: tuple[NotAdded, ...]


def missing_classes(root: Path, names: Sequence[str]) -> tuple[str, ...]:
    """Those of `names`, each once, that have no folder in the data set yet.

    Raises:
        InputError: The folder does not exist or cannot be read.
    """
    folders = _class_folders(dataset_root(root))
    return tuple(name for name in dict.fromkeys(names) if _key(folder_name(name)) not in folders)


def add_to_dataset(
    items: Sequence[CorrectedPhoto],
    root: Path,
    report: ReportProgress = lambda done, total: None,
    should_stop: ShouldStop = lambda: False,
) -> Added:
    """Copies photos into the folders of their classes.

    A class folder is found whatever the case of its name, and made if it is missing. A photo whose content
    is in it already is passed over. No file is ever overwritten: a taken name gets a number. Copies keep
    the times of the originals, appear whole or not at all, and the originals stay as they are. Links are
    not followed.

    Args:
        items: Path and class name of each photo.
        root: A data set; a tree with `train` beside `test` is understood as its `train`.
        report: Told photos done and in total, from this thread.

    Raises:
        InputError: The folder does not exist or cannot be read.
        Stopped: `should_stop` answered True; what was copied until then stays and is found again next time.
    """
    root = dataset_root(root)
    folders = _class_folders(root)
    opened: dict[str, _ClassFolder] = {}
    copied: list[str] = []
    failed: list[NotAdded] = []
    already_there = 0
    for done, (path, name) in enumerate(items):
        if should_stop():
            raise Stopped
        report(done, len(items))
        try:
            key = _key(folder_name(name))
            if key not in opened:
                opened[key] = _opened(folders.get(key) or root / folder_name(name))
            copy = opened[key].take(path)
        except PhotoError as error:
            failed.append(NotAdded(path, str(error)))
            continue
        except OSError as error:
            failed.append(NotAdded(path, f"Cannot be copied: {error.strerror or error}"))
            continue
        if copy is None:
            already_there += 1
        else:
            copied.append(copy)
    for folder in opened.values():
        with contextlib.suppress(
            OSError
        ):  # the copies are there; only their names might not survive a power cut
            sync_folder(folder.path)
    report(len(items), len(items))
    return Added(root, tuple(copied), already_there, tuple(failed))


def folder_name(class_name: str) -> str:
    """A class name as the name of a folder that every system accepts and that stays inside its parent."""
    text = unicodedata.normalize("NFC", class_name.encode("utf-8", "replace").decode("utf-8"))
    text = "".join("_" if char in _FORBIDDEN or not char.isprintable() else char for char in text)
    while len(text.encode()) > _NAME_LIMIT:
        text = text[:-1]
    text = text.strip().rstrip(".").lstrip(".").strip() or "_"
    return f"{text}_" if text.split(".")[0].casefold() in _RESERVED else text


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _class_folders(root: Path) -> dict[str, Path]:
    """The folders of a data set by their name without case; an exact name is preferred by whoever made two."""
    found: dict[str, Path] = {}
    try:
        with os.scandir(root) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    found.setdefault(_key(entry.name), Path(entry.path))
    except OSError as error:
        raise InputError(
            f"“{root}” cannot be read ({error.strerror or error}). Choose a folder that you may read and write."
        ) from error
    return found


def _opened(folder: Path) -> "_ClassFolder":
    folder.mkdir(exist_ok=True)
    if folder.is_symlink():
        raise PhotoError(f"The class folder “{folder.name}” is a link; links are not followed")
    return _ClassFolder(folder)


@dataclass
class _ClassFolder:
    """One class folder; of the photos in it only those are read that are as long as a new one."""

    path: Path
    _by_size: dict[int, list[str]] = field(default_factory=dict)
    _digests: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for photo, size in _photos_below(self.path):
            self._by_size.setdefault(size, []).append(photo)

    def take(self, source: str) -> str | None:
        """Copies a photo and returns its new path; None if its content is here already."""
        if os.path.islink(source):
            raise PhotoError("Is a link; links are not followed")
        content = read_bytes(source)
        wanted = digest(content)
        if any(self._digest(other) == wanted for other in self._by_size.get(len(content), ())):
            return None
        target = _copy(source, content, self.path)
        self._by_size.setdefault(len(content), []).append(target)
        self._digests[target] = wanted
        return target

    def _digest(self, photo: str) -> bytes:
        if photo not in self._digests:
            try:
                self._digests[photo] = digest(read_bytes(photo))
            except PhotoError:  # what cannot be read is no copy
                self._digests[photo] = b""
        return self._digests[photo]


def _photos_below(folder: Path) -> Iterator[tuple[str, int]]:
    """Path and size of each photo; training finds those in folders below as well, so they count too."""
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = os.path.join(parent, name)
            try:
                status = os.lstat(path)
            except OSError:
                continue
            if is_photo(name) and not name.startswith(".") and stat.S_ISREG(status.st_mode):
                yield path, status.st_size


def _copy(source: str, content: bytes, folder: Path) -> str:
    descriptor, temporary = tempfile.mkstemp(prefix=".incoming-", suffix=".part", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        shutil.copystat(source, temporary)
        return _give_name(temporary, folder, os.path.basename(source))
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def _give_name(temporary: str, folder: Path, wanted: str) -> str:
    """Gives a finished file a free name without ever replacing another, even one that appears meanwhile."""
    stem, suffix = os.path.splitext(wanted)
    taken: set[str] = set()
    while True:
        name = free_name(stem, lambda free: free in taken or os.path.lexists(folder / f"{free}{suffix}"))
        target = os.path.join(folder, f"{name}{suffix}")
        try:
            os.link(temporary, target)
            return target
        except FileExistsError:
            taken.add(name)
        except OSError:  # a file system without hard links: an empty file of ours keeps the name
            try:
                os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except FileExistsError:
                taken.add(name)
                continue
            os.replace(temporary, target)
            return target
