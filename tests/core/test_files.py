import os
from pathlib import Path

import pytest

from scene_desktop.core.files import free_name, new_folder, write_atomically


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failing_write_keeps_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = tmp_path / "card.json"
    write_atomically(target, b"old")

    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="space"):
        write_atomically(target, b"new")
    monkeypatch.undo()
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["card.json"]
    write_atomically(target, b"new")
    assert target.read_bytes() == b"new"


def test_a_new_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with new_folder(tmp_path / "model") as folder:
        (folder / "a").write_text("1")
        assert not (tmp_path / "model").exists()
    assert (tmp_path / "model" / "a").read_text() == "1"
    with pytest.raises(FileNotFoundError), new_folder(tmp_path / "other") as folder:
        (folder / "no such folder" / "a").write_text("1")
    assert os.listdir(tmp_path) == ["model"]


def test_free_name_counts_up() -> None:
    assert free_name("a", {"a", "a 2"}.__contains__) == "a 3"


@pytest.mark.skipif(os.name == "nt", reason="permissions and devices are a matter of POSIX")
def test_permissions_links_and_devices_are_respected(tmp_path: Path) -> None:
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    write_atomically(target, b"1")
    (tmp_path / "plain").write_bytes(b"1")
    assert target.stat().st_mode == (tmp_path / "plain").stat().st_mode
    target.chmod(0o640)
    link.symlink_to(target)
    write_atomically(link, b"2")
    assert link.is_symlink()
    assert target.read_bytes() == b"2"
    assert target.stat().st_mode & 0o777 == 0o640
    write_atomically(Path(os.devnull), b"3")
    assert not Path(os.devnull).is_file()
