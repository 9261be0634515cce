"""Who may know whom, and how lean the core stays."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BLANKET = re.compile(r"# (?:type: ignore(?!\[)|noqa(?!:)|ruff: noqa|mypy: ignore)")


def test_import_contracts_hold() -> None:
    """In a process of its own: import-linter switches the loggers off that are there already."""
    code = "import sys; from importlinter.cli import lint_imports as lint; sys.exit(lint(cache_dir=None))"
    checked = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_core_loads_neither_qt_nor_tensorflow_nor_slow_libraries() -> None:
    code = (
        "import sys, scene_desktop.core.classify.pipeline, scene_desktop.core.datasets.dataset\n"
        "import scene_desktop.core.runs.events\n"
        "heavy = {'tensorflow', 'keras', 'PySide6', 'pyqtgraph', 'ai_edge_litert', 'pi_heif', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_no_module_is_too_long() -> None:
    sources = [*ROOT.glob("scene_desktop/**/*.py"), *ROOT.glob("training/**/*.py")]
    long = {path.name: n for path in sources if (n := len(path.read_text().splitlines())) > 400}
    assert long == {}


def test_whoever_silences_a_check_says_why() -> None:
    silenced = re.compile(r"# (?:type: ignore\[[\w, -]+\]|noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*)(.*)")
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("scene_desktop", "training", "development", "benchmarks", "packaging", "tests")
        for path in sorted((ROOT / folder).glob("**/*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if ((found := silenced.search(line)) and len(found[1].strip(" #-")) < 5) or BLANKET.search(line)
    ]
    assert bare == []


def test_no_test_and_no_process_of_a_test_can_reach_another_machine() -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    with pytest.raises(AssertionError, match="Network access attempted"):
        exec(code)
    ended = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True)
    assert "Network access attempted" in ended.stderr
