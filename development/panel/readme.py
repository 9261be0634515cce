"""The tables' place in `training/README.md`."""

from pathlib import Path

from development.resources.places import REPOSITORY
from scene_desktop.core import files

README = REPOSITORY / "training" / "README.md"
BEGIN, FEW, END = "<!-- panel -->", "<!-- few photos -->", "<!-- end of panel -->"


def write(text: str, *, few: bool, readme: Path = README) -> None:
    """Puts tables in the place of older ones: those of whole sets, or those of a few photos.

    Raises:
        OSError: The file cannot be written.
    """
    begin, end = (FEW, END) if few else (BEGIN, FEW)
    before, rest = readme.read_text(encoding="utf-8").split(begin)
    after = rest.split(end)[1]
    files.write_atomically(readme, f"{before}{begin}\n\n{text}\n{end}{after}".encode())
