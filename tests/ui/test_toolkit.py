"""Guards against the toolkit: PySide6 6.12.0 loses a reference to True with every signal and aborts."""

import subprocess
import sys

EMIT = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal

class Source(QObject):
    switched = Signal(bool)
    told = Signal(object)

class Sink(QObject):
    def take(self, value):
        self.value = value

application = QCoreApplication([])
source, sink = Source(), Sink()
source.switched.connect(sink.take)
source.told.connect(sink.take)
fact = object()
before = sys.getrefcount(True), sys.getrefcount(None), sys.getrefcount(fact)
for _ in range(20_000):
    source.switched.emit(True)
    source.told.emit(fact)
    source.told.emit(None)
sink.value = 0
after = sys.getrefcount(True), sys.getrefcount(None), sys.getrefcount(fact)
print(*(now - then for then, now in zip(before, after)))
"""


def test_twenty_thousand_signals_leave_the_reference_counts_alone() -> None:
    ended = subprocess.run([sys.executable, "-c", EMIT], capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert all(abs(int(change)) < 100 for change in ended.stdout.split()), ended.stdout


def test_the_window_needs_neither_tensorflow_nor_pyqtgraph_to_open() -> None:
    code = (
        "import sys; import scene_desktop.ui.window.window;"
        "print(sorted({'tensorflow', 'keras', 'pyqtgraph'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == "[]", ended.stderr
