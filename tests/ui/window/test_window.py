"""The window: drops anywhere, pages, menus, closing."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.settings import Settings
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.models.page import ModelsPage
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.ui.window.window import CLASSIFY, MODELS, TRAIN, MainWindow
from scene_desktop.work.settings_file import SettingsFile
from tests.drops import drop
from tests.ui.conftest import CLASSES, stored_model


def enter(window: MainWindow, data: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(
        QPoint(90, 90),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window, event)
    return event


def test_photos_dropped_on_the_window_are_classified(
    qtbot: QtBot, window: MainWindow, photo_folder: Path
) -> None:
    paths = [str(photo_folder / "0.png"), str(photo_folder)]
    with qtbot.waitSignal(window.classify_page.intake.paths_taken) as asked:
        assert drop(window, paths)
    assert asked.args == [paths]


def test_photos_dropped_on_the_models_page_are_classified_too(
    qtbot: QtBot, window: MainWindow, photo_folder: Path
) -> None:
    window.show_page(MODELS)
    with qtbot.waitSignal(window.classify_page.intake.paths_taken):
        assert drop(window, [photo_folder])
    assert window.page == CLASSIFY


def test_a_folder_dropped_on_the_train_page_becomes_the_data_set(
    qtbot: QtBot, window: MainWindow, photo_folder: Path
) -> None:
    window.show_page(TRAIN)
    with qtbot.waitSignal(window.train_page.intake.dataset_requested) as asked:
        assert drop(window, [photo_folder])
    assert asked.args == [str(photo_folder)]
    assert window.page == TRAIN


def test_while_training_the_next_data_set_can_be_dropped(
    qtbot: QtBot, window: MainWindow, photo_folder: Path
) -> None:
    window.show_page(TRAIN)
    window.train_page.begin_training("x", PRESETS["quick"].recipe)
    with qtbot.waitSignal(window.train_page.intake.dataset_requested):
        assert drop(window, [photo_folder])


def test_dragging_shows_what_letting_go_would_do(window: MainWindow, photo_folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo_folder))])
    assert enter(window, data).isAccepted()
    assert window.veil.isVisible()
    assert window.veil.text == "Let go to classify"
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.veil.isVisible()


def urls(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


@pytest.mark.parametrize("page", [CLASSIFY, TRAIN, MODELS])
@pytest.mark.parametrize("name", ["x.scenemodel", "model.h5"])
def test_a_model_dropped_on_any_page_is_brought_and_nothing_is_classified_or_trained(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, page: int, name: str
) -> None:
    window.show_page(page)
    (tmp_path / name).touch()
    with (
        qtbot.waitSignal(window.models_brought) as brought,
        qtbot.assertNotEmitted(window.classify_page.intake.paths_taken),
        qtbot.assertNotEmitted(window.train_page.intake.dataset_requested),
    ):
        assert drop(window, [tmp_path / name])
    assert brought.args == [[str(tmp_path / name)]]


@pytest.mark.parametrize("page", [CLASSIFY, TRAIN])
def test_a_model_among_other_things_goes_its_own_way(
    qtbot: QtBot, window: MainWindow, photo_folder: Path, page: int
) -> None:
    window.show_page(page)
    other = (
        window.classify_page.intake.paths_taken
        if page == CLASSIFY
        else window.train_page.intake.dataset_requested
    )
    share_file = photo_folder / "x.scenemodel"
    with qtbot.waitSignals([window.models_brought, other]):
        assert drop(window, [share_file, photo_folder])


def test_a_pasted_model_is_brought(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    QApplication.clipboard().setMimeData(urls(tmp_path / "x.scenemodel"))
    with qtbot.waitSignal(window.models_brought):
        window.classify_page.actions_.paste.trigger()


@pytest.mark.parametrize(
    ("page", "names", "text"),
    [
        (CLASSIFY, ["x.scenemodel"], "Let go to add this to your models"),
        (TRAIN, ["x.scenemodel", "y.scenemodel"], "Let go to add this to your models"),
        (MODELS, ["model.keras"], "This kind of model cannot be opened; let go to see why"),
        (MODELS, ["x.scenemodel", "a.jpg"], "Let go to add the model and to classify the rest"),
        (TRAIN, ["x.scenemodel", "data"], "Let go to add the model, and to use the folder for training"),
    ],
)
def test_dragging_a_model_shows_what_letting_go_would_do(
    window: MainWindow, tmp_path: Path, page: int, names: list[str], text: str
) -> None:
    window.show_page(page)
    assert enter(window, urls(*(tmp_path / name for name in names))).isAccepted()
    assert window.veil.text == text


def test_models_are_imported_and_shared_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    window.models_page.set_entries([stored_model()], None)
    actions = {a.shortcut().toString(): a for a in window.findChildren(QAction)}
    with qtbot.waitSignal(window.models_page.import_requested):
        actions["Ctrl+I"].trigger()
    with qtbot.waitSignal(window.models_page.share_requested):
        actions["Ctrl+E"].trigger()
    assert window.page == MODELS


def test_escape_stops_an_import_and_closing_asks(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page(MODELS)
    window.models_page.show_importing("Checking …")
    assert window.side_bar.buttons[MODELS].share == -1.0
    with qtbot.waitSignal(window.models_page.stop_requested):
        window.stop_work()
    with qtbot.waitSignal(window.quit_requested):
        window.close()
    window.models_page.end_importing()
    assert window.side_bar.buttons[MODELS].share is None


def test_things_that_are_no_files_are_refused_in_words(window: MainWindow) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.jpg")])
    enter(window, data)
    assert "Only photos and folders of this computer" in window.veil.text


@pytest.mark.parametrize(("key", "page"), [("Alt+1", CLASSIFY), ("Alt+2", TRAIN), ("Alt+3", MODELS)])
def test_pages_have_keys_and_buttons(window: MainWindow, key: str, page: int) -> None:
    window.show_page((page + 1) % 3)
    action = next(a for a in window.findChildren(QAction) if a.shortcut() == QKeySequence(key))
    action.trigger()
    assert window.page == page
    assert window.side_bar.buttons[page].isChecked()


def test_no_two_commands_share_a_key(window: MainWindow) -> None:
    keys = [a.shortcut().toString() for a in window.findChildren(QAction) if not a.shortcut().isEmpty()]
    assert sorted(set(keys)) == sorted(keys)


def test_every_command_in_the_menus_has_text_and_tooltip(window: MainWindow) -> None:
    def commands(menu: QWidget) -> list[QAction]:
        found = []
        for action in menu.actions():
            if action.menu():
                found += commands(action.menu())
            elif not action.isSeparator():
                found.append(action)
        return found

    listed = commands(window.menuBar())
    assert len(listed) > 15
    assert all(action.text() and action.toolTip() for action in listed)


def test_every_button_can_be_told_by_a_screen_reader(window: MainWindow) -> None:
    buttons = [
        b for b in window.findChildren(QAbstractButton) if b.objectName() and "qt_" not in b.objectName()
    ]
    named = [b for b in buttons if b.accessibleName() or b.text()]
    assert named == buttons


def test_work_in_the_background_shows_in_the_side_bar(window: MainWindow) -> None:
    window.classify_page.begin_drop(CLASSES)
    assert window.side_bar.buttons[CLASSIFY].share == -1.0
    window.train_page.begin_training("x", PRESETS["quick"].recipe)
    assert window.side_bar.buttons[TRAIN].share is not None
    window.train_page.training_discarded()
    assert window.side_bar.buttons[TRAIN].share is None


def test_closing_while_work_goes_on_asks_first(qtbot: QtBot, window: MainWindow) -> None:
    window.classify_page.begin_drop(CLASSES)
    with qtbot.waitSignal(window.quit_requested):
        window.close()
    assert window.isVisible()
    window.allow_close()
    assert not window.isVisible()


def test_an_answer_given_at_once_closes_a_busy_window(qtbot: QtBot, window: MainWindow) -> None:
    window.train_page.begin_training("Pets", PRESETS["quick"].recipe)
    window.quit_requested.connect(window.allow_close)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_an_idle_window_closes_at_once(window: MainWindow) -> None:
    window.close()
    assert not window.isVisible()


def test_place_page_and_threshold_are_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    def made() -> MainWindow:
        settings = Settings(SettingsFile(tmp_path / "s.ini"))
        window = MainWindow(ClassifyPage(), TrainPage(), ModelsPage(), settings)
        qtbot.addWidget(window)
        return window

    first = made()
    first.show()
    first.resize(760, 560)
    first.show_page(MODELS)
    first.classify_page.threshold_slider.set_threshold(0.75)
    first.close()
    second = made()
    assert second.page == MODELS
    assert second.classify_page.threshold == 0.75
    assert second.size() == first.size()


def test_settings_that_make_no_sense_are_ignored(qtbot: QtBot, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    for key in ("theme", "window/geometry", "window/page", "classify/threshold", "classify/splitter"):
        settings.setValue(key, "nonsense")
    settings.sync()
    window = MainWindow(ClassifyPage(), TrainPage(), ModelsPage(), Settings(SettingsFile(tmp_path / "s.ini")))
    qtbot.addWidget(window)
    assert window.page == CLASSIFY
    assert window.classify_page.threshold == 0.6


def test_it_fits_a_small_screen_at_150_percent(window: MainWindow) -> None:
    window.resize(910, 480)
    assert window.width() <= 910
    assert window.height() <= 480
    for page in (CLASSIFY, TRAIN, MODELS):
        window.show_page(page)
        assert window.minimumSizeHint().width() <= 910
        assert window.minimumSizeHint().height() <= 480


def test_a_note_that_is_hidden_takes_no_room_above_the_pages(qtbot: QtBot, window: MainWindow) -> None:
    window.show()
    qtbot.waitExposed(window)
    page = window.classify_page

    def top() -> int:
        return page.mapTo(window.centralWidget(), page.rect().topLeft()).y()

    assert top() == 0
    window.note.tell("Something happened.", "warning")
    qtbot.waitUntil(lambda: top() > 0)
    window.note.clear()
    qtbot.waitUntil(lambda: top() == 0)
