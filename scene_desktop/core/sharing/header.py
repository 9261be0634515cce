"""The head of a share file: all that can be known of it before a number is read."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, BinaryIO, NamedTuple

import msgspec

from scene_desktop.core.models.card import FORMAT, Evaluation, ModelCard
from scene_desktop.core.recipes.networks import CLASSES, IMAGE_SIZES, Shape, weight_shapes
from scene_desktop.core.recipes.recipe import Network
from scene_desktop.core.sharing import foreign, strict_json
from scene_desktop.core.sharing.cleaning import clean_card, clean_evaluation
from scene_desktop.core.sharing.terms import (
    CARD_KEY,
    CARD_LIMITS,
    DIGEST_KEY,
    EVALUATION_KEY,
    FOREIGN,
    HEADER_LIMITS,
    LARGEST_FILE,
    LARGEST_HEADER,
    METADATA,
    NEWER,
    VERSION,
    VERSION_KEY,
    Unfit,
    evaluation_limits,
)

_ITEM_BYTES = {"F16": 2, "F32": 4}
_LENGTH_BYTES = 8


class Place(NamedTuple):
    """Where the numbers of one weight lie.

    Attributes:
        dtype: `<f2` or `<f4`.
        shape: As our own network has it.
        size: Bytes.
    """

    name: str
    dtype: str
    shape: Shape
    size: int


class Header(NamedTuple):
    """A head that has passed every check.

    Attributes:
        card: Cleaned. evaluation: Cleaned.
        places: In the order of the file, one behind the other.
        start: Where the numbers begin, in bytes.
        digest: SHA-256 that the numbers must have, in hex.
    """

    card: ModelCard
    evaluation: Evaluation | None
    places: tuple[Place, ...]
    start: int
    digest: str


def read_header(file: BinaryIO, size: int) -> Header:
    """Reads and checks everything before the numbers.

    Args:
        file: At its beginning.
        size: Of the whole file, in bytes.

    Raises:
        Unfit: It is no share file of this app, or not of this version.
    """
    if size > LARGEST_FILE:
        raise Unfit(f"is larger than a model can be ({size / 2**20:,.0f} MB)", FOREIGN)
    start = file.read(_LENGTH_BYTES)
    alien = foreign.reason_of_start(start)
    if alien is not None:
        raise Unfit(alien, FOREIGN)
    length = int.from_bytes(start, "little")
    if len(start) < _LENGTH_BYTES or not 2 <= length <= LARGEST_HEADER:
        raise Unfit("is no share file", FOREIGN)
    if _LENGTH_BYTES + length > size:
        raise Unfit("is cut short")
    table, metadata = _parts(file.read(length))
    _require_version(metadata[VERSION_KEY])
    card, evaluation = _card(metadata[CARD_KEY]), metadata.get(EVALUATION_KEY)
    shapes = weight_shapes(card.network, card.image_size, len(card.classes))
    places = _places(table, shapes, size - _LENGTH_BYTES - length)
    clean = clean_card(card)
    return Header(
        clean,
        None if evaluation is None else _evaluation(evaluation, clean.classes),
        places,
        _LENGTH_BYTES + length,
        metadata[DIGEST_KEY],
    )


def _parts(content: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    """The table of the weights, and the metadata."""
    try:
        document = strict_json.decode(content.decode(), HEADER_LIMITS)
    except ValueError as error:
        raise Unfit(f"has a damaged header: {_short(error)}") from error
    if not isinstance(document, dict):
        raise Unfit("is no share file", FOREIGN)
    metadata = document.pop(METADATA, None)
    if not isinstance(metadata, dict) or VERSION_KEY not in metadata:
        raise Unfit("is a weights file without a card of Scene Desktop", FOREIGN)
    known = {VERSION_KEY, CARD_KEY, EVALUATION_KEY, DIGEST_KEY}
    complete = known - {EVALUATION_KEY} <= metadata.keys() <= known
    if not complete or not all(isinstance(value, str) for value in metadata.values()):
        _require_version(str(metadata[VERSION_KEY]))  # a newer one may hold other things
        raise Unfit("has a damaged header: its metadata are not those of a share file")
    if not re.fullmatch("[0-9a-f]{64}", metadata[DIGEST_KEY]):
        raise Unfit("has a damaged header: its SHA-256 is none")
    return document, metadata


def _require_version(text: str) -> None:
    if not re.fullmatch("[1-9][0-9]{0,5}", text):
        raise Unfit("has a version that is no number")
    if int(text) > VERSION:
        raise Unfit("was made by a newer version", NEWER)


def _card(text: str) -> ModelCard:
    try:
        document = strict_json.decode(text, CARD_LIMITS)
    except ValueError as error:
        raise Unfit(f"has a damaged card: {_short(error)}") from error
    if not isinstance(document, dict):
        raise Unfit("has a damaged card")
    version, network, classes, size = (
        document.get(key) for key in ("format", "network", "classes", "image_size")
    )
    if type(version) is int and version > FORMAT:
        raise Unfit("was made by a newer version", NEWER)
    if type(version) is not int or version < 1:
        raise Unfit("has a card of an unknown form")
    if network not in list(Network):
        raise Unfit("has a network that this version does not know", NEWER)
    if not isinstance(classes, list) or len(classes) not in CLASSES:
        raise Unfit(f"does not have {CLASSES[0]} to {CLASSES[-1]:,} classes")
    if type(size) is not int or size not in IMAGE_SIZES:
        raise Unfit(f"is for photos of another size than {IMAGE_SIZES[0]} to {IMAGE_SIZES[-1]} pixels")
    try:
        return msgspec.convert(document, ModelCard)
    except (msgspec.ValidationError, OverflowError) as error:
        raise Unfit(f"has a damaged card: {_short(error)}") from error


def _evaluation(text: str, classes: tuple[str, ...]) -> Evaluation:
    try:
        document = strict_json.decode(text, evaluation_limits(len(classes)))
        evaluation = msgspec.convert(document, Evaluation)
    except (ValueError, msgspec.ValidationError, OverflowError) as error:
        raise Unfit(f"has damaged results: {_short(error)}") from error
    return clean_evaluation(evaluation, classes)


def _places(table: Mapping[str, Any], shapes: Mapping[str, Shape], data_size: int) -> tuple[Place, ...]:
    """Where each weight lies, if the table is exactly that of our own network and leaves no gap."""
    if table.keys() != shapes.keys():
        raise Unfit("does not have the weights of its network")
    found: list[tuple[int, int, Place]] = []
    for name, shape in shapes.items():
        entry = table[name]
        if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
            raise Unfit(f"has a damaged header: the entry “{name}”")
        dtype = entry["dtype"]
        if not isinstance(dtype, str) or dtype not in _ITEM_BYTES:
            raise Unfit(f"has numbers of an unknown kind in “{name}”")
        if not _are_numbers(entry["shape"]) or tuple(entry["shape"]) != shape:
            raise Unfit(f"has weights of another shape than its network: “{name}”")
        offsets = entry["data_offsets"]
        if not _are_numbers(offsets) or len(offsets) != 2:
            raise Unfit(f"has a damaged header: the entry “{name}”")
        size = math.prod(shape) * _ITEM_BYTES[dtype]
        found.append((offsets[0], offsets[1], Place(name, f"<f{_ITEM_BYTES[dtype]}", shape, size)))
    end = 0
    for begin, stop, place in sorted(found):
        if begin != end or stop != begin + place.size:
            raise Unfit(f"has weights that overlap or leave gaps: “{place.name}”")
        end = stop
    if end != data_size:
        raise Unfit("is cut short" if end > data_size else "is longer than its weights")
    return tuple(place for _, _, place in sorted(found))


def _are_numbers(value: object) -> bool:
    return isinstance(value, list) and all(type(number) is int for number in value)


def _short(error: Exception) -> str:
    """What a parser says, in a few words; it may quote what a stranger wrote."""
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return "it is no JSON"
    return str(error)[:100].encode("ascii", "replace").decode()
