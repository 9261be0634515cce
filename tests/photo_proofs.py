"""Bad files among good ones, and mutated photos: every file gets a verdict, nothing crashes, memory stays flat.

`python -m tests.photo_proofs` proves it with the full counts; the suite does so with small ones. Each
classification runs in a process of its own, so that a crash is seen and its memory can be measured.
"""

import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.photo_zoo import bad_photos, encoded, good_photos

GOOD, BAD, MUTATED = 5000, 500, 5000
GROWTH_MB = 64.0
"""So much more memory at most after all photos than after the first tenth of them."""


@dataclass(frozen=True)
class Drop:
    """What is dropped, and the photos in it that must be classified and those that must be refused."""

    paths: list[str]
    good: list[str]
    bad: list[str]


@dataclass(frozen=True)
class Outcome:
    """What the process told.

    Attributes:
        code: Of the process; 0 unless it crashed.
        classified: Paths with scores.
        refused: Path to reason.
        told_twice: Photos with more than one verdict.
        found: Photos as the summary counts them.
        done: Verdicts as the summary counts them.
        growth_mb: Resident memory at the end less that after the first tenth of the verdicts.
        most_mb: Resident memory at most.
        seconds: The classification alone.
        words: What it wrote to standard error.
    """

    code: int
    classified: list[str]
    refused: dict[str, str]
    told_twice: int
    found: int
    done: int
    growth_mb: float
    most_mb: float
    seconds: float
    words: str


def bad_among_good(folder: Path, good: int, bad: int) -> Drop:
    """Writes photos of every kind, and files that are bad in every known way between them."""
    folder.mkdir(parents=True)
    kept = [_write(folder / f"{n:05} good {name}", content) for n, (name, content) in _good(good)]
    odd = _odd_files(folder)
    kept += odd.pop("good")
    broken = odd.pop("bad")
    contents = itertools.cycle(bad_photos().items())
    for number in range(bad - len(broken)):
        name, content = next(contents)
        place = folder / f"{number * good // bad:05} bad {number} {name}"
        broken.append(_write(place, content))
    links = [
        path for path in broken if not os.path.exists(path)
    ]  # a search passes over them, so they are named
    return Drop([str(folder), *links], kept, broken)


def mutated_photos(folder: Path, count: int, seed: int = 1) -> Drop:
    """Writes photos of all kinds with bytes changed, lost, moved or made up; none need be good or bad."""
    folder.mkdir(parents=True)
    dice = random.Random(seed)
    for number, (name, content) in _good(count):
        (folder / f"{number:05} {name}").write_bytes(_mutated(content, dice))
    return Drop([str(folder)], [], [])


def _good(count: int) -> Iterator[tuple[int, tuple[str, bytes]]]:
    """Numbered photos of every kind, no two drawn ones alike."""
    from scene_desktop.core.datasets.samples import CLASSES, draw

    kinds = list(good_photos().items())
    for number in range(count):
        if number % 2:
            yield number, kinds[number // 2 % len(kinds)]
            continue
        image = draw(CLASSES[number % len(CLASSES)], seed=number)
        kind, ending = (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"))[number // 2 % 3]
        yield number, (f"scene.{ending}", encoded(image.resize((96, 72)), kind))


def _odd_files(folder: Path) -> dict[str, list[str]]:
    """What is no regular file, or cannot be opened, where the system has such things."""
    found: dict[str, list[str]] = {"good": [], "bad": []}
    if hasattr(os, "mkfifo"):
        os.mkfifo(folder / "pipe.jpg")
        os.symlink(folder / "gone.jpg", folder / "dangling.jpg")
        os.symlink(folder / "circle.jpg", folder / "circle.jpg")
        found["bad"] += [str(folder / name) for name in ("pipe.jpg", "dangling.jpg", "circle.jpg")]
        content = good_photos()["plain.jpg"]
        closed = _write(folder / "closed.jpg", content)
        os.chmod(closed, 0)
        found["good" if os.access(closed, os.R_OK) else "bad"].append(closed)  # an administrator may read it
    found["bad"].append(str(folder / "never there.jpg"))
    (folder / "a folder.jpg").mkdir()
    found["good"].append(_write(folder / "a folder.jpg" / "inside.jpg", good_photos()["plain.jpg"]))
    return found


def _write(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def _mutated(content: bytes, dice: random.Random) -> bytes:
    body = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        place = min(len(body), int(dice.random() ** 2 * len(body)))  # headers more often than pixels
        length = dice.randint(1, 64)
        match dice.randrange(7):
            case 0:
                body[place : place + 1] = bytes([dice.randrange(256)])
            case 1:
                body[place : place + length] = dice.randbytes(len(body[place : place + length]))
            case 2:
                del body[place : place + length]
            case 3:
                body[place:place] = dice.randbytes(length)
            case 4:
                body[place : place + length] = bytes(len(body[place : place + length]))
            case 5:
                body[place : place + 4] = dice.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0"))
            case _:
                del body[place:]
    return bytes(body)


def classified(drop: Drop) -> Outcome:
    """Classifies a drop in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        told = Path(name) / "told.json"
        words = subprocess.run(
            [sys.executable, "-m", "tests.photo_proofs", "child", str(told), *drop.paths],
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd=Path(__file__).parents[1],
        )
        facts = json.loads(told.read_text()) if told.exists() else {}
    empty = {"classified": [], "refused": {}, "told_twice": 0, "found": 0, "done": 0}
    empty |= {"growth_mb": 0.0, "most_mb": 0.0, "seconds": 0.0}
    return Outcome(code=words.returncode, words=words.stderr, **(empty | facts))


def _child(target: str, paths: list[str]) -> None:
    from scene_desktop.core.classify.classifier import CompiledModel
    from scene_desktop.core.classify.pipeline import ClassifyEvent, PhotosClassified, classify
    from scene_desktop.core.models.library import Library

    scored: list[str] = []
    refused: dict[str, str] = {}
    seen: set[int] = set()
    memory: list[tuple[int, float]] = []
    twice = 0

    def take(event: ClassifyEvent) -> None:
        nonlocal twice
        if not isinstance(event, PhotosClassified):
            return
        for verdict in event.predictions:
            twice += verdict.index in seen
            seen.add(verdict.index)
            if verdict.scores is None:
                refused[verdict.path] = verdict.error
            else:
                scored.append(verdict.path)
        memory.append((event.done, _resident_mb()))

    started = time.monotonic()
    summary = classify(paths, CompiledModel.of(Library().default()), take)
    seconds = time.monotonic() - started
    warm = next((size for done, size in memory if done >= summary.done / 10), 0.0)
    facts = {
        "classified": scored,
        "refused": refused,
        "told_twice": twice,
        "found": summary.found,
        "done": summary.done,
        "growth_mb": _resident_mb() - warm,
        "most_mb": _resident_mb("VmHWM"),
        "seconds": seconds,
    }
    Path(target).write_text(json.dumps(facts))


def _resident_mb(kind: str = "VmRSS") -> float:
    """0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    return next(
        int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith(kind)
    )


def problems(drop: Drop, outcome: Outcome) -> list[str]:
    """What is not as it must be; empty if all is well."""
    wrong = []
    if outcome.code != 0:
        wrong.append(f"the process ended with {outcome.code}: {outcome.words[-500:]}")
    verdicts = len(outcome.classified) + len(outcome.refused)
    files = sum(len(names) for _, _, names in os.walk(drop.paths[0])) if not drop.good else None
    expected = files if files is not None else len(drop.good) + len(drop.bad)
    if not outcome.found == outcome.done == verdicts == expected or outcome.told_twice:
        wrong.append(
            f"{expected} files, {outcome.found} found, {outcome.done} done, {verdicts} different, "
            f"{outcome.told_twice} told twice"
        )
    if drop.good:
        wrong += [f"refused: {path}" for path in set(drop.good) - set(outcome.classified)]
        wrong += [f"not refused: {path}" for path in set(drop.bad) - set(outcome.refused)]
    wrong += [f"no reason: {path}" for path, reason in outcome.refused.items() if len(reason) < 5]
    if outcome.growth_mb > GROWTH_MB:
        wrong.append(f"memory grew by {outcome.growth_mb:.0f} MB")
    return wrong


def main() -> int:
    """Runs both proofs with the full counts and prints what came out."""
    failed, say = False, sys.stdout
    with tempfile.TemporaryDirectory(prefix="scene-desktop-proof-") as name:
        folder = Path(name)
        for title, drop in (
            (f"{BAD} bad files among {GOOD:,} good ones", bad_among_good(folder / "mixed", GOOD, BAD)),
            (f"{MUTATED:,} mutated photos", mutated_photos(folder / "mutated", MUTATED)),
        ):
            outcome = classified(drop)
            wrong = problems(drop, outcome)
            failed |= bool(wrong)
            say.write(
                f"{title}: {outcome.done:,} verdicts of {outcome.found:,} files in {outcome.seconds:.0f} s, "
                f"{len(outcome.classified):,} classified, {len(outcome.refused):,} refused for "
                f"{len(set(outcome.refused.values()))} reasons; memory grew by {outcome.growth_mb:.0f} MB, "
                f"{outcome.most_mb:.0f} MB at most\n"
            )
            for line in wrong[:20]:
                say.write(f"  WRONG: {line}\n")
    say.write("FAILED\n" if failed else "All as it must be.\n")
    return int(failed)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        _child(sys.argv[2], sys.argv[3:])
    else:
        sys.exit(main())
