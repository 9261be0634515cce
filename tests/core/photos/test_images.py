import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scene_desktop.core.errors import PhotoError
from scene_desktop.core.photos.images import decode_photo, find_photos, load_photo
from tests.photo_zoo import bad_photos, encoded, good_photos, picture, write_zoo


@pytest.mark.parametrize("name", good_photos())
def test_good_photos_decode_to_rgb(name: str) -> None:
    pixels = decode_photo(good_photos()[name], (40, 60))
    assert pixels.shape == (40, 60, 3)
    assert pixels.dtype == np.uint8


@pytest.mark.parametrize("name", bad_photos())
def test_bad_photos_are_refused_with_a_reason(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(bad_photos()[name])
    with pytest.raises(PhotoError) as caught:
        load_photo(file, (40, 40))
    assert 5 < len(str(caught.value)) < 200


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int) -> None:
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = picture()
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    pixels = decode_photo(encoded(stored, "PNG", exif=exif))
    assert np.array_equal(pixels, np.asarray(upright))


def test_sixteen_bit_grey_keeps_its_steps() -> None:
    deep = Image.fromarray(np.linspace(0, 65535, 256).reshape(1, 256).astype(np.uint16))
    pixels = decode_photo(encoded(deep, "PNG"))
    assert np.abs(pixels[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_float_from_zero_to_one_is_not_black() -> None:
    light = Image.fromarray(np.linspace(0, 1, 256, dtype=np.float32).reshape(1, 256))
    pixels = decode_photo(encoded(light, "TIFF"))
    assert np.abs(pixels[0, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_transparency_lies_on_white() -> None:
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert (decode_photo(encoded(clear, "PNG")) == 255).all()


def test_half_transparency_is_blended_with_white() -> None:
    half = Image.new("RGBA", (4, 4), (200, 0, 0, 128))
    red, green, blue = decode_photo(encoded(half, "PNG"))[0, 0]
    assert abs(int(red) - 227) <= 1
    assert abs(int(green) - 127) <= 1
    assert green == blue


def test_first_frame_of_an_animation_counts() -> None:
    black, white = Image.new("RGB", (8, 8)), Image.new("RGB", (8, 8), "white")
    moving = encoded(black, "GIF", save_all=True, append_images=[white])
    assert decode_photo(moving).max() == 0


def test_scaled_decoding_of_a_large_jpeg_is_close_to_the_full_one() -> None:
    yy, xx = np.mgrid[0:1800, 0:2400]
    wave = np.stack([np.sin(xx / 90), np.cos(yy / 70), np.sin((xx + yy) / 120)], axis=-1)
    large = Image.fromarray((127 + 120 * wave).astype(np.uint8))
    content = encoded(large, "JPEG", quality=92)
    quick = decode_photo(content, (160, 160)).astype(int)
    full = np.asarray(
        Image.fromarray(decode_photo(content)).resize((160, 160), Image.Resampling.BILINEAR)
    ).astype(int)
    assert np.abs(quick - full).mean() < 1.5


def test_fit_keeps_proportions_and_never_enlarges() -> None:
    assert decode_photo(encoded(picture(80, 40), "PNG"), (20, 20), fit=True).shape == (10, 20, 3)
    assert decode_photo(encoded(picture(16, 8), "PNG"), (200, 200), fit=True).shape == (8, 16, 3)


def test_a_missing_file_and_a_folder_have_their_own_reason(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="does not exist"):
        load_photo(tmp_path / "gone.jpg")
    with pytest.raises(PhotoError, match="folder"):
        load_photo(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="no FIFOs on Windows")
def test_a_fifo_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(PhotoError, match="regular"):
        load_photo(tmp_path / "pipe.jpg")


def test_search_goes_into_folders_sorted_and_passes_over_what_is_no_photo(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.PNG", "deep/er/c.webp", ".hidden.jpg", ".hidden/d.jpg", "notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [os.path.relpath(path, tmp_path) for path in find_photos([tmp_path])]
    assert found == ["a.PNG", "b.jpg", os.path.join("deep", "er", "c.webp")]


def test_a_path_named_twice_is_found_once(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    assert len(list(find_photos([tmp_path, tmp_path / "a.jpg", tmp_path]))) == 1


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege on Windows")
def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "loop").mkdir()
    (tmp_path / "loop" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "real.jpg").touch()
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real.jpg")
    assert [Path(path).name for path in find_photos([tmp_path])] == ["real.jpg"]


def test_an_unreadable_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "open.jpg").touch()
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    problems: list[tuple[str, str]] = []
    found = list(find_photos([tmp_path], lambda path, reason: problems.append((path, reason))))
    assert len(found) == 1
    assert problems == [(str(tmp_path / "closed"), "Permission denied")]


def test_the_zoo_is_large_enough(tmp_path: Path) -> None:
    good, bad = write_zoo(tmp_path)
    assert len(bad) >= 60
    assert len(good) >= 30
