"""What lies in packaging/ says the same as the app, and the bundle is trimmed by rules that hold."""

import configparser
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from scene_desktop import __version__
from scene_desktop.commands import VERBS

ROOT = Path(__file__).resolve().parents[2]
LINUX = ROOT / "packaging" / "linux"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    """Modules of packaging/, which is no package because its scripts run on their own."""
    monkeypatch.syspath_prepend(ROOT / "packaging")

    def loaded(name: str) -> ModuleType:
        return importlib.import_module(name)

    return loaded


def test_the_man_page_explains_every_verb() -> None:
    page = (LINUX / "scene-desktop.1").read_text(encoding="utf-8").replace("\\-", "-")
    explained = re.findall(r"^\.TP\n\\fB([\w-]+)\\fR", page, re.MULTILINE)
    assert tuple(explained) == VERBS
    assert f"Scene Desktop {__version__}" in page


class DesktopEntry(configparser.ConfigParser):
    """Keeps capital letters, which have a meaning there."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def test_versions_agree_everywhere() -> None:
    metainfo = ElementTree.parse(next(LINUX.glob("*.metainfo.xml")))
    newest = metainfo.find("releases/release")
    assert newest is not None
    assert newest.get("version") == __version__
    assert f"- semver: {__version__}\n" in (LINUX / "changelog.yaml").read_text(encoding="utf-8")
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_desktop_entry_takes_files_and_folders_and_models() -> None:
    entry = DesktopEntry(interpolation=None, delimiters=("=",))
    entry.read(LINUX / "scene-desktop.desktop", encoding="utf-8")
    about = entry["Desktop Entry"]
    assert about["Exec"] == "scene-desktop %F"
    assert about["Terminal"] == "false"
    types = about["MimeType"].split(";")
    kind = ElementTree.parse(LINUX / "scene-desktop.xml").find("{*}mime-type")
    assert kind is not None
    assert kind.get("type") in types
    assert {"inode/directory", "image/jpeg", "image/heic"} <= set(types)


def test_every_file_that_the_packages_name_is_there() -> None:
    named = re.findall(r"src: ((?:packaging|resources|LICENSE)\S*)", (LINUX / "nfpm.yaml").read_text("utf-8"))
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_workflow_follows_its_schema() -> None:
    flows = [str(path) for path in (ROOT / ".github" / "workflows").glob("*.yml")]
    assert flows
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [str(checker), "--builtin-schema", "vendor.github-workflows", *flows]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("place", "stays"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", False),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6\\plugins\\imageformats\\qtiff.dll", False),
        ("PySide6/Qt/translations/qt_de.qm", False),
        ("tensorflow/include/x.h", False),
        ("resources/icons/app.svg", True),
    ],
)
def test_plugins_that_nothing_uses_stay_out(load, place: str, stays: bool) -> None:
    entry = (place, "/somewhere/else", "DATA")
    assert load("trimming").kept([entry]) == ([entry] if stays else [])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are no libraries of a distribution")
def test_libraries_of_the_distribution_stay_out_and_python_comes_along(load) -> None:
    theirs = ("libX11.so.6", "/usr/lib/x86_64-linux-gnu/libX11.so.6", "BINARY")
    ours = ("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", "BINARY")
    assert load("trimming").kept([theirs, ours]) == [ours]


def test_what_is_bundled_is_listed_with_its_licence(load, tmp_path: Path) -> None:
    import msgspec
    import PySide6

    contents = load("contents")
    sources = [msgspec.__file__, PySide6.__file__]
    parts = contents.parts_of([(Path(source).name, source, "PYMODULE") for source in sources])
    assert [part.name for part in parts] == ["msgspec", "PySide6_Essentials", "Python"]
    placed = {place for place, _, _ in contents.papers(parts, tmp_path, __version__, 0)}
    assert {
        "sbom.cdx.json",
        "licences/PySide6_Essentials/LGPL-3.0.txt",
        "licences/Python/LICENSE.txt",
    } <= placed
    bill = json.loads((tmp_path / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert bill["bomFormat"] == "CycloneDX"
    assert {"msgspec", "PySide6_Essentials", "Python"} == {part["name"] for part in bill["components"]}


def test_the_list_of_parts_is_the_same_each_time(load, tmp_path: Path) -> None:
    import msgspec

    contents = load("contents")
    parts = contents.parts_of([("msgspec", msgspec.__file__, "PYMODULE")])
    for name in ("one", "two"):
        contents.papers(parts, tmp_path / name, __version__, 1_700_000_000)
    assert (tmp_path / "one/sbom.cdx.json").read_bytes() == (tmp_path / "two/sbom.cdx.json").read_bytes()


def test_a_part_without_a_licence_text_stops_the_build(load, monkeypatch: pytest.MonkeyPatch) -> None:
    import flatbuffers

    contents = load("contents")
    monkeypatch.setattr(contents, "TEXTS", {})
    with pytest.raises(contents.UnlicensedError, match="flatbuffers"):
        contents.parts_of([("flatbuffers", flatbuffers.__file__, "PYMODULE")])


def test_the_bundle_of_macos_opens_model_files(load) -> None:
    about = load("mac_bundle").information(__version__)
    declared = about["UTExportedTypeDeclarations"][0]["UTTypeTagSpecification"]["public.filename-extension"]
    assert declared == ["scenemodel"]
