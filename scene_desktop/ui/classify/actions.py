"""The commands of the classify page; the window puts the same objects into its menus."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from scene_desktop.ui.style.icons import set_icon


class ClassifyActions(QObject):
    """Named actions; whoever owns them connects them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.choose_photos = self._made(
            "choose_photos",
            self.tr("Choose &photos…"),
            "Ctrl+O",
            "photos",
            self.tr("Classify photos you choose"),
        )
        self.choose_folder = self._made(
            "choose_folder",
            self.tr("Choose &folder…"),
            "Ctrl+Shift+O",
            "folder",
            self.tr("Classify all photos in a folder and its folders"),
        )
        self.paste = self._made(
            "paste", self.tr("&Paste"), "Ctrl+V", "paste", self.tr("Classify the copied files or picture")
        )
        self.save = self._made(
            "save", self.tr("&Save results…"), "Ctrl+S", "save", self.tr("Save path, class and all scores")
        )
        self.report = self._made(
            "report",
            self.tr("Save a &report…"),
            "Ctrl+Shift+S",
            "",
            self.tr("Save a page with counts and pictures for any browser"),
        )
        self.copy_rows = self._made(
            "copy_rows", self.tr("&Copy rows"), "Ctrl+C", "copy", self.tr("Copy the selected rows as a table")
        )
        self.select_all = self._made(
            "select_all", self.tr("Select &all"), "Ctrl+A", "", self.tr("Select all photos that are shown")
        )
        self.watch = self._made(
            "watch",
            self.tr("&Watch a folder…"),
            "Ctrl+Shift+W",
            "watch",
            self.tr("Classify photos as they arrive in a folder"),
        )
        self.sort = self._made(
            "sort",
            self.tr("Sort into fol&ders…"),
            "Ctrl+Shift+M",
            "sort",
            self.tr("Copy, move or link the photos into one folder for each class"),
        )
        self.sorts = self._made(
            "sorts", self.tr("&Sorts…"), "Ctrl+Shift+U", "", self.tr("Undo a sort, or go on with one")
        )
        self.earlier = self._made(
            "earlier",
            self.tr("&Earlier results…"),
            "Ctrl+Shift+E",
            "",
            self.tr("Show the results of an earlier drop again, or go on with it"),
        )
        self.find = self._made(
            "find", self.tr("&Find by name"), "Ctrl+F", "search", self.tr("Show photos by a part of their name")
        )
        self.clear = self._made(
            "clear",
            self.tr("C&lear results"),
            "Ctrl+Shift+X",
            "clear",
            self.tr("Empty the list; your photos stay where they are"),
        )
        self.table = self._made("show_table", self.tr("As &table"), "Ctrl+1", "table", self.tr("Show a table"))
        self.grid = self._made(
            "show_grid", self.tr("As &grid"), "Ctrl+2", "grid", self.tr("Show large pictures")
        )
        views = QActionGroup(self)
        for action in (self.table, self.grid):
            action.setCheckable(True)
            views.addAction(action)
        self.table.setChecked(True)

    def _made(self, name: str, text: str, shortcut: str, icon: str, tooltip: str) -> QAction:
        action = QAction(text, self)
        action.setObjectName(name)
        action.setShortcut(QKeySequence(shortcut))
        shown = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tooltip} ({shown})")
        action.setStatusTip(tooltip)
        action.setIconVisibleInMenu(False)
        if icon:
            set_icon(action, icon)
        return action
