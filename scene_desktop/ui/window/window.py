"""The main window: pages, menus, drops anywhere, remembered places."""

import os

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from scene_desktop.core import sharing
from scene_desktop.core.settings import (
    CLASSIFY_SPLITTER,
    CLASSIFY_THRESHOLD,
    THEME,
    WINDOW_GEOMETRY,
    WINDOW_PAGE,
    Settings,
    ThemeChoice,
)
from scene_desktop.ui.classify.page import ClassifyPage
from scene_desktop.ui.models.page import ModelsPage
from scene_desktop.ui.style import icons, theme
from scene_desktop.ui.train.page import TrainPage
from scene_desktop.ui.widgets import incoming
from scene_desktop.ui.widgets.note import Note
from scene_desktop.ui.window import quitting
from scene_desktop.ui.window.drop_veil import DropVeil, letting_go
from scene_desktop.ui.window.menus import WindowMenus
from scene_desktop.ui.window.quitting import Quit
from scene_desktop.ui.window.side_bar import SideBar

CLASSIFY, TRAIN, MODELS = range(3)


class MainWindow(QMainWindow):
    """One window for everything; its `note` stands above all pages.

    While work goes on, closing emits `quit_requested` and the window stays; `allow_close` closes it.

    Signals:
        models_brought: Paths of share files, and of models of other programs, that were dropped or pasted.
    """

    quit_requested = Signal()
    models_brought = Signal(object)

    def __init__(
        self, classify_page: ClassifyPage, train_page: TrainPage, models_page: ModelsPage, settings: Settings
    ) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle(self.tr("Scene Desktop"))
        self.setWindowIcon(icons.application_icon())
        self.setAcceptDrops(True)
        self.classify_page, self.train_page, self.models_page = classify_page, train_page, models_page
        self._settings = settings
        self._close_allowed = False
        self._theme = theme.current()
        self._theme.choose(settings.get(THEME))
        self._menus = WindowMenus(self)
        self.side_bar = SideBar(list(zip(("classify", "train", "models"), self._menus.pages, strict=True)))
        self._stack = QStackedWidget()
        for page in (classify_page, train_page, models_page):
            self._stack.addWidget(page)
        self.note = Note("window_note")
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(
            self.note
        )  # its margins are in the style sheet: a layout would keep them while it is hidden
        column.addWidget(self._stack, 1)
        centre = QWidget()
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side_bar)
        row.addLayout(column, 1)
        self.setCentralWidget(centre)
        self.veil = DropVeil(centre)
        self._menus.fill(
            self.menuBar(), classify_page.actions_, classify_page.reviewing.actions, train_page.actions_
        )
        self._connect()
        self._restore()

    # Pages

    @property
    def page(self) -> int:
        """Which page is shown: CLASSIFY, TRAIN or MODELS."""
        return self._stack.currentIndex()

    def show_page(self, index: int) -> None:
        shown = (self.classify_page, self.train_page, self.models_page)[index]
        self._stack.setCurrentWidget(shown)
        self.side_bar.show_page(index)
        self._menus.pages[index].setChecked(True)
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_message(self, text: str, kind: str = "info") -> None:
        """Says something on the page that is shown."""
        (self.classify_page, self.train_page, self.models_page)[self.page].note.tell(text, kind)

    def show_classify_page(self) -> None:
        self.show_page(CLASSIFY)

    def show_train_page(self) -> None:
        self.show_page(TRAIN)

    def show_models_page(self) -> None:
        self.show_page(MODELS)

    def show_runs(self) -> None:
        """Shows all trainings."""
        self.show_train_page()
        self.train_page.show_all_runs()

    def come_forward(self, activation_token: str = "") -> None:
        """Shows the window above all others, if the desktop lets it.

        Args:
            activation_token: Permission of the desktop, which Qt looks for in the environment (Wayland).
        """
        if activation_token:
            os.environ["XDG_ACTIVATION_TOKEN"] = activation_token
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    # Closing

    @property
    def is_busy(self) -> bool:
        pages = (self.classify_page, self.train_page, self.models_page)
        return self.classify_page.is_saving or any(page.is_busy for page in pages)

    def allow_close(self) -> None:
        """Closes now, whatever goes on."""
        self._close_allowed = True
        self.close()

    def confirm_quit(self) -> Quit:
        """Asks what shall become of the work that goes on."""
        if self.train_page.live_run.is_running:
            return quitting.about_training(self, len(self.train_page.live_run.queue.names))
        if self.classify_page.is_busy:
            text = self.tr("Photos are still being classified. What is done is kept; you can go on next time.")
        elif self.classify_page.is_saving:
            text = self.tr("Results are still being saved. If you quit now, the file is not written.")
        elif self.models_page.is_importing:
            text = self.tr("A model is still being made ready. If you quit now, it is not added.")
        elif self.models_page.is_busy:
            text = self.tr("A model is still being saved for others. If you quit now, the file is not written.")
        else:
            text = self.tr("A data set is still being read.")
        return quitting.about_other_work(self, text)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.is_busy and not self._close_allowed:
            event.ignore()
            self.quit_requested.emit()
            if not self._close_allowed:
                return
            # Qt ignored the `close` of an answer that came at once: this event is still on its way
        self._settings.set(WINDOW_GEOMETRY, bytes(self.saveGeometry().data()))
        self._settings.set(WINDOW_PAGE, self.page)
        if self.classify_page.panels.are_moved:
            self._settings.set(CLASSIFY_SPLITTER, bytes(self.classify_page.panels.saveState().data()))
        self._settings.set(CLASSIFY_THRESHOLD, self.classify_page.threshold)
        self._settings.sync()
        event.accept()

    def _restore(self) -> None:
        self.setMinimumSize(theme.unit() * 160, theme.unit() * 100)
        if not self.restoreGeometry(self._settings.get(WINDOW_GEOMETRY)):
            room = self.screen().availableGeometry()
            self.resize(min(1280, round(room.width() * 0.92)), min(820, round(room.height() * 0.9)))
        splitter = self._settings.get(CLASSIFY_SPLITTER)
        if splitter:
            self.classify_page.panels.restore(splitter)
        self.classify_page.threshold_slider.set_threshold(self._settings.get(CLASSIFY_THRESHOLD))
        self.show_page(self._settings.get(WINDOW_PAGE))

    # Drops anywhere on the window

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        text, possible = letting_go(event.mimeData(), to_train=self.page == TRAIN)
        self.veil.cover(text, possible)
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.veil.hide()
        data = event.mimeData()
        paths, image = incoming.paths_in(data), incoming.image_in(data)
        if not paths and not letting_go(data, to_train=self.page == TRAIN)[1]:
            event.ignore()
            return
        event.setDropAction(Qt.DropAction.CopyAction)  # never a move: photos stay where they are
        event.accept()
        models, others = sharing.split(paths)
        if self.page == TRAIN and others:
            self.train_page.intake.take_folder(others[0])
        elif others:
            self.classify_page.intake.paths_taken.emit(others)
        elif image is not None and not models:
            self.show_page(CLASSIFY)
            self.classify_page.intake.image_taken.emit(image)
        if models:
            self.models_brought.emit(models)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.veil.fit()

    # Commands

    def _connect(self) -> None:
        self.side_bar.page_chosen.connect(self.show_page)
        self._connect_menus()
        classify = self.classify_page
        classify.intake.paths_taken.connect(self.show_classify_page)
        classify.progress_changed.connect(self.side_bar.buttons[CLASSIFY].set_progress)
        self.train_page.progress_changed.connect(self.side_bar.buttons[TRAIN].set_progress)
        self.models_page.progress_changed.connect(self.side_bar.buttons[MODELS].set_progress)
        classify.intake.models_taken.connect(self.models_brought)
        for action in (classify.actions_.table, classify.actions_.grid, classify.actions_.paste):
            action.triggered.connect(self.show_classify_page)

    def _connect_menus(self) -> None:
        menus = self._menus
        show_classify, show_train, show_models = menus.pages
        for action, slot in (
            (show_classify, self.show_classify_page),
            (show_train, self.show_train_page),
            (show_models, self.show_models_page),
            (menus.import_model, self.models_page.import_requested),
            (menus.share_model, self.share_model),
            (menus.leave, self.close),
            (menus.stop, self.stop_work),
            (menus.all_trainings, self.show_runs),
            (menus.guide, self.show_guide),
            (menus.about, self.show_about),
        ):
            action.triggered.connect(slot)
        menus.themes.triggered.connect(self._choose_theme)

    def stop_work(self) -> None:
        """Stops what goes on in the page that is shown and keeps what is done."""
        if self.page == TRAIN:
            self.train_page.stop()
        elif self.page == MODELS and self.models_page.is_importing:
            self.models_page.stop()
        else:
            self.classify_page.stop()

    def share_model(self) -> None:
        """Shares the model that is selected in the Models page, which is shown."""
        self.show_models_page()
        self.models_page.share()

    def _choose_theme(self, action: QAction) -> None:
        choice = ThemeChoice(action.data())
        self._settings.set(THEME, choice)
        self._theme.choose(choice)

    def show_guide(self) -> None:
        from scene_desktop.ui.window.help_dialogs import GuideDialog

        dialog = GuideDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    def show_about(self) -> None:
        from scene_desktop.ui.window.help_dialogs import AboutDialog

        dialog = AboutDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
