"""What a palette cannot say: rounded buttons, flat headers, slim scroll bars."""

from string import Template

from scene_desktop.core import locations
from scene_desktop.ui.style.colours import Colours

_SHEET = Template("""
QToolTip { color: $text; background: $surface; border: 1px solid $line; padding: ${u}px; }

QLabel[look="caption"], QLabel[look="muted"] { color: $muted; }
QLabel[look="error"] { color: $danger; }

QPushButton, QToolButton[look="button"] {
  color: $text; background: $surface; border: 1px solid $line; border-radius: ${r}px;
  padding: ${p}px ${q}px; min-height: ${line_height}px;
}
QPushButton:hover, QToolButton[look="button"]:hover { background: $window; border-color: $muted; }
QPushButton:pressed, QToolButton[look="button"]:pressed { background: $track; }
QPushButton:focus, QToolButton[look="button"]:focus { border: 2px solid $accent; padding: ${p1}px ${q1}px; }
QPushButton:disabled, QToolButton[look="button"]:disabled { color: $faded; background: transparent; }
QPushButton[look="primary"] { color: $on_accent; background: $accent; border-color: $accent; font-weight: 600; }
QPushButton[look="primary"]:hover, QPushButton[look="primary"]:pressed {
  background: $accent_hover; border-color: $accent_hover;
}
QPushButton[look="primary"]:focus { border: 2px solid $text; }
QPushButton[look="primary"]:disabled { color: $muted; background: $track; border-color: $track; }
QPushButton[look="danger"] { color: $danger; }
QPushButton[look="plain"], QToolButton[look="plain"] {
  background: transparent; border: 1px solid transparent; border-radius: ${r}px; padding: ${p}px ${v}px;
  min-height: ${line_height}px;
}
QPushButton[look="plain"]:hover, QToolButton[look="plain"]:hover { background: $track; }
QPushButton[look="plain"]:focus, QToolButton[look="plain"]:focus {
  border: 2px solid $accent; padding: ${p1}px ${v1}px;
}
QPushButton[look="plain"]:disabled, QToolButton[look="plain"]:disabled { color: $faded; }
QToolButton[look="plain"]:checked, QPushButton[look="plain"]:checked { background: $selection; }
QToolButton::menu-indicator { image: none; }
QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit {
  color: $text; background: $surface; border: 1px solid $control; border-radius: ${r}px;
  padding: ${p}px ${v}px; min-height: ${line_height}px; selection-background-color: $accent;
  selection-color: $on_accent;
}
QLineEdit:focus { border: 2px solid $accent; padding: ${p1}px ${v1}px; }
QAbstractSpinBox, QComboBox {
  color: $text; background: $surface; border: 1px solid $control; border-radius: ${r}px;
  padding: ${half}px ${v}px; min-height: ${line_height}px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QAbstractSpinBox QLineEdit {
  border: none; background: transparent; padding: 0; min-height: 0;
}
QAbstractSpinBox QLineEdit:focus { border: none; padding: 0; }
QAbstractSpinBox:focus, QComboBox:focus { border-color: $accent; }
QAbstractSpinBox:disabled, QComboBox:disabled { color: $faded; background: transparent; border-color: $line; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  subcontrol-origin: border; border: none; background: transparent; width: ${arrow2}px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; }
QAbstractSpinBox::up-arrow { image: url("$up"); width: ${arrow}px; height: ${arrow}px; }
QAbstractSpinBox::down-arrow { image: url("$down"); width: ${arrow}px; height: ${arrow}px; }
QComboBox::drop-down { border: none; background: transparent; width: ${arrow2}px; }
QComboBox::down-arrow { image: url("$down"); width: ${arrow}px; height: ${arrow}px; }
QComboBox QAbstractItemView {
  border: 1px solid $line; selection-background-color: $selection; selection-color: $text;
}

QAbstractItemView { background: $surface; border: none; outline: none; }
QAbstractItemView[ground="window"] { background: transparent; }
QCheckBox { spacing: ${v}px; }
QCheckBox::indicator {
  width: ${box}px; height: ${box}px; border: 1px solid $control; border-radius: ${u}px; background: $surface;
}
QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus { border: 2px solid $accent; width: ${box2}px; height: ${box2}px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$mark"); }
QCheckBox::indicator:checked:focus { border-color: $text; }
QCheckBox::indicator:disabled { border-color: $line; }

QTableView[ground="window"] QHeaderView, QTableView[ground="window"] QHeaderView::section {
  background: transparent;
}
QTableView[ground="window"]::item { padding: 0 ${v}px; }
QTableView[ground="window"]::item:selected { background: $selection; color: $text; }
QListView[look="files"]::item { padding: 1px ${u}px; }
QListView[look="files"]::item:selected { background: $selection; color: $text; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
  color: $muted; background: $surface; border: none; border-bottom: 1px solid $line;
  padding: ${p}px ${v}px; text-align: left;
}
QHeaderView::section:hover { color: $text; }

QScrollArea, QScrollArea > QWidget > QWidget[ground="clear"] { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: ${bar}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${bar}px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: ${knob}px; margin: 3px; }
QScrollBar::handle:vertical { min-height: ${big}px; }
QScrollBar::handle:horizontal { min-width: ${big}px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $track; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QSlider { min-height: ${grip2}px; }
QSlider::groove:horizontal { background: $track; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal {
  background: $surface; border: 2px solid $accent; width: ${grip}px; height: ${grip}px;
  margin: -${grip_out}px 0; border-radius: ${grip_r}px;
}
QSlider::handle:horizontal:focus { background: $accent; }
QSlider::handle:horizontal:disabled { border-color: $faded; }

QMenuBar { background: $side; padding: 1px ${u}px; }
QMenuBar::item { padding: ${p}px ${v}px; border-radius: ${r}px; background: transparent; }
QMenuBar::item:selected { background: $track; }
QMenu { background: $surface; border: 1px solid $line; padding: ${u}px; }
QMenu::item { padding: ${p}px ${wide}px ${p}px ${v}px; border-radius: ${r}px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $faded; }
QMenu::separator { height: 1px; background: $line; margin: ${u}px; }
QMenu::icon { padding-left: ${u}px; }

QSplitter::handle { background: transparent; }
QFrame[look="card"] { background: $surface; border-radius: ${card}px; }
QFrame[look="rule"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QFrame[look="note"] { border-radius: ${r}px; background: $selection; }
QFrame[look="note-warning"] { border-radius: ${r}px; background: $warning_soft; }
QFrame[look="note-error"] { border-radius: ${r}px; background: $danger_soft; }
QFrame#window_note { margin: ${line_height}px ${line_height}px 0 ${wide}px; }
QPlainTextEdit {
  background: $window; border: 1px solid $line; border-radius: ${r}px; padding: ${u}px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QPlainTextEdit:focus { border-color: $accent; }
""")


def style_sheet(colours: Colours, unit: int) -> str:
    """The sheet for one theme; `unit` is a quarter of a line of text in pixels."""
    padding, side = unit, unit * 3
    grip = unit * 3
    names = {name: value for name, value in vars(colours).items() if isinstance(value, str)}
    return _SHEET.substitute(
        names,
        u=unit,
        p=padding,
        q=side,
        v=unit * 2,
        p1=max(0, padding - 1),
        q1=side - 1,
        v1=unit * 2 - 1,
        r=round(unit * 1.5),
        card=unit * 2,
        wide=unit * 6,
        box=unit * 4 - 2,
        box2=unit * 4 - 4,
        mark=_drawing("mark-black" if colours.dark else "mark-white"),
        up=_drawing("mark-up"),
        down=_drawing("mark-down"),
        half=max(1, unit // 2),
        arrow=unit * 3,
        arrow2=unit * 5,
        control="#85888F" if not colours.dark else "#7D828B",
        line_height=unit * 4,
        bar=unit * 3,
        knob=max(2, (unit * 3 - 6) // 2),
        big=unit * 8,
        grip=grip,
        grip2=grip + 8,
        grip_out=(grip + 4 - 4) // 2,
        grip_r=(grip + 4) // 2,
        faded="#9A9EA8" if not colours.dark else "#6E737C",
        scroll="#C9CBD2" if not colours.dark else "#4A4E56",
    )


def _drawing(name: str) -> str:
    """Style sheets take pictures from files only, in the colours they have there."""
    return (locations.resources_folder() / "icons" / f"{name}.svg").as_posix()
