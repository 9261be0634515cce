"""What must be true of the process before Keras and TensorFlow are imported, and what after."""

import os
import platform

from scene_desktop.core import locations

_FOREIGN = ("KERAS_", "TF_", "XLA_")
_HARMLESS = ("TF_CPP_", "TF_FORCE_GPU_ALLOW_GROWTH", "TF_GPU_ALLOCATOR")


def prepare() -> None:
    """Sets the variables that Keras and TensorFlow read while they are imported.

    What other programs of the person set for them, and what changes numbers (KERAS_MAX_EPOCHS, for example),
    is forgotten; how much they tell and how they use the memory of a graphics card is left alone. The home of
    Keras is ours, so that no `keras.json` of the person decides the backend, and none is written to their
    home folder. TensorFlow keeps its notes about the processor to itself.
    """
    for name in [name for name in os.environ if name.startswith(_FOREIGN) and not name.startswith(_HARMLESS)]:
        del os.environ[name]
    os.environ["KERAS_HOME"] = str(locations.cache_folder() / "keras")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")


def make_reproducible(seed: int) -> None:
    """Seeds Python, NumPy, Keras and TensorFlow, and asks for operations that give the same bits each time."""
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()


def software() -> str:
    """The versions that decide the numbers, for the card."""
    import keras
    import tensorflow as tf

    from scene_desktop import __version__

    return f"Scene Desktop {__version__}, Keras {keras.__version__}, TensorFlow {tf.__version__}"


def device() -> tuple[str, str, int]:
    """What Keras computes on: "GPU" or "CPU", its name as far as known, and the cores of the CPU."""
    import tensorflow as tf

    cores = core_count()
    for gpu in tf.config.list_physical_devices("GPU"):
        details = tf.config.experimental.get_device_details(gpu)
        return "GPU", str(details.get("device_name", "")), cores
    return "CPU", processor_name(), cores


def core_count() -> int:
    """Cores of the CPU."""
    return os.cpu_count() or 1


def processor_name() -> str:
    """As the system calls it; empty where it does not tell."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = (line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
            return next(names, "")
    except OSError:
        return platform.processor()
