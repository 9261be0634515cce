"""A compiled model in memory: uint8 photos in, scores out. LiteRT; releases the interpreter lock."""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scene_desktop.core.errors import ModelFileError
from scene_desktop.core.models.library import StoredModel
from scene_desktop.core.photos.framing import Framing, View


@dataclass(frozen=True)
class CompiledModel:
    """What a classifier needs, checked once and shared by all threads.

    Attributes:
        content: The LiteRT file, whose hash has been checked.
        image_size: Side of the input in pixels.
    """

    name: str
    content: bytes
    classes: tuple[str, ...]
    image_size: int
    framing: Framing = Framing.SQUASH

    @property
    def view(self) -> View:
        """What the model sees of a photo."""
        return View(self.image_size, self.framing)

    @classmethod
    def of(cls, model: StoredModel) -> "CompiledModel":
        """Reads a model of the library.

        Raises:
            ModelFileError: Missing or damaged.
        """
        card = model.card
        return cls(card.name, model.compiled(), card.classes, card.image_size, card.framing)


class Classifier:
    """One interpreter with one thread; make one for each worker thread.

    Args:
        model: The compiled model.
        threads: Cores the interpreter may use.

    Raises:
        ModelFileError: LiteRT refuses the model, or its shapes are not those of the card.
    """

    def __init__(self, model: CompiledModel, threads: int = 1) -> None:
        self.image_size = model.image_size
        self.network = Network(model.content, threads)
        width = self.network.output_width
        if width != len(model.classes) or self.network.image_size != model.image_size:
            raise ModelFileError(
                f"The model “{model.name}” gives {width} scores for photos of {self.network.image_size} "
                f"pixels; its card says {len(model.classes)} and {model.image_size}. Train it again."
            )

    def scores(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Classifies photos.

        Args:
            images: uint8 `(N, image_size, image_size, 3)`, RGB.

        Returns:
            float32 `(N, classes)`, 0 to 1, each row summing to 1.
        """
        return self.network.run(images)


class Network:
    """A LiteRT file with one uint8 or float image input and one vector as output.

    Raises:
        ModelFileError: LiteRT refuses the content.
    """

    def __init__(self, content: bytes, threads: int = 1) -> None:
        from ai_edge_litert.interpreter import Interpreter  # 50 ms; only needed once photos arrive

        try:
            with _without_first_words():
                self._interpreter = Interpreter(model_content=content, num_threads=threads)
                self._interpreter.allocate_tensors()
            source, target = self._interpreter.get_input_details()[0], self._interpreter.get_output_details()[0]
        except (ValueError, RuntimeError, IndexError) as error:
            raise ModelFileError(f"The compiled model cannot be loaded: {error}. Train it again.") from error
        self._input, self._output = source["index"], target["index"]
        self._dtype = source["dtype"]
        self._shape = tuple(map(int, source["shape"]))
        self.image_size = self._shape[1]
        self.output_width = int(target["shape"][-1])

    def run(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """uint8 `(N, size, size, 3)` to float32 `(N, output_width)`."""
        if images.shape != self._shape:
            self._interpreter.resize_tensor_input(self._input, images.shape)
            self._interpreter.allocate_tensors()
            self._shape = images.shape
        self._interpreter.set_tensor(self._input, images.astype(self._dtype, copy=False))
        self._interpreter.invoke()
        result: NDArray[np.float32] = self._interpreter.get_tensor(self._output)
        return result


_first_load = threading.Lock()
_greeted = False


@contextlib.contextmanager
def _without_first_words() -> Iterator[None]:
    """Keeps LiteRT's greeting ("INFO: Created TensorFlow Lite XNNPACK delegate") off standard error.

    It is written once a process by C++ code that has no switch for it. Can go when LiteRT reads an
    environment variable for its log level.
    """
    global _greeted
    if _greeted:
        yield
        return
    with _first_load, open(os.devnull, "wb") as nowhere:
        try:
            kept = os.dup(2)
        except OSError:  # no standard error, as in a windowed program
            yield
            return
        try:
            os.dup2(nowhere.fileno(), 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            _greeted = True
