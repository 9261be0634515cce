"""Photos a second: ours, a plain Keras pipeline, Keras one by one, and what the machine could do at most."""

import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.photos import photo_folder
from scene_desktop.core.classifier import Classifier, CompiledModel
from scene_desktop.core.classify import BATCH, classify, worker_count
from scene_desktop.core.images import find_photos, load_photo
from scene_desktop.core.library import Library, StoredModel

PHOTOS = 3000
KERAS_PHOTOS = 1000
ONE_BY_ONE_PHOTOS = 100
ROUNDS = 3


@dataclass
class Rates:
    """Photos a second of each round."""

    name: str
    rounds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)


def measure(rounds: int = ROUNDS) -> None:
    """Measures everything in turn, round by round, and prints the table."""
    model = Library().default()
    compiled = CompiledModel.of(model)
    ours, keras, single = (
        Rates("Scene Desktop", []),
        Rates("Keras, batch 32", []),
        Rates("Keras, one by one", []),
    )
    inference, decoding = Rates("LiteRT alone, all cores", []), Rates("decoding alone, all cores", [])
    with photo_folder(PHOTOS) as folder:
        paths = list(find_photos([folder]))
        network = _keras_model(model)
        for _ in range(rounds):
            ours.rounds.append(_rate(len(paths), lambda: _ours(paths, compiled)))
            keras.rounds.append(_keras_rate(network, paths[:: len(paths) // KERAS_PHOTOS], compiled.image_size))
            single.rounds.append(_one_by_one_rate(network, paths[:ONE_BY_ONE_PHOTOS], compiled.image_size))
            inference.rounds.append(_inference_rate(compiled, len(paths)))
            decoding.rounds.append(_rate(len(paths), lambda: _decode_all(paths, compiled.image_size)))
    _print([ours, keras, single, inference, decoding], len(paths))


def _rate(count: int, work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return count / (time.perf_counter() - started)


def _ours(paths: Sequence[str], model: CompiledModel) -> None:
    summary = classify(paths, model, lambda event: None)
    assert summary.done == len(paths)


def _keras_model(model: StoredModel):
    from training import architectures, environment, weights

    environment.prepare()
    card = model.card
    network = architectures.build(card.network, card.image_size, len(card.classes))
    weights.load(network, model.weights())
    return network


def _keras_rate(network, paths: Sequence[str], size: int) -> float:
    """What the documentation of Keras shows: a data set from a directory, then `predict`."""
    import keras

    with photo_copies(paths) as folder:

        def work() -> None:
            photos = keras.utils.image_dataset_from_directory(
                folder, labels=None, shuffle=False, image_size=(size, size), batch_size=32, verbose=False
            )
            network.predict(photos, verbose=0)

        return _rate(len(paths), work)


def _one_by_one_rate(network, paths: Sequence[str], size: int) -> float:
    """What the hackathon's page did: one photo, one `predict`."""
    import keras

    def work() -> None:
        for path in paths:
            photo = keras.utils.img_to_array(keras.utils.load_img(path, target_size=(size, size)))
            network.predict(photo[None], verbose=0)

    return _rate(len(paths), work)


def photo_copies(paths: Sequence[str]):
    """A flat folder with copies of the photos, as Keras wants it."""
    import tempfile

    folder = tempfile.TemporaryDirectory(prefix="scene-desktop-bench-")
    for number, path in enumerate(paths):
        (Path(folder.name) / f"{number:05}.jpg").write_bytes(Path(path).read_bytes())
    return folder


def _inference_rate(model: CompiledModel, count: int) -> float:
    photos = np.random.default_rng(1).integers(
        0, 256, (BATCH, model.image_size, model.image_size, 3), dtype=np.uint8
    )
    classifiers = [Classifier(model) for _ in range(worker_count())]
    for classifier in classifiers:
        classifier.scores(photos)
    share = count // len(classifiers) // BATCH

    def work(classifier: Classifier) -> None:
        for _ in range(share):
            classifier.scores(photos)

    return _rate(share * BATCH * len(classifiers), lambda: _in_threads(work, classifiers))


def _decode_all(paths: Sequence[str], size: int) -> None:
    def work(part: Sequence[str]) -> None:
        for path in part:
            load_photo(path, (size, size))

    workers = worker_count()
    _in_threads(work, [paths[number::workers] for number in range(workers)])


def _in_threads(work: Callable[..., None], arguments: Sequence[object]) -> None:
    threads = [threading.Thread(target=work, args=(argument,)) for argument in arguments]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _print(rates: list[Rates], count: int) -> None:
    ours, keras, single, inference, decoding = rates
    limit = 1 / (1 / inference.median + 1 / decoding.median)
    print(f"\nClassifying {count} photos of 150 px, median of {len(ours.rounds)} rounds\n")
    print(f"{'':32}{'photos/s':>10}{'min':>8}{'max':>8}")
    for rate in rates:
        print(f"{rate.name:32}{rate.median:10.0f}{min(rate.rounds):8.0f}{max(rate.rounds):8.0f}")
    print(f"{'limit (both of the last two)':32}{limit:10.0f}\n")
    for name, ratio, wanted in (
        ("times the plain Keras pipeline", ours.median / keras.median, 3.5),
        ("times Keras one by one", ours.median / single.median, 15),
        ("of the limit", ours.median / limit, 0.9),
    ):
        print(f"{ratio:8.2f} {name:34} wanted ≥ {wanted:g}   {'met' if ratio >= wanted else 'MISSED'}")
