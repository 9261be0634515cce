"""Photos a second, small and large: ours, ONNX Runtime, Keras twice, and what the machine could do at most."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks import keras_peer, onnx_peer
from benchmarks.onnx_peer import OnnxPeer
from benchmarks.photos import camera_photos, photo_folder
from benchmarks.timing import Rates, in_threads, rate
from scene_desktop.core.classify.classifier import Classifier, CompiledModel
from scene_desktop.core.classify.pipeline import classify
from scene_desktop.core.models.library import Library
from scene_desktop.core.photos.images import find_photos, load_photo
from scene_desktop.core.photos.pool import BATCH
from scene_desktop.core.threads import worker_count

SMALL_PHOTOS, LARGE_PHOTOS = 3000, 120
ROUNDS = 5
_INFERENCE_PHOTOS = 1000
_TUNING_PHOTOS = 1000


@dataclass
class Case:
    """Photos of one size, and how many of them the slow ones get.

    Attributes:
        wanted: Least ratio of ours to a peer's, by the peer's name; a peer without one is only shown.
    """

    title: str
    paths: Sequence[str]
    keras_photos: int
    single_photos: int
    wanted: dict[str, float]
    ours: Rates = field(default_factory=lambda: Rates("Scene Desktop"))
    onnx: Rates = field(default_factory=lambda: Rates("ONNX Runtime and Pillow"))
    keras: Rates = field(default_factory=lambda: Rates("Keras, batch 32"))
    single: Rates = field(default_factory=lambda: Rates("Keras, one by one"))
    inference: Rates = field(default_factory=lambda: Rates("LiteRT alone, all cores"))
    decoding: Rates = field(default_factory=lambda: Rates("decoding alone, all cores"))
    limit: Rates = field(default_factory=lambda: Rates("limit (both of the last two)"))

    @property
    def rates(self) -> tuple[Rates, ...]:
        return self.ours, self.onnx, self.keras, self.single, self.inference, self.decoding, self.limit


def measure(rounds: int = ROUNDS) -> None:
    """Measures both sizes, everything in turn, round by round, and prints a table for each."""
    model = Library().default()
    compiled = CompiledModel.of(model)
    content = onnx_peer.onnx_model(model)
    network = keras_peer.network(model)
    with photo_folder(SMALL_PHOTOS) as folder:
        small = list(find_photos([folder]))
        large = list(find_photos([camera_photos(LARGE_PHOTOS)]))
        _check_parity(content, compiled, [*small[:: len(small) // 24], *large[:8]])
        wanted = {"ONNX Runtime and Pillow": 1.0, "limit (both of the last two)": 0.9}
        keras_wanted = {"Keras, batch 32": 3.5, "Keras, one by one": 15.0}
        for case in (
            Case("photos of 150 px", small, 1000, 100, wanted | keras_wanted),
            Case("photos of 12 megapixels", large, 64, 16, wanted),
        ):
            print(f"\nClassifying {len(case.paths):,} {case.title}", flush=True)
            peer, setting = onnx_peer.tuned(content, compiled.image_size, case.paths[:_TUNING_PHOTOS])
            print(f"  its best setting here: {setting}", flush=True)
            for _ in range(rounds):
                _round(case, compiled, peer, network)
            _print(case)


def _check_parity(content: bytes, model: CompiledModel, paths: Sequence[str]) -> None:
    size = (model.image_size, model.image_size)
    apart = onnx_peer.check_parity(content, model, np.stack([load_photo(path, size) for path in paths]))
    print(f"ONNX Runtime and LiteRT give the same scores: they differ by {apart:.1g} at most")


def _round(case: Case, model: CompiledModel, peer: OnnxPeer, network: object) -> None:
    paths, size = case.paths, model.image_size
    case.ours.rounds.append(rate(len(paths), lambda: _ours(paths, model)))
    case.onnx.rounds.append(rate(len(paths), lambda: peer.classify(paths)))
    case.keras.rounds.append(keras_peer.pipeline_rate(network, paths[:: len(paths) // case.keras_photos], size))
    case.single.rounds.append(keras_peer.one_by_one_rate(network, paths[: case.single_photos], size))
    case.inference.rounds.append(_inference_rate(model))
    case.decoding.rounds.append(rate(len(paths), lambda: _decode_all(paths, size)))
    case.limit.rounds.append(1 / (1 / case.inference.rounds[-1] + 1 / case.decoding.rounds[-1]))


def _ours(paths: Sequence[str], model: CompiledModel) -> None:
    summary = classify(paths, model, lambda event: None)
    assert summary.done == len(paths)


def _inference_rate(model: CompiledModel) -> float:
    photos = np.random.default_rng(1).integers(
        0, 256, (BATCH, model.image_size, model.image_size, 3), dtype=np.uint8
    )
    classifiers = [Classifier(model) for _ in range(worker_count())]
    for classifier in classifiers:
        classifier.scores(photos)
    share = _INFERENCE_PHOTOS // len(classifiers) // BATCH

    def work(classifier: Classifier) -> None:
        for _ in range(share):
            classifier.scores(photos)

    return rate(share * BATCH * len(classifiers), lambda: in_threads(work, classifiers))


def _decode_all(paths: Sequence[str], size: int) -> None:
    source = iter(paths)  # from one list, so that no thread ends early

    def work(number: int) -> None:
        for path in source:
            load_photo(path, (size, size))

    in_threads(work, range(worker_count()))


def _print(case: Case) -> None:
    print(f"\n{case.title}, median of {len(case.ours.rounds)} rounds in turn\n")
    print(f"{'':32}{'photos/s':>10}{'min':>8}{'max':>8}{'ours is':>12}")
    for rates in case.rates:
        ratio = "" if rates is case.ours else f"{case.ours.times(rates):9.2f} ×"
        figures = f"{rates.median:10.1f}{min(rates.rounds):8.1f}{max(rates.rounds):8.1f}{ratio:>12}"
        print(f"{rates.name:32}{figures}{_verdict(case, rates)}", flush=True)


def _verdict(case: Case, rates: Rates) -> str:
    if rates.name not in case.wanted:
        return ""
    wanted = case.wanted[rates.name]
    return f"   wanted ≥ {wanted:g}   {'met' if case.ours.times(rates) >= wanted else 'MISSED'}"
