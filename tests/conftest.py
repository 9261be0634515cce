"""What all tests share: a home of their own, no network, untouched photos, an order for several workers."""

import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# No test and no process that a test starts may reach another machine; local sockets (X11) stay possible.
NETWORK_GUARD = str(Path(__file__).parent / "network_guard")
os.environ["PYTHONPATH"] = NETWORK_GUARD
sys.path.insert(0, NETWORK_GUARD)
sys.modules.pop("sitecustomize", None)
import sitecustomize  # noqa: E402, F401 - the guard works by being imported, from the path of above

LONGEST_FIRST = (
    "training/test_interruptions.py",
    "training/test_engine.py",
    "training",
    "e2e",
    "commands",
    "test_surroundings.py",
)
"""The last tests to begin decide when all workers are done, so these are never the last."""

SCENES = Path(__file__).resolve().parents[2] / "shared" / "intel-scenes" / "train"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With several workers the files that take longest begin first; each file stays with one worker."""
    if not hasattr(config, "workerinput"):
        return
    here = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        inside = item.path.relative_to(here)
        found = (n for n, long in enumerate(LONGEST_FIRST) if inside.is_relative_to(long))
        return next(found, len(LONGEST_FIRST))

    items.sort(key=place)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything the app writes goes to a folder of this test."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SCENE_DESKTOP_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn data set: six classes with 12 pictures each. Not to be changed."""
    from scene_desktop.core.datasets.samples import write_samples

    folder = tmp_path_factory.mktemp("samples") / "scenes"
    write_samples(folder, per_class=12)
    return folder


@pytest.fixture(scope="session")
def scenes() -> Path:
    """The real photos, where they are at hand."""
    if not SCENES.is_dir():
        pytest.skip("the Intel scenes photos are not beside this checkout")
    return SCENES
