"""Sorts that are killed at random moments, by a process that only knows the disk; `make sort-proof`.

`python -m tests.sort_kills --files 10000 --kills 40` proves, after each kill, that no photo is lost and that
the journal agrees with the disk, and at the end of each sort that everything is as it was.
"""

import argparse
import errno
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from scene_desktop.core.classify.predictions import Prediction
from scene_desktop.core.sorting import (
    How,
    SortSettings,
    SortState,
    apply_plan,
    carrying,
    make_plan,
    placing,
    records,
    resume,
    undo,
)
from scene_desktop.core.sorting.items import Item, Kind, Step
from scene_desktop.core.sorting.journal import Journal
from scene_desktop.core.sorting.journals import open_journal

CLASSES = ("sea", "forest", "street")
WAYS = {
    "copy": (How.COPY, ""),
    "move": (How.MOVE, ""),
    "link": (How.LINK, ""),
    "move to another disk": (How.MOVE, "far"),
    "move where links are unknown": (How.MOVE, "no links"),
}
"""What is sorted how, and the kind of disk that it meets; see `meet`."""

Look = tuple[bytes, int]


def meet(disk: str) -> None:
    """Lets this process meet a disk that refuses hard links, altogether or to the other folder."""
    usual = placing.link

    def refuse(origin: placing.Spot, goal: placing.Spot) -> None:
        if disk == "no links":
            raise OSError(errno.EPERM, "no hard links on this disk")
        if os.path.dirname(origin.path) != os.path.dirname(goal.path):
            raise OSError(errno.EXDEV, "another disk")
        usual(origin, goal)

    if disk:
        placing.link = refuse
        carrying.link = refuse


def predictions(sources: Path) -> list[Prediction]:
    """A verdict for each file below a folder: classes in turn, some unsure, some unreadable."""
    made = []
    for index, path in enumerate(sorted(path for path in sources.rglob("*") if path.is_file())):
        scores = np.zeros(len(CLASSES), np.float32)
        scores[index % len(CLASSES)] = 1
        if index % 11 == 0:
            scores[:] = 1 / len(CLASSES)
        broken = index % 13 == 0
        error = "It is damaged" if broken else None
        made.append(Prediction(index, str(path), None if broken else scores, error))
    return made


def draw(sources: Path, count: int) -> None:
    """Files of all sizes from nothing to 40 kB, in two folders with the same names, with times of their own."""
    generator = random.Random(7)
    for index in range(count):
        path = sources / f"card {index % 2}" / f"IMG_{index // 2:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            generator.randbytes(generator.choice((0, 100, 3000, 3000, 40_000))) + str(index).encode()
        )
        os.utime(path, ns=(1_600_000_000_000_000_000 + index, 1_500_000_000_123_456_789 + index * 1_000_003))


def looks(folder: Path) -> dict[str, Look]:
    """Content and time of every file below a folder, by path; of folders only that they are there."""
    found: dict[str, Look] = {}
    for path in folder.rglob("*"):
        if path.is_dir():
            found[str(path)] = (b"folder", 0)
        else:
            found[str(path)] = look(path)
    return found


def look(path: Path) -> Look:
    return hashlib.blake2b(path.read_bytes()).digest(), path.stat().st_mtime_ns


@dataclass
class Stage:
    """A folder with photos, a target with files of somebody else, and a home for the journals."""

    root: Path
    files: int
    way: str
    sources: Path = field(init=False)
    target: Path = field(init=False)

    def __post_init__(self) -> None:
        self.sources, self.target = self.root / "photos", self.root / "pictures" / "sorted"
        draw(self.sources, self.files)
        (self.target / "sea").mkdir(parents=True)
        (self.target / "sea" / "IMG_00001.jpg").write_bytes(b"of somebody else")
        (self.target / "sea" / "IMG_00002.jpg.xmp").write_bytes(b"a side-car of somebody else")
        (self.target / "diary.txt").write_bytes(b"dear diary")
        self.sources_before, self.target_before = looks(self.sources), looks(self.target)

    def start(self, action: str, record_id: str = "") -> subprocess.Popen[bytes]:
        """Starts a process that works on the sort, and waits until it begins."""
        given = (f"--work={action}", f"--root={self.root}", f"--way={self.way}", f"--id={record_id}")
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.sort_kills", *given],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).resolve().parents[1],
            env=os.environ | {"SCENE_DESKTOP_HOME": str(self.root / "home")},
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"begins\n"
        return process

    def kill_within(self, seconds: float, action: str, record_id: str = "") -> bool:
        """Kills the work after a time; whether it was still at it."""
        process = self.start(action, record_id)
        time.sleep(seconds)
        process.kill()
        process.communicate()
        return process.returncode != 0

    def finish(self, action: str, record_id: str = "") -> dict[str, object]:
        """Lets the work come to its end."""
        process = self.start(action, record_id)
        out, _ = process.communicate(timeout=600)
        assert process.returncode == 0, f"{action} failed"
        return dict(json.loads(out))

    def come_home(self) -> None:
        """Lets this process look at the journals of this stage."""
        os.environ["SCENE_DESKTOP_HOME"] = str(self.root / "home")

    def newest(self) -> tuple[str, SortState] | None:
        """The sort that was begun last, as a fresh start of the app would see it."""
        self.come_home()
        found = records()
        return (found[0].id, found[0].state) if found else None

    def check_nothing_is_lost(self) -> None:
        """Every photo has its content and time at its old place or in the target, all else is untouched."""
        sources, target = looks(self.sources), looks(self.target)
        content = Counter(found[0] for found in (*sources.values(), *target.values()))
        for path, wanted in self.sources_before.items():
            assert content[wanted[0]] or sources.get(path) == wanted, f"{path} is lost"
        for path, wanted in self.target_before.items():
            assert target.get(path) == wanted, f"{path} was touched"

    def check_journal(self, record_id: str) -> None:
        """Each row of the journal agrees with what lies on the disk."""
        self.come_home()
        with open_journal(record_id) as journal:
            for item in journal.items(Kind.PHOTO, *Step):
                _check_row(journal, item, self.sources_before[item.origin])

    def check_all_is_as_before(self) -> None:
        assert looks(self.sources) == self.sources_before
        assert looks(self.target) == self.target_before

    def check_all_is_sorted(self) -> None:
        """Every photo lies in the target with content and time, and nothing temporary is left."""
        target = looks(self.target)
        assert (
            Counter(list(self.sources_before.values()))
            - Counter(list(target.values()))
            - Counter([(b"folder", 0)] * 9)
            == Counter()
        )
        assert not [path for path in (*target, *looks(self.sources)) if path.endswith(".part")]


def _check_row(journal: Journal, item: Item, wanted: Look) -> None:
    origin, goal = Path(item.origin), Path(journal.target, item.folder, item.name)
    at_origin = origin.exists() and look(origin) == wanted
    at_goal = goal.exists() and look(goal) == wanted
    moves = journal.how is How.MOVE
    match item.step:
        case Step.DONE if journal.state() in (SortState.UNFINISHED, SortState.DONE):
            assert at_goal, f"{goal} should be there"
            assert moves != at_origin, f"{origin} after {journal.how}"
        case Step.WAITING | Step.FAILED:
            assert at_origin, f"{origin} should still be there"
        case Step.BACK:
            assert at_origin, f"{origin} should be back"
            assert not at_goal, f"{goal} should be gone"
        case Step.LEFT:
            raise AssertionError(f"{goal} was left: {item.reason}")
        case _:
            near = goal.parent / journal.temporary_name(item)
            assert at_origin or at_goal or (near.exists() and look(near) == wanted), f"{origin} is lost"


def kill_once(stage: Stage, chance: random.Random, durations: dict[str, float]) -> int:
    """One sort from begin to end, killed once or several times on its way; how many kills hit."""
    way = stage.way
    kills = int(stage.kill_within(chance.uniform(0, durations[way]), "apply"))
    newest = stage.newest()
    stage.check_nothing_is_lost()
    if newest is None or newest[1] is SortState.UNDONE:
        stage.check_all_is_as_before()  # killed before the journal was there
        return kills
    record_id, state = newest
    stage.check_journal(record_id)
    while state is SortState.UNFINISHED and chance.random() < 0.5:
        if chance.random() < 0.5:
            stage.finish("resume", record_id)
            stage.check_all_is_sorted()
        else:
            kills += stage.kill_within(chance.uniform(0, durations[way]), "resume", record_id)
        stage.check_nothing_is_lost()
        stage.check_journal(record_id)
        state = (stage.newest() or newest)[1]
    while chance.random() < 0.6:
        kills += stage.kill_within(chance.uniform(0, durations[way + " undo"]), "undo", record_id)
        stage.check_nothing_is_lost()
        stage.check_journal(record_id)
    result = stage.finish("undo", record_id)
    assert result["left"] == [], result["left"]
    assert stage.newest() == (record_id, SortState.UNDONE)
    stage.check_journal(record_id)
    stage.check_all_is_as_before()
    return kills


def measure(stage: Stage) -> dict[str, float]:
    """Seconds that an undisturbed sort and its undo take; both are checked, too."""
    begun = time.monotonic()
    result = stage.finish("apply")
    between = time.monotonic()
    assert (result["failed"], result["stopped"]) == ([], False)
    stage.check_all_is_sorted()
    stage.check_journal(str(result["id"]))
    undo_begun = time.monotonic()
    assert stage.finish("undo", str(result["id"]))["left"] == []
    ended = time.monotonic()
    stage.check_all_is_as_before()
    return {stage.way: between - begun, stage.way + " undo": ended - undo_begun}


def work(root: Path, way: str, action: str, record_id: str) -> None:
    """The process that is killed."""
    how, disk = WAYS[way]
    meet(disk)
    say = sys.stdout
    if action == "apply":
        settings = SortSettings(root / "pictures" / "sorted", how, 0.6, sidecars=True)
        plan = make_plan(predictions(root / "photos"), CLASSES, settings)
        say.write("begins\n")
        say.flush()
        result = apply_plan(plan)
        failed = [failure.reason for failure in result.failed]
        say.write(json.dumps({"id": result.record.id, "failed": failed, "stopped": result.stopped}))
        return
    say.write("begins\n")
    say.flush()
    if action == "resume":
        ended = resume(record_id)
        say.write(json.dumps({"failed": [failure.reason for failure in ended.failed]}))
    else:
        back = undo(record_id)
        say.write(json.dumps({"restored": back.restored, "left": [failure.reason for failure in back.left]}))


def tell(text: str) -> None:
    sys.stderr.write(text + "\n")


def prove(files: int, kills: int, seed: int) -> None:
    """Sorts again and again until enough kills have hit; raises `AssertionError` if anything is wrong."""
    chance = random.Random(seed)
    begun = time.monotonic()
    hits: Counter[str] = Counter()
    sorts = 0
    with tempfile.TemporaryDirectory(prefix="scene-sort-proof-") as folder:
        stages = {way: Stage(Path(folder, str(n)), files, way) for n, way in enumerate(WAYS)}
        durations: dict[str, float] = {}
        for way, stage in stages.items():
            durations |= measure(stage)
            tell(f"{way}: {durations[way]:.1f} s, undone in {durations[way + ' undo']:.1f} s")
        while sum(hits.values()) < kills:
            way = min(WAYS, key=lambda way: (hits[way], chance.random()))
            hits[way] += kill_once(stages[way], chance, durations)
            sorts += 1
            tell(f"{sum(hits.values())} kills in {sorts} sorts, all as before ({way})")
    seconds = time.monotonic() - begun
    counts = ", ".join(f"{way} {count}" for way, count in hits.items())
    tell(f"{files} files, {sum(hits.values())} kills ({counts}): every file restored, {seconds:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--work", choices=("apply", "resume", "undo"), help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--id", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given.root, given.way, given.work, given.id)
    else:
        prove(given.files, given.kills, given.seed)


if __name__ == "__main__":
    main()
