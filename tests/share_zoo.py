"""Share files made by hand: a good one, dozens of bombs with the words that refuse them, and mutations."""

import hashlib
import json
import math
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from scene_desktop.core.models import metrics
from scene_desktop.core.models.card import FORMAT, ModelCard
from scene_desktop.core.recipes.networks import weight_shapes
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.recipes.recipe import Network

CLASSES = ("forest", "sea", "street")
SIZE = 32

Change = Callable[["Parts"], bytes | None]


@dataclass
class Parts:
    """What a share file is put together from; `packed` writes whatever it has become.

    Attributes:
        table: Weight by path, as in the header.
        card, evaluation: As plain values.
        more: Further metadata, or other values for those that are there.
        digest: SHA-256 of the numbers; None to compute it.
    """

    table: dict[str, Any]
    data: bytes
    card: dict[str, Any]
    evaluation: dict[str, Any] | None
    more: dict[str, Any] = field(default_factory=dict)
    digest: str | None = None

    def header(self) -> str:
        metadata = {
            "scenemodel": "1",
            "card": json.dumps(self.card),
            "sha256": self.digest or hashlib.sha256(self.data).hexdigest(),
        }
        if self.evaluation is not None:
            metadata["evaluation"] = json.dumps(self.evaluation)
        wanted = {key: value for key, value in (metadata | self.more).items() if value is not None}
        return json.dumps({"__metadata__": wanted, **self.table})

    def packed(self) -> bytes:
        return with_header(self.header(), self.data)

    def put(self, name: str, values: np.ndarray) -> None:
        """Gives a weight other numbers of the same size."""
        begin, end = self.table[name]["data_offsets"]
        assert values.nbytes == end - begin
        self.data = self.data[:begin] + values.tobytes() + self.data[end:]


def with_header(header: str | bytes, data: bytes, length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else header.encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + data


def card(
    network: Network = Network.COMPACT_CNN, classes: tuple[str, ...] = CLASSES, size: int = SIZE
) -> ModelCard:
    return ModelCard(
        name="Drawn",
        classes=classes,
        network=network,
        image_size=size,
        created="2026-01-02T10:00:00+00:00",
        recipe=with_changes(PRESETS["compact"].recipe, network=network, image_size=size),
        dataset_name="Drawings",
        dataset_fingerprint="0123456789abcdef",
        training_photos=80,
        validation_photos=20,
        epochs_run=9,
        best_epoch=7,
        validation_accuracy=0.9,
        validation_crossentropy=0.3,
        software="Scene Desktop 0.1.0",
        notes=("Trained on drawings.",),
    )


def good(dtype: str = "F16", made: ModelCard | None = None) -> Parts:
    """A file that every check lets through."""
    made = made or card()
    dice, kind = np.random.default_rng(3), {"F16": np.float16, "F32": np.float32}[dtype]
    table, data = {}, b""
    for name, shape in weight_shapes(made.network, made.image_size, len(made.classes)).items():
        content = dice.normal(0, 0.1, shape).astype(kind)
        if name.endswith("variance"):
            content = np.abs(content) + kind(0.5)
        table[name] = {
            "dtype": dtype,
            "shape": list(shape),
            "data_offsets": [len(data), len(data) + content.nbytes],
        }
        data += content.tobytes()
    labels = np.arange(20) % len(made.classes)
    scores = np.eye(len(made.classes), dtype=np.float32)[(labels + (np.arange(20) > 17)) % len(made.classes)]
    evaluation = metrics.evaluate(scores, labels.astype(np.int64), made.classes)
    return Parts(table, data, msgspec.to_builtins(made), msgspec.to_builtins(evaluation))


def bombs() -> dict[str, tuple[bytes, str]]:
    """Content by name, with a pattern that the refusal must match."""
    found = {}
    for name, words, change in _BOMBS:
        parts = good()
        content = change(parts)
        found[name] = (parts.packed() if content is None else content, words)
    return found


def odd_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """What is no ordinary file, by name."""
    folder.mkdir(parents=True)
    large, inside, gone = folder / "large.scenemodel", folder / "folder.scenemodel", folder / "gone.scenemodel"
    with large.open("wb") as file:
        file.write((2).to_bytes(8, "little") + b"{}")
        file.truncate(512 * 2**20 + 1)
    inside.mkdir()
    found = {
        "too large": (large, "larger than a model can be"),
        "a folder": (inside, "is a folder"),
        "gone": (gone, "cannot be read"),
    }
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.scenemodel")
        os.symlink(folder / "pipe.scenemodel", folder / "linked.scenemodel")
        os.symlink(folder / "circle.scenemodel", folder / "circle.scenemodel")
        os.symlink("/dev/zero", folder / "zero.scenemodel")
        for name, words in (
            ("pipe", "no file"),
            ("linked", "no file"),
            ("circle", "cannot be read"),
            ("zero", "no file"),
        ):
            found[name] = (folder / f"{name}.scenemodel", words)
    return found


def mutated(content: bytes, count: int, seed: int = 1) -> Iterator[bytes]:
    """Files with bytes changed, lost, moved or made up, most of them in the header."""
    dice = random.Random(seed)
    head = 8 + int.from_bytes(content[:8], "little")
    for _ in range(count):
        body = bytearray(content)
        for _ in range(dice.randint(1, 3)):
            place = dice.randrange(min(len(body), head if dice.random() < 0.8 else len(body)))
            _mutate(body, place, dice)
        yield bytes(body)


def _mutate(body: bytearray, place: int, dice: random.Random) -> None:
    length = dice.randint(1, 64)
    match dice.randrange(9):
        case 0:
            body[place] = dice.randrange(256)
        case 1:
            body[place] ^= 1 << dice.randrange(8)
        case 2:
            body[place : place + length] = dice.randbytes(len(body[place : place + length]))
        case 3:
            del body[place : place + length]
        case 4:
            body[place:place] = dice.randbytes(length)
        case 5:
            body[place:place] = body[place : place + length]
        case 6:
            body[place : place + 1] = dice.choice(
                (b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"0", b"-", b"9")
            )
        case 7:
            body[0:8] = dice.choice((0, 1, len(body), 2**20, 2**63, 2**64 - 1, dice.randrange(2**20))).to_bytes(
                8, "little"
            )
        case _:
            del body[place:]


# The bombs. Each takes a good file apart and returns other content, or None to have its parts put together.


def _cards(**changes: Any) -> Change:
    def change(parts: Parts) -> None:
        parts.card |= changes

    return change


def _metadata(**changes: Any) -> Change:
    def change(parts: Parts) -> None:
        parts.more |= changes

    return change


def _entry(key: str, value: Any, name: str = "scores/bias") -> Change:
    def change(parts: Parts) -> None:
        parts.table[name][key] = value

    return change


def _header(text: Callable[[str], str | bytes]) -> Change:
    return lambda parts: with_header(text(parts.header()), parts.data)


def _results(**changes: Any) -> Change:
    def change(parts: Parts) -> None:
        assert parts.evaluation is not None
        parts.evaluation |= changes

    return change


def _without(name: str) -> Change:
    def change(parts: Parts) -> None:
        del parts.table[name]

    return change


def _shifted(parts: Parts) -> None:
    """Every weight lies one byte later, and the last one behind the end."""
    for entry in parts.table.values():
        entry["data_offsets"] = [offset + 1 for offset in entry["data_offsets"]]


def _overlapping(parts: Parts) -> None:
    names = list(parts.table)
    twins = [name for name in names if parts.table[name]["shape"] == parts.table[names[-1]]["shape"]]
    parts.table[names[-1]]["data_offsets"] = parts.table[twins[0]]["data_offsets"] if len(twins) > 1 else [0, 6]


def _numbers(value: float) -> Change:
    def change(parts: Parts) -> None:
        values = np.zeros(len(CLASSES), np.float16)
        values[1] = value
        parts.put("scores/bias", values)

    return change


def _flipped(parts: Parts) -> None:
    parts.digest = hashlib.sha256(parts.data).hexdigest()
    parts.data = parts.data[:-1] + bytes([parts.data[-1] ^ 1])


def _other_network(parts: Parts) -> None:
    parts.card |= {"network": "hackathon-cnn", "recipe": None}


def _recipe(**changes: Any) -> Change:
    def change(parts: Parts) -> None:
        parts.card["recipe"] |= changes

    return change


_MEGABYTE = 2**20 - 4096

_BOMBS: tuple[tuple[str, str, Change], ...] = (
    # The file
    ("empty", "no share file", lambda parts: b""),
    ("seven bytes", "no share file", lambda parts: b"\0" * 7),
    ("zeros", "no share file", lambda parts: b"\0" * 4096),
    ("random bytes", "cannot be imported", lambda parts: random.Random(7).randbytes(100_000)),
    ("length of the header is 2^64 - 1", "no share file", lambda parts: with_header("{}", b"", 2**64 - 1)),
    (
        "header of more than a megabyte",
        "no share file",
        lambda parts: with_header(" " * (2**20 + 1), parts.data),
    ),
    ("header longer than the file", "cut short", lambda parts: with_header("{}", b"", 1000)),
    ("cut in the header", "cut short", lambda parts: parts.packed()[:500]),
    ("cut in the numbers", "cut short", lambda parts: parts.packed()[:-1]),
    ("one byte too many", "longer than its weights", lambda parts: parts.packed() + b"\0"),
    ("a photo", "cannot be imported", lambda parts: b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(5000)),
    ("a renamed pickle", "Python object file", lambda parts: b"\x80\x04\x95\x20" + bytes(5000)),
    ("a renamed HDF5 file", "Keras file", lambda parts: b"\x89HDF\r\n\x1a\n" + bytes(5000)),
    ("a renamed zip", "Keras file", lambda parts: b"PK\x03\x04" + bytes(5000)),
    ("a renamed TFLite file", "compiled model", lambda parts: b"\x1c\0\0\0TFL3" + bytes(5000)),
    # The header
    ("no JSON", "damaged header", lambda parts: with_header("{nonsense}", parts.data)),
    ("no UTF-8", "damaged header", lambda parts: with_header(b'{"\xff": 1}', parts.data)),
    ("a byte order mark", "damaged header", _header(lambda text: "\ufeff" + text)),
    ("a list", "no share file", lambda parts: with_header("[1, 2]", parts.data)),
    ("something behind the header", "damaged header", _header(lambda text: text + "{}")),
    ("a key twice", "a key is there twice", _header(lambda text: text[:-1] + ', "scores/bias": 0}')),
    ("metadata twice", "a key is there twice", _header(lambda text: text[:-1] + ', "__metadata__": {}}')),
    ("NaN as JSON", "no number", _header(lambda text: text.replace('"shape": [3]', '"shape": [NaN]'))),
    (
        "nested a thousand deep",
        "cannot be imported",
        lambda parts: with_header('{"a":' + "[" * 590 + "]" * 590 + "}", b""),
    ),
    ("a million brackets", "more than a model has", lambda parts: with_header("[" * _MEGABYTE, b"")),
    (
        "many empty lists",
        "more than a model has",
        lambda parts: with_header("[" + "[]," * (_MEGABYTE // 3) + "0]", b""),
    ),
    (
        "many empty texts",
        "more than a model has",
        lambda parts: with_header("[" + '"",' * (_MEGABYTE // 3) + "0]", b""),
    ),
    (
        "many numbers",
        "more than a model has",
        lambda parts: with_header("[" + "0," * (_MEGABYTE // 2) + "0]", b""),
    ),
    ("a text without end", "no end", lambda parts: with_header('{"' + '\\"' * (_MEGABYTE // 2), b"")),
    (
        "a number of a million digits",
        "damaged header",
        lambda parts: with_header('{"a": ' + "9" * _MEGABYTE + "}", b""),
    ),
    ("no metadata", "without a card", lambda parts: with_header(json.dumps(parts.table), parts.data)),
    (
        "metadata that are a list",
        "without a card",
        lambda parts: with_header('{"__metadata__": []}', parts.data),
    ),
    ("metadata of another kind", "damaged header", _metadata(sha256=7)),
    ("unknown metadata", "damaged header", _metadata(command="import os")),
    ("no SHA-256", "damaged header", _metadata(sha256=None)),
    ("a SHA-256 that is none", "SHA-256", _metadata(sha256="0" * 63 + "G")),
    ("of another model", "numbers are not those", _metadata(sha256="0" * 64)),
    ("a version from the future", "newer version", _metadata(scenemodel="2")),
    (
        "a future version with other things in it",
        "newer version",
        _metadata(scenemodel="2", card=None, story="x"),
    ),
    ("a version that is no number", "version that is no number", _metadata(scenemodel="1.0")),
    # The card
    ("no card", "damaged header", _metadata(card=None)),
    ("a card that is no JSON", "damaged card", _metadata(card="{")),
    ("a card that is a list", "damaged card", _metadata(card="[]")),
    ("a card with a key twice", "a key is there twice", _metadata(card='{"format":1,"format":1}')),
    ("a card full of lists", "more than a model has", _metadata(card="[" + "[]," * 200_000 + "0]")),
    ("a card from the future", "newer version", _cards(format=FORMAT + 1)),
    ("a card of no version", "unknown form", _cards(format=True)),
    ("an unknown network", "network that this version does not know", _cards(network="os.system")),
    ("a network that is a list", "network that this version does not know", _cards(network=["compact-cnn"])),
    ("another network", "not have the weights of its network", _other_network),
    ("one class", "classes", _cards(classes=["sea"])),
    ("too many classes", "classes", _cards(classes=[str(n) for n in range(1001)])),
    ("more classes than scores", "another shape", _cards(classes=["a", "b", "c", "d"])),
    ("classes of numbers", "damaged card", _cards(classes=[1, 2, 3])),
    ("two classes of one name", "two classes of the same name", _cards(classes=["sea", "forest", "sea"])),
    (
        "two classes that look alike",
        "two classes of the same name",
        _cards(classes=["sea", "forest", "s\u200dea"]),
    ),
    ("a class without a name", "no name for a class", _cards(classes=["sea", "forest", "\u202e\u2066\0"])),
    ("a class that is a folder above", "no name for a class", _cards(classes=["sea", "forest", ".."])),
    ("a model without a name", "no name for the model", _cards(name="\u200b\u202e")),
    ("a name without end", "damaged card", _cards(name="x" * 500_000)),
    ("photos of a million pixels", "photos of another size", _cards(image_size=1_000_000)),
    ("photos of 31 pixels", "photos of another size", _cards(image_size=31)),
    ("a size that is true", "photos of another size", _cards(image_size=True)),
    ("a size that is a fraction", "photos of another size", _cards(image_size=32.0)),
    ("less than no photos", "make no sense", _cards(training_photos=-1)),
    ("an accuracy of 900 %", "accuracy that makes no sense", _cards(validation_accuracy=9.0)),
    ("an endless crossentropy", "damaged card", _metadata(card='{"format":1,"validation_crossentropy":1e999}')),
    ("a date that is none", "date", _cards(created="../../etc/passwd")),
    ("a date beyond all time", "date", _cards(created="9999-12-31T23:59:59-23:59")),
    ("a recipe of another network", "contradicts itself", _recipe(network="hackathon-cnn")),
    ("a recipe with a rate of a thousand", "damaged card", _recipe(learning_rate=1000.0)),
    ("a recipe with an unknown parameter", "damaged card", _recipe(callback="import os")),
    # The results
    ("results that are no JSON", "damaged results", _metadata(evaluation="nothing")),
    ("results of other classes", "another number of classes", _results(confusion=[[1, 2], [3, 4]])),
    (
        "results with a ragged matrix",
        "another number of classes",
        _results(confusion=[[1, 2, 3], [3], [1, 2, 3]]),
    ),
    ("results of less than no photos", "make no sense", _results(confusion=[[-1, 2, 3]] * 3)),
    ("results of more photos than there are", "make no sense", _results(photos=10**15)),
    ("results full of lists", "more than a model has", _metadata(evaluation="[" + "[0]," * 200_000 + "0]")),
    # The table
    ("a weight too few", "not have the weights", _without("scores/bias")),
    (
        "a weight too many",
        "not have the weights",
        lambda parts: parts.table.update(extra=parts.table["scores/bias"]),
    ),
    ("no weights", "not have the weights", lambda parts: parts.table.clear()),
    ("a weight that is a list", "damaged header", lambda parts: parts.table.update({"scores/bias": [1]})),
    ("a weight with more to say", "damaged header", _entry("code", "import os")),
    ("numbers of 64 bits", "unknown kind", _entry("dtype", "F64")),
    ("numbers of a kind that is a list", "unknown kind", _entry("dtype", ["F16"])),
    ("a shape of billions", "another shape", _entry("shape", [2**40])),
    ("a shape of a negative side", "another shape", _entry("shape", [-3])),
    ("a shape that is true", "another shape", _entry("shape", [True, True, True])),
    ("a turned shape", "another shape", lambda parts: parts.table["scores/kernel"]["shape"].reverse()),
    ("offsets that are missing", "damaged header", _entry("data_offsets", [])),
    ("offsets that are fractions", "damaged header", _entry("data_offsets", [0.5, 1.5])),
    ("negative offsets", "overlap or leave gaps", _entry("data_offsets", [-6, 0])),
    ("offsets of 2^70", "overlap or leave gaps", _entry("data_offsets", [2**70, 2**70 + 6])),
    ("offsets that leave a gap", "overlap or leave gaps", _shifted),
    ("weights that overlap", "overlap or leave gaps", _overlapping),
    # The numbers
    ("a flipped bit", "numbers are not those", _flipped),
    ("a number that is none", "infinite or none", _numbers(math.nan)),
    ("an infinite number", "infinite or none", _numbers(math.inf)),
    ("a negative infinite number", "infinite or none", _numbers(-math.inf)),
)
