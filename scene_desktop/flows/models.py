"""What the Models page does with the library."""

from PySide6.QtCore import QObject, Signal

from scene_desktop.core.errors import SceneError
from scene_desktop.core.models.library import Library, StoredModel
from scene_desktop.ui.models.page import ModelsPage


class ModelsFlow(QObject):
    """Lists, renames and deletes models.

    Signals:
        library_changed: Models were added, renamed or deleted here.
        use_requested: A `StoredModel` to classify with.
        refused: A sentence that says why something was not done.
    """

    library_changed = Signal()
    use_requested = Signal(object)
    refused = Signal(str)

    def __init__(self, page: ModelsPage, library: Library) -> None:
        super().__init__(page)
        self._page, self._library = page, library
        page.use_requested.connect(self.use_requested)
        page.rename_requested.connect(self._rename)
        page.delete_requested.connect(self._delete)

    def refresh(self, current: StoredModel | None) -> None:
        """Reads the library again."""
        self._page.set_entries(self._library.entries(), current)

    def _rename(self, model: StoredModel, name: str) -> None:
        try:
            self._library.rename(model, name)
        except SceneError as error:
            self.refused.emit(str(error))
        except OSError as error:
            self.refused.emit(
                self.tr("“{}” could not be renamed: {}").format(model.card.name, error.strerror or error)
            )
        self.library_changed.emit()

    def _delete(self, model: StoredModel) -> None:
        try:
            self._library.delete(model)
        except SceneError as error:
            self.refused.emit(str(error))
        except OSError as error:
            self.refused.emit(
                self.tr("“{}” could not be moved to the trash: {}").format(model.card.name, error)
            )
        self.library_changed.emit()
