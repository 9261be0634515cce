"""Names from outside as text that is safe to store, print and open in a spreadsheet."""

import unicodedata

from scene_desktop.core.errors import InputError


def encodable(text: str) -> str:
    """File names may hold bytes that are no text; they become escapes, so that any text can be encoded."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def one_line(text: str) -> str:
    """`encodable`, and control and direction characters as escapes: nothing can move a terminal's cursor."""
    plain = encodable(text)
    if plain.isprintable():
        return plain
    return "".join(
        char if unicodedata.category(char)[0] != "C" else char.encode("unicode-escape").decode()
        for char in plain
    )


def harmless_cell(text: str) -> str:
    """Makes text safe for spreadsheets, which run cells that start like a formula (OWASP, CSV injection)."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def safe_name(text: str) -> str:
    """A name for people: NFC, without control or direction characters, at most 80 characters.

    Raises:
        InputError: Nothing is left.
    """
    normal = unicodedata.normalize("NFC", text)
    visible = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in normal)
    name = " ".join(visible.split())[:80].strip()
    if not name:
        raise InputError("A model needs a name. Type one.")
    return name
