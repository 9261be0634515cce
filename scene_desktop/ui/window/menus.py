"""The menus of the main window: every command with its text, key and tooltip, in one place."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar

from scene_desktop.core.settings import ThemeChoice
from scene_desktop.ui.classify.actions import ClassifyActions
from scene_desktop.ui.review.photo_actions import PhotoActions
from scene_desktop.ui.style import theme
from scene_desktop.ui.train.actions import TrainActions
from scene_desktop.ui.widgets.labels import command


class WindowMenus(QObject):
    """Makes the actions that belong to no page, and fills the menu bar; the window connects them.

    Attributes:
        pages: The actions that show a page, in the order of the side bar.
        themes: The group whose actions carry a `ThemeChoice` as their data.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pages = self._made_pages()
        self.import_model = self._made(
            self.tr("&Import a model…"), "Ctrl+I", self.tr("Add a model that was shared with you")
        )
        self.share_model = self._made(self.tr("S&hare a model…"), "Ctrl+E", self.tr("Save a model for others"))
        self.leave = self._made(self.tr("&Quit"), "Ctrl+Q", self.tr("Close Scene Desktop"))
        self.leave.setMenuRole(QAction.MenuRole.QuitRole)
        self.stop = self._made(self.tr("&Stop"), "Esc", self.tr("Stop and keep what is done"))
        self.all_trainings = self._made(
            self.tr("All &trainings"),
            "Ctrl+Shift+R",
            self.tr("All trainings: look at them, compare them, resume one"),
        )
        self.guide = self._made(self.tr("&Guide"), "F1", self.tr("The app on one page"))
        self.about = self._made(self.tr("&About Scene Desktop"), "", self.tr("Versions, licences"))
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.themes = self._made_themes()

    def fill(self, bar: QMenuBar, classify: ClassifyActions, photo: PhotoActions, train: TrainActions) -> None:
        """Builds the menu bar of these actions and those of the pages."""
        self._fill_file(bar.addMenu(self.tr("&File")), classify)
        edit = bar.addMenu(self.tr("&Edit"))
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
        view.addMenu(self.tr("T&heme")).addActions(self.themes.actions())
        photo.fill(bar.addMenu(self.tr("&Photo")))
        run = bar.addMenu(self.tr("&Run"))
        run.addAction(self.stop)
        run.addSeparator()
        train.fill(run)
        run.addSeparator()
        run.addAction(self.all_trainings)
        bar.addMenu(self.tr("&Help")).addActions([self.guide, self.about])

    def _fill_file(self, file_menu: QMenu, classify: ClassifyActions) -> None:
        file_menu.addActions([classify.choose_photos, classify.choose_folder, classify.paste, classify.watch])
        file_menu.addSeparator()
        file_menu.addActions([classify.save, classify.report, classify.sort])
        file_menu.addSeparator()
        file_menu.addActions([self.import_model, self.share_model])
        file_menu.addSeparator()
        file_menu.addAction(self.leave)

    def _made_pages(self) -> list[QAction]:
        group, pages = QActionGroup(self), []
        for number, (text, tooltip) in enumerate(
            (
                (self.tr("&Classify"), self.tr("Classify photos (Alt+1)")),
                (self.tr("&Train"), self.tr("Train on your own photos (Alt+2)")),
                (self.tr("&Models"), self.tr("Look at your models (Alt+3)")),
            ),
            1,
        ):
            page = self._made(text, f"Alt+{number}", tooltip)
            page.setCheckable(True)
            group.addAction(page)
            pages.append(page)
        return pages

    def _made_themes(self) -> QActionGroup:
        themes = QActionGroup(self)
        for choice, text in (
            (ThemeChoice.SYSTEM, self.tr("Like the &system")),
            (ThemeChoice.LIGHT, self.tr("&Light")),
            (ThemeChoice.DARK, self.tr("&Dark")),
        ):
            made = command(self, f"theme_{choice}", text, "", self.tr("Colours of the window"))
            made.setCheckable(True)
            made.setChecked(choice is theme.current().choice)
            made.setData(str(choice))
            themes.addAction(made)
        return themes

    def _made(self, text: str, shortcut: str, tooltip: str) -> QAction:
        name = text.replace("&", "").rstrip("…").lower().replace(" ", "_")
        return command(self, name, text, shortcut, tooltip)
