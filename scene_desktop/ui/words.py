"""Numbers, durations and file names as people read them."""

import html
import os
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, QTime


def _tr(text: str) -> str:
    return QCoreApplication.translate("words", text)


def number(value: int) -> str:
    return f"{value:,}"


def photos(count: int) -> str:
    return _tr("1 photo") if count == 1 else _tr("{number} photos").format(number=number(count))


def classes(count: int) -> str:
    return _tr("1 class") if count == 1 else _tr("{number} classes").format(number=number(count))


def percent(score: float, decimals: int = 1) -> str:
    """A share from 0 to 1 as percent; what is not quite everything never reads 100 %."""
    shown = f"{score * 100:.{decimals}f}"
    if score < 1.0 and float(shown) >= 100.0:
        return f"> {100 - 10**-decimals:.{decimals}f} %"
    return f"{shown} %"


def duration(seconds: float) -> str:
    """A length of time with the precision that matters: 8 s, 1 min 20 s, 2 h 5 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return _tr("{seconds} s").format(seconds=whole)
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        text = _tr("{minutes} min").format(minutes=minutes)
        return text if minutes >= 10 or not rest else text + " " + _tr("{seconds} s").format(seconds=rest)
    hours, minutes = divmod(minutes, 60)
    return _tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)


def time_left(seconds: float) -> str:
    """Time left, rounded so that it does not flicker."""
    if seconds < 5:
        return _tr("a few seconds left")
    step = 5 if seconds < 60 else 60
    rounded = round(seconds / step) * step
    return _tr("about {time} left").format(time=duration(max(step, rounded)))


def moment(when: datetime) -> str:
    """Date and time of the clock on the wall, in short, as the system writes them."""
    day, time = QDate(when.year, when.month, when.day), QTime(when.hour, when.minute, when.second)
    return QLocale().toString(QDateTime(day, time), QLocale.FormatType.ShortFormat)


def rate(per_second: float) -> str:
    shown = f"{per_second:.0f}" if per_second >= 10 else f"{per_second:.1f}"
    return _tr("{number} photos/s").format(number=shown)


def file_size(count: int) -> str:
    if count < 1000:
        return _tr("{number} bytes").format(number=count)
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


def shown(text: str) -> str:
    """Any file or class name as one harmless line: control, direction and broken characters become visible."""
    if text.isprintable():
        return text
    clean = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in clean)


def name_of(path: str) -> str:
    return shown(os.path.basename(path) or path)


def folder_of(path: str) -> str:
    return shown(os.path.basename(os.path.dirname(path)))


def tooltip(text: str) -> str:
    """Plain text for a tooltip, which Qt would otherwise read as HTML if it looks like it."""
    return f"<p style='white-space:pre-wrap'>{html.escape(shown(text))}</p>"


def in_menu(text: str) -> str:
    """Plain text for a menu, where a lone & would mark a key."""
    return shown(text).replace("&", "&&")
