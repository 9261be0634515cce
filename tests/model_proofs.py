"""Hostile share files: each is refused in words, quickly and with little memory, or is whole and harmless.

`python -m tests.model_proofs` proves it with the full counts and measures every refusal; the suite does so with
small counts and without a clock.
"""

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from scene_desktop.core import sharing
from scene_desktop.core.errors import ModelFileError
from scene_desktop.core.models.library import Library
from scene_desktop.core.recipes.networks import weight_shapes
from tests.share_zoo import bombs, good, mutated, odd_files

MUTATED = 5000
MOST_MS, MOST_MB = 50.0, 20.0
_OFTEN = 3


@dataclass
class Tally:
    """What became of the files.

    Attributes:
        refused: Number of files.
        whole: Files whose change did no harm: they can be imported.
        reasons: The different sentences, without the names in them.
        slowest_ms, largest_mb: Of one refusal, with the file that caused it.
        wrong: What must not be.
    """

    refused: int = 0
    whole: int = 0
    reasons: set[str] = field(default_factory=set)
    slowest_ms: tuple[float, str] = (0.0, "")
    largest_mb: tuple[float, str] = (0.0, "")
    wrong: list[str] = field(default_factory=list)


def problem_of(path: Path) -> tuple[str, str]:
    """Reads a file as an import does: the refusal or "", and what is wrong with how it was treated or ""."""
    try:
        shared = sharing.read(path)
    except ModelFileError as error:
        return str(error), "" if len(str(error)) > 40 and str(error).endswith(".") else f"no sentence: {error}"
    except BaseException as error:  # noqa: BLE001 - whatever else comes out of reading is a finding
        return "", f"{type(error).__name__}: {error}"
    card = shared.card
    shapes = {name: values.shape for name, values in shared.tensors.items()}
    if shapes != weight_shapes(card.network, card.image_size, len(card.classes)):
        return "", "weights of another network were let through"
    if not all(np.isfinite(values).all() for values in shared.tensors.values()):
        return "", "a number that is none was let through"
    texts = (card.name, card.dataset_name, card.software, *card.classes, *card.notes)
    if not all(text.replace("\u200c", "").replace("\u200d", "").isprintable() for text in texts) or card.run:
        return "", "a hostile text was let through"
    return "", ""


def examine(files: Iterable[tuple[str, Path]], measure: bool) -> Tally:
    """Reads files by name.

    Args:
        measure: Whether to take the time and the memory of each refusal.
    """
    tally = Tally()
    for name, path in files:
        refusal, wrong = problem_of(path)
        if wrong:
            tally.wrong.append(f"{name}: {wrong}")
        tally.whole += not refusal and not wrong
        if not refusal:
            continue
        tally.refused += 1
        tally.reasons.add(refusal.replace(path.name, ""))
        if measure:
            tally.slowest_ms = max(tally.slowest_ms, (_milliseconds(path), name))
            tally.largest_mb = max(tally.largest_mb, (_megabytes(path), name))
    return tally


def _milliseconds(path: Path) -> float:
    """The shortest of a few times: other programs run as well."""
    times = []
    for _ in range(_OFTEN):
        started = time.perf_counter()
        problem_of(path)
        times.append(time.perf_counter() - started)
    return 1000 * min(times)


def _megabytes(path: Path) -> float:
    """What Python and NumPy had at most, besides what they had before."""
    tracemalloc.start()
    problem_of(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


def named(folder: Path) -> Iterator[tuple[str, Path]]:
    """All bombs and all that is no ordinary file."""
    folder.mkdir(parents=True)
    for number, (name, (content, _)) in enumerate(bombs().items()):
        path = folder / f"{number}.scenemodel"
        path.write_bytes(content)
        yield name, path
    for name, (path, _) in odd_files(folder / "odd").items():
        yield name, path


def mutations(folder: Path, content: bytes, count: int, seed: int = 1) -> Iterator[tuple[str, Path]]:
    """Mutated files, one at a time in the same place."""
    folder.mkdir(parents=True)
    path = folder / "mutated.scenemodel"
    for number, changed in enumerate(mutated(content, count, seed)):
        path.write_bytes(changed)
        yield f"mutation {number} of seed {seed}", path


def problems(tally: Tally) -> list[str]:
    """What is not as it must be; empty if all is well."""
    wrong = list(tally.wrong)
    if tally.slowest_ms[0] > MOST_MS:
        wrong.append(f"{tally.slowest_ms[1]}: refused after {tally.slowest_ms[0]:.0f} ms")
    if tally.largest_mb[0] > MOST_MB:
        wrong.append(f"{tally.largest_mb[1]}: refused with {tally.largest_mb[0]:.0f} MB")
    return wrong


def main() -> int:
    """Runs all proofs with the full counts and prints what came out."""
    failed, say = False, sys.stdout
    built_in = sharing.share_content(Library().default())
    with tempfile.TemporaryDirectory(prefix="scene-desktop-proof-") as name:
        folder = Path(name)
        for title, files in (
            ("named bombs", named(folder / "named")),
            ("mutated small models", mutations(folder / "small", good().packed(), MUTATED - MUTATED // 5)),
            ("mutations of the built-in model", mutations(folder / "large", built_in, MUTATED // 5, seed=2)),
        ):
            tally = examine(files, measure=True)
            wrong = problems(tally)
            failed |= bool(wrong)
            slowest, largest = tally.slowest_ms, tally.largest_mb
            say.write(
                f"{title}: {tally.refused + tally.whole + len(tally.wrong):,} files, {tally.refused:,} refused "
                f"for {len(tally.reasons):,} reasons, {tally.whole:,} harmless; slowest refusal "
                f"{slowest[0]:.1f} ms ({slowest[1]}), most memory {largest[0]:.1f} MB ({largest[1]})\n"
            )
            for line in wrong[:20]:
                say.write(f"  WRONG: {line}\n")
    say.write("FAILED\n" if failed else "All as it must be.\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
