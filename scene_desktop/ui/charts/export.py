"""The charts as a file: a picture, a drawing, or the figures behind them."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QCoreApplication, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from scene_desktop.core import files
from scene_desktop.core.runs.history import History
from scene_desktop.core.text import encodable, harmless_cell
from scene_desktop.ui.charts.curve_chart import CurveChart, Overlay, title_font
from scene_desktop.ui.charts.legend import LegendEntry, legend_height, paint_legend
from scene_desktop.ui.style import theme
from scene_desktop.ui.style.colours import LIGHT

SAVED_SIZE = QSize(1400, 560)
_MARGIN = 24
CSV_COLUMNS = (
    "run",
    "epoch",
    "accuracy",
    "crossentropy",
    "validation_accuracy",
    "validation_crossentropy",
    "seconds",
    "best",
)


def save_png(
    path: str,
    charts: Sequence[CurveChart],
    history: History,
    overlays: Sequence[Overlay],
    entries: tuple[LegendEntry, ...],
) -> None:
    """Writes charts side by side in light colours.

    Raises:
        OSError: The file cannot be written.
    """
    image = QImage(SAVED_SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.window))
    _paint(QPainter(image), charts, history, overlays, entries)
    if not QImageWriter(path, QByteArray(b"PNG")).write(image):
        text = QCoreApplication.translate("Charts", "The picture could not be written to “{path}”")
        raise OSError(text.format(path=path))


def save_svg(
    path: str,
    charts: Sequence[CurveChart],
    history: History,
    overlays: Sequence[Overlay],
    entries: tuple[LegendEntry, ...],
) -> None:
    """The same as a drawing that stays sharp at any size."""
    generator = QSvgGenerator()
    generator.setFileName(path)
    generator.setSize(SAVED_SIZE)
    generator.setResolution(charts[0].logicalDpiX())  # otherwise Qt scales the texts of the axes
    generator.setViewBox(QRect(0, 0, SAVED_SIZE.width(), SAVED_SIZE.height()))
    _paint(QPainter(generator), charts, history, overlays, entries)


def save_csv(path: str, histories: Sequence[tuple[str, History]]) -> None:
    """Writes one row for each epoch of each run.

    Raises:
        OSError: The file cannot be written.
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(CSV_COLUMNS)
    for name, history in histories:
        for epoch in history.epochs:
            figures = (
                epoch.accuracy,
                epoch.crossentropy,
                epoch.validation_accuracy,
                epoch.validation_crossentropy,
            )
            row = [harmless_cell(encodable(name)), epoch.epoch, *(f"{figure:.6f}" for figure in figures)]
            writer.writerow([*row, f"{epoch.seconds:.2f}", "yes" if epoch is history.best else ""])
    files.write_atomically(Path(path), stream.getvalue().encode())


def _paint(
    painter: QPainter,
    charts: Sequence[CurveChart],
    history: History,
    overlays: Sequence[Overlay],
    entries: tuple[LegendEntry, ...],
) -> None:
    """Draws new charts of the right size, so that what is on the screen stays as it is."""
    width, height = SAVED_SIZE.width() // len(charts), SAVED_SIZE.height()
    room = SAVED_SIZE.width() - 2 * _MARGIN
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRect(0, 0, SAVED_SIZE.width(), height), QColor(LIGHT.window))
    legend = legend_height(entries, room)
    paint_legend(painter, QRectF(_MARGIN, _MARGIN, room, legend), LIGHT, entries)
    top = 3 * _MARGIN + legend - theme.unit()
    for number, shown in enumerate(charts):
        left = number * width + _MARGIN
        painter.setFont(title_font())
        painter.setPen(QColor(LIGHT.text))
        painter.drawText(left, top, shown.figure.title)
        place = QRect(left, top + _MARGIN // 2, width - 2 * _MARGIN, height - top - _MARGIN)
        _paint_chart(painter, shown, history, overlays, place)
    painter.end()


def _paint_chart(
    painter: QPainter, shown: CurveChart, history: History, overlays: Sequence[Overlay], place: QRect
) -> None:
    chart = CurveChart(shown.figure, LIGHT)
    chart.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    chart.resize(place.size())
    chart.show()
    chart.set_log(shown.is_log)
    chart.set_smooth(shown.is_smooth)
    chart.set_overlays(overlays)
    chart.draw(history)
    chart.paint_on(painter, QRectF(place))
    chart.close()
    chart.deleteLater()
