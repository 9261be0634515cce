"""From a share file to a compiled model, in the engine."""

import os
from pathlib import Path

import keras
import msgspec
import numpy as np
import pytest

from scene_desktop.core import sharing
from scene_desktop.core.classify.classifier import Classifier, CompiledModel
from scene_desktop.core.datasets import samples as drawn
from scene_desktop.core.errors import ModelFileError, Stopped
from scene_desktop.core.models.library import Library, NewModel, StoredModel, load_model
from scene_desktop.core.recipes.recipe import Network
from scene_desktop.core.runs.events import (
    DiscardRequested,
    ImportRequested,
    ModelImported,
    Phase,
    PhaseChanged,
    TrainingDiscarded,
    TrainingFailed,
)
from tests.share_zoo import Parts, card, good
from tests.training.conftest import REPOSITORY, RunningEngine
from training.importing import import_model
from training.networks import architectures, compiling, weights
from training.run.control import Control

FAULTS = str(REPOSITORY / "tests" / "faults")


def pictures(size: int) -> np.ndarray:
    images = [drawn.draw(name, seed=9).resize((size, size)) for name in drawn.CLASSES]
    return np.stack([np.asarray(image) for image in images])


def trained(folder: Path, network: Network, size: int) -> StoredModel:
    """A model of somebody else's library, with numbers as after a training."""
    keras.utils.set_random_seed(4)
    model = architectures.build(network, size, 3)
    model(pictures(size), training=True)
    weights.round_to_float16(model)
    made = msgspec.structs.replace(card(network, size=size), run="20250101-run")
    new = NewModel(made, weights.to_bytes(model), compiling.compile_model(model))
    return Library(folder, folder / "none").add(new)


def shared(path: Path, **changes: object) -> Path:
    parts = good()
    parts.card |= changes
    path.write_bytes(parts.packed())
    return path


def own_models() -> list[StoredModel]:
    return [model for model in Library().models() if not model.built_in]


@pytest.mark.parametrize(
    ("network", "size"),
    [
        (Network.LITE0_HEAD, 96),
        (Network.COMPACT_CNN, 80),
        (Network.COMPACT_CNN, 33),
        (Network.HACKATHON_CNN, 50),
    ],
)
def test_an_imported_model_gives_the_scores_of_the_shared_one(
    tmp_path: Path, network: Network, size: int
) -> None:
    source = trained(tmp_path / "sender", network, size)
    sharing.share(source, tmp_path / "x.scenemodel")
    phases: list[object] = []
    imported = import_model(str(tmp_path / "x.scenemodel"), phases.append)
    assert imported.is_new
    found = load_model(Path(imported.folder))
    assert found.weights() == source.weights()
    expected, scores = (Classifier(CompiledModel.of(m)).scores(pictures(size)) for m in (source, found))
    assert np.array_equal(scores, expected)
    assert (found.card.run, found.card.classes) == ("", source.card.classes)
    assert found.card.notes[-1].startswith("It came from a share file")
    order = [Phase.READING, Phase.STARTING, Phase.COMPILING, Phase.SAVING]
    assert phases == [PhaseChanged(phase=phase) for phase in order]


def test_what_the_library_has_already_is_not_added_twice(tmp_path: Path) -> None:
    first = import_model(str(shared(tmp_path / "x.scenemodel")), lambda event: None)
    again = import_model(str(shared(tmp_path / "y.scenemodel", name="Another name")), lambda event: None)
    assert (again.is_new, again.folder, again.card.name) == (False, first.folder, "Drawn")
    other = import_model(str(shared(tmp_path / "z.scenemodel", classes=["a", "b", "c"])), lambda event: None)
    assert (other.is_new, other.card.name) == (True, "Drawn 2")
    assert len(own_models()) == 2


def test_the_same_numbers_written_with_more_bits_are_the_same_model(tmp_path: Path) -> None:
    import_model(str(shared(tmp_path / "x.scenemodel")), lambda event: None)
    parts = good()
    wide = Parts({}, b"", parts.card, parts.evaluation)
    for name, entry in parts.table.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(parts.data[begin:end], np.float16).astype(np.float32)
        place = [len(wide.data), len(wide.data) + values.nbytes]
        wide.table[name] = entry | {"dtype": "F32", "data_offsets": place}
        wide.data += values.tobytes()
    (tmp_path / "wide.scenemodel").write_bytes(wide.packed())
    assert not import_model(str(tmp_path / "wide.scenemodel"), lambda event: None).is_new


def test_a_model_that_was_imported_can_be_shared_again_and_says_once_where_it_came_from(tmp_path: Path) -> None:
    import_model(str(shared(tmp_path / "x.scenemodel")), lambda event: None)
    (model,) = own_models()
    sharing.share(model, tmp_path / "y.scenemodel")
    assert sharing.check(tmp_path / "y.scenemodel").notes.count(model.card.notes[-1]) == 1


def test_finite_numbers_that_give_no_scores_are_refused(tmp_path: Path) -> None:
    """Multiplied with each other they overflow, and what is no number would be shown as a verdict."""
    parts = good("F32")
    for name, entry in parts.table.items():
        parts.put(name, np.full(entry["shape"], 0 if "variance" in name else 6e34, np.float32))
    (tmp_path / "x.scenemodel").write_bytes(parts.packed())
    with pytest.raises(ModelFileError, match="no reliable scores"):
        import_model(str(tmp_path / "x.scenemodel"), lambda event: None)
    assert own_models() == []


def test_a_difference_that_is_no_number_is_not_lost_behind_others(monkeypatch: pytest.MonkeyPatch) -> None:
    model = architectures.build(Network.COMPACT_CNN, 32, 2)
    compiled = compiling.compile_model(model)
    monkeypatch.setattr(compiling, "_BATCH", 1)
    scores = iter((np.zeros((1, 2), np.float32), np.full((1, 2), np.nan, np.float32)))
    monkeypatch.setattr(compiling.Network, "run", lambda self, photos: next(scores))
    assert np.isnan(compiling.largest_difference(model, compiled, np.zeros((2, 32, 32, 3), np.uint8)))


@pytest.mark.parametrize("phase", [Phase.READING, Phase.STARTING, Phase.COMPILING, Phase.SAVING])
def test_an_import_that_is_discarded_leaves_nothing(tmp_path: Path, home: Path, phase: Phase) -> None:
    control = Control()

    def report(event: object) -> None:
        if event == PhaseChanged(phase=phase):
            control.discard()

    with pytest.raises(Stopped):
        import_model(str(shared(tmp_path / "x.scenemodel")), report, control)
    assert own_models() == []
    assert not (home / "models").exists() or list((home / "models").iterdir()) == []


def test_the_engine_imports_in_a_process_of_its_own(tmp_path: Path) -> None:
    with RunningEngine(tmp_path / "engine") as engine:
        engine.send(ImportRequested(path=str(shared(tmp_path / "x.scenemodel"))))
        last = engine.rest()[-1]
        assert isinstance(last, ModelImported)
        assert engine.exit_code() == 0
        assert load_model(Path(last.folder)).card == last.card


def test_the_engine_makes_every_check_itself(tmp_path: Path) -> None:
    with RunningEngine(tmp_path / "engine") as engine:
        engine.send(ImportRequested(path=str(shared(tmp_path / "x.scenemodel", network="os.system"))))
        last = engine.rest()[-1]
        assert isinstance(last, TrainingFailed)
        assert last.wrong_input
        assert "has a network that this version does not know" in last.message
        assert engine.leftovers() == []


def test_discarding_in_the_middle_ends_the_engine_with_nothing_left(tmp_path: Path) -> None:
    with RunningEngine(tmp_path / "engine") as engine:
        engine.send(ImportRequested(path=str(shared(tmp_path / "x.scenemodel"))))
        engine.until_phase(Phase.STARTING)
        engine.send(DiscardRequested())
        assert isinstance(engine.rest()[-1], TrainingDiscarded)
        assert engine.exit_code() == 0
        assert engine.leftovers() == []


def test_an_engine_whose_window_has_gone_leaves_nothing_half(tmp_path: Path) -> None:
    with RunningEngine(tmp_path / "engine", is_warm=True) as engine:
        engine.send(ImportRequested(path=str(shared(tmp_path / "x.scenemodel"))))
        engine.until_phase(Phase.COMPILING)
        engine.close_input()
        engine.rest()
        assert engine.exit_code() == 0
        assert all(load_model(folder).weights() for folder in engine.leftovers())


@pytest.mark.skipif(os.name == "nt", reason="the faults are made for systems with fork")
@pytest.mark.parametrize("number", [1, 6])
@pytest.mark.parametrize("kind", ["ENOSPC", "kill"])
def test_a_full_disk_or_a_kill_while_it_is_added_leaves_the_library_as_it_was(
    tmp_path: Path, kind: str, number: int
) -> None:
    faults = {
        "PYTHONPATH": os.pathsep.join((FAULTS, os.environ["PYTHONPATH"])),
        "SCENE_FAULT": f"{kind}:{number}",
    }
    with RunningEngine(tmp_path / "engine", faults, is_warm=True) as engine:
        engine.send(ImportRequested(path=str(shared(tmp_path / "x.scenemodel"))))
        events = engine.rest()
        engine.exit_code()
        assert PhaseChanged(phase=Phase.SAVING) in events
        assert not any(isinstance(event, ModelImported) for event in events)
        if kind == "ENOSPC":
            assert isinstance(events[-1], TrainingFailed)
            assert events[-1].message.startswith("The disk is full, so the model was not added.")
            assert engine.leftovers() == []
        models = Library(engine.home / "models").entries()
        assert [entry for entry in models if not entry.folder.is_relative_to(REPOSITORY)] == []
