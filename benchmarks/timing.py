"""Work against the clock."""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass
class Rates:
    """Photos a second of each round."""

    name: str
    rounds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)

    def times(self, other: "Rates") -> float:
        """Median of the ratios of each round, because both of a round met the same machine."""
        return statistics.median(ours / theirs for ours, theirs in zip(self.rounds, other.rounds, strict=True))


def rate(count: int, work: Callable[[], object]) -> float:
    """Runs `work`, which handles `count` photos, and returns photos a second."""
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


def in_threads(work: Callable[..., None], arguments: Sequence[object]) -> None:
    """Runs `work` once for each argument, all at the same time."""
    threads = [threading.Thread(target=work, args=(argument,)) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
