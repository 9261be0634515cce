"""Share files: what is in them, what is not, and everything that is refused."""

import json
import re
from pathlib import Path
from typing import BinaryIO

import msgspec
import numpy as np
import pytest

from scene_desktop.core import sharing
from scene_desktop.core.errors import InputError, ModelFileError
from scene_desktop.core.models import metrics, tensors
from scene_desktop.core.models.card import Evaluation, ModelCard, PhotoResult
from scene_desktop.core.models.library import Library, NewModel, StoredModel
from scene_desktop.core.recipes.networks import weight_shapes
from scene_desktop.core.recipes.recipe import Network
from scene_desktop.core.sharing.header import Header
from tests.model_proofs import examine, mutations
from tests.share_zoo import CLASSES, bombs, card, good, odd_files

BOMBS = bombs()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "x.scenemodel"


def stored(folder: Path, made: ModelCard, evaluation: Evaluation | None = None) -> StoredModel:
    """A model of a library; nothing in it is compiled."""
    dice = np.random.default_rng(5)
    shapes = weight_shapes(made.network, made.image_size, len(made.classes))
    values = {name: dice.normal(0, 0.1, shape).astype(np.float16) for name, shape in shapes.items()}
    photos = (PhotoResult("sea/private name.jpg", "00ff", 1, 1, 0.9),)
    new = NewModel(made, tensors.to_bytes(values), b"compiled", evaluation, "epoch\n", photos)
    return Library(folder, folder / "none").add(new)


def results(classes: tuple[str, ...]) -> Evaluation:
    labels = np.arange(2 * len(classes), dtype=np.int64) % len(classes)
    return metrics.evaluate(np.eye(len(classes), dtype=np.float32)[labels], labels, classes)


@pytest.mark.parametrize("network", Network)
def test_a_shared_model_comes_back_with_its_numbers_card_and_results(
    tmp_path: Path, file: Path, network: Network
) -> None:
    model = stored(tmp_path / "models", card(network), results(CLASSES))
    sharing.share(model, file)
    shared = sharing.read(file)
    assert tensors.to_bytes(shared.tensors) == model.weights()
    assert shared.evaluation == model.evaluation()
    assert shared.card == msgspec.structs.replace(model.card, weights_sha256="", compiled_sha256="")
    assert sharing.check(file) == shared.card


def test_the_built_in_model_can_be_shared(file: Path) -> None:
    model = Library().default()
    sharing.share(model, file)
    assert tensors.to_bytes(sharing.read(file).tensors) == model.weights()
    assert sharing.file_name(model) == "Natural scenes.scenemodel"


def test_a_share_file_can_be_read_by_any_program_that_knows_safetensors(tmp_path: Path, file: Path) -> None:
    import safetensors

    sharing.share(stored(tmp_path / "models", card()), file)
    with safetensors.safe_open(file, "numpy") as opened:
        assert json.loads(opened.metadata()["card"])["classes"] == list(CLASSES)
        assert set(opened.keys()) == set(weight_shapes(Network.COMPACT_CNN, 32, 3))


def test_photos_and_whatever_belongs_to_this_computer_stay_here(tmp_path: Path, file: Path) -> None:
    made = card()
    assert made.recipe is not None
    recipe = msgspec.structs.replace(made.recipe, validation_folder="/home/me/private")
    sharing.share(
        stored(tmp_path / "models", msgspec.structs.replace(made, recipe=recipe, run="private-run")), file
    )
    content = file.read_bytes()
    for secret in (b"private", b"00ff", b"compiled\x00", str(tmp_path).encode()):
        assert secret not in content


def test_results_without_room_are_left_out_and_all_else_is_shared(tmp_path: Path, file: Path) -> None:
    classes = tuple(f"class number {n}" for n in range(1000))
    model = stored(tmp_path / "models", card(classes=classes), results(classes))
    sharing.share(model, file)
    shared = sharing.read(file)
    assert shared.card.classes == classes
    assert shared.evaluation is None


def test_a_model_that_nobody_could_import_is_not_shared(tmp_path: Path, file: Path) -> None:
    made = card(classes=("sea", "sea\u200d", "forest"))
    with pytest.raises(
        ModelFileError, match=r"“Drawn” cannot be shared: it has two classes of the same name\."
    ):
        sharing.share(stored(tmp_path / "models", made), file)
    assert not file.exists()


def test_a_share_file_that_cannot_be_written_is_a_sentence_and_the_old_one_stays(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = stored(tmp_path / "models", card())
    file.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match=r"cannot be written \(No space left on device\)"):
        sharing.share(model, file)
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("Pets", "Pets.scenemodel"),
        ("Dogs/Cats: 2?", "Dogs-Cats- 2-.scenemodel"),
        ("..", "model.scenemodel"),
        ("Möwen 海", "Möwen 海.scenemodel"),
    ],
)
def test_the_proposed_name_is_one_that_every_system_takes(tmp_path: Path, name: str, proposed: str) -> None:
    model = StoredModel(tmp_path, msgspec.structs.replace(card(), name=name), built_in=False)
    assert sharing.file_name(model) == proposed


def test_numbers_of_both_kinds_are_read(file: Path) -> None:
    for dtype, kind in (("F16", np.float16), ("F32", np.float32)):
        file.write_bytes(good(dtype).packed())
        assert {values.dtype for values in sharing.read(file).tensors.values()} == {np.dtype(kind)}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_one_sentence(file: Path, name: str) -> None:
    content, words = BOMBS[name]
    file.write_bytes(content)
    for refuse in (sharing.check, sharing.read):
        with pytest.raises(ModelFileError, match=words) as caught:
            refuse(file)
        assert re.match(r"“x\.scenemodel” cannot be imported: it .+\. [AU].+\.$", str(caught.value))
        assert len(str(caught.value)) < 400


def test_there_are_bombs_enough() -> None:
    assert len(BOMBS) >= 40


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    for path, words in odd_files(tmp_path / "odd").values():
        with pytest.raises(ModelFileError, match=words):
            sharing.check(path)


def test_mutated_files_are_refused_or_harmless(tmp_path: Path) -> None:
    tally = examine(mutations(tmp_path / "mutated", good().packed(), 400, seed=11), measure=False)
    assert tally.wrong == []
    assert tally.refused > 300


def test_a_file_that_changes_while_it_is_read_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from scene_desktop.core.sharing import reading

    file.write_bytes(good().packed())
    check_numbers = reading.check_numbers

    def check_then_change(checked: BinaryIO, header: Header) -> None:
        check_numbers(checked, header)
        with file.open("r+b") as opened:
            opened.seek(-1, 2)
            opened.write(b"\x11")

    monkeypatch.setattr(reading, "check_numbers", check_then_change)
    with pytest.raises(ModelFileError, match="was changed while it was read"):
        sharing.read(file)


def test_hostile_texts_of_a_card_are_cleaned(file: Path) -> None:
    parts = good()
    parts.card |= {
        "name": "Se\u202ea\n<b>\x1b[31m/../etc",
        "classes": ["e\u0301te\u0301", "c:\\windows", "می\u200cخواهم" + "x" * 500],
        "dataset_name": "../../home",
        "dataset_fingerprint": "../../etc",
        "run": "../../runs/other",
        "weights_sha256": "00",
        "software": "\ud800\x00 v",
        "notes": ["a\nb", "\u2066\u2067", "x" * 5000, *["more"] * 500],
    }
    parts.card["recipe"] |= {"preset": "../x\u202e", "validation_folder": "/etc"}
    file.write_bytes(parts.packed())
    clean = sharing.check(file)
    assert clean.name == "Se a <b> [31m-..-etc"
    assert clean.classes == ("été", "c:-windows", "می\u200cخواهم" + "x" * 72)
    assert (clean.dataset_name, clean.dataset_fingerprint, clean.run) == ("..-..-home", "", "")
    assert (clean.weights_sha256, clean.software) == ("", "v")
    assert clean.notes[:2] == ("a b", "x" * 500)
    assert len(clean.notes) <= 20
    assert clean.recipe is not None
    assert (clean.recipe.preset, clean.recipe.validation_folder) == ("..-x", None)


def test_the_results_get_the_cleaned_names(file: Path) -> None:
    parts = good()
    parts.card["classes"] = ["a\u202eb", "sea", "street"]
    file.write_bytes(parts.packed())
    evaluation = sharing.read(file).evaluation
    assert evaluation is not None
    assert evaluation.classes == ("a b", "sea", "street")
    assert [figures.name for figures in evaluation.per_class] == ["a b", "sea", "street"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        *(
            (f"model{suffix}", "a Keras file, and that can carry program code")
            for suffix in (".h5", ".HDF5", ".keras")
        ),
        *(
            (f"model{suffix}", "a PyTorch file, and that can carry program")
            for suffix in (".pt", ".pth", ".ckpt")
        ),
        *((f"model{suffix}", "a Python object file") for suffix in (".pkl", ".joblib", ".npy")),
        ("graph.pb", "a TensorFlow graph, and that can read and write files"),
        ("model.onnx", "an ONNX file, and that does not say what its numbers mean"),
        ("model.tflite", "a compiled model"),
        ("model.safetensors", "a weights file"),
        ("model.mlmodel", "a Core ML model"),
    ],
)
def test_a_model_of_another_program_is_refused_by_its_name_without_being_opened(
    tmp_path: Path, name: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.write_bytes(good().packed())
    monkeypatch.setattr("builtins.open", lambda *given, **named: pytest.fail("it was opened"))
    assert sharing.is_model(str(path))
    with pytest.raises(ModelFileError, match=words) as caught:
        sharing.check(path)
    assert "Ask the sender for the file that Scene Desktop writes with “Share…”" in str(caught.value)


def test_a_saved_model_folder_is_known_and_a_folder_of_photos_is_not_taken_for_a_model(tmp_path: Path) -> None:
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "saved_model.pb").write_bytes(b"")
    (tmp_path / "holiday.h5").mkdir()
    paths = [
        str(tmp_path / name) for name in ("saved", "holiday.h5", "sea.jpg", "x.scenemodel", "X.SceneModel")
    ]
    models, others = sharing.split(paths)
    assert models == [paths[0], paths[3], paths[4]]
    assert others == paths[1:3]
    with pytest.raises(ModelFileError, match="a TensorFlow graph"):
        sharing.check(tmp_path / "saved")
