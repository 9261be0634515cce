"""The strong peer: ONNX Runtime with a Pillow thread pool, on the very weights of the stored model."""

import itertools
import os
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from scene_desktop.core.classify.classifier import Classifier, CompiledModel
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.threads import worker_count

PARITY = 1e-3
_OPSET = 17
_IR_VERSION = 10


@dataclass(frozen=True)
class Setting:
    """How the peer spreads its work.

    Attributes:
        batch: Photos in one call of the network.
        runners: Calls of the network at the same time.
        threads: Cores that one call may use.
        spinning: Whether threads of the network burn time while they wait, which is its default.
    """

    batch: int
    runners: int
    threads: int
    spinning: bool

    def __str__(self) -> str:
        spinning = "" if self.spinning else ", no spinning"
        return f"batch {self.batch}, {self.runners} × {self.threads} threads{spinning}"


def settings(cores: int) -> list[Setting]:
    """Everything that is tried: one call over all cores, or one call a core, with small and large batches."""
    calls = [(1, cores, True), (1, cores, False)] + ([(cores, 1, True)] if cores > 1 else [])
    return [Setting(batch, *call) for batch, call in itertools.product((8, 32), calls)]


class OnnxPeer:
    """Decodes in a thread pool ahead of ONNX Runtime, as one would write it by hand for speed.

    Args:
        content: The ONNX file.
        image_size: Side of the network's input in pixels.
    """

    def __init__(self, content: bytes, image_size: int, setting: Setting) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = setting.threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", str(int(setting.spinning)))
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._size, self._setting = image_size, setting

    def scores(self, photos: NDArray[np.uint8]) -> NDArray[np.float32]:
        """uint8 `(N, size, size, 3)` to float32 `(N, classes)`."""
        (result,) = self._session.run(None, {"photos": photos})
        return np.asarray(result)

    def classify(self, paths: Sequence[str]) -> NDArray[np.float32]:
        """float32 `(len(paths), classes)`; decoding stays a few batches ahead, so memory is bounded."""
        batch, runners = self._setting.batch, self._setting.runners
        found: list[NDArray[np.float32]] = []
        running: deque[Future[NDArray[np.float32]]] = deque()
        with ThreadPoolExecutor(worker_count()) as decoders, ThreadPoolExecutor(runners) as callers:
            for photos in self._decoded(paths, batch, decoders):
                running.append(callers.submit(self._run, photos))
                if len(running) > runners:
                    found.append(running.popleft().result())
            found += [call.result() for call in running]
        return np.concatenate(found)

    def _run(self, photos: list[Future[NDArray[np.uint8]]]) -> NDArray[np.float32]:
        return self.scores(np.stack([photo.result() for photo in photos]))

    def _decoded(
        self, paths: Sequence[str], batch: int, pool: ThreadPoolExecutor
    ) -> Iterator[list[Future[NDArray[np.uint8]]]]:
        ahead: deque[list[Future[NDArray[np.uint8]]]] = deque()
        for first in range(0, len(paths), batch):
            ahead.append([pool.submit(decode, path, self._size) for path in paths[first : first + batch]])
            if len(ahead) > 1 + self._setting.runners:
                yield ahead.popleft()
        yield from ahead


def decode(path: str, size: int) -> NDArray[np.uint8]:
    """Pillow's fast way, with the margin of 2 that `Image.thumbnail` uses; none of the app's other rules."""
    with Image.open(path) as image:
        image.draft("RGB", (2 * size, 2 * size))
        return np.asarray(
            image.convert("RGB").resize((size, size), Image.Resampling.BILINEAR, reducing_gap=2.0)
        )


def tuned(content: bytes, image_size: int, paths: Sequence[str]) -> tuple[OnnxPeer, Setting]:
    """The peer with its best setting for these photos, each tried twice on a part of them."""
    rates: dict[Setting, float] = {}
    for _, setting in itertools.product(range(2), settings(worker_count())):
        peer = OnnxPeer(content, image_size, setting)
        peer.classify(paths[: setting.batch])
        started = time.perf_counter()
        peer.classify(paths)
        rates[setting] = max(rates.get(setting, 0.0), len(paths) / (time.perf_counter() - started))
    for setting, rate in rates.items():
        print(f"  ONNX Runtime, {setting}: {rate:.0f} photos/s")
    best = max(rates, key=rates.__getitem__)
    return OnnxPeer(content, image_size, best), best


def check_parity(content: bytes, model: CompiledModel, photos: NDArray[np.uint8]) -> float:
    """Largest difference to LiteRT on the same pixels, uint8 `(N, size, size, 3)`.

    Raises:
        RuntimeError: They disagree, so a comparison would mean nothing.
    """
    peer = OnnxPeer(content, model.image_size, Setting(len(photos), 1, 1, False))
    apart = float(np.abs(peer.scores(photos) - Classifier(model).scores(photos)).max())
    if not apart <= PARITY:
        raise RuntimeError(f"ONNX Runtime and LiteRT differ by {apart:.2g}; at most {PARITY:g} is allowed.")
    return apart


def onnx_model(model: StoredModel) -> bytes:
    """The network of a stored model as an ONNX file, built layer by layer from its weights.

    Raises:
        ValueError: It is not the one network that is known here.
    """
    from onnx import TensorProto, checker, helper

    card = model.card
    if card.network != "efficientnet-lite0-head":
        raise ValueError(f"Only EfficientNet-Lite0 can be built as a peer, not “{card.network}”.")
    graph = _Graph(model.weights())
    output = _lite0(graph)
    size, classes = card.image_size, len(card.classes)
    made = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "peer",
            [helper.make_tensor_value_info("photos", TensorProto.UINT8, ["N", size, size, 3])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", classes])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=_IR_VERSION,
    )
    checker.check_model(made, full_check=True)
    content: bytes = made.SerializeToString()
    return content


class _Graph:
    """Nodes and constants of a network that grows."""

    def __init__(self, weights: bytes) -> None:
        import safetensors.numpy

        self.weights = safetensors.numpy.load(weights)
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, sources: Sequence[str], **attributes: object) -> str:
        from onnx import helper

        target = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(sources), [target], **attributes))
        return target

    def layer(self, name: str, kind: str) -> NDArray[np.float32]:
        return self.weights[f"{name}/{kind}"].astype(np.float32)

    def convolution(self, source: str, name: str, stride: int = 1, *, depthwise: bool = False) -> str:
        kernel = self.layer(name, "kernel").transpose((2, 3, 0, 1) if depthwise else (3, 2, 0, 1))
        return self.add(
            "Conv",
            [
                source,
                self.constant(f"{name}.kernel", kernel),
                self.constant(f"{name}.bias", self.layer(name, "bias")),
            ],
            auto_pad="SAME_UPPER",
            strides=[stride, stride],
            group=kernel.shape[0] if depthwise else 1,
            kernel_shape=list(kernel.shape[2:]),
        )

    def relu6(self, source: str) -> str:
        return self.add("Clip", [source, "zero", "six"])

    def dense(self, source: str, name: str) -> str:
        return self.add(
            "Gemm",
            [
                source,
                self.constant(f"{name}.kernel", self.layer(name, "kernel")),
                self.constant(f"{name}.bias", self.layer(name, "bias")),
            ],
        )

    def pooled(self, source: str) -> str:
        return self.add("Flatten", [self.add("GlobalAveragePool", [source])])


def _lite0(graph: _Graph) -> str:
    """From `photos` to the scores: the layers of `training.networks`, with its head."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from onnx import TensorProto

    from scene_desktop.core.recipes.networks import LITE0_BLOCKS, LITE0_POOLED

    for name, value in (("zero", 0.0), ("six", 6.0), ("scale", 1 / 128), ("offset", -127 / 128)):
        graph.constant(name, np.array(value, dtype=np.float32))
    x = graph.add("Cast", ["photos"], to=TensorProto.FLOAT)
    x = graph.add("Add", [graph.add("Mul", [x, "scale"]), "offset"])
    x = graph.add("Transpose", [x], perm=[0, 3, 1, 2])
    x = graph.relu6(graph.convolution(x, "stem_conv", 2))
    width, pooled = 32, []
    for index, block in enumerate(LITE0_BLOCKS):
        name, source = f"block{index:02d}", x
        if block.expansion > 1:
            x = graph.relu6(graph.convolution(x, f"{name}_expand_conv"))
        x = graph.relu6(graph.convolution(x, f"{name}_depthwise_conv", block.stride, depthwise=True))
        x = graph.convolution(x, f"{name}_project_conv")
        if block.stride == 1 and width == block.width:
            x = graph.add("Add", [source, x])
        width = block.width
        if index in LITE0_POOLED:
            pooled.append(graph.pooled(x))
    pooled.append(graph.pooled(graph.relu6(graph.convolution(x, "top_conv"))))
    x = graph.add("Concat", pooled, axis=1)
    x = graph.add("Relu", [graph.dense(x, "head_hidden")])
    return graph.add("Softmax", [graph.dense(x, "scores")], axis=-1)
