"""Photos to measure with: real ones where they are at hand, drawn ones, and large or many ones."""

import contextlib
import io
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from scene_desktop.core.datasets.samples import CLASSES, draw, write_samples
from scene_desktop.core.photos.images import find_photos

SCENES = Path(__file__).resolve().parents[2] / "shared" / "intel-scenes" / "train"
CAMERA = (4000, 3000)
"""Width and height of a photo of 12 megapixels."""

SMALL_IN_FOLDER = 1000
_CHUNK = 500


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


def camera_photos(count: int) -> Path:
    """A folder of `count` different JPEGs of 12 megapixels and about 4 MB, kept for the next run."""
    return _kept(f"camera-{count}", count, _write_camera)


def small_photos(count: int) -> Path:
    """A folder tree of `count` different JPEGs of 48 px, 1,000 in each folder, kept for the next run."""
    return _kept(f"small-{count}", count, _write_small)


def _kept(name: str, count: int, write: Callable[[Path, range], None]) -> Path:
    """A folder of the cache, made by all cores unless an earlier run left it whole."""
    folder = Path(tempfile.gettempdir()) / "scene-desktop-bench-cache" / name
    whole = folder.with_suffix(".whole")
    if whole.exists() and folder.is_dir():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"Making {count:,} photos in {folder} …", flush=True)
    chunk = min(_CHUNK, -(-count // 8))
    parts = [range(first, min(first + chunk, count)) for first in range(0, count, chunk)]
    with ProcessPoolExecutor() as pool:
        for done in [pool.submit(write, folder, part) for part in parts]:
            done.result()
    whole.touch()
    return folder


def _write_camera(folder: Path, numbers: range) -> None:
    grain = np.random.default_rng(7).normal(0.0, 5.0, (CAMERA[1], CAMERA[0], 1)).astype(np.float32)
    for number in numbers:
        (folder / f"camera-{number:04}.jpg").write_bytes(_camera_photo(number, grain))


def _camera_photo(number: int, grain: np.ndarray) -> bytes:
    """A drawn scene enlarged, with edges and the grain of a sensor, so that it compresses like a photo."""
    random = np.random.default_rng(number)
    scene = draw(CLASSES[number % len(CLASSES)], seed=number)
    image = scene.resize((CAMERA[0] // 4, CAMERA[1] // 4), Image.Resampling.BICUBIC)
    coarse = np.asarray(image, dtype=np.float32) + random.normal(0, 12, (CAMERA[1] // 4, CAMERA[0] // 4, 1))
    image = Image.fromarray(coarse.clip(0, 255).astype(np.uint8)).resize(CAMERA, Image.Resampling.BICUBIC)
    moved = np.roll(grain, tuple(random.integers(0, CAMERA[::-1])), axis=(0, 1))
    pixels = (np.asarray(image, dtype=np.float32) + moved).clip(0, 255).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0110] = f"Drawn by a benchmark, number {number}"
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=90, exif=exif)
    return stream.getvalue()


def _write_small(folder: Path, numbers: range) -> None:
    for number in numbers:
        place = folder / f"{number // SMALL_IN_FOLDER:03}"
        place.mkdir(exist_ok=True)
        random = np.random.default_rng(number)
        coarse = Image.fromarray(random.integers(0, 256, (6, 6, 3), dtype=np.uint8))
        image = coarse.resize((48, 48), Image.Resampling.BICUBIC).filter(ImageFilter.SHARPEN)
        image.save(place / f"photo {number:06}.jpg", "JPEG", quality=80)
