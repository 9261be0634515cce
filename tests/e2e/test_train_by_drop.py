from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from scene_desktop.app import Desk
from scene_desktop.core.recipes.parameters import with_changes
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.runs.stored import find_run, stored_runs
from tests.drops import drop
from tests.recipes import STEPWISE

SHORT = with_changes(PRESETS["quick"].recipe, epochs=3, batch_size=16, early_stopping=False)
LONG = with_changes(STEPWISE, epochs=1000, batch_size=4, early_stopping=False)


def test_a_dropped_data_set_is_read_trained_and_its_model_classifies(
    qtbot: QtBot, desk: Desk, samples: Path
) -> None:
    desk.window.show_train_page()
    with qtbot.waitSignal(desk.train_page.intake.dataset_requested):
        assert drop(desk.window, [samples])
    qtbot.waitUntil(lambda: not desk.reading_lane.is_busy, timeout=30_000)
    with qtbot.waitSignal(desk.training_flow.model_saved, timeout=120_000) as saved:
        desk.train_page.setup.start_requested.emit(str(samples), SHORT, "Drawn", None)
    card = saved.args[0].card
    assert card.epochs_run == 3
    desk.train_page.live_run.result.use_requested.emit(card.name)
    assert desk.classify_flow.model is not None
    assert desk.classify_flow.model.card.name == "Drawn"
    assert drop(desk.window, [samples / "sea"])
    qtbot.waitUntil(lambda: len(desk.classify_page.predictions) == 12, timeout=30_000)


def test_finish_now_keeps_a_model_and_discard_keeps_none(qtbot: QtBot, desk: Desk, samples: Path) -> None:
    desk.train_page.setup.start_requested.emit(str(samples), LONG, "Finished", None)
    qtbot.waitUntil(lambda: epochs(desk) >= 2, timeout=60_000)
    with qtbot.waitSignal(desk.training_flow.model_saved, timeout=60_000):
        desk.train_page.live_run.finish_requested.emit()
    desk.train_page.setup.start_requested.emit(str(samples), LONG, "Discarded", None)
    qtbot.waitUntil(lambda: epochs(desk) == 0, timeout=10_000)
    qtbot.waitUntil(lambda: epochs(desk) >= 1, timeout=60_000)
    desk.train_page.live_run.discard_requested.emit()
    qtbot.waitUntil(lambda: not desk.train_lane.is_busy, timeout=1_000)
    assert [model.card.name for model in desk.library.models() if not model.built_in] == ["Finished"]


def test_a_wrong_folder_is_refused_in_the_page(
    qtbot: QtBot, desk: Desk, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []
    monkeypatch.setattr(desk.train_page, "refuse_dataset", refused.append)
    desk.window.show_train_page()
    drop(desk.window, [samples / "sea"])
    qtbot.waitUntil(lambda: bool(refused))
    assert "no folders" in refused[0]


def test_a_killed_engine_is_told_and_the_app_goes_on(
    qtbot: QtBot, desk: Desk, samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os
    import signal

    failed: list[str] = []
    monkeypatch.setattr(desk.train_page, "training_failed", lambda message, *more: failed.append(message))
    desk.train_page.setup.start_requested.emit(str(samples), LONG, "Killed", None)
    qtbot.waitUntil(lambda: bool(desk.train_page.live_run.run), timeout=60_000)
    for child in _children(os.getpid()):
        os.kill(child, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(failed), timeout=10_000)
    assert "SIGKILL" in failed[0]
    assert not desk.train_lane.is_busy
    assert [model.card.name for model in desk.library.models()] == ["Natural scenes"]


def epochs(desk: Desk) -> int:
    """Epochs that the page has been told of the training that runs."""
    return len(desk.train_page.live_run.history.epochs)


def _children(process_id: int) -> list[int]:
    """Direct children that run the engine."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
            command = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == process_id and b"engine" in command:
            found.append(int(stat.parent.name))
    return found


def test_a_training_that_is_kept_when_the_window_closes_is_offered_and_resumed(
    qtbot: QtBot, desk: Desk, samples: Path
) -> None:
    desk.train_page.setup.start_requested.emit(str(samples), LONG, "Kept", None)
    qtbot.waitUntil(lambda: epochs(desk) >= 2, timeout=60_000)
    desk.close()
    (run,) = stored_runs()
    qtbot.waitUntil(lambda: find_run(run.name).can_resume, timeout=20_000)
    again = Desk()
    qtbot.addWidget(again.window)
    again.window.show_train_page()
    qtbot.waitUntil(lambda: again.train_page.offer.isVisibleTo(again.train_page), timeout=10_000)
    with qtbot.waitSignal(again.training_flow.model_saved, timeout=60_000):
        again.train_page.offer.keep_best_requested.emit(run.name)
    assert [model.card.name for model in again.library.models() if not model.built_in] == ["Kept"]
    qtbot.waitUntil(lambda: find_run(run.name).is_completed, timeout=5_000)
    again.close()


def test_trainings_wait_in_a_queue_and_follow_each_other(qtbot: QtBot, desk: Desk, samples: Path) -> None:
    saved: list[str] = []
    desk.training_flow.model_saved.connect(lambda event: saved.append(event.card.name))
    tiny = with_changes(PRESETS["hackathon"].recipe, epochs=1, image_size=32)  # it is about the queue alone
    for name in ("First", "Second", "Dropped", "Third"):
        desk.train_page.setup.start_requested.emit(str(samples), tiny, name, None)
    names = ["Second", "Dropped", "Third"]
    qtbot.waitUntil(lambda: list(desk.train_page.live_run.queue.names) == names, timeout=10_000)
    desk.train_page.live_run.queue.unqueue_requested.emit(1)
    assert list(desk.train_page.live_run.queue.names) == ["Second", "Third"]
    qtbot.waitUntil(lambda: not desk.train_lane.is_busy, timeout=120_000)
    assert saved == ["First", "Second", "Third"]
