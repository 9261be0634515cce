"""The owner of the engine, against engines that misbehave in every way we could think of."""

import os
import queue
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scene_desktop.core.errors import InputError, Stopped, TrainingError
from scene_desktop.core.recipes.presets import PRESETS
from scene_desktop.core.runs.events import (
    EngineCommand,
    FinishRequested,
    Phase,
    PhaseChanged,
    TrainingEvent,
    TrainRequested,
)
from scene_desktop.work.engine_client import engine_command, run_engine
from tests.processes import wait_until

REQUEST = TrainRequested(dataset="/data", recipe=PRESETS["quick"].recipe, name="x")
PHASE = '{"type":"PhaseChanged","phase":"reading"}'
PRELUDE = "import os, sys, time, signal\ndef say(text): print(text, flush=True)\nsys.stdin.readline()\n"


def engine(code: str) -> list[str]:
    return [sys.executable, "-c", PRELUDE + code]


def run(code: str, events: list[TrainingEvent] | None = None) -> None:
    """Follows an engine that does this; what it tells is added to `events`."""
    run_engine(REQUEST, [].append if events is None else events.append, command=engine(code))


def test_a_killed_engine_is_one_clear_failure() -> None:
    events: list[TrainingEvent] = []
    code = f"say('{PHASE}'); os.kill(os.getpid(), signal.SIGKILL)"
    with pytest.raises(TrainingError, match=r"SIGKILL.*memory"):
        run(code, events)
    assert events == [PhaseChanged(phase=Phase.READING)]


def test_a_non_zero_exit_is_one_clear_failure_with_the_last_words() -> None:
    with pytest.raises(TrainingError, match="exit code 3") as caught:
        run("print('cuda is sad', file=sys.stderr); sys.exit(3)")
    assert "cuda is sad" in caught.value.details


def test_an_exit_with_zero_but_without_a_result_is_a_failure_too() -> None:
    with pytest.raises(TrainingError, match="exit code 0"):
        run(f"say('{PHASE}')")


@pytest.mark.parametrize(
    "garbage", ["hello", "{}", '{"type":"Nothing"}', '{"type":"PhaseChanged","phase":"lunch"}', "\\x00\\xff"]
)
def test_garbage_on_the_pipe_is_one_clear_failure(garbage: str) -> None:
    started = time.monotonic()
    with pytest.raises(TrainingError, match="cannot be understood"):
        run(f"say({garbage!r}); time.sleep(60)")
    assert time.monotonic() - started < 10


def test_a_failure_that_the_engine_tells_keeps_its_words() -> None:
    with pytest.raises(TrainingError, match="Loss became NaN") as caught:
        run(
            """say('{"type":"TrainingFailed","message":"Loss became NaN","details":"trace",'
                '"suggested":{"learning_rate":0.001}}')"""
        )
    assert caught.value.details == "trace"
    assert caught.value.suggested == {"learning_rate": 0.001}
    with pytest.raises(InputError, match="no photos"):
        run("""say('{"type":"TrainingFailed","message":"no photos","wrong_input":true}')""")


def test_discarding_takes_effect_within_half_a_second_whatever_the_engine_does() -> None:
    asked: list[float] = []

    def should_stop() -> bool:
        if seen and not asked:
            asked.append(time.monotonic())
        return bool(asked)

    seen: list[TrainingEvent] = []
    with pytest.raises(Stopped):
        run_engine(REQUEST, seen.append, should_stop, command=engine(f"say('{PHASE}'); time.sleep(3)"))
    assert time.monotonic() - asked[0] < 0.5


def test_a_wish_is_sent_once(tmp_path: Path) -> None:
    code = f"""
say('{PHASE}')
with open({str(tmp_path / "heard")!r}, 'w') as heard:
    for line in sys.stdin:
        heard.write(line); heard.flush()
        say('{{"type":"TrainingFailed","message":"enough"}}')
"""
    wishes: queue.SimpleQueue[EngineCommand] = queue.SimpleQueue()
    with pytest.raises(TrainingError, match="enough"):
        run_engine(REQUEST, lambda event: wishes.put(FinishRequested()), wishes=wishes, command=engine(code))
    assert (tmp_path / "heard").read_text().count("FinishRequested") == 1


def test_a_missing_program_is_one_clear_failure() -> None:
    with pytest.raises(TrainingError, match="could not be started"):
        run_engine(REQUEST, lambda event: None, command=["/no/such/program"])


def test_an_engine_that_floods_is_followed_to_its_end() -> None:
    events: list[TrainingEvent] = []
    code = f"""
for _ in range(20000): print('{PHASE}')
say('{{"type":"TrainingFailed","message":"over"}}')
"""
    with pytest.raises(TrainingError, match="over"):
        run(code, events)
    assert len(events) == 20001


def test_an_engine_killed_in_the_middle_of_a_line_is_a_death_not_garbage() -> None:
    with pytest.raises(TrainingError, match="SIGKILL"):
        run('sys.stdout.write(\'{"type":"Pha\'); sys.stdout.flush(); os.kill(os.getpid(), signal.SIGKILL)')


def test_a_path_that_is_no_text_is_refused_in_words() -> None:
    request = TrainRequested(dataset="/data/\udcff", recipe=PRESETS["quick"].recipe, name="x")
    with pytest.raises(InputError, match="no text"):
        run_engine(request, lambda event: None, command=engine("time.sleep(5)"))


@pytest.mark.skipif(os.name == "nt", reason="reads /proc or ps")
def test_no_engine_outlives_its_owner(tmp_path: Path) -> None:
    """The owner is killed; the real engine notices its closed pipe and leaves."""
    script = """
import sys
from scene_desktop.work.engine_client import _Engine, engine_command
engine = _Engine(engine_command())
print(engine._process.pid, flush=True)
sys.stdin.readline()
"""
    owner = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    engine_id = int(owner.stdout.readline())
    owner.kill()
    owner.wait()
    for pipe in (owner.stdin, owner.stdout):
        assert pipe is not None
        pipe.close()
    wait_until(lambda: not _alive(engine_id), "the end of the engine", within_s=20)


def _alive(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_the_installed_app_starts_itself_as_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", os.path.join("place", "Scene Desktop.exe"))
    monkeypatch.setattr(sys, "platform", "linux")
    assert engine_command() == [os.path.join("place", "Scene Desktop.exe"), "engine"]
    monkeypatch.setattr(sys, "platform", "win32")
    assert engine_command() == [os.path.join("place", "scene-desktop.exe"), "engine"]
