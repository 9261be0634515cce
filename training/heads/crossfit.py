"""Which strength of regularisation suits the data, and what models say of photos that they did not learn from.

The photos are divided into folds; for each fold a model learns from all others and judges the photos of that
fold (out-of-fold logits). The strength with the lowest crossentropy of those judgements is taken for the model
that learns from all photos. For the model that judges a fold the strength is chosen by the judgements of the
other folds alone, so a photo's own judgement takes no part in the choice of the model that judges it.
"""

import contextlib
import math
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import NamedTuple, TypeVar

import numpy as np
import threadpoolctl
from numpy.typing import NDArray

from scene_desktop.core.threads import ReportProgress, lower_priority, worker_count
from training.heads.lbfgs import Vector
from training.heads.logistic import Floats, Head, Labels, Regression

STRENGTHS = tuple(float(strength) for strength in 10.0 ** np.arange(1.0, -3.6, -0.5))
"""From strong to weak, half a decade apart: crossentropy is flat about its lowest point."""

_USUAL = 0.1
"""Where nothing can be judged."""

_ROUGH = 30
"""Iterations for a strength on the way to a weaker one."""
_WORSE = 1.1
"""The search along the strengths ends where every crossentropy exceeds its lowest value by this factor."""

Rows = NDArray[np.floating]
Folds = NDArray[np.int64]
Check = Callable[[], None]
T = TypeVar("T")
R = TypeVar("R")


class Choice(NamedTuple):
    """How strongly to regularise.

    Attributes:
        strength: For the model of all photos.
        of_fold: For the model that judges a fold, chosen without the photos of that fold.
        crossentropy: Out of fold, with `strength`.
    """

    strength: float
    of_fold: tuple[float, ...]
    crossentropy: float


class Part(NamedTuple):
    """One model: what it learns from, what it judges, and how strongly it is regularised.

    Attributes:
        learned, judged: bool `(photos,)`; no photo is in both.
    """

    learned: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    strength: float


class Step(NamedTuple):
    """The models after an iteration.

    Attributes:
        accuracy, crossentropy: Of the first model, on what it learns from.
        logits: float64 `(photos, classes)`, of each photo by the model that judges it; 0 where none does.
        head: Of the first model.
    """

    accuracy: float
    crossentropy: float
    logits: NDArray[np.float64]
    head: Callable[[], Head]


def choose_strength(
    rows: Rows,
    labels: Labels,
    classes: int,
    folds: Folds,
    check: Check,
    balanced: bool = False,
    report: ReportProgress = lambda done, total: None,
) -> Choice:
    """Chooses by out-of-fold crossentropy.

    Args:
        rows: `(photos, versions, features)`; the first version is the photo itself, by which it is judged.
        labels: int64 `(photos,)`.
        folds: int64 `(photos,)`, from 0 on; photos in fold -1 are always learned from and never judged.
        check: Called often; may raise to leave.
        balanced: Each class counts the same, while learning and while judging, see `weights_of`.
        report: Told strengths done and in total, from this thread.
    """
    judged = folds >= 0
    if not judged.any():
        return Choice(_USUAL, (), math.log(classes))
    count = int(folds.max()) + 1
    nats = np.full((len(STRENGTHS), len(labels)), np.inf)
    importance = weights_of(labels, classes) if balanced else np.ones(len(labels))

    def begin(fold: int) -> _Fold:
        held = folds == fold
        if not held.any() or held.all():  # nobody to judge, or nothing to learn from
            return _Fold(held, None, np.zeros((0, 0), np.float32))
        problem = regression(rows[~held], labels[~held], classes, balanced)
        check()
        return _Fold(held, problem, problem.prepared(rows[held, 0]))

    def judge(fold: _Fold, index: int) -> None:
        if fold.problem is None:
            nats[index, fold.held] = math.log(classes)
            return
        for better in islice(fold.problem.solve(STRENGTHS[index], fold.solution), _ROUGH):
            check()
            fold.solution = better
        # Where nothing can be learned, as where all photos are the same, there is no better one.
        solution = fold.problem.nothing() if fold.solution is None else fold.solution
        nats[index, fold.held] = nats_of(fold.problem.logits(solution, fold.prepared), labels[fold.held])

    # The first row judges for all photos; each other one for a fold, by the photos of the other folds.
    juries = np.stack([judged, *(judged & (folds != fold) for fold in range(count))]) * importance
    juries = juries[juries.any(axis=1)]
    means: list[NDArray[np.float64]] = []
    with _side_by_side(count) as each:
        parts = each(begin, range(count))
        for index in range(len(STRENGTHS)):
            each(partial(judge, index=index), parts)
            report(index + 1, len(STRENGTHS))
            means.append(juries[:, judged] @ nats[index, judged] / juries.sum(axis=1))
            if (means[-1] > _WORSE * np.min(means, axis=0)).all():
                break
    best = np.argmin(means, axis=0)
    of_fold = best[1:] if len(best) > 1 else np.repeat(best, count)
    return Choice(
        STRENGTHS[best[0]], tuple(STRENGTHS[index] for index in of_fold), float(np.min(means, axis=0)[0])
    )


@dataclass
class _Fold:
    """The model that judges a fold; `problem` is None where there is nothing to learn from or to judge."""

    held: NDArray[np.bool_]
    problem: Regression | None
    prepared: Floats
    solution: Vector | None = None


def folds_by_content(digests: Sequence[bytes], labels: Labels, count: int) -> Folds:
    """Folds in which every class has its share and copies lie together; contents alone decide.

    Returns:
        int64 `(photos,)`, 0 to `count` - 1.
    """
    found: dict[bytes, int] = {}
    taken = dict.fromkeys(map(int, labels), 0)
    for digest, label in sorted(zip(digests, map(int, labels), strict=True)):
        if digest not in found:
            found[digest] = (taken[label] + label) % count  # not all classes begin in the same fold
            taken[label] += 1
    return np.array([found[digest] for digest in digests], np.int64)


def parts_of(folds: Folds, choice: Choice) -> list[Part]:
    """A model of all photos, then one for each fold, which it judges."""
    nothing = np.zeros(len(folds), bool)
    each = [Part(folds != fold, folds == fold, strength) for fold, strength in enumerate(choice.of_fold)]
    return [Part(~nothing, nothing, choice.strength), *each]


def fit(
    rows: Rows, labels: Labels, classes: int, parts: Sequence[Part], balanced: bool = False
) -> Generator[Step, None, None]:
    """Fits several models side by side, so that all can be watched while they learn.

    Args:
        rows, labels, classes, balanced: See `choose_strength`.
        parts: The first one is the model that is kept.

    Yields:
        What the models say after each iteration, until none gets better any more.
    """

    def begin(part: Part) -> Regression:
        return regression(rows[part.learned], labels[part.learned], classes, balanced)

    with _side_by_side(len(parts)) as each:
        problems = each(begin, parts)
        judged = [problem.prepared(rows[part.judged, 0]) for problem, part in zip(problems, parts, strict=True)]
        courses = [problem.solve(part.strength) for problem, part in zip(problems, parts, strict=True)]
        solutions = [problem.nothing() for problem in problems]
        logits = np.zeros((len(labels), classes))
        own = problems[0].figures(solutions[0])

        def advance(index: int) -> bool:
            nonlocal own
            solution = next(courses[index], None)
            if solution is None:
                return False
            solutions[index] = solution
            if index == 0:
                own = problems[0].figures(solution)
            logits[parts[index].judged] = problems[index].logits(solution, judged[index])
            return True

        goes_on = True
        while goes_on:
            goes_on = any(each(advance, range(len(parts))))
            if goes_on or not logits.any():  # where nothing can be learned, that is told once
                yield Step(*own, logits.copy(), partial(problems[0].head, solutions[0]))


@contextlib.contextmanager
def _side_by_side(count: int) -> Iterator[Callable[[Callable[[T], R], Iterable[T]], list[R]]]:
    """Does the same for several models at once, one on each core.

    Each works with one thread of its own: those of OpenBLAS wait for each other so long, where other programs
    use the cores too, that small problems took twenty times longer. A single large one may use them all.
    """
    cores = worker_count()
    with (
        threadpoolctl.threadpool_limits(1 if count > 1 else cores, "blas"),
        ThreadPoolExecutor(min(cores, count), "heads", lower_priority) as pool,
    ):

        def each(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
            return list(pool.map(work, items))

        yield each


def regression(rows: Rows, labels: Labels, classes: int, balanced: bool) -> Regression:
    """The problem of learning from all versions of some photos."""
    versions = rows.shape[1]
    flat = rows.reshape(-1, rows.shape[-1])
    repeated = np.repeat(labels, versions)
    return Regression(flat, repeated, classes, weights_of(repeated, classes) if balanced else None)


def weights_of(labels: Labels, classes: int) -> NDArray[np.float64]:
    """What each row counts, so that all classes count the same; float64 `(N,)`."""
    counts = np.bincount(labels, minlength=classes)
    return 1.0 / counts[labels]


def nats_of(logits: NDArray[np.float64], labels: Labels) -> NDArray[np.float64]:
    """Categorical crossentropy of each row, float64 `(N,)`."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    nats: NDArray[np.float64] = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]
    return nats
