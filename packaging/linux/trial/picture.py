"""Keeps what the screen shows: `python picture.py FILE.png`"""

import sys

from PySide6.QtGui import QGuiApplication

application = QGuiApplication(sys.argv[:1])
application.primaryScreen().grabWindow(0).save(sys.argv[1])
