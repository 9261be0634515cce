"""Photos to measure with: the real ones where they are at hand, otherwise drawn ones."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scene_desktop.core.images import find_photos
from scene_desktop.core.samples import write_samples

SCENES = Path(__file__).resolve().parents[2] / "shared" / "intel-scenes" / "train"


@contextlib.contextmanager
def photo_folder(count: int) -> Iterator[Path]:
    """Yields a folder of classes with `count` photos of 150 px in all, as links where that is possible."""
    with tempfile.TemporaryDirectory(prefix="scene-desktop-bench-") as name:
        folder = Path(name) / "photos"
        if not SCENES.is_dir():
            write_samples(folder, per_class=-(-count // 6))
            yield folder
            return
        classes = sorted(path for path in SCENES.iterdir() if path.is_dir())
        for index, source in enumerate(classes):
            (folder / source.name).mkdir(parents=True)
            wanted = count // len(classes) + (index < count % len(classes))
            for photo in list(find_photos([source]))[:wanted]:
                (folder / source.name / Path(photo).name).write_bytes(Path(photo).read_bytes())
        yield folder
