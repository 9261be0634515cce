"""What PyInstaller must take of TensorFlow: what `import tensorflow` reaches, not everything there is.

The hook that comes with PyInstaller takes all submodules and data files (tests, tools, headers).
"""

import importlib.util
import re
from pathlib import Path

_FOLDER = Path(importlib.util.find_spec("tensorflow").origin).parent
_LAZY = re.compile(r"""LazyLoader\(\s*["']\w+["'],\s*globals\(\),\s*["'](tensorflow\.[\w.]+)["']""")


def _loaded_by_name() -> set[str]:
    """Modules that TensorFlow imports at the first use of an attribute; no `import` statement names them."""
    return {
        name for source in _FOLDER.rglob("*.py") for name in _LAZY.findall(source.read_text(encoding="utf-8"))
    }


hiddenimports = [
    *sorted(_loaded_by_name()),
    # Imported by compiled code.
    "ml_dtypes",
    "tensorflow.lite.python._pywrap_analyzer_wrapper",
    "tensorflow.lite.python._pywrap_tensorflow_interpreter_wrapper",
    "tensorflow.lite.python._pywrap_tensorflow_lite_metrics_wrapper",
    "tensorflow.python.framework.fast_tensor_util",
]
# Operations that are loaded by the name of their file while TensorFlow Lite is imported.
binaries = [
    (str(path), str(Path("tensorflow") / path.parent.relative_to(_FOLDER)))
    for path in _FOLDER.glob("lite/experimental/microfrontend/python/ops/_audio_microfrontend_op.*")
]
# AutoGraph reads the source of functions and warns where there is none.
module_collection_mode = {"tensorflow.python.autograph": "py+pyz"}
