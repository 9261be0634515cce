"""Features: computed once, kept by content, whatever happens to the file they are kept in."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scene_desktop.core.classify.classifier import Network
from scene_desktop.core.datasets.dataset import LabelledPhoto, digest
from scene_desktop.core.errors import Stopped
from scene_desktop.core.photos import images
from scene_desktop.core.photos.framing import Framing, View
from scene_desktop.core.recipes.few_photos import worthwhile
from scene_desktop.core.runs.events import PhotoSkipped, Progressed
from training.photos import features
from training.photos.versions import changed

SEEN = View(160, Framing.SQUASH)


def never() -> bool:
    return False


@pytest.fixture(scope="module")
def extractor() -> features.Extractor:
    return features.pretrained(SEEN)


def _forbid_computing(monkeypatch: pytest.MonkeyPatch) -> None:
    def computed(*_: object) -> None:
        raise AssertionError("computed although it is in the cache")

    monkeypatch.setattr(features.BothSides, "run", computed)


def test_rows_belong_to_their_photos_and_mirror_images(photos, extractor) -> None:
    rows, unreadable = features.extract(photos[:20], extractor, lambda _: None, never)
    assert unreadable == []
    photo = images.load_photo(photos[13].path, (160, 160))
    expected = Network(extractor.content).run(np.stack([photo, photo[:, ::-1]]))
    assert rows.shape == (20, 2, 3008)
    assert np.abs(rows[13] - expected).max() < 0.01


def test_a_second_run_computes_nothing_and_gives_the_same(photos, extractor, monkeypatch) -> None:
    first, _ = features.extract(photos, extractor, lambda _: None, never)
    _forbid_computing(monkeypatch)
    events: list[Progressed] = []
    second, _ = features.extract(photos, extractor, events.append, never)
    assert np.array_equal(first, second)
    assert (events[-1].done, events[-1].total) == (72, 72)


def test_another_network_does_not_get_these_features(photos, extractor) -> None:
    features.extract(photos[:4], extractor, lambda _: None, never)
    other = features.Extractor(extractor.content + b"\0", SEEN, extractor.shape)
    cache = features.FeatureCache(features.usual_cache(), other.identity(), (2, 3008))
    assert list(cache.read([photo.digest for photo in photos[:4]])) == []
    cache.close()


def test_a_copy_of_a_photo_is_computed_once(photos, extractor, tmp_path: Path, monkeypatch) -> None:
    features.extract(photos[:1], extractor, lambda _: None, never)
    copy = tmp_path / "copy.jpg"
    copy.write_bytes(Path(photos[0].path).read_bytes())
    _forbid_computing(monkeypatch)
    both = [photos[0], LabelledPhoto(str(copy), 0, photos[0].digest)]
    rows, _ = features.extract(both, extractor, lambda _: None, never)
    assert rows.any()
    assert np.array_equal(rows[0], rows[1])


@pytest.mark.parametrize("content", [b"this is no database", b""])
def test_a_damaged_cache_is_replaced(photos, extractor, monkeypatch, content: bytes) -> None:
    file = features.usual_cache()
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    first, _ = features.extract(photos[:10], extractor, lambda _: None, never)
    _forbid_computing(monkeypatch)
    second, _ = features.extract(photos[:10], extractor, lambda _: None, never)
    assert np.array_equal(first, second)


def test_a_cache_damaged_in_the_middle_is_not_fatal(photos, extractor) -> None:
    first, _ = features.extract(photos, extractor, lambda _: None, never)
    content = bytearray(features.usual_cache().read_bytes())
    content[100 : len(content) // 2] = b"\xa5" * (len(content) // 2 - 100)
    features.usual_cache().write_bytes(content)
    second, _ = features.extract(photos, extractor, lambda _: None, never)
    assert np.array_equal(first, second)


def test_a_damaged_row_is_computed_again(photos, extractor) -> None:
    first, _ = features.extract(photos[:8], extractor, lambda _: None, never)
    with sqlite3.connect(features.usual_cache()) as connection:
        connection.execute("UPDATE features SET content = zeroblob(length(content))")
    connection.close()
    second, _ = features.extract(photos[:8], extractor, lambda _: None, never)
    assert np.array_equal(first, second)


def test_without_a_place_for_the_cache_the_work_goes_on(photos, extractor, home: Path) -> None:
    home.mkdir()
    (home / "cache").write_bytes(b"a file where the folder should be")
    rows, _ = features.extract(photos[:8], extractor, lambda _: None, never)
    assert rows.any(axis=(1, 2)).all()


def test_an_interrupted_run_keeps_what_it_has(photos, extractor) -> None:
    calls = iter([False] * 4)
    with pytest.raises(Stopped):
        features.extract(photos, extractor, lambda _: None, lambda: next(calls, True))
    cache = features.FeatureCache(features.usual_cache(), extractor.identity(), (2, 3008))
    kept = len(list(cache.read([photo.digest for photo in photos])))
    cache.close()
    assert 0 < kept < len(photos)


def test_unreadable_photos_are_told_and_the_others_computed(photos, extractor, tmp_path: Path) -> None:
    broken, changed = tmp_path / "broken.jpg", tmp_path / "changed.png"
    broken.write_bytes(Path(photos[0].path).read_bytes()[:900])
    Image.new("RGB", (20, 20), "red").save(changed)
    some = [
        photos[0],
        LabelledPhoto(str(broken), 0, digest(broken.read_bytes())),
        LabelledPhoto(str(changed), 0, b"the digest of before"),
        LabelledPhoto(str(tmp_path / "gone.jpg"), 0, b"?"),
    ]
    events: list[object] = []
    rows, unreadable = features.extract(some, extractor, events.append, never)
    told = [event.path for event in events if isinstance(event, PhotoSkipped)]
    assert sorted(told) == sorted(photo.path for photo in unreadable) == sorted(p.path for p in some[1:])
    assert rows[0].any()


def test_decoding_keeps_the_pixels_of_the_one_decoder(photos) -> None:
    out = np.zeros((5, 150, 150, 3), np.uint8)
    assert features.decode(photos[:5], View(150, Framing.SQUASH), out, lambda _: None, never) == []
    assert np.array_equal(out[3], images.load_photo(photos[3].path, (150, 150)))


@pytest.mark.parametrize(("side", "framing"), [(96, Framing.SQUASH), (224, Framing.CUT), (128, Framing.PAD)])
def test_one_network_serves_every_view_and_keeps_them_apart(
    photos, extractor, side: int, framing: Framing
) -> None:
    seen = features.Extractor(extractor.content, View(side, framing), extractor.shape)
    rows, _ = features.extract(photos[:3], seen, lambda _: None, never)
    expected = Network(extractor.content).run(images.load_view(photos[1].path, seen.view)[None])
    assert np.abs(rows[1, 0] - expected[0]).max() < 0.01
    usual, _ = features.extract(photos[:3], extractor, lambda _: None, never)
    assert not np.array_equal(rows, usual)


def test_changed_versions_are_the_same_ones_each_time_and_kept(photos, extractor, monkeypatch) -> None:
    changing = features.Extractor(extractor.content, extractor.view, extractor.shape, versions=3)
    rows, _ = features.extract(photos[:5], changing, lambda _: None, never)
    photo = images.load_view(photos[4].path, SEEN)
    pictures = changed(photo, 3, photos[4].digest)
    assert pictures.shape == (3, 160, 160, 3)
    assert np.abs(rows[4] - Network(extractor.content).run(pictures)).max() < 0.01
    assert np.abs(rows[4, 0] - rows[4, 1]).max() > 0.1
    monkeypatch.setattr(features.EachVersion, "run", None)
    again, _ = features.extract(photos[:5], changing, lambda _: None, never)
    assert np.array_equal(rows, again)


def test_there_are_fewer_versions_where_there_are_many_photos() -> None:
    assert [worthwhile(4, photos) for photos in (10, 900, 1000, 1500, 2900, 5000)] == [4, 4, 4, 2, 0, 0]
    assert worthwhile(0, 10) == 0
