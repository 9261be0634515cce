"""Each photo that arrives is told once, when it is complete."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from watchdog.observers import Observer

from scene_desktop.core.classify.watching import (
    EventsMissing,
    FolderBack,
    FolderGone,
    FolderWatch,
    PhotosArrived,
    WatchEvent,
)
from scene_desktop.core.errors import InputError


class Told:
    """The events of a watch in another thread."""

    def __init__(self) -> None:
        self.events: list[WatchEvent] = []
        self.stop = threading.Event()

    @property
    def names(self) -> list[str]:
        return [Path(path).name for one in self.events if isinstance(one, PhotosArrived) for path in one.paths]

    def wait(self, until: Callable[[], bool], seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < deadline, self.events
            time.sleep(0.02)


@contextmanager
def watched(folder: Path, **options: object) -> Iterator[Told]:
    told = Told()
    watch = FolderWatch(folder, **({"settle_s": 0.3, "rescan_s": 1.0} | options))
    thread = threading.Thread(target=watch.run, args=(told.events.append, told.stop.is_set))
    thread.start()
    time.sleep(0.6)  # the photos that are there have been noted
    try:
        yield told
    finally:
        told.stop.set()
        thread.join(5)
        assert not thread.is_alive()


def test_photos_that_arrive_are_told_once(tmp_path: Path) -> None:
    (tmp_path / "old.jpg").write_bytes(b"x")
    with watched(tmp_path) as told:
        (tmp_path / "new.jpg").write_bytes(b"x")
        (tmp_path / "text.txt").write_bytes(b"x")
        (tmp_path / ".hidden.jpg").write_bytes(b"x")
        (tmp_path / "part.jpg.part").write_bytes(b"x")
        (tmp_path / "below" / "deep").mkdir(parents=True)
        (tmp_path / "below" / "deep" / "another.png").write_bytes(b"x")
        told.wait(lambda: len(told.names) == 2)
        time.sleep(1.5)
    assert sorted(told.names) == ["another.png", "new.jpg"]


def test_photos_that_are_there_count_if_asked(tmp_path: Path) -> None:
    (tmp_path / "old.jpg").write_bytes(b"x")
    with watched(tmp_path, existing=True) as told:
        told.wait(lambda: told.names == ["old.jpg"])


def test_a_file_that_grows_is_told_when_it_is_complete(tmp_path: Path) -> None:
    with watched(tmp_path) as told:
        with (tmp_path / "slow.jpg").open("wb") as stream:
            for _ in range(6):
                stream.write(b"x" * 1000)
                stream.flush()
                time.sleep(0.15)
                assert told.names == []
        told.wait(lambda: told.names == ["slow.jpg"])


def test_a_file_that_is_renamed_into_place_or_changed_is_told(tmp_path: Path) -> None:
    (tmp_path / "download.part").write_bytes(b"x")
    with watched(tmp_path) as told:
        (tmp_path / "download.part").rename(tmp_path / "download.jpg")
        told.wait(lambda: told.names == ["download.jpg"])
        (tmp_path / "download.jpg").write_bytes(b"edited")
        told.wait(lambda: told.names == ["download.jpg"] * 2)


def test_a_burst_is_told_completely(tmp_path: Path) -> None:
    with watched(tmp_path) as told:
        for number in range(300):
            (tmp_path / f"{number:03}.jpg").write_bytes(b"x")
        told.wait(lambda: len(told.names) >= 300)
        time.sleep(1.2)
    assert sorted(told.names) == [f"{number:03}.jpg" for number in range(300)]


def test_the_folder_goes_and_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "old.jpg").write_bytes(b"x")
    with watched(folder) as told:
        shutil.move(folder, tmp_path / "away")
        told.wait(lambda: FolderGone() in told.events)
        shutil.move(tmp_path / "away", folder)
        told.wait(lambda: FolderBack() in told.events)
        (folder / "new.jpg").write_bytes(b"x")
        told.wait(lambda: told.names == ["new.jpg"])


def test_sorted_photos_do_not_come_round_again(tmp_path: Path) -> None:
    with watched(tmp_path, ignored=[tmp_path / "Sorted"]) as told:
        (tmp_path / "Sorted" / "sea").mkdir(parents=True)
        (tmp_path / "Sorted" / "sea" / "a.jpg").write_bytes(b"x")
        (tmp_path / "Sorted too").mkdir()
        (tmp_path / "Sorted too" / "b.jpg").write_bytes(b"x")
        told.wait(lambda: told.names == ["b.jpg"])
        time.sleep(1.5)
    assert told.names == ["b.jpg"]


def test_sorted_photos_do_not_come_round_by_another_name_of_the_folder(tmp_path: Path) -> None:
    camera, link = tmp_path / "camera", tmp_path / "link"
    camera.mkdir()
    os.symlink(camera, link)
    with watched(link, ignored=[camera / "Sorted"], rescan_s=60) as told:
        (camera / "Sorted").mkdir()
        (camera / "Sorted" / "a.jpg").write_bytes(b"x")
        (camera / "b.jpg").write_bytes(b"x")
        told.wait(lambda: told.names == ["b.jpg"], 3)
        time.sleep(0.8)
    with watched(camera, ignored=[link / "Sorted"]) as told:
        (camera / "Sorted" / "c.jpg").write_bytes(b"x")
        time.sleep(1.8)
    assert told.names == []


def test_sorting_into_the_watched_folder_itself_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "camera"
    folder.mkdir()
    for target in (folder, tmp_path, folder / "below" / ".."):
        with pytest.raises(InputError, match="Choose a folder below it or elsewhere"):
            FolderWatch(folder, [target])
    FolderWatch(folder, [folder / "below", tmp_path / "camera too"])


def test_an_empty_folder_comes_back_with_photos(tmp_path: Path) -> None:
    folder, away = tmp_path / "stick", tmp_path / "away"
    folder.mkdir()
    with watched(folder, rescan_s=60) as told:
        folder.rename(away)
        told.wait(lambda: FolderGone() in told.events, 2)
        (away / "new.jpg").write_bytes(b"x")
        away.rename(folder)
        told.wait(lambda: told.names == ["new.jpg"])


def test_an_arrival_does_not_read_the_whole_folder_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    scandir = os.scandir

    def counted(path: str) -> object:
        read.append(path)
        return scandir(path)

    with watched(tmp_path, rescan_s=60) as told:
        monkeypatch.setattr("scene_desktop.core.classify.watching.os.scandir", counted)
        for number in range(50):
            (tmp_path / f"{number:02}.jpg").write_bytes(b"x")
        told.wait(lambda: len(told.names) == 50)
        monkeypatch.undo()
    assert str(tmp_path) not in read


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.jpg").write_bytes(b"x")
    folder = tmp_path / "watched"
    folder.mkdir()
    with watched(folder) as told:
        os.symlink(outside, folder / "link")
        os.symlink(outside / "a.jpg", folder / "link.jpg")
        (folder / "real.jpg").write_bytes(b"x")
        told.wait(lambda: told.names == ["real.jpg"])
        time.sleep(1.2)
    assert told.names == ["real.jpg"]


def test_without_events_the_folder_is_read_from_time_to_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*given: object, **named: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "schedule", refused)
    with watched(tmp_path) as told:
        (tmp_path / "new.jpg").write_bytes(b"x")
        told.wait(lambda: told.names == ["new.jpg"])
    assert EventsMissing("inotify watch limit reached") in told.events
