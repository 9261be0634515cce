"""Each photo that arrives is told once, when it is complete."""

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
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
from tests.processes import wait_until

LAST = "the last one.jpg"


class CountedWatch(FolderWatch):
    """Counts how often the whole folder was read, and how often its new photos were looked at."""

    reads = looks = 0

    def _walk(self, folder: str) -> Iterator[str]:
        yield from super()._walk(folder)
        self.reads += folder == self._folder

    def _settled(self, now: float) -> list[str]:
        arrived = super()._settled(now)
        self.looks += 1
        return arrived


class Told:
    """The events of a watch in another thread."""

    def __init__(self, folder: Path, **options: object) -> None:
        self.events: list[WatchEvent] = []
        self.stop = threading.Event()
        self.watch = CountedWatch(folder, **({"settle_s": 0.3, "rescan_s": 0.4} | options))
        self._folder = folder

    @property
    def _all_names(self) -> list[str]:
        return [Path(path).name for one in self.events if isinstance(one, PhotosArrived) for path in one.paths]

    @property
    def names(self) -> list[str]:
        return [name for name in self._all_names if name != LAST]

    def wait(self, until: Callable[[], bool], seconds: float = 10.0) -> None:
        wait_until(until, "what is waited for", seconds)

    def wait_until_read(self) -> None:
        """Until the whole folder has been read once more, from its begin to its end."""
        reads = self.watch.reads
        self.wait(lambda: self.watch.reads >= reads + 2)

    def wait_for_last(self) -> None:
        """Until a photo that came after all others is told: whatever else is to be told was told before."""
        (self._folder / LAST).write_bytes(b"x")
        self.wait(lambda: LAST in self._all_names)


Watched = Callable[..., AbstractContextManager[Told]]


@pytest.fixture
def watched(caplog: pytest.LogCaptureFixture) -> Watched:
    """Watches a folder while the body runs, which begins when what is there has been noted."""

    @contextmanager
    def watching(folder: Path, **options: object) -> Iterator[Told]:
        told = Told(folder, **options)
        thread = threading.Thread(target=told.watch.run, args=(told.events.append, told.stop.is_set))
        caplog.clear()
        with caplog.at_level(logging.INFO, "scene_desktop.core.classify.watching"):
            thread.start()
            wait_until(lambda: "Watching" in caplog.text, "a watch that has noted what is there")
        try:
            yield told
        finally:
            told.stop.set()
            thread.join(5)
            assert not thread.is_alive()

    return watching


def test_photos_that_arrive_are_told_once(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "old.jpg").write_bytes(b"x")
    with watched(tmp_path) as told:
        (tmp_path / "new.jpg").write_bytes(b"x")
        (tmp_path / "text.txt").write_bytes(b"x")
        (tmp_path / ".hidden.jpg").write_bytes(b"x")
        (tmp_path / "part.jpg.part").write_bytes(b"x")
        (tmp_path / "below" / "deep").mkdir(parents=True)
        (tmp_path / "below" / "deep" / "another.png").write_bytes(b"x")
        told.wait(lambda: len(told.names) == 2)
        told.wait_until_read()
        told.wait_for_last()
    assert sorted(told.names) == ["another.png", "new.jpg"]


def test_photos_that_are_there_count_if_asked(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "old.jpg").write_bytes(b"x")
    with watched(tmp_path, existing=True) as told:
        told.wait(lambda: told.names == ["old.jpg"])


def test_a_file_that_grows_is_told_when_it_is_complete(watched: Watched, tmp_path: Path) -> None:
    with watched(tmp_path, settle_s=0.6) as told:
        with (tmp_path / "slow.jpg").open("wb") as stream:
            for _ in range(5):
                stream.write(b"x" * 1000)
                stream.flush()
                looks = told.watch.looks
                told.wait(lambda: told.watch.looks > looks)  # noqa: B023 — waited for at once
                assert told.names == []
        told.wait(lambda: told.names == ["slow.jpg"])


def test_a_file_that_is_renamed_into_place_or_changed_is_told(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "download.part").write_bytes(b"x")
    with watched(tmp_path) as told:
        (tmp_path / "download.part").rename(tmp_path / "download.jpg")
        told.wait(lambda: told.names == ["download.jpg"])
        (tmp_path / "download.jpg").write_bytes(b"edited")
        told.wait(lambda: told.names == ["download.jpg"] * 2)


def test_a_burst_is_told_completely(watched: Watched, tmp_path: Path) -> None:
    with watched(tmp_path) as told:
        for number in range(300):
            (tmp_path / f"{number:03}.jpg").write_bytes(b"x")
        told.wait(lambda: len(told.names) >= 300)
        told.wait_until_read()
        told.wait_for_last()
    assert sorted(told.names) == [f"{number:03}.jpg" for number in range(300)]


def test_the_folder_goes_and_comes_back(watched: Watched, tmp_path: Path) -> None:
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


def test_sorted_photos_do_not_come_round_again(watched: Watched, tmp_path: Path) -> None:
    with watched(tmp_path, ignored=[tmp_path / "Sorted"]) as told:
        (tmp_path / "Sorted" / "sea").mkdir(parents=True)
        (tmp_path / "Sorted" / "sea" / "a.jpg").write_bytes(b"x")
        (tmp_path / "Sorted too").mkdir()
        (tmp_path / "Sorted too" / "b.jpg").write_bytes(b"x")
        told.wait(lambda: told.names == ["b.jpg"])
        told.wait_until_read()
        told.wait_for_last()
    assert told.names == ["b.jpg"]


def test_sorted_photos_do_not_come_round_by_another_name_of_the_folder(
    watched: Watched, tmp_path: Path
) -> None:
    camera, link = tmp_path / "camera", tmp_path / "link"
    camera.mkdir()
    os.symlink(camera, link)
    with watched(link, ignored=[camera / "Sorted"], rescan_s=60) as told:
        (camera / "Sorted").mkdir()
        (camera / "Sorted" / "a.jpg").write_bytes(b"x")
        (camera / "b.jpg").write_bytes(b"x")
        told.wait(lambda: told.names == ["b.jpg"], 3)
        told.wait_for_last()
    with watched(camera, ignored=[link / "Sorted"]) as told:
        (camera / "Sorted" / "c.jpg").write_bytes(b"x")
        told.wait_until_read()
        told.wait_for_last()
    assert told.names == []


def test_sorting_into_the_watched_folder_itself_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "camera"
    folder.mkdir()
    for target in (folder, tmp_path, folder / "below" / ".."):
        with pytest.raises(InputError, match="Choose a folder below it or elsewhere"):
            FolderWatch(folder, [target])
    FolderWatch(folder, [folder / "below", tmp_path / "camera too"])


def test_an_empty_folder_comes_back_with_photos(watched: Watched, tmp_path: Path) -> None:
    folder, away = tmp_path / "stick", tmp_path / "away"
    folder.mkdir()
    with watched(folder, rescan_s=60) as told:
        folder.rename(away)
        told.wait(lambda: FolderGone() in told.events, 2)
        (away / "new.jpg").write_bytes(b"x")
        away.rename(folder)
        told.wait(lambda: told.names == ["new.jpg"])


def test_an_arrival_does_not_read_the_whole_folder_again(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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


def test_links_are_not_followed(watched: Watched, tmp_path: Path) -> None:
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
        told.wait_until_read()
        told.wait_for_last()
    assert told.names == ["real.jpg"]


def test_without_events_the_folder_is_read_from_time_to_time(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*given: object, **named: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "schedule", refused)
    with watched(tmp_path) as told:
        (tmp_path / "new.jpg").write_bytes(b"x")
        told.wait(lambda: told.names == ["new.jpg"])
    assert EventsMissing("inotify watch limit reached") in told.events
