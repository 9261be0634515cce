"""Writing a share file: the weights as they are, the card and the results in front of them."""

import hashlib
import io
import json
from pathlib import Path

import msgspec

from scene_desktop.core import files
from scene_desktop.core.errors import InputError, ModelFileError
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.sharing.cleaning import clean_card, plain
from scene_desktop.core.sharing.reading import check_content
from scene_desktop.core.sharing.terms import (
    CARD_KEY,
    DIGEST_KEY,
    EVALUATION_KEY,
    LARGEST_HEADER,
    METADATA,
    SUFFIX,
    VERSION,
    VERSION_KEY,
    Unfit,
)

_ALIGNMENT = 8
_FORBIDDEN = frozenset('<>:"|?*')
_NAME = 60


def share(model: StoredModel, path: Path) -> None:
    """Writes a share file, whole or not at all; a file that is there is replaced.

    Raises:
        ModelFileError: The model is damaged, or is not one that could be imported again.
        InputError: The file cannot be written.
    """
    content = share_content(model)
    try:
        files.write_atomically(path, content)
    except OSError as error:
        reason = error.strerror or error
        raise InputError(f"“{path}” cannot be written ({reason}). Choose another place.") from error


def share_content(model: StoredModel) -> bytes:
    """The bytes of a share file, after the checks that whoever imports it will make.

    Raises:
        ModelFileError: The model is damaged, or would be refused.
    """
    weights = model.weights()
    start = 8 + int.from_bytes(weights[:8], "little")
    numbers = memoryview(weights)[start:]
    try:
        table = json.loads(weights[8:start])
        table.pop(METADATA, None)
        content = b"".join((_header(model, table, hashlib.sha256(numbers).hexdigest()), numbers))
        check_content(io.BytesIO(content), len(content))
    except (Unfit, ValueError) as error:
        raise ModelFileError(
            f"The model “{model.card.name}” cannot be shared: it {error}. Train it again, then share that one."
        ) from error
    return content


def file_name(model: StoredModel) -> str:
    """The name that is proposed for the share file of a model."""
    name = "".join("-" if char in _FORBIDDEN else char for char in plain(model.card.name, _NAME))
    return f"{name.strip('. ') or 'model'}{SUFFIX}"


def _header(model: StoredModel, table: dict[str, object], digest: str) -> bytes:
    metadata = {
        VERSION_KEY: str(VERSION),
        CARD_KEY: _compact(clean_card(model.card)),
        DIGEST_KEY: digest,
    }
    evaluation = model.evaluation()
    if evaluation is not None:
        with_results = _encoded({**metadata, EVALUATION_KEY: _compact(evaluation)}, table)
        if len(with_results) <= LARGEST_HEADER:  # the matrix of very many classes has no room
            return len(with_results).to_bytes(8, "little") + with_results
    plain = _encoded(metadata, table)
    return len(plain).to_bytes(8, "little") + plain


def _encoded(metadata: dict[str, str], table: dict[str, object]) -> bytes:
    text = json.dumps({METADATA: metadata, **table}, ensure_ascii=False, separators=(",", ":")).encode()
    return text + b" " * (-len(text) % _ALIGNMENT)


def _compact(value: msgspec.Struct) -> str:
    return msgspec.json.encode(value).decode()
