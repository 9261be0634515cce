"""The menus of the main window: every command with its text, key and tooltip, in one place."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from scene_desktop.core.settings import ThemeChoice
from scene_desktop.ui.style import theme

if TYPE_CHECKING:
    from scene_desktop.ui.window.window import MainWindow


class WindowMenus(QObject):
    """Makes the actions that belong to no page, and fills the menu bar.

    Attributes:
        pages: The actions that show a page, in the order of the side bar.
        themes: The group whose actions carry a `ThemeChoice` as their data.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.pages: list[QAction] = []
        self.themes = QActionGroup(self)
        group = QActionGroup(self)
        for number, (text, tooltip, slot) in enumerate(
            (
                (self.tr("&Classify"), self.tr("Classify photos (Alt+1)"), window.show_classify_page),
                (self.tr("&Train"), self.tr("Train on your own photos (Alt+2)"), window.show_train_page),
                (self.tr("&Models"), self.tr("Look at your models (Alt+3)"), window.show_models_page),
            ),
            1,
        ):
            action = self._made(text, f"Alt+{number}", tooltip, slot)
            action.setCheckable(True)
            group.addAction(action)
            self.pages.append(action)

    def fill(self) -> None:
        """Builds the menu bar."""
        window, bar, classify = self._window, self._window.menuBar(), self._window.classify_page.actions_
        file_menu = bar.addMenu(self.tr("&File"))
        file_menu.addActions([classify.choose_photos, classify.choose_folder, classify.paste, classify.watch])
        file_menu.addSeparator()
        file_menu.addActions([classify.save, classify.report])
        file_menu.addAction(classify.sort)
        file_menu.addSeparator()
        take, give = self.tr("Add a model that was shared with you"), self.tr("Save a model for others")
        ask = window.models_page.import_requested.emit
        file_menu.addAction(self._made(self.tr("&Import a model…"), "Ctrl+I", take, lambda: ask()))
        file_menu.addAction(self._made(self.tr("S&hare a model…"), "Ctrl+E", give, window.share_model))
        file_menu.addSeparator()
        leave = self._made(self.tr("&Quit"), "Ctrl+Q", self.tr("Close Scene Desktop"), window.close)
        leave.setMenuRole(QAction.MenuRole.QuitRole)
        file_menu.addAction(leave)
        edit = bar.addMenu(self.tr("&Edit"))
        photo = self._window.classify_page.reviewing.actions
        edit.addActions([photo.undo, photo.redo])
        edit.addSeparator()
        edit.addActions([classify.copy_rows, classify.select_all, classify.find])
        edit.addSeparator()
        edit.addActions([classify.earlier, classify.sorts])
        edit.addSeparator()
        edit.addAction(classify.clear)
        view = bar.addMenu(self.tr("&View"))
        view.addActions(self.pages)
        view.addSeparator()
        view.addActions([classify.table, classify.grid])
        view.addSeparator()
        self._fill_themes(view.addMenu(self.tr("T&heme")))
        photo.fill(bar.addMenu(self.tr("&Photo")))
        self._fill_run(bar.addMenu(self.tr("&Run")))
        help_menu = bar.addMenu(self.tr("&Help"))
        about = self._made(
            self.tr("&About Scene Desktop"), "", self.tr("Versions, licences"), window.show_about
        )
        about.setMenuRole(QAction.MenuRole.AboutRole)
        guide = self._made(self.tr("&Guide"), "F1", self.tr("The app on one page"), window.show_guide)
        help_menu.addActions([guide, about])

    def _fill_run(self, run: QMenu) -> None:
        train = self._window.train_page
        run.addAction(
            self._made(self.tr("&Stop"), "Esc", self.tr("Stop and keep what is done"), self._window.stop_work)
        )
        run.addSeparator()
        wait = self.tr("Let the training wait, or go on with it; nothing is lost")
        self._pause = self._made(
            self.tr("&Pause or continue training"), "Ctrl+Shift+P", wait, self._pause_or_go
        )
        keep = self.tr("End the training and keep its best epoch so far")
        self._finish = self._made(self.tr("&Finish training now"), "Ctrl+Shift+F", keep, train.finish)
        throw = self.tr("Throw the training away")
        self._discard = self._made(self.tr("&Discard training…"), "Ctrl+Shift+D", throw, train.discard)
        run.addActions([self._pause, self._finish, self._discard])
        run.addSeparator()
        show = self.tr("All trainings: look at them, compare them, resume one")
        run.addAction(self._made(self.tr("All &trainings"), "Ctrl+Shift+R", show, self._window.show_runs))
        run.aboutToShow.connect(self._enable_run_actions)
        run.aboutToHide.connect(self._free_run_actions)

    def _fill_themes(self, menu: QMenu) -> None:
        names = {
            ThemeChoice.SYSTEM: self.tr("Like the &system"),
            ThemeChoice.LIGHT: self.tr("&Light"),
            ThemeChoice.DARK: self.tr("&Dark"),
        }
        for choice, text in names.items():
            action = self._made(text, "", self.tr("Colours of the window"), None)
            action.setObjectName(f"theme_{choice}")
            action.setCheckable(True)
            action.setChecked(choice is theme.current().choice)
            action.setData(str(choice))
            self.themes.addAction(action)
            menu.addAction(action)

    def _made(self, text: str, shortcut: str, tooltip: str, slot: Callable[[], object] | None) -> QAction:
        action = QAction(text, self._window)
        action.setObjectName(text.replace("&", "").rstrip("…").lower().replace(" ", "_"))
        if shortcut:
            action.setShortcut(QKeySequence(shortcut))
        action.setToolTip(tooltip)
        action.setStatusTip(tooltip)
        if slot is not None:
            action.triggered.connect(slot)
        return action

    def _enable_run_actions(self) -> None:
        train = self._window.train_page
        self._pause.setEnabled(train.can_pause or train.is_paused)
        self._finish.setEnabled(train.can_finish)
        self._discard.setEnabled(train.is_training)

    def _pause_or_go(self) -> None:
        train = self._window.train_page
        if train.is_paused:
            train.continue_()
        else:
            train.pause()

    def _free_run_actions(self) -> None:
        """A disabled action has no key; the page itself decides whether a key does anything."""
        self._pause.setEnabled(True)
        self._finish.setEnabled(True)
        self._discard.setEnabled(True)
