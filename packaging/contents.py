"""What is inside the bundle: every distribution, its licence texts, and the list of all as CycloneDX.

`build.spec` asks for it before it collects the files, so that a bundle carries its own papers on every system.
"""

import hashlib
import platform
import re
import sys
import sysconfig
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from trimming import Entry

_HERE = Path(__file__).resolve().parent
_APACHE = (_HERE.parent / "LICENSE",)
_QT = tuple(_HERE / "licences" / name for name in ("Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt"))
TEXTS: dict[str, tuple[Path, ...]] = {
    "flatbuffers": _APACHE,
    "pyside6-essentials": _QT,
    "shiboken6": _QT,
    "tensorflow": _APACHE,
    "tensorflow-cpu": _APACHE,
}
"""Licence texts of the distributions that come without any."""

_LICENCE = re.compile(r"(^|/)(licen[cs]es?|copying|notice|third[-_]party|authors)[^/]*(/|$)", re.IGNORECASE)
_PYTHON = "python"
_STANDARD_LIBRARY = Path(sysconfig.get_paths()["stdlib"]).resolve()
_CODE = re.compile(r"\.(py|pyc|so|json|pyi|h|c)$", re.IGNORECASE)
_BINARY = re.compile(r"\.(so(\.[\d.]+)?|pyd|dll|dylib)$")


@dataclass
class Part:
    """A distribution with files in the bundle.

    Attributes:
        expression: SPDX expression, or the words that its metadata use.
        texts: Files of licence texts and notices.
        libraries: Place in the bundle and SHA-256 of each shared library.
    """

    name: str
    version: str
    expression: str
    texts: list[Path] = field(default_factory=list)
    libraries: dict[str, str] = field(default_factory=dict)
    metadata_file: Path | None = None


class UnlicensedError(Exception):
    """Something would be shipped without the text of its licence."""


def parts_of(entries: Iterable[Entry]) -> list[Part]:
    """The distributions that the files come from, by name, Python itself included.

    Args:
        entries: Everything that goes into the bundle, modules of the archive included.

    Raises:
        UnlicensedError: A part has no licence text here; name one in `TEXTS`.
    """
    owners = _owners()
    parts = {_PYTHON: _python()}
    for place, source, _ in entries:
        path = Path(source)
        name = owners.get(path) or owners.get(path.resolve()) or (_PYTHON if _is_python(path) else None)
        if name is None:
            continue
        if name not in parts:
            parts[name] = _part(metadata.distribution(name))
        if _BINARY.search(path.name) and path.is_file():
            parts[name].libraries[place] = hashlib.sha256(path.read_bytes()).hexdigest()
    bare = sorted(part.name for part in parts.values() if not part.texts)
    if bare:
        raise UnlicensedError(f"No licence text for {', '.join(bare)}; name it in TEXTS of {__file__}")
    return sorted(parts.values(), key=lambda part: part.name.lower())


def papers(parts: Iterable[Part], folder: Path, version: str, epoch_s: int) -> list[Entry]:
    """Writes the list of all parts and returns the entries that carry papers into the bundle.

    Args:
        folder: Where the list is written.
        version: Of the app.
        epoch_s: The time of the list, seconds since 1970, so that the same build gives the same bytes.
    """
    parts = list(parts)
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / "sbom.cdx.json"
    listed.write_text(_bill(parts, version, epoch_s), encoding="utf-8")
    found: list[Entry] = [("sbom.cdx.json", str(listed), "DATA")]
    for part in parts:
        taken: set[str] = set()
        for text in part.texts:
            name = text.name
            while name.lower() in taken:
                name = f"{text.parent.name}-{name}"
            taken.add(name.lower())
            found.append((f"licences/{part.name}/{name}", str(text), "DATA"))
        if part.metadata_file is not None:
            place = f"{part.metadata_file.parent.name}/METADATA"
            found.append((place, str(part.metadata_file), "DATA"))
    return found


def _owners() -> dict[Path, str]:
    """The distribution of each file of the environment; the app itself is not one of them."""
    return {
        Path(str(file.locate())): name
        for distribution in metadata.distributions()
        if (name := _key(distribution)) != "scene-desktop"
        for file in distribution.files or ()
    }


def _key(distribution: metadata.Distribution) -> str:
    return re.sub(r"[-_.]+", "-", distribution.metadata["Name"]).lower()


def _part(distribution: metadata.Distribution) -> Part:
    about, key = distribution.metadata, _key(distribution)
    classifiers = [
        line.rsplit(" :: ", 1)[-1]
        for line in about.get_all("Classifier") or ()
        if line.startswith("License :: ")
    ]
    words = about.get("License-Expression") or ", ".join(classifiers) or (about.get("License") or "").strip()
    named = (file for file in distribution.files or () if _LICENCE.search(str(file)))
    files = (Path(str(file.locate())) for file in named if not _CODE.search(file.name))
    texts = [path for path in files if path.is_file()]
    texts += TEXTS.get(key, ())
    info = next((file for file in distribution.files or () if file.name == "METADATA"), None)
    return Part(
        about["Name"],
        distribution.version,
        words.splitlines()[0] if words else "",
        texts,
        metadata_file=Path(str(info.locate())) if info else None,
    )


def _python() -> Part:
    library = Path(sysconfig.get_paths()["stdlib"])
    texts = [
        path for path in (library / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt") if path.is_file()
    ]
    return Part("Python", platform.python_version(), "PSF-2.0", texts[:1])


def _is_python(path: Path) -> bool:
    return path.name.lower().startswith(("libpython", "python3")) or _STANDARD_LIBRARY in path.resolve().parents


def _bill(parts: Iterable[Part], version: str, epoch_s: int) -> str:
    app = Component(
        name="scene-desktop",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref=f"scene-desktop@{version}",
        licenses=[LicenseExpression("Apache-2.0")],
    )
    bill = Bom()
    bill.metadata.component = app
    bill.metadata.timestamp = datetime.fromtimestamp(epoch_s, UTC)
    components = [_component(part) for part in parts]
    bill.components.update(components)
    bill.register_dependency(app, components)
    names = "\n".join(f"{part.name} {part.version} {sorted(part.libraries.items())}" for part in parts)
    bill.serial_number = uuid.uuid5(uuid.NAMESPACE_URL, f"scene-desktop {version}\n{names}")
    return JsonV1Dot6(bill).output_as_string(indent=1)


def _component(part: Part) -> Component:
    url = None if part.name == "Python" else PackageURL("pypi", None, part.name.lower(), part.version)
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.PLATFORM if part.name == "Python" else ComponentType.LIBRARY,
        bom_ref=f"{part.name}@{part.version}",
        purl=url,
        licenses=[_licence(part.expression)] if part.expression else (),
        components=[
            Component(
                name=place,
                type=ComponentType.FILE,
                bom_ref=f"{part.name}@{part.version}/{place}",
                hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
            )
            for place, digest in sorted(part.libraries.items())
        ],
    )


def _licence(words: str) -> LicenseExpression | DisjunctiveLicense:
    """An SPDX expression as such, other words as a name."""
    if re.fullmatch(r"[\w.+-]+( (AND|OR|WITH) [\w.+()-]+)*", words) and "License" not in words:
        return LicenseExpression(words)
    return DisjunctiveLicense(name=words)
