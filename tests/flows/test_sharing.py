from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from scene_desktop.core import sharing
from scene_desktop.core.errors import InputError, Stopped, TrainingError
from scene_desktop.core.models.library import Library, NewModel
from scene_desktop.core.runs.events import ImportRequested, ModelImported, Phase, PhaseChanged
from scene_desktop.core.settings import SHARING_FOLDER, Settings
from scene_desktop.core.threads import ShouldStop
from scene_desktop.flows.sharing import SharingFlow
from scene_desktop.ui.models.page import ModelsPage
from tests.flows.conftest import Gate, Unhandled, fail, idle, press
from tests.ui.conftest import stored_model

ENGINE = "scene_desktop.flows.sharing.run_engine"


@pytest.fixture
def lanes(lane: Callable[..., Any]) -> SimpleNamespace:
    return SimpleNamespace(importing=lane("import"), saving=lane("saving"))


@pytest.fixture
def flow(
    models_page: ModelsPage,
    lanes: SimpleNamespace,
    library: Library,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> SharingFlow:
    monkeypatch.setattr(sharing, "check", lambda path: None)
    made = SharingFlow(models_page, lanes.importing, lanes.saving, library, settings)
    made.library_changed.connect(lambda: models_page.set_entries(library.entries(), None))
    return made


@pytest.fixture
def engine(library: Library, gate: Callable[..., Gate], monkeypatch: pytest.MonkeyPatch) -> Gate:
    """In place of the engine: waits here, then adds a model that is called as the file, unless it is there."""
    made = gate()

    def run_engine(
        request: ImportRequested, report: Callable[[Any], None], should_stop: ShouldStop
    ) -> ModelImported:
        name = Path(request.path).stem
        report(PhaseChanged(phase=Phase.COMPILING))
        made.pass_through(should_stop)
        there = next((one for one in library.models() if one.card.name == name), None)
        model = there or library.add(NewModel(stored_model(name).card, b"weights", b"compiled"))
        return ModelImported(card=model.card, folder=str(model.folder), is_new=there is None)

    monkeypatch.setattr(ENGINE, run_engine)
    return made


def end(qtbot: QtBot, page: ModelsPage, lanes: SimpleNamespace) -> str:
    """Waits for the end of all imports; what the page says then."""
    idle(qtbot, lanes.importing)
    assert not page.is_busy
    return page.note.text


def test_an_imported_model_is_told_shown_and_used(
    qtbot: QtBot, flow: SharingFlow, models_page: ModelsPage, lanes: SimpleNamespace, engine: Gate
) -> None:
    with qtbot.waitSignal(flow.page_wanted):
        flow.import_files(["/birds.scenemodel"])
    assert models_page.is_importing
    qtbot.waitUntil(
        lambda: models_page.progress.text == "Making “birds.scenemodel” ready: compiling and comparing …"
    )
    engine.open()
    assert end(qtbot, models_page, lanes) == "“birds” is one of your models now."
    assert models_page.selected.card.name == "birds"  # type: ignore[union-attr]  # no damaged one is there
    with qtbot.waitSignal(models_page.use_requested) as wanted:
        press(qtbot, models_page, "models_note_offer")
    assert wanted.args[0].card.name == "birds"
    assert models_page.note.isHidden()


def test_a_model_that_is_there_already_is_told_so(
    qtbot: QtBot, flow: SharingFlow, models_page: ModelsPage, lanes: SimpleNamespace, engine: Gate
) -> None:
    engine.open()
    flow.import_files(["/Pets.scenemodel"])
    assert end(qtbot, models_page, lanes) == "You have this model already, as “Pets”. Nothing was added."


def test_each_file_gets_its_sentence_and_a_bad_one_stops_nothing(
    qtbot: QtBot,
    flow: SharingFlow,
    models_page: ModelsPage,
    lanes: SimpleNamespace,
    engine: Gate,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def check(path: Path) -> None:
        if path.suffix == ".h5":
            raise InputError(f"“{path.name}” is a Keras file.")

    monkeypatch.setattr(sharing, "check", check)
    flow.import_files(["/birds.scenemodel", "/bad.h5"])
    qtbot.waitUntil(lambda: "1 more to follow." in models_page.progress.text)
    flow.import_files(["/fish.scenemodel"])
    engine.open()
    assert end(qtbot, models_page, lanes).splitlines() == [
        "“birds” is one of your models now.",
        "“bad.h5” is a Keras file.",
        "“fish” is one of your models now.",
    ]
    flow.import_files(["/bad.h5"])
    assert end(qtbot, models_page, lanes) == "“bad.h5” is a Keras file."


@pytest.mark.parametrize("good", [True, False])
def test_many_files_are_summed_up(
    qtbot: QtBot,
    flow: SharingFlow,
    models_page: ModelsPage,
    lanes: SimpleNamespace,
    engine: Gate,
    good: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not good:
        monkeypatch.setattr(sharing, "check", fail(InputError("It is no model.")))
    engine.open()
    flow.import_files([f"/model {number}.scenemodel" for number in range(4)])
    assert end(qtbot, models_page, lanes) == (
        "4 of 4 models are in your library; the details tell of each."
        if good
        else "None of these 4 models was added; the details say why."
    )
    assert len(models_page.note.details.splitlines()) == 4


@pytest.mark.parametrize(
    ("error", "text", "details"),
    [
        (TrainingError("The engine was ended.", "SIGKILL"), "The engine was ended.", "SIGKILL"),
        (ZeroDivisionError(), "Something unexpected went wrong. The model was not added.", ""),
    ],
)
def test_an_import_that_fails_is_a_sentence_and_the_next_one_runs(
    qtbot: QtBot,
    flow: SharingFlow,
    models_page: ModelsPage,
    lanes: SimpleNamespace,
    engine: Gate,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    text: str,
    details: str,
) -> None:
    engine.open()
    with monkeypatch.context() as patched:
        patched.setattr(ENGINE, fail(error))
        flow.import_files(["/birds.scenemodel"])
        assert end(qtbot, models_page, lanes) == text
    assert models_page.note.details == details
    assert unhandled.take() == ([ZeroDivisionError] if isinstance(error, ZeroDivisionError) else [])
    flow.import_files(["/birds.scenemodel"])
    assert end(qtbot, models_page, lanes) == "“birds” is one of your models now."


def test_stop_ends_all_imports_and_nothing_else(
    qtbot: QtBot,
    flow: SharingFlow,
    models_page: ModelsPage,
    lanes: SimpleNamespace,
    engine: Gate,
    gate: Callable[..., Gate],
    library: Library,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writing = gate()
    monkeypatch.setattr(sharing, "share", lambda model, path: writing.pass_through())
    flow.share(library.find("Pets"), str(tmp_path / "pets.scenemodel"))
    flow.import_files(["/birds.scenemodel", "/fish.scenemodel"])
    qtbot.waitUntil(lambda: engine.reached.is_set() and writing.reached.is_set())
    models_page.stop()
    assert models_page.progress.text == "Stopping …"
    idle(qtbot, lanes.importing)
    assert models_page.note.text.splitlines() == [
        "Stopped; “birds.scenemodel” was not added.",
        "Stopped; “fish.scenemodel” was not added.",
    ]
    assert not models_page.is_importing
    assert models_page.is_busy
    writing.open()
    idle(qtbot, lanes.saving)
    assert models_page.note.text.startswith("Saved ")


def test_reports_that_come_late_do_not_hide_that_it_stops(
    qtbot: QtBot,
    flow: SharingFlow,
    models_page: ModelsPage,
    lanes: SimpleNamespace,
    gate: Callable[..., Gate],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, after = gate(), gate()

    def run_engine(request: object, report: Callable[[Any], None], should_stop: ShouldStop) -> None:
        before.pass_through()
        report(PhaseChanged(phase=Phase.SAVING))
        after.pass_through()
        raise Stopped

    monkeypatch.setattr(ENGINE, run_engine)
    texts: list[str] = []
    show = ModelsPage.show_importing
    monkeypatch.setattr(ModelsPage, "show_importing", lambda page, text: (texts.append(text), show(page, text)))
    flow.import_files(["/birds.scenemodel"])
    qtbot.waitUntil(lambda: before.reached.is_set() and len(texts) == 2)
    models_page.stop()
    before.open()
    after.open()
    idle(qtbot, lanes.importing)
    assert len(texts) == 2


def test_nothing_brought_is_nothing_done(flow: SharingFlow, lanes: SimpleNamespace, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(flow.page_wanted):
        flow.import_files([])
    assert not lanes.importing.is_busy


def test_the_folder_of_the_last_time_is_proposed(
    qtbot: QtBot,
    flow: SharingFlow,
    models_page: ModelsPage,
    lanes: SimpleNamespace,
    engine: Gate,
    library: Library,
    settings_after: Callable[[], Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine.open()
    asked: list[str] = []
    chosen = [str(tmp_path / "birds.scenemodel")]

    def names(parent: object, title: str, folder: str, kinds: str) -> tuple[list[str], str]:
        asked.append(folder)
        return chosen, ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", names)
    models_page.import_button.click()
    end(qtbot, models_page, lanes)
    assert settings_after().get(SHARING_FOLDER) == str(tmp_path)
    chosen.clear()
    models_page.import_button.click()
    assert asked == ["", str(tmp_path)]
    monkeypatch.setattr(QFileDialog, "exec", lambda box: asked.append(box.directory().path()) or False)
    models_page.share_requested.emit(library.find("Pets"))
    assert asked[-1] == str(tmp_path)
    assert not lanes.saving.is_busy


def test_a_model_is_shared_as_a_file(
    qtbot: QtBot,
    flow: SharingFlow,
    models_page: ModelsPage,
    lanes: SimpleNamespace,
    library: Library,
    opened_urls: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sharing, "share", lambda model, path: path.write_bytes(b"shared"))
    monkeypatch.setattr(QFileDialog, "exec", lambda box: True)
    monkeypatch.setattr(QFileDialog, "selectedFiles", lambda box: [str(tmp_path / "pets.scenemodel")])
    models_page.share_requested.emit(library.find("Pets"))
    assert models_page.note.text == "Saving “pets.scenemodel” …"
    assert models_page.is_busy
    idle(qtbot, lanes.saving)
    assert not models_page.is_busy
    assert (tmp_path / "pets.scenemodel").read_bytes() == b"shared"
    press(qtbot, models_page, "models_note_offer")
    assert opened_urls == [str(tmp_path)]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (InputError("The disk is full."), "The disk is full."),
        (ZeroDivisionError(), "Something unexpected went wrong. No file was written."),
    ],
)
def test_a_file_that_cannot_be_written_is_a_sentence(
    qtbot: QtBot,
    flow: SharingFlow,
    models_page: ModelsPage,
    lanes: SimpleNamespace,
    library: Library,
    unhandled: Unhandled,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    text: str,
) -> None:
    monkeypatch.setattr(sharing, "share", fail(error))
    flow.share(library.find("Pets"), "/somewhere/pets.scenemodel")
    idle(qtbot, lanes.saving)
    assert models_page.note.text == text
    assert not models_page.is_busy
    assert unhandled.take() == ([ZeroDivisionError] if isinstance(error, ZeroDivisionError) else [])
